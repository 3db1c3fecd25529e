"""The plain fields and labels of an issue: read together, and written in one request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from duolog.core import fields as slots
from duolog.core.errors import Refused, Unseen
from duolog.core.fields import FieldMap, foreign_id, label_slot
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import ABSENT, Slot, Snapshot, Value
from duolog.jira.client import JiraClient, NewIssue
from duolog.jira.parts.part import Step
from duolog.jira.surroundings import Surroundings, texts_of
from duolog.jira.tokens import marked
from duolog.jira.wire import Issue, Json, JsonObject

LONGEST_TITLE: Final = 255

JIRA_NAME: Final[Mapping[Slot, str]] = {
    slots.TITLE: "summary",
    slots.DESCRIPTION: "description",
    slots.TYPE: "issuetype",
    slots.PRIORITY: "priority",
    slots.ASSIGNEE: "assignee",
    slots.DUE_ON: "duedate",
    slots.PARENT: "parent",
}


class FieldsPart:
    """The plain fields of one issue.

    `answered` is told of the issue that an edit answered with, and of what was written.
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

    def take(self, issue: Issue) -> Snapshot:
        """All plain fields and labels.

        Raises Refused when Jira left out a field that was asked for, since a field not sent must
        not read as empty.
        """
        around, known = self._around, issue.known
        _must_be_whole(issue, around.fields)
        self._issue = issue
        fields: dict[Slot, Value] = {
            slots.TITLE: (known.summary or "").strip(),
            slots.DESCRIPTION: texts_of(around).here(known.description),
            slots.TYPE: (
                around.fields.types.decode(known.issue_type.id) if known.issue_type else None
            ),
            slots.PRIORITY: (
                around.fields.priorities.decode(known.priority.id) if known.priority else None
            ),
            slots.ASSIGNEE: around.account_here(known.assignee) if known.assignee else None,
            slots.DUE_ON: known.due.isoformat() if known.due else None,
            slots.PARENT: _parent_here(issue, around),
        }
        return fields | {label_slot(name): label_slot(name).key for name in known.labels or ()}

    def steps(self, changes: Sequence[Change], written: Written) -> Iterable[Step]:
        """One request for all."""
        mine = [c for c in changes if c.slot.kind == slots.LABEL or c.slot in JIRA_NAME]
        return [Step(mine, partial(self._edit, mine, written))] if mine else []

    def _edit(self, changes: Sequence[Change], written: Written) -> None:
        """What Jira objects to by name is left out and the rest sent again."""
        body, good = self._edit_body(changes, written)
        if not good:
            return
        try:
            answer = self._client.issues.edit(self._id, **body)
        except Refused as error:
            blamed = [c for c in good if self._name(c.slot) in error.fields]
            if not blamed or isinstance(error, Unseen):
                raise
            written.refused.update({c.slot: _refusal_of(self._name(c.slot), error) for c in blamed})
            self._edit([c for c in good if c not in blamed], written)
        else:
            self._answered(answer, good)

    @property
    def _kind(self) -> str:
        kind = self._issue.known.issue_type if self._issue else None
        return kind.id if kind else ""

    def _name(self, slot: Slot) -> str:
        return field_name(slot, self._around, self._kind)

    def _edit_body(
        self, changes: Sequence[Change], written: Written
    ) -> tuple[dict[str, JsonObject], list[Change]]:
        fields: dict[str, Json] = {}
        labels: list[Json] = []
        good = []
        for change in changes:
            try:
                if change.slot.kind == slots.LABEL:
                    verb = "remove" if change.value is ABSENT else "add"
                    labels.append({verb: change.slot.key})
                else:
                    name = self._name(change.slot)
                    previous = self._issue.fields.get(name) if self._issue else None
                    fields[name] = field_there(
                        change.slot, change.value, self._around, kind=self._kind, previous=previous
                    )
                good.append(change)
            except Refused as error:
                written.refused[change.slot] = error
        return {"fields": fields, "update": {"labels": labels} if labels else {}}, good


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


def _parent_here(issue: Issue, around: Surroundings) -> str | None:
    if issue.known.parent is not None:
        return around.parent_here(issue.known.parent.id)
    key = around.epics.key_above(issue)
    return around.parent_of_key_here(key) if key else None


def new_issue(sent: Snapshot, around: Surroundings, *, project_id: str, token: str) -> NewIssue:
    """An issue to be created holding `sent`, with the token by which it is found again.

    Raises Refused for values Jira would refuse.  Status, comments and foreign values are not sent.
    """
    body: dict[str, Json] = {"project": {"id": project_id}}
    kind = around.fields.types.encode(str(sent.get(slots.TYPE))) or ""
    labels = []
    for slot, value in sent.items():
        if slot.kind == slots.LABEL:
            labels.append(str(value))
        elif slot in JIRA_NAME and value is not None:
            body[field_name(slot, around, kind)] = field_there(slot, value, around, kind=kind)
    if around.epics.name and kind in around.epics.kinds:
        body[around.epics.name] = body["summary"]
    if labels:
        body["labels"] = [*sorted(labels)]
    return NewIssue(body, properties=tuple(marked(token).items()))


def field_name(slot: Slot, around: Surroundings, kind: str) -> str:
    """Jira's name of the field behind a slot, for an issue of this type."""
    if slot.kind == slots.LABEL:
        return "labels"
    return around.epics.parent_field(kind) if slot == slots.PARENT else JIRA_NAME[slot]


def field_there(
    slot: Slot, value: Value, around: Surroundings, *, kind: str, previous: Json = None
) -> Json:
    """One field as Jira wants it.  Raises Refused when Jira has no counterpart for the value."""
    if slot == slots.TITLE:
        return _title_there(str(value))
    if slot == slots.DESCRIPTION:
        return texts_of(around).there(str(value), previous) if value else None
    if value is None or slot == slots.DUE_ON:
        return None if value is None else str(value)
    found = _counterpart(slot, str(value), around)
    if found is None:
        raise Refused(
            f"Jira has no counterpart for the {slot.key} {foreign_id(value) or value}.",
            hint="Choose one in the mapping of this binding.",
        )
    if slot == slots.ASSIGNEE:
        return {around.dialect.account_key: found}
    if slot == slots.PARENT and field_name(slot, around, kind) == around.epics.link:
        return around.key_there(found)
    return {"id": found}


def _title_there(title: str) -> str:
    if len(title) > LONGEST_TITLE:
        raise Refused(
            f"The title has {len(title)} characters; Jira allows {LONGEST_TITLE}.",
            hint="Shorten the title here; everything else goes on.",
        )
    if "\n" in title or "\r" in title:
        raise Refused(
            "The title has a line break, which Jira refuses.", hint="Write it in one line."
        )
    return title


def _counterpart(slot: Slot, value: str, around: Surroundings) -> str | None:
    find: Mapping[Slot, Callable[[str], str | None]] = {
        slots.TYPE: around.fields.types.encode,
        slots.PRIORITY: around.fields.priorities.encode,
        slots.ASSIGNEE: around.account_there,
        slots.PARENT: around.parent_there,
    }
    return find[slot](value)


def _refusal_of(name: str, error: Refused) -> Refused:
    return Refused(f"Jira refused it: {error.fields[name]}", hint=error.hint)
