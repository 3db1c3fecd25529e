"""Jira's side of a link: looks at an issue, and carries changes out, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from duolog.core import fields as slots
from duolog.core.errors import Disconnected, Gone, Refused, Retryable, Unseen
from duolog.core.fields import FieldMap, whole_of
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import ABSENT, Side, Slot, Snapshot, Value
from duolog.jira.client import JiraClient
from duolog.jira.epics import Epics
from duolog.jira.parts.attachments import AttachmentsPart
from duolog.jira.parts.comments import CommentsPart
from duolog.jira.parts.fields import FieldsPart
from duolog.jira.parts.part import ChildPart, Part, Step
from duolog.jira.parts.relations import RelationsPart
from duolog.jira.parts.status import StatusPart
from duolog.jira.parts.values import held_there
from duolog.jira.parts.worklogs import WorklogsPart
from duolog.jira.surroundings import Born, OutsideLink, Surroundings
from duolog.jira.wire import Issue

READ_FIELDS: Final = (
    "summary", "description", "issuetype", "status", "priority", "assignee", "labels",
    "duedate", "parent", "comment", "attachment", "issuelinks", "worklog", "project", "created",
    "updated", "reporter", "timetracking", "components", "fixVersions",
)  # fmt: skip


def read_fields(epics: Epics, fields: FieldMap) -> tuple[str, ...]:
    """What must be read of an issue to know all of it that is kept in step."""
    custom = {*fields.custom.values(), *(each.there for each in fields.properties.values())}
    return (*READ_FIELDS, *epics.read_fields(), *sorted(custom))


class RemoteReplica:
    """The issue of one link, in parts that are read and written in this order.

    Files come first: texts lead to them.

    `issue` is what the last read or write showed of it, whole; `surprised` whether the answer
    to a write showed anything that neither the last look nor that write explains.
    """

    def __init__(self, client: JiraClient, issue_id: str, around: Surroundings) -> None:
        self._client = client
        self._id = issue_id
        self._around = around
        fields = FieldsPart(client, issue_id, around, answered=self._compare)
        files, comments = (
            part(client, issue_id, around) for part in (AttachmentsPart, CommentsPart)
        )
        self._relations = RelationsPart(client, issue_id, around)
        self._worklogs = WorklogsPart(client, issue_id, around)
        self._children: Sequence[ChildPart] = (files, comments, self._worklogs)
        self._parts: Sequence[Part] = (
            files,
            fields,
            StatusPart(client, issue_id, around),
            comments,
            self._worklogs,
            self._relations,
        )
        self._wanted: dict[Slot, Value] = {}
        self._raw: Mapping[Slot, str] = {}
        self._fields = fields
        self._names = read_fields(around.epics, around.fields)
        self._seen: Snapshot = {}
        self.issue: Issue | None = None
        self.surprised = False

    def observe(self) -> Snapshot:
        """All that the issue holds.  Raises Unseen, Retryable, Refused or Disconnected."""
        return self.take(self.read())

    def read(self) -> Issue:
        """The issue with all that is kept in step.  Raises as `observe` does."""
        return self._client.issues.get(self._id, fields=self._names)

    def take(self, issue: Issue) -> Snapshot:
        """All that an issue read elsewhere (a page of a search, an answer to an edit) holds."""
        taken: Snapshot = {}
        for part in self._parts:
            taken = {**taken, **part.take(issue)}
        self.issue = issue
        self._raw = {slot: str(value) for slot, value in taken.items() if slots.is_text(slot)}
        known = self._around.fields
        self._seen = {
            slot: self._compared(slot, it)
            for slot, it in taken.items()
            if not known.leaves_out(slot)
        }
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

    @property
    def unsent(self) -> frozenset[Slot]:
        """What Jira did not tell of this issue, by slot or as a whole kind: it is left alone."""
        worklogs = slots.whole_of(self._worklogs.kind)
        return self._fields.unsent | (frozenset() if self._worklogs.is_told else {worklogs})

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
        """Files, all plain fields in one request, the status, then child by child."""
        written = Written()
        self._wanted = {change.slot: held_there(change.slot, change.value) for change in changes}
        for part in self._parts:
            for step in part.steps([self._there(change) for change in changes], written):
                if (stopped := self._take(step, written)) is not None:
                    return stopped
        return self._repoint(written)

    def _repoint(self, written: Written) -> Written:
        """Texts that led to our page lead to the file in Jira, once it is there.

        What is compared stays the same, so that this is no change of either side.  A refusal
        leaves the text as it is: it still leads to the file.
        """
        files = self._around.files
        stale = [
            Change(Side.REMOTE, slot, value, value)
            for slot, value in self._seen.items()
            if slot not in self._wanted
            and self._around.writes_there(slot)
            and files.is_in_jira_by_now(self._raw.get(slot, ""))
        ]
        self._wanted |= {change.slot: change.value for change in stale}
        for part in self._parts if stale else ():
            aside = Written()
            for step in part.steps([self._there(change) for change in stale], aside):
                if (stopped := self._take(step, aside)) is not None:
                    return Written(written.applied, written.refused, stopped.interrupted)
        return written

    def _take(self, step: Step, written: Written) -> Written | None:
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
        done = {
            c.slot: written.applied.get(c.slot, self._wanted[c.slot])
            for c in step.changes
            if c.slot not in written.refused
        }
        written.applied.update(done)
        self._seen = {**self._seen, **done}
        return None

    def _compared(self, slot: Slot, value: Value) -> Value:
        is_text = slots.is_text(slot) and isinstance(value, str)
        return self._around.files.compared(str(value)) if is_text else value

    def _there(self, change: Change) -> Change:
        """The change with its text leading to files as Jira names them by now."""
        if not slots.is_text(change.slot) or not isinstance(change.value, str):
            return change
        return replace(change, value=self._around.files.to_jira(change.value))

    def _compare(self, answer: Issue, changes: Sequence[Change]) -> None:
        wanted = {**self._seen, **{c.slot: self._wanted[c.slot] for c in changes}}
        taken = self.take(answer)
        expected = {
            slot: value
            for slot, value in wanted.items()
            if value is not ABSENT and not self.unsent & {slot, whole_of(slot.kind)}
        }
        self.surprised = taken != expected
