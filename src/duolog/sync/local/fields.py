"""The fields, sets and properties of a work item as canonical values (`core.fields`), and back.

What Jira cannot tell apart compares as equal here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist

from duolog.core import fields as slots
from duolog.core import markup
from duolog.core.errors import Refused
from duolog.core.fields import FieldMap, foreign_id, only_here
from duolog.core.reconcile import Change
from duolog.core.values import ABSENT, Slot, Snapshot, Value
from duolog.people.models import Member
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.scopes import project_in
from duolog.sync.local.properties import held_here, properties_of
from duolog.workplace.actors import Actor
from duolog.workplace.models import Project, Status, WorkItem
from duolog.workplace.services import items as item_services

COLUMN: Final[Mapping[Slot, str]] = {
    slots.TITLE: "title",
    slots.DESCRIPTION: "description",
    slots.TYPE: "type",
    slots.STATUS: "status",
    slots.PRIORITY: "priority",
    slots.ASSIGNEE: "assignee",
    slots.REPORTER: "reporter",
    slots.DUE_ON: "due_on",
    slots.START_ON: "start_on",
    slots.ESTIMATE: "estimate_seconds",
    slots.REMAINING: "remaining_seconds",
    slots.PARENT: "parent",
}


SET_COLUMN: Final[Mapping[str, str]] = {
    slots.LABEL: "labels",
    slots.COMPONENT: "components",
    slots.VERSION: "fix_versions",
}
READ_WITH: Final = (*SET_COLUMN.values(), "property_values")
"""What is read along with an item, so that its snapshot asks for nothing more."""
_SLOT_OF: Final[Mapping[str, Callable[[str], Slot]]] = {
    slots.LABEL: slots.label_slot,
    slots.COMPONENT: slots.component_slot,
    slots.VERSION: slots.version_slot,
}
_PEOPLE: Final = (slots.ASSIGNEE, slots.REPORTER)


class LocalFields:
    """The fields, sets and properties of one work item."""

    kinds = frozenset({"field", slots.PROPERTY, *SET_COLUMN})

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def take(self, item: WorkItem) -> Snapshot:
        """All of them, less what the Jira project has no field for."""
        return item_snapshot(item, self._ground)

    def write(self, item: WorkItem, change: Change, actor: Actor) -> None:
        """Store one field or property, or have one name in a set or out of it."""
        if change.slot.kind in SET_COLUMN:
            wanted = _with_name(item, change)
        elif change.slot.kind == slots.PROPERTY:
            wanted = {"properties": {change.slot.key: held_here(change, self._ground.fields)}}
        else:
            value = value_here(change.slot, change.value, team=item.team_id)
            wanted = {COLUMN[change.slot]: value}
            if change.slot == slots.PARENT:
                wanted = columns_of_parent(value, was=change.expected)
        item_services.update_item(item.pk, wanted, actor=actor)


def _with_name(item: WorkItem, change: Change) -> dict[str, object]:
    """The set as it is to be, by the name of its field."""
    column, slot_of = SET_COLUMN[change.slot.kind], _SLOT_OF[change.slot.kind]
    names = getattr(item, column).values_list("name", flat=True)
    kept = [name for name in names if slot_of(name) != change.slot]
    if change.value is not ABSENT:
        kept.append(change.slot.key)
    return {column: kept}


def values_of_a_new_item(
    changes: Sequence[Change], ground: Ground
) -> tuple[dict[Slot, Any], dict[Slot, Exception]]:
    """What an item is created with, by slot; and what nothing here stands for, with the reason."""
    values: dict[Slot, Any] = {}
    wrong: dict[Slot, Exception] = {}
    for change in changes:
        try:
            if change.slot in COLUMN:
                values[change.slot] = value_here(
                    change.slot, change.value, team=ground.binding.team_id
                )
        except (ObjectDoesNotExist, Refused) as error:
            wrong[change.slot] = error
    return values, wrong


def columns_of_parent(value: object, *, was: Value) -> dict[str, object]:
    """What a new parent means for an item: below a project's epic it is in that project.

    What leaves the epic leaves the project; what only gets or loses a parent of its own does not.
    """
    if isinstance(value, Project):
        return {"parent": None, "project": value}
    leaves = isinstance(was, str) and project_in(was) is not None
    return {"parent": value, "project": None} if leaves else {"parent": value}


def value_here(slot: Slot, value: Value, *, team: int) -> object:
    """A canonical value as our services take it.  Raises Refused, ObjectDoesNotExist."""
    if value is None or slot in (slots.TITLE, slots.DESCRIPTION, slots.TYPE, slots.PRIORITY):
        return value
    text = str(value)
    if slot in (slots.DUE_ON, slots.START_ON):
        return date.fromisoformat(text)
    if slot in (slots.ESTIMATE, slots.REMAINING):
        return int(text)
    if (foreign := foreign_id(value)) is not None:
        raise Refused(f"Nothing here stands for Jira's {slot.key} {foreign}.")
    if slot == slots.STATUS:
        return Status.objects.get(pk=text, team=team)
    if slot in _PEOPLE:
        return Member.objects.get(pk=text)
    project = project_in(text)
    return WorkItem.objects.get(pk=text) if project is None else Project.objects.get(pk=project)


def item_snapshot(item: WorkItem, ground: Ground) -> dict[Slot, Value]:
    """The fields, sets and properties of an item as canonical values."""
    known = ground.fields_of(item.team_id)
    snapshot: dict[Slot, Value] = {
        slots.TITLE: item.title.strip(),
        slots.DESCRIPTION: markup.normalise(item.description),
        slots.TYPE: known.types.canonical(item.type),
        slots.STATUS: known.statuses.canonical(str(item.status_id)),
        slots.PRIORITY: known.priorities.canonical(item.priority),
        slots.ASSIGNEE: _person(item.assignee_id, known),
        slots.REPORTER: _person(item.reporter_id, known),
        slots.DUE_ON: item.due_on.isoformat() if item.due_on else None,
        slots.START_ON: item.start_on.isoformat() if item.start_on else None,
        slots.ESTIMATE: _whole_minutes(item.estimate_seconds),
        slots.REMAINING: _whole_minutes(item.remaining_seconds),
        slots.PARENT: ground.parent_of(item),
    }
    for kind, column in SET_COLUMN.items():
        found = (_SLOT_OF[kind](row.name) for row in getattr(item, column).all())
        snapshot |= {slot: slot.key for slot in found}
    if known.properties:
        snapshot |= properties_of(item, known)
    return {slot: it for slot, it in snapshot.items() if not known.leaves_out(slot)}


def _person(member_id: int | None, known: FieldMap) -> Value:
    if member_id is None:
        return None
    member = str(member_id)
    return member if known.users.encode(member) else only_here(member)


def _whole_minutes(seconds: int | None) -> int | None:
    """An estimate as Jira keeps it."""
    return None if seconds is None else seconds // 60 * 60
