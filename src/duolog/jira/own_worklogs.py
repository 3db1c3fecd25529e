"""An account's own worklogs of some days, read whole from one site.  Stores nothing.

One search names the issues; those whose worklogs it does not show whole are read one by one.  What
could not be read raises: nothing here is ever less than all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeAlias

from duolog.core.errors import Unseen
from duolog.core.worklog_days import Days, Paged, Stamp, must_be_paged, paged
from duolog.jira import jql
from duolog.jira.client import JiraClient, Query
from duolog.jira.wire import Issue, Worklog

FIELDS: Final = ("summary", "issuetype", "project", "timetracking", "updated", "worklog")

Own: TypeAlias = tuple[Worklog, ...]
Read: TypeAlias = Callable[[str], Own]
Gather: TypeAlias = Callable[[Read, Sequence[str]], Sequence[Own]]
"""Runs the reading of several issues, in any order and at once; the answers come in order."""


def one_by_one(read: Read, ids: Sequence[str]) -> Sequence[Own]:
    """Each after the other."""
    return [read(it) for it in ids]


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

    def whole_if_there(self, issue: str) -> Own:
        """The same; none where the issue is not there for us, so that we have none there."""
        try:
            return self.whole(issue)
        except Unseen:
            return ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reading told.

    `own` holds the account's worklogs of every issue that was read whole, by its id; issues that
    did not change since are left out of it.  `paged` says how those stood that no search shows
    whole, to be given to the next reading; `direct` names the issues that were read from Jira's
    database, which is never behind as a search may be.
    """

    issues: tuple[Issue, ...]
    own: Mapping[str, Own]
    paged: Mapping[str, Paged]
    direct: frozenset[str]

    @property
    def found(self) -> frozenset[str]:
        """The ids of all issues found, changed or not."""
        return frozenset(issue.id for issue in self.issues)


def read_own(
    reader: Reader, now: datetime, known: Mapping[str, Paged] = MappingProxyType({})
) -> Reading:
    """All of it, or an error.  `known` is what the reading before told of paged issues."""
    query = Query(jql.logged_by_me(*reader.days.anywhere), FIELDS)
    issues = reader.client.search.all(query)
    stamps = {issue.id: _stamp(issue) for issue in issues}
    to_page = [
        issue.id
        for issue in issues
        if must_be_paged(_shown(issue), stamps[issue.id], known.get(issue.id), now)
    ]
    own = {
        issue.id: reader.own(issue.known.worklog.worklogs)
        for issue in issues
        if issue.known.worklog is not None and issue.known.worklog.complete
    }
    direct = dict(zip(to_page, reader.gather(reader.whole, to_page), strict=True))
    fresh = {it: paged(stamps[it], known.get(it), now) for it in to_page}
    kept = {issue.id: known[issue.id] for issue in issues if issue.id in known}
    return Reading(issues, own | direct, kept | fresh, frozenset(to_page))


def look_again(reader: Reader, reading: Reading, doubtful: Sequence[str]) -> Reading:
    """The reading with these issues read from Jira's database, whatever the search said of them."""
    direct = dict(zip(doubtful, reader.gather(reader.whole_if_there, doubtful), strict=True))
    return replace(
        reading, own={**reading.own, **direct}, direct=reading.direct | frozenset(doubtful)
    )


def _shown(issue: Issue) -> int:
    held = issue.known.worklog
    return len(held.worklogs) if held is not None and held.start_at == 0 else 0


def _stamp(issue: Issue) -> Stamp:
    """Where Jira tells no worklogs with an issue, there may be any number."""
    held = issue.known.worklog
    return Stamp(issue.updated, held.total if held is not None else 1)
