"""Jira's side of a link: looks at an issue, and carries changes out, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from duolog.core.errors import Disconnected, Gone, Refused, Retryable, Unseen
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import ABSENT, Snapshot
from duolog.jira.client import JiraClient
from duolog.jira.epics import Epics
from duolog.jira.parts.comments import CommentsPart
from duolog.jira.parts.fields import FieldsPart
from duolog.jira.parts.part import ChildPart, Part, Step
from duolog.jira.parts.relations import RelationsPart
from duolog.jira.parts.status import StatusPart
from duolog.jira.surroundings import Born, OutsideLink, Surroundings
from duolog.jira.wire import Issue

READ_FIELDS: Final = (
    "summary", "description", "issuetype", "status", "priority", "assignee", "labels",
    "duedate", "parent", "comment", "issuelinks", "project", "created", "updated",
)  # fmt: skip


def read_fields(epics: Epics) -> tuple[str, ...]:
    """What must be read of an issue to know all of it that is kept in step."""
    return (*READ_FIELDS, *epics.read_fields())


class RemoteReplica:
    """The issue of one link, in parts that are written in this order.

    `issue` is what the last read or write showed of it, whole; `surprised` whether the answer
    to a write showed anything that neither the last look nor that write explains.
    """

    def __init__(self, client: JiraClient, issue_id: str, around: Surroundings) -> None:
        self._client = client
        self._id = issue_id
        self._around = around
        fields = FieldsPart(client, issue_id, around, answered=self._compare)
        self._children: Sequence[ChildPart] = (CommentsPart(client, issue_id, around),)
        self._relations = RelationsPart(client, issue_id, around)
        self._parts: Sequence[Part] = (
            fields,
            StatusPart(client, issue_id, around),
            *self._children,
            self._relations,
        )
        self._seen: Snapshot = {}
        self.issue: Issue | None = None
        self.surprised = False

    def observe(self) -> Snapshot:
        """All that the issue holds.  Raises Unseen, Retryable, Refused or Disconnected."""
        issue = self._client.issues.get(self._id, fields=read_fields(self._around.epics))
        return self.take(issue)

    def take(self, issue: Issue) -> Snapshot:
        """All that an issue read elsewhere (a page of a search, an answer to an edit) holds."""
        taken: Snapshot = {}
        for part in self._parts:
            taken = {**taken, **part.take(issue)}
        self.issue = issue
        self._seen = {s: it for s, it in taken.items() if s not in self._around.fields.left_out}
        return self._seen

    @property
    def stands(self) -> str:
        """The status in which the issue was last seen, by its id in Jira."""
        status = self.issue.known.status if self.issue else None
        return status.id if status else ""

    @property
    def outside(self) -> Sequence[OutsideLink]:
        """The links of the issue that are shown here, and not kept in step."""
        return self._relations.outside

    def stamps(self, kind: str) -> Mapping[str, str]:
        """When each child of a kind was last changed, by its id in Jira, as last seen."""
        seen: dict[str, str] = {}
        for part in self._children:
            if part.kind == kind:
                seen |= {**part.stamps(), **dict(part.written.values())}
        return seen

    def written_children(self) -> Iterable[tuple[str, Born]]:
        """What became of each child that was created or edited, by slot key."""
        return [written for part in self._children for written in part.written.items()]

    def write(self, changes: Sequence[Change]) -> Written:
        """All plain fields in one request, then the status, then child by child."""
        written = Written()
        for part in self._parts:
            for step in part.steps(changes, written):
                if (stopped := _take(step, written)) is not None:
                    return stopped
        return written

    def _compare(self, answer: Issue, changes: Sequence[Change]) -> None:
        wanted = {**self._seen, **{c.slot: c.value for c in changes}}
        expected = {slot: value for slot, value in wanted.items() if value is not ABSENT}
        self.surprised = self.take(answer) != expected


def _take(step: Step, written: Written) -> Written | None:
    """Take one step; what ended the write, if it did."""
    try:
        step.act()
    except Unseen as error:
        return Written(written.applied, written.refused, error)
    except Refused as error:
        written.refused.update(
            {c.slot: error for c in step.changes if c.slot not in written.refused}
        )
    except (Retryable, Disconnected, Gone) as error:
        return Written(written.applied, written.refused, error)
    written.applied.update({c.slot: c.value for c in step.changes if c.slot not in written.refused})
    return None
