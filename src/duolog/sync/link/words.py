"""Values and writes of the sync as people read them: names, never ids.  Reads, changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Final

from duolog.core import fields as slots
from duolog.core.durations import render_minutes, render_seconds
from duolog.core.fields import foreign_id, told_in, unspelled
from duolog.core.values import ABSENT, Slot, Value
from duolog.core.worklogs import parse_spent
from duolog.people.models import Member
from duolog.sync.link.file_names import with_file_names
from duolog.sync.mapping import ProjectMeta
from duolog.sync.models import Binding
from duolog.workplace.models import Priority, Property, Status, Team, WorkItem, WorkItemType
from duolog.workplace.property_values import say_value
from duolog.workplace.queries import list_readings

FIELD_NAMES: Final[Mapping[str, str]] = {
    "title": "Title",
    "description": "Description",
    "type": "Type",
    "status": "Status",
    "priority": "Priority",
    "assignee": "Assignee",
    "reporter": "Reporter",
    "due_on": "Due date",
    "start_on": "Start date",
    "estimate_seconds": "Estimate",
    "remaining_seconds": "Remaining time",
    "parent": "Parent",
}
_KIND_NAMES: Final[Mapping[str, str]] = {
    slots.ATTACHMENT: "Attachment",
    slots.COMMENT: "Comment",
    slots.RELATION: "Link to another item",
    slots.WORKLOG: "Time",
}
SETS: Final[Mapping[str, str]] = {
    slots.LABEL: "Label",
    slots.COMPONENT: "Component",
    slots.VERSION: "Fix version",
}
_SET_FIELDS: Final[Mapping[str, str]] = {
    slots.LABEL: "labels",
    slots.COMPONENT: "components",
    slots.VERSION: "fix_versions",
}
PEOPLE: Final = frozenset({"assignee", "reporter"})
DAYS: Final = frozenset({"due_on", "start_on"})
TIMES: Final = frozenset({"estimate_seconds", "remaining_seconds"})
TEXTS: Final = frozenset({"title", "description"})
EMPTY: Final = "Empty"
NOT_THERE: Final = "Not there"
_TYPES: Final[Mapping[str, str]] = dict(WorkItemType.choices)
_PRIORITIES: Final[Mapping[str, str]] = dict(Priority.choices)


def slot_name(kind: str, key: str) -> str:
    """What people call a slot."""
    if kind in SETS:
        return f"{SETS[kind]} {key}"
    if kind == slots.PROPERTY:
        return property_name(key)
    if kind in _KIND_NAMES:
        return _KIND_NAMES[kind]
    return FIELD_NAMES.get(key, key.replace("_", " ").capitalize())


def property_name(key: str) -> str:
    """What people call one of their properties."""
    row = Property.objects.filter(pk=key).first() if key.isdecimal() else None
    return row.name if row else "A property that was removed"


def activity_field(slot: Slot) -> str:
    """The name under which the activity of an item tells of a slot."""
    if slot.kind == slots.PROPERTY:
        return property_name(slot.key)
    return _SET_FIELDS.get(slot.kind, slot.key)


def is_text(kind: str, key: str) -> bool:
    """Whether a slot holds prose, in which single words change."""
    return kind == slots.COMMENT or (kind == "field" and key in TEXTS)


def value_names(team: Team) -> Mapping[str, Mapping[str, str]]:
    """The names of a team's own types, statuses and priorities, by kind and id."""
    statuses = {str(status.pk): status.name for status in team.statuses.all()}
    return {"type": _TYPES, "status": statuses, "priority": _PRIORITIES}


class Words:
    """Names for the values of one binding; each table is read once, when first needed."""

    def __init__(self, binding: Binding) -> None:
        self._binding = binding
        self._meta = ProjectMeta.from_json(binding.project_meta)

    def say(self, slot: Slot, value: Value) -> str:
        """The value as a person reads it."""
        if value is ABSENT:
            return NOT_THERE
        if value is None or value == "":
            return EMPTY
        text = str(value)
        if slot.kind != "field" or slot.key in TEXTS:
            return self._thing(slot, with_file_names(text))
        if foreign_id(text) is not None:
            return self._foreign(slot.key, text)
        return self._own(slot.key, text)

    def _thing(self, slot: Slot, text: str) -> str:
        if slot.kind == slots.PROPERTY:
            return self._property(slot.key, text)
        if slot.kind == slots.RELATION:
            return self._relation(slot)
        return _time(text) if slot.kind == slots.WORKLOG else text

    def names_of(self, key: str) -> Mapping[str, str]:
        """What a field of a team may hold, by id; nothing where that is not a short list."""
        return self._names.get(key, {})

    def _own(self, key: str, value: str) -> str:
        if key in DAYS:
            return _day(value)
        if key in TIMES:
            return render_minutes(int(value) // 60)
        if key == "parent":
            return self._parent(value)
        if key in PEOPLE:
            return self._members.get(value, "Somebody who left")
        return self._names.get(key, {}).get(value, "Something that was removed")

    def _foreign(self, key: str, value: str) -> str:
        known = foreign_id(value) or ""
        if value.startswith("duolog:"):
            return f"{self._own(key, known)}, which has no counterpart in Jira"
        if key in PEOPLE:
            return "Somebody in Jira who is no member here"
        if key == "parent":
            return "An issue that is not linked here"
        name = self._jira_names.get(key, {}).get(known)
        return f"{name}, which has no counterpart here" if name else "Something new in Jira"

    def _property(self, key: str, value: str) -> str:
        known = foreign_id(value)
        if known is not None and value.startswith("jira:"):
            return "Something in Jira that nothing here stands for"
        row = Property.objects.filter(pk=key).first() if key.isdecimal() else None
        said = say_value(row, known or unspelled(value)) if row else value
        return said if known is None else f"{said}, which has no counterpart in Jira"

    def _relation(self, slot: Slot) -> str:
        reading, item = told_in(slot)
        return f"{self._readings.get(reading, reading)} {self._parent(item)}"

    def _parent(self, value: str) -> str:
        item = WorkItem.objects.filter(pk=value, team__workplace=self._binding.team.workplace_id)
        found = item.first()
        return f"{found.key} {found.title}" if found else "An item that was removed"

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, str]]:
        names = value_names(self._binding.team)
        if self._binding.project_id is None:
            return names
        others = Status.objects.filter(team__workplace=self._binding.team.workplace_id)
        return {**names, "status": {str(status.pk): status.name for status in others}}

    @cached_property
    def _readings(self) -> Mapping[str, str]:
        return {it.value: it.words for it in list_readings(self._binding.team.workplace)}

    @cached_property
    def _members(self) -> Mapping[str, str]:
        rows = Member.objects.filter(workplace=self._binding.team.workplace_id)
        return {str(m.pk): m.name for m in rows.select_related("user")}

    @cached_property
    def _jira_names(self) -> Mapping[str, Mapping[str, str]]:
        meta = self._meta
        tables = {"type": meta.types, "status": meta.statuses, "priority": meta.priorities}
        return {key: {choice.id: choice.name for choice in rows} for key, rows in tables.items()}


def _time(value: str) -> str:
    spent = parse_spent(value)
    began = f"{_day(spent.started.date().isoformat())}, {spent.started:%H:%M} UTC"
    said = f": {spent.comment}" if spent.comment else ""
    return f"{render_seconds(spent.seconds)} from {began}{said}"


def _day(value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day:%b} {day.day}, {day.year}"
