"""The properties of an item as its page offers them to be changed.  No queries.

Each is saved alone, with what it showed before: somebody else, or Jira, may have changed it since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from duolog.core.durations import render_minutes
from duolog.core.properties import CHECKED, SEVERAL, PropertyKind, merge_members
from duolog.people.models import Member
from duolog.web.seen import lines
from duolog.workplace.models import Priority, Project, Stage, Status, WorkItem, WorkItemType
from duolog.workplace.models import Property as OwnProperty
from duolog.workplace.name_lists import join_names, split_names
from duolog.workplace.property_values import held_by, say_value

Choices = tuple[tuple[str, str], ...]
OWN: Final = "property-"
"""How the names of the workplace's own properties begin, before the id."""
_INPUTS: Final[Mapping[PropertyKind, tuple[str, str]]] = {
    PropertyKind.TEXT: ("text", "pencil"),
    PropertyKind.NUMBER: ("number", "chart-column"),
    PropertyKind.DATE: ("date", "calendar"),
    PropertyKind.MULTI_SELECT: ("text", "list"),
    PropertyKind.URL: ("url", "link"),
    PropertyKind.PARAGRAPH: ("textarea", "list"),
    PropertyKind.DATE_TIME: ("datetime-local", "clock"),
    PropertyKind.MEMBERS: ("text", "users"),
    PropertyKind.LIST: ("text", "tag"),
}
"""The sort of input, and the icon, of what is not chosen from a list."""

_HINTS: Final[Mapping[PropertyKind, str]] = {
    PropertyKind.MEMBERS: "Names, separated by commas",
    PropertyKind.LIST: "Separated by commas",
}


@dataclass(frozen=True, slots=True)
class Property:
    """One row of the properties: a select where there are choices, else a field of that kind.

    A set names several, separated by commas.  The note says what of it was not saved.
    """

    name: str
    label: str
    value: str
    kind: str = "select"
    choices: Choices = ()
    icon: str = ""
    hint: str = ""
    is_late: bool = False
    is_set: bool = False
    note: str = ""

    def meant(self, typed: str, was: str) -> str | None:
        """What it is to say where it showed `was` when somebody began to type.

        None where it says something else by now, so that they have to look first.
        """
        if lines(self.value) in {lines(was), lines(typed)}:
            return typed
        if self.is_set:
            return join_names(sorted(merge_members(*map(split_names, (was, typed, self.value)))))
        return None

    def refusing(self, typed: str) -> Property:
        """With a note of what was typed, and not saved."""
        said = dict(self.choices).get(typed, typed)
        words = f"“{said}”" if said else "to empty it"
        return replace(self, note=f"Changed meanwhile, so not overwritten. You wanted {words}.")


@dataclass(frozen=True, slots=True)
class Offered:
    """What an item's properties can be set to."""

    statuses: Choices
    members: Choices
    projects: Choices
    own: tuple[OwnProperty, ...] = ()


def offered(
    statuses: Iterable[Status],
    members: Iterable[Member],
    projects: Iterable[Project],
    own: Iterable[OwnProperty] = (),
) -> Offered:
    """The choices of a team's items."""
    return Offered(
        statuses=tuple((str(each.pk), each.name) for each in statuses),
        members=(("", "Nobody"), *((str(each.pk), each.name) for each in members)),
        projects=(("", "No project"), *((str(each.pk), each.name) for each in projects)),
        own=tuple(own),
    )


def properties_of(item: WorkItem, choices: Offered, today: date) -> tuple[Property, ...]:
    """All properties, in the order of the page."""
    is_open = item.status.stage not in {Stage.DONE, Stage.CANCELED}
    is_late = is_open and item.due_on is not None and item.due_on < today
    parent = item.parent.key if item.parent else ""
    return (
        Property("status", "Status", str(item.status_id), choices=choices.statuses),
        Property("priority", "Priority", item.priority, choices=tuple(Priority.choices)),
        Property("assignee", "Assignee", _id(item.assignee_id), choices=choices.members),
        Property("type", "Type", item.type, choices=tuple(WorkItemType.choices), icon="square"),
        Property("due_on", "Due", _day(item.due_on), kind="date", is_late=is_late),
        Property("start_on", "Start", _day(item.start_on), kind="date"),
        _duration("estimate", "Estimate", item.estimate_seconds),
        _duration("remaining", "Remaining", item.remaining_seconds),
        _names("labels", "Labels", item.labels.all(), "tag"),
        _names("components", "Components", item.components.all(), "layers"),
        _names("fix_versions", "Fix versions", item.fix_versions.all(), "flag"),
        Property(
            "project", "Project", _id(item.project_id), choices=choices.projects, icon="folder"
        ),
        Property(
            "parent", "Parent", parent, kind="text", icon="git-branch", hint="A key, such as AB-1"
        ),
        Property(
            "reporter", "Reporter", _id(item.reporter_id), choices=choices.members, icon="user"
        ),
        *_own(item, choices),
    )


def _own(item: WorkItem, choices: Offered) -> Iterator[Property]:
    """The workplace's own properties: chosen where there are options, else written."""
    held = held_by(item)
    for row in choices.own:
        value, kind = held.get(row, ""), PropertyKind(row.kind)
        options: Choices = (("", "None"), *row.option_names.items())
        match kind:
            case PropertyKind.MEMBER:
                options = choices.members
            case PropertyKind.CHECKBOX:
                options = (("", "No"), (CHECKED, "Yes"))
            case PropertyKind.MULTI_SELECT | PropertyKind.MEMBERS | PropertyKind.LIST:
                value = say_value(row, value)
            case PropertyKind.DATE_TIME:
                value = value.removesuffix("Z")
            case _:
                pass
        if kind in _INPUTS:
            sort, icon = _INPUTS[kind]
            hint = join_names(row.option_names.values()) or _HINTS.get(kind, "Empty")
            label = f"{row.name} (UTC)" if kind is PropertyKind.DATE_TIME else row.name
            yield Property(
                f"{OWN}{row.pk}", label, value, sort, icon=icon, hint=hint, is_set=kind in SEVERAL
            )
        else:
            icon = "user" if kind == PropertyKind.MEMBER else "circle-dot"
            yield Property(f"{OWN}{row.pk}", row.name, value, choices=options, icon=icon)


def _names(field: str, label: str, rows: Iterable[Any], icon: str) -> Property:
    held = join_names(row.name for row in rows)
    return Property(
        field, label, held, kind="text", icon=icon, hint="Separated by commas", is_set=True
    )


def _duration(field: str, label: str, seconds: int | None) -> Property:
    return Property(field, label, _time(seconds), kind="text", icon="clock", hint="Such as 1h 30m")


def _id(value: int | None) -> str:
    return "" if value is None else str(value)


def _time(seconds: int | None) -> str:
    return "" if seconds is None else render_minutes(seconds // 60)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
