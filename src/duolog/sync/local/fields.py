"""The fields and labels of a work item as canonical values (`core.fields`), and back.

What Jira cannot tell apart compares as equal here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist

from duolog.core import fields as slots
from duolog.core import markup
from duolog.core.errors import Refused
from duolog.core.fields import foreign_id, label_slot, only_here
from duolog.core.reconcile import Change
from duolog.core.values import ABSENT, Slot, Snapshot, Value
from duolog.people.models import Member
from duolog.sync.ground import Ground
from duolog.workplace.actors import Actor
from duolog.workplace.models import Status, WorkItem
from duolog.workplace.services import items as item_services

COLUMN: Final[Mapping[Slot, str]] = {
    slots.TITLE: "title",
    slots.DESCRIPTION: "description",
    slots.TYPE: "type",
    slots.STATUS: "status",
    slots.PRIORITY: "priority",
    slots.ASSIGNEE: "assignee",
    slots.DUE_ON: "due_on",
    slots.PARENT: "parent",
}


class LocalFields:
    """The fields and labels of one work item."""

    kinds = frozenset({"field", slots.LABEL})

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def take(self, item: WorkItem) -> Snapshot:
        """All of them, less what the Jira project has no field for."""
        return item_snapshot(item, self._ground)

    def write(self, item: WorkItem, change: Change, actor: Actor) -> None:
        """Store one field, or have one label on or off."""
        if change.slot.kind == slots.LABEL:
            self._write_label(item, change, actor)
        else:
            value = value_here(change.slot, change.value, self._ground)
            item_services.update_item(item.pk, {COLUMN[change.slot]: value}, actor=actor)

    def _write_label(self, item: WorkItem, change: Change, actor: Actor) -> None:
        names = item.labels.values_list("name", flat=True)
        kept = [name for name in names if label_slot(name) != change.slot]
        if change.value is not ABSENT:
            kept.append(change.slot.key)
        item_services.update_item(item.pk, {"labels": kept}, actor=actor)


def values_of_a_new_item(
    changes: Sequence[Change], ground: Ground
) -> tuple[dict[Slot, Any], dict[Slot, Exception]]:
    """What an item is created with, by slot; and what nothing here stands for, with the reason."""
    values: dict[Slot, Any] = {}
    wrong: dict[Slot, Exception] = {}
    for change in changes:
        try:
            if change.slot in COLUMN:
                values[change.slot] = value_here(change.slot, change.value, ground)
        except (ObjectDoesNotExist, Refused) as error:
            wrong[change.slot] = error
    return values, wrong


def value_here(slot: Slot, value: Value, ground: Ground) -> object:
    """A canonical value as our services take it.  Raises Refused, ObjectDoesNotExist."""
    if value is None or slot in (slots.TITLE, slots.DESCRIPTION, slots.TYPE, slots.PRIORITY):
        return value
    text = str(value)
    if slot == slots.DUE_ON:
        return date.fromisoformat(text)
    if (foreign := foreign_id(value)) is not None:
        raise Refused(f"Nothing here stands for Jira's {slot.key} {foreign}.")
    if slot == slots.STATUS:
        return Status.objects.get(pk=text, team=ground.binding.team_id)
    if slot == slots.ASSIGNEE:
        return Member.objects.get(pk=text)
    return WorkItem.objects.get(pk=text)


def item_snapshot(item: WorkItem, ground: Ground) -> dict[Slot, Value]:
    """The fields and labels of an item as canonical values."""
    known = ground.fields
    assignee = None if item.assignee_id is None else str(item.assignee_id)
    snapshot: dict[Slot, Value] = {
        slots.TITLE: item.title.strip(),
        slots.DESCRIPTION: markup.normalise(item.description),
        slots.TYPE: known.types.canonical(item.type),
        slots.STATUS: known.statuses.canonical(str(item.status_id)),
        slots.PRIORITY: known.priorities.canonical(item.priority),
        slots.ASSIGNEE: assignee
        and (assignee if known.users.encode(assignee) else only_here(assignee)),
        slots.DUE_ON: item.due_on.isoformat() if item.due_on else None,
        slots.PARENT: ground.canonical_parent(str(item.parent_id)) if item.parent_id else None,
    }
    snapshot |= {label_slot(it.name): label_slot(it.name).key for it in item.labels.all()}
    return {slot: it for slot, it in snapshot.items() if slot not in known.left_out}
