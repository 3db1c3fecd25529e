"""One write of a worklog, carried out in Jira, so that it happens once whatever gets lost.

What is learned on the way is stored before the next step.  A write that may have arrived is looked
for before it is sent again: a new worklog on Cloud by its token, elsewhere by author, start and
time among those of the issue, without those that were there before (rulings.md 10).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo
from typing import Any, Final, TypeVar

from duolog.connections.models import Connection
from duolog.core.errors import AnswerLost, Refused, Retryable, SyncError, Unseen
from duolog.core.worklog_edits import Edit, Fit, fit, said_instead
from duolog.core.worklogs import Spent, read_zone
from duolog.jira.client import JiraClient
from duolog.jira.client.worklogs import WorklogParts
from duolog.jira.own_writing import alike, born_with
from duolog.jira.parts.worklogs import whole_there
from duolog.jira.tokens import marked
from duolog.jira.wire import Worklog
from duolog.work.clock import present
from duolog.worklogs.models import WorklogWrite
from duolog.worklogs.own.intents import parse_estimate
from duolog.worklogs.own.there import (
    There,
    body_of,
    parse_kept,
    read_there,
    same_text,
)
from duolog.worklogs.own.zones import zone_of

T = TypeVar("T")

LATE: Final = timedelta(seconds=30)
"""How long after it was sent a request whose answer was lost may still be carried out."""
SINCE: Final = "It was changed in Jira since, so it was not undone."
SINCE_HINT: Final = "Change it back by hand, if you still want to."
OVERTAKEN_HINT: Final = "Saving it again overwrites that."
GONE: Final = "This worklog is no longer in Jira."
GONE_HINT: Final = "Discard what you typed, or log it anew."


class Explained(Refused):
    """A refusal of ours, which says itself what to do."""


class Overtaken(Explained):
    """Somebody else changed what was to be changed; `there` is what Jira holds now."""

    def __init__(self, message: str, there: There, *, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.there = there


class Vanished(Explained):
    """The worklog that was to be changed is not in Jira any more: surely, not merely hidden."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A write under way: with whose client, and `insist`, which raises once it is another's."""

    write: WorklogWrite
    client: JiraClient
    connection: Connection
    insist: Callable[[], None]

    @property
    def knows_tokens(self) -> bool:
        """Whether a worklog of this site can be born with our token."""
        return self.client.dialect.worklogs_know_more

    def note(self, **learned: Any) -> None:
        """Store what was learned on the way."""
        self.write.progress = {**self.write.progress, **learned}
        self.write.save(update_fields=["progress"])

    def begin(self, **learned: Any) -> None:
        """Store that from now on the request may have arrived."""
        self.insist()
        self.write.tried_at = present()
        self.write.progress = {**self.write.progress, **learned}
        self.write.save(update_fields=["tried_at", "progress"])

    def send(self, call: Callable[[], T], **learned: Any) -> T:
        """What Jira answers; if the answer gets lost, that the request may have arrived stays."""
        self.begin(**learned)
        try:
            return call()
        except AnswerLost:
            raise
        except SyncError:
            self.settle()
            raise

    def must_be_over(self) -> None:
        """Raise Retryable while a request that was cut short may still arrive: it is not repeated."""
        tried = self.write.tried_at
        left = LATE - (present() - tried) if tried else timedelta()
        if left > timedelta():
            raise Retryable(
                "Jira's last answer was lost, and what we asked may still arrive.",
                retry_after=left,
                hint="We look for it before it is sent again.",
            )

    def settle(self) -> None:
        """Store that the request did not arrive, or that what came of it is known."""
        self.write.tried_at = None
        self.write.save(update_fields=["tried_at"])

    def read(self, worklog: Worklog) -> There:
        """Jira's answer in our terms."""
        return read_there(worklog, self.connection)


def create(errand: Errand, issue: str, parts: WorklogParts, **more: Any) -> There:
    """The worklog that is there once, whether this run or an earlier one made it."""
    if errand.write.tried_at is not None:
        found = _find_made(errand, issue, parts)
        if found is not None:
            return errand.read(found)
        errand.must_be_over()
    twins = [] if errand.knows_tokens else [it.id for it in _twins(errand, issue, parts)]
    properties = {**marked(str(errand.write.token)), **(more.get("properties") or {})}

    def add() -> Worklog:
        return errand.client.worklogs.add(
            issue,
            parts,
            properties=properties,
            estimate=parse_estimate(errand.write.estimate),
            notify=errand.write.notify,
        )

    return errand.read(errand.send(add, twins=twins))


def _find_made(errand: Errand, issue: str, parts: WorklogParts) -> Worklog | None:
    if errand.knows_tokens:
        return born_with(errand.client, issue, str(errand.write.token))
    known = errand.write.progress.get("twins", [])
    return next((it for it in _twins(errand, issue, parts) if it.id not in known), None)


def _twins(errand: Errand, issue: str, parts: WorklogParts) -> list[Worklog]:
    return alike(errand.client, issue, parts, errand.connection.account_id)


def carry_create(errand: Errand) -> There:
    """Log it."""
    wanted, connection = errand.write.wanted, errand.connection
    spent, body = parse_kept(wanted), wanted.get("body")
    if body is None and spent.comment:
        body = body_of(connection, spent.comment, None)
    parts = WorklogParts(spent.started, whole_there(spent.seconds), body, wanted.get("visibility"))
    issue = errand.write.worklog.issue.issue_id
    return create(errand, issue, parts, properties=wanted.get("properties"))


def carry_edit(errand: Errand) -> There:
    """Send what differs from what is there, if nobody else changed that meanwhile."""
    write, row = errand.write, errand.write.worklog
    there = look(errand, row.issue.issue_id, row.jira_id)
    asked = _edit_of(write, there)
    before = parse_kept(write.before)
    if same_text(before.comment, there.spent.comment):
        before = Spent(before.started, before.seconds, there.spent.comment)
    must_stand(write, there)
    match fit(asked, before, there.spent):
        case Fit.DONE:
            return there
        case Fit.OVERTAKEN:
            raise _overtaken(errand, asked, there)
        case Fit.OPEN:
            pass
    parts = _parts(errand, asked, there)
    _keep_before(write, there)

    def change() -> Worklog:
        return errand.client.worklogs.edit(
            row.issue.issue_id,
            row.jira_id,
            parts,
            estimate=parse_estimate(write.estimate),
            notify=write.notify,
        )

    return errand.read(errand.send(change))


def _edit_of(write: WorklogWrite, there: There) -> Edit:
    """What is to be another; a comment that says the same is not."""
    kept = parse_kept({**write.before, **write.wanted})
    named = {name: getattr(kept, name) for name in write.wanted if hasattr(kept, name)}
    if "comment" in named and same_text(named["comment"], there.spent.comment):
        named["comment"] = there.spent.comment
    return Edit(**named)


def _parts(errand: Errand, asked: Edit, there: There) -> WorklogParts:
    held = there.spent
    is_new = asked.comment is not None and asked.comment != held.comment
    body: Any = errand.write.wanted.get("body")
    if is_new and body is None:
        body = body_of(errand.connection, asked.comment or "", there.body)
    seconds = asked.seconds if asked.seconds != held.seconds else None
    return WorklogParts(
        asked.started if asked.started != held.started else None,
        None if seconds is None else whole_there(seconds),
        body if is_new else None,
    )


def must_stand(write: WorklogWrite, there: There) -> None:
    """Raise Overtaken: an undo is of what we left, and of nothing that came after."""
    undone = write.undoes
    if undone is None or write.tried_at is not None or write.progress.get("insists"):
        return
    if str(undone.progress.get("updated", "")) != there.updated:
        raise Overtaken(SINCE, there, hint=SINCE_HINT)


def _overtaken(errand: Errand, asked: Edit, there: There) -> Overtaken:
    words = said_instead(asked, there.spent, _zone(errand.connection))
    return Overtaken(f"It was changed in Jira meanwhile: {words}.", there, hint=OVERTAKEN_HINT)


def _zone(connection: Connection) -> tzinfo:
    member = connection.member
    return read_zone(zone_of(member)) if member else UTC


def carry_delete(errand: Errand) -> None:
    """Delete it; what it said last is stored first, to the letter, so that it can be made again."""
    write, row = errand.write, errand.write.worklog
    issue = row.issue.issue_id
    try:
        there = look(errand, issue, row.jira_id)
    except Vanished:
        return
    must_stand(write, there)
    _keep_before(write, there)
    errand.send(lambda: remove(errand, issue, row.jira_id))


def _keep_before(write: WorklogWrite, there: There) -> None:
    """What undoing it brings back: what is there right before it is sent, to the letter."""
    write.before = {**there.render(), "issue": write.worklog.issue_id}
    write.save(update_fields=["before"])


def remove(errand: Errand, issue: str, jira_id: str) -> None:
    """Have it gone; that it is gone already is as good."""
    write = errand.write
    try:
        errand.client.worklogs.delete(
            issue, jira_id, estimate=parse_estimate(write.estimate), notify=write.notify
        )
    except Unseen:
        _must_be_gone(errand, issue, jira_id)


def look(errand: Errand, issue: str, jira_id: str) -> There:
    """What Jira holds.  Raises Vanished where it is surely not there."""
    try:
        found = errand.client.worklogs.get(issue, jira_id, with_properties=True)
    except Unseen:
        _must_be_gone(errand, issue, jira_id)
        raise Vanished(GONE, hint=GONE_HINT) from None
    return errand.read(found)


def _must_be_gone(errand: Errand, issue: str, jira_id: str) -> None:
    """Raise Unseen where the issue shows no worklogs at all, so that nobody can know."""
    if any(each.id == jira_id for each in errand.client.worklogs.list(issue)):
        raise Unseen("Jira shows this worklog and does not.", hint="Try again in a minute.")
