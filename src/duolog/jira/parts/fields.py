"""The plain fields, sets and properties of an issue: read together, and written in one request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from duolog.core import fields as slots
from duolog.core.errors import Refused, Unseen
from duolog.core.fields import FieldMap
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import ABSENT, Slot, Snapshot
from duolog.jira.client import JiraClient, NewIssue
from duolog.jira.parts.part import Step
from duolog.jira.parts.values import (
    ESTIMATES,
    SET_NAME,
    TIME_TRACKING,
    estimate_there,
    field_name,
    field_there,
    member_there,
    names_asked,
    sets_here,
    values_here,
)
from duolog.jira.surroundings import Surroundings
from duolog.jira.tokens import marked
from duolog.jira.wire import Issue, Json

_THINGS: Final[Mapping[str, str]] = {slots.COMPONENT: "component", slots.VERSION: "version"}


@dataclass(slots=True)
class _Body:
    """The body of one edit, and the changes that it carries out."""

    fields: dict[str, Json] = field(default_factory=dict)
    update: dict[str, list[Json]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def operate(self, name: str, verb: str, value: Json) -> None:
        self.update.setdefault(name, []).append({verb: value})

    def estimate(self, change: Change) -> None:
        """Both estimates in one operation, in which Jira keeps the one that is not named."""
        (operation,) = self.update.setdefault(TIME_TRACKING, [{"edit": {}}])
        estimates = operation["edit"] if isinstance(operation, dict) else None
        if isinstance(estimates, dict):
            estimates[ESTIMATES[change.slot]] = estimate_there(change.value)


class FieldsPart:
    """The plain fields of one issue.

    `answered` is told of the issue that an edit answered with, and of what was written.
    `unsent` are the slots of which Jira has not said what they hold.
    """

    def __init__(
        self,
        client: JiraClient,
        issue_id: str,
        around: Surroundings,
        *,
        answered: Callable[[Issue, Sequence[Change]], None],
    ) -> None:
        self._client = client
        self._id = issue_id
        self._around = around
        self._answered = answered
        self._issue: Issue | None = None
        self.unsent: frozenset[Slot] = frozenset()

    def take(self, issue: Issue) -> Snapshot:
        """All plain fields, sets and properties that Jira sent.

        Raises Refused when Jira left out a field without which an issue is none; of another one
        not sent nothing is known, and it must not read as empty.
        """
        _must_be_whole(issue, self._around.fields)
        self._issue = issue
        asked = names_asked(self._around)
        self.unsent = frozenset(slot for slot, name in asked.items() if not issue.sent(name))
        values = values_here(issue, self._around)
        known = {slot: it for slot, it in values.items() if slot not in self.unsent}
        return known | sets_here(issue)

    def steps(self, changes: Sequence[Change], written: Written) -> Iterable[Step]:
        """One request for all."""
        mine = [c for c in changes if self._name(c.slot)]
        return [Step(mine, partial(self._edit, mine, written))] if mine else []

    def _edit(self, changes: Sequence[Change], written: Written) -> None:
        """What Jira objects to by name is left out and the rest sent again."""
        body = self._body(changes, written)
        if not body.changes:
            return
        update = {name: [*operations] for name, operations in body.update.items()}
        try:
            answer = self._client.issues.edit(self._id, fields=body.fields, update=update)
        except Refused as error:
            blamed = [c for c in body.changes if self._is_blamed(c.slot, error, body.changes)]
            if not blamed or isinstance(error, Unseen):
                raise
            written.refused.update(
                {c.slot: refusal_of(c.slot, error, self._name(c.slot)) for c in blamed}
            )
            self._edit([c for c in body.changes if c not in blamed], written)
        else:
            self._answered(answer, body.changes)

    @property
    def _kind(self) -> str:
        kind = self._issue.known.issue_type if self._issue else None
        return kind.id if kind else ""

    def _name(self, slot: Slot) -> str:
        return field_name(slot, self._around, self._kind)

    def _body(self, changes: Sequence[Change], written: Written) -> _Body:
        body = _Body()
        for change in changes:
            try:
                self._put(change, body)
                body.changes.append(change)
            except Refused as error:
                written.refused[change.slot] = error
        return body

    def _put(self, change: Change, body: _Body) -> None:
        name = self._name(change.slot)
        if change.slot.kind in SET_NAME:
            verb = "remove" if change.value is ABSENT else "add"
            body.operate(name, verb, member_there(change.slot))
        elif change.slot in ESTIMATES:
            body.estimate(change)
        else:
            previous = self._issue.fields.get(name) if self._issue else None
            body.fields[name] = field_there(
                change.slot, change.value, self._around, kind=self._kind, previous=previous
            )

    def _is_blamed(self, slot: Slot, error: Refused, among: Sequence[Change]) -> bool:
        return slot in blamed_slots([c.slot for c in among], error, self._around, self._kind)


def blamed_slots(
    among: Iterable[Slot], error: Refused, around: Surroundings, kind: str
) -> frozenset[Slot]:
    """The slots that a refusal names by their field; of a set those whose name Jira quotes."""
    said = {
        slot: words
        for slot in among
        for name in [field_name(slot, around, kind)]
        if name and (words := _words_about(name, error))
    }
    quoted = {s for s, words in said.items() if s.kind in SET_NAME and f"'{s.key}'" in words}
    quoted_kinds = {slot.kind for slot in quoted}
    return frozenset(s for s in said if s.kind not in quoted_kinds or s in quoted)


def refusal_of(slot: Slot, error: Refused, name: str) -> Refused:
    """What Jira said of one field, and what to do."""
    hint = error.hint
    if slot.kind in _THINGS:
        hint = f"Create the {_THINGS[slot.kind]} “{slot.key}” in Jira, or take it off here."
    return Refused(f"Jira refused it: {_words_about(name, error)}", hint=hint)


def _words_about(name: str, error: Refused) -> str:
    """What was said of a field, or of a part of it, such as `timetracking_originalestimate`."""
    said = (w for n, w in error.fields.items() if n == name or n.startswith(f"{name}_"))
    return " ".join(said)


def _must_be_whole(issue: Issue, known: FieldMap) -> None:
    wanted = {"summary", "status", "issuetype", "labels"}
    if missing := sorted(name for name in wanted if not issue.sent(name)):
        raise Refused(
            f"Jira left {', '.join(missing)} out of issue {issue.key or issue.id}.",
            hint="Check that the fields are on the project's screens and not hidden.",
        )
    if not issue.sent("description") and slots.DESCRIPTION not in known.left_out:
        raise Refused(
            f"Jira left the description out of issue {issue.key or issue.id}.",
            hint="Check the field configuration of the project.",
        )


def new_issue(sent: Snapshot, around: Surroundings, *, project_id: str, token: str) -> NewIssue:
    """An issue to be created holding `sent`, with the token by which it is found again.

    Raises Refused for values Jira would refuse.  Status, comments and foreign values are not sent.
    """
    body: dict[str, Json] = {"project": {"id": project_id}}
    kind = around.fields.types.encode(str(sent.get(slots.TYPE))) or ""
    sets: dict[str, list[Json]] = {}
    estimates: dict[str, Json] = {}
    for slot, value in sorted(sent.items(), key=lambda each: each[0]):
        name = field_name(slot, around, kind)
        if slot.kind in SET_NAME:
            sets.setdefault(name, []).append(member_there(slot))
        elif slot in ESTIMATES and value is not None:
            estimates[ESTIMATES[slot]] = estimate_there(value)
        elif name and value is not None:
            body[name] = field_there(slot, value, around, kind=kind)
    if around.epics.name and kind in around.epics.kinds:
        body[around.epics.name] = body["summary"]
    if estimates:
        body[TIME_TRACKING] = estimates
    return NewIssue({**body, **sets}, properties=tuple(marked(token).items()))
