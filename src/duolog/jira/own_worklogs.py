"""An account's own worklogs of some days, read whole from one site.  Stores nothing.

One search names the issues; those whose worklogs it does not show whole are read one by one.  What
could not be read raises: nothing here is ever less than all of it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Generic, TypeAlias, TypeVar

from duolog.core.errors import Refused, SyncError, Unseen
from duolog.core.worklog_days import TRUSTED, Days, Paged, Stamp, must_be_paged, paged
from duolog.jira import jql
from duolog.jira.client import JiraClient, Query
from duolog.jira.client.values import PAGE
from duolog.jira.wire import Issue, Worklog

OVERLAP: Final = timedelta(minutes=5)
"""By which a search for changes looks further back, since Cloud's may lag behind (jira.md 4.1)."""
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
FIELDS: Final = ("summary", "issuetype", "project", "timetracking", "updated", "worklog")

R = TypeVar("R")
Own: TypeAlias = tuple[Worklog, ...]


@dataclass(frozen=True, slots=True)
class Gathered(Generic[R]):
    """What was read of each issue, and what kept the rest from being read."""

    found: Mapping[str, R]
    error: SyncError | None = None


Gather: TypeAlias = Callable[[Callable[[str], Own], Sequence[str]], Gathered[Own]]
"""Runs the reading of several issues, in any order and at once."""


def one_by_one(read: Callable[[str], Own], ids: Sequence[str]) -> Gathered[Own]:
    """Each after the other."""
    found: dict[str, Own] = {}
    try:
        for each in ids:
            found[each] = read(each)
    except SyncError as error:
        return Gathered(found, error)
    return Gathered(found)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose worklogs are read, of which days, and how several issues are gone through."""

    client: JiraClient
    account_id: str
    days: Days
    gather: Gather = one_by_one

    def own(self, worklogs: Iterable[Worklog]) -> Own:
        """Those of the account that count for the days."""
        return tuple(
            each
            for each in worklogs
            if each.author is not None
            and each.author.account_id == self.account_id
            and self.days.hold(each.started)
        )

    def whole(self, issue: str) -> Own:
        """The account's worklogs of an issue, straight from Jira's database.  Raises Unseen."""
        return self.own(self.client.worklogs.list(issue, began=self.days.around))


@dataclass(frozen=True, slots=True)
class Before:
    """What the reading before told that the next one may rely on.

    The ids of all issues found, and how those stood that no search shows whole.  It began at
    `read_at`; `whole_at` is when all were last searched for, and not only what had changed.
    """

    read_at: datetime
    whole_at: datetime
    found: frozenset[str] = frozenset()
    paged: Mapping[str, Paged] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reading told.

    `issues` are those that were searched out, `own` the account's worklogs of every issue that was
    read whole, by its id; what did not change since the reading before is left out of it.  `direct`
    names the issues that were read from Jira's database, which is never behind as a search may be.
    Where `error` kept it from coming to its end, only the direct ones are told, so that the next
    need not read them again.  `unseen` were asked for and are not shown to the account: of their
    worklogs nothing is known.
    """

    issues: tuple[Issue, ...]
    own: Mapping[str, Own]
    direct: frozenset[str]
    before: Before
    error: SyncError | None = None
    unseen: frozenset[str] = frozenset()

    @property
    def found(self) -> frozenset[str]:
        """The ids of all issues that hold worklogs of these days, changed or not."""
        return self.before.found


def read_own(reader: Reader, now: datetime, before: Before | None = None) -> Reading:
    """All of it, or an error: raised by the search, else told with what was read until then."""
    issues, base = _searched(reader, now, before)
    known = base.paged
    stamps = {issue.id: _stamp(issue) for issue in issues}
    to_page = [
        issue.id
        for issue in issues
        if must_be_paged(_shown(issue), stamps[issue.id], known.get(issue.id), now)
    ]
    pages = reader.gather(reader.whole, to_page)
    fresh = {it: paged(stamps[it], known.get(it), now) for it in pages.found}
    found = base.found | stamps.keys()
    kept = {it: how for it, how in {**known, **fresh}.items() if it in found}
    direct = frozenset(pages.found)
    if pages.error is not None:
        again = Before(now, LONG_AGO, found, kept)
        return Reading(issues, pages.found, direct, again, pages.error)
    own = {
        issue.id: reader.own(issue.known.worklog.worklogs)
        for issue in issues
        if issue.known.worklog is not None and issue.known.worklog.complete
    }
    told = replace(base, read_at=now, found=found, paged=kept)
    return Reading(issues, {**own, **pages.found}, direct, told)


def _searched(
    reader: Reader, now: datetime, before: Before | None
) -> tuple[tuple[Issue, ...], Before]:
    """The issues to be looked at, and what of the reading before still stands.

    Where all would be more than one page of a search, only what changed since; but all of them
    after a while, and where Jira refuses: as it does when an issue we know is no longer there.
    """
    known = {} if before is None else before.paged
    if before is not None and len(before.found) > PAGE and now - before.whole_at < TRUSTED:
        span = now - before.read_at + OVERLAP
        changed = jql.logged_by_me_or_known(*reader.days.anywhere, sorted(before.found), span)
        with contextlib.suppress(Refused):
            return reader.client.search.all(Query(changed, FIELDS)), before
    whole = Query(jql.logged_by_me(*reader.days.anywhere), FIELDS)
    return reader.client.search.all(whole), Before(now, now, paged=known)


def look_again(reader: Reader, reading: Reading, doubtful: Sequence[str]) -> Reading:
    """The reading with these issues read from Jira's database, whatever the search said of them.

    Raises where one of them could not be.
    """
    unseen: set[str] = set()

    def look(issue: str) -> Own:
        try:
            return reader.whole(issue)
        except Unseen:
            unseen.add(issue)
            return ()

    looked = reader.gather(look, doubtful)
    if looked.error is not None:
        raise looked.error
    seen = {issue: own for issue, own in looked.found.items() if issue not in unseen}
    return replace(
        reading,
        own={**reading.own, **seen},
        direct=reading.direct | seen.keys(),
        unseen=frozenset(unseen),
    )


def _shown(issue: Issue) -> int:
    held = issue.known.worklog
    return len(held.worklogs) if held is not None and held.start_at == 0 else 0


def _stamp(issue: Issue) -> Stamp:
    """Where Jira tells no worklogs with an issue, there may be any number."""
    held = issue.known.worklog
    return Stamp(issue.updated, held.total if held is not None else 1)
