"""What may be asked of a work item's fields, and what a person reads of it.  Writes nothing.

Whatever a field refers to is looked up within the item's own workplace.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import TextChoices

from duolog.core.durations import render_minutes
from duolog.people.models import Member
from duolog.workplace.models import (
    Priority,
    Project,
    Property,
    Status,
    Team,
    WorkItem,
    WorkItemType,
)
from duolog.workplace.property_values import read_properties
from duolog.workplace.reading import (
    Wrong,
    read_choice,
    read_day,
    read_fields,
    read_row,
    read_text,
)

TITLE_MAX: Final = 1000
NAME_MAX: Final = 255
_SECONDS_MAX: Final = 2_147_483_647
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")
_CHOICES: Final[Mapping[str, type[TextChoices]]] = {"type": WorkItemType, "priority": Priority}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose fields are read: the item's team, and the item itself once it exists."""

    team: Team
    item: WorkItem | None = None


def read_changes(subject: Subject, asked: Mapping[str, object]) -> dict[str, Any]:
    """The values to store, or `Invalid` with a sentence for every field that is wrong."""
    return read_fields(_READERS, subject, asked)


def with_both_estimates(values: dict[str, Any], item: WorkItem | None = None) -> dict[str, Any]:
    """The first estimate that an item gets is also what remains of it, as in Jira.

    What comes from Jira has been through this there, and is taken as it is.
    """
    estimates = ("estimate_seconds", "remaining_seconds")
    held = {name: values.get(name, getattr(item, name, None)) for name in estimates}
    given = next((value for value in held.values() if value is not None), None)
    is_first = item is None or all(getattr(item, name) is None for name in estimates)
    if is_first and given is not None:
        values |= {name: given for name in estimates if name not in values}
    return values


def read_label(value: object) -> str:
    """A label with single blanks, or `Wrong`."""
    return _short(" ".join(read_text(value).split()), "A label")


def _read_component(value: object) -> str:
    return _read_name(value, "A component")


def _read_version(value: object) -> str:
    return _read_name(value, "A fix version")


def _read_name(value: object, what: str) -> str:
    """A name that stays as it was written: Jira tells names apart by their inner blanks, too."""
    name = _short(read_text(value).strip(), what)
    if _CONTROL.search(name):
        raise Wrong(f"{what} is one line: take out the line breaks.")
    return name


def _short(name: str, what: str) -> str:
    if not name or len(name) > NAME_MAX:
        raise Wrong(f"{what} has 1 to {NAME_MAX} characters.")
    return name


def shown(field: str, value: object) -> str:
    """What a person reads of a field's value in the activity."""
    if field in _CHOICES:
        return str(_CHOICES[field](str(value)).label)
    if value is None or field == "rank":
        return ""
    if field in {"estimate_seconds", "remaining_seconds"}:
        return render_minutes(int(str(value)) // 60)
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    return str(value)


def _title(_subject: Subject, value: object) -> str:
    title = read_text(value).strip()
    if not title:
        raise Wrong("Write a title.")
    if _CONTROL.search(title):
        raise Wrong("A title is one line: take out the line breaks.")
    if len(title) > TITLE_MAX:
        raise Wrong(f"A title has at most {TITLE_MAX} characters; this one has {len(title)}.")
    return title


def _status(subject: Subject, value: object) -> Status:
    statuses = list(subject.team.statuses.all())
    asked = str(value.pk if isinstance(value, Status) else value).strip().casefold()
    by_name = not isinstance(value, Status)
    for status in statuses:
        if str(status.pk) == asked or (by_name and status.name.casefold() == asked):
            return status
    names = ", ".join(status.name for status in statuses)
    raise Wrong(f"Choose one of the team's statuses: {names}.")


def _person(subject: Subject, value: object) -> Member | None:
    here = Member.objects.filter(workplace_id=subject.team.workplace_id, left_at=None)
    return read_row(here.select_related("user"), value, "Choose a member of this workplace.")


def _project(subject: Subject, value: object) -> Project | None:
    here = Project.objects.filter(workplace_id=subject.team.workplace_id, archived_at=None)
    return read_row(here, value, "Choose a project of this workplace.")


def _parent(subject: Subject, value: object) -> WorkItem | None:
    here = WorkItem.objects.filter(team__workplace_id=subject.team.workplace_id, deleted_at=None)
    parent = read_row(here, value, "Choose a work item of this workplace.")
    if parent is not None and subject.item is not None and _stands_above(subject.item, parent):
        raise Wrong(f"{parent.key} lies below {subject.item.key}, so it cannot be its parent.")
    return parent


def _stands_above(item: WorkItem, other: WorkItem) -> bool:
    """Whether going up from `other` one meets `item`; one query per generation."""
    above: int | None = other.pk
    met: set[int] = set()
    while above is not None and above not in met:
        if above == item.pk:
            return True
        met.add(above)
        above = WorkItem.objects.values_list("parent_id", flat=True).get(pk=above)
    return False


def _seconds(_subject: Subject, value: object) -> int | None:
    if value is None or value == "":
        return None
    try:
        seconds = int(str(value))
    except ValueError:
        raise Wrong("Write the estimate as a whole number of seconds.") from None
    if not 0 <= seconds <= _SECONDS_MAX:
        raise Wrong("An estimate is neither negative nor longer than 68 years.")
    return seconds


def _rank(_subject: Subject, value: object) -> float:
    try:
        rank = float(str(value))
    except ValueError:
        raise Wrong("A rank is a number.") from None
    if not math.isfinite(rank):
        raise Wrong("A rank is a finite number.")
    return rank


def _set_of(
    read: Callable[[object], str], what: str
) -> Callable[[Subject, object], frozenset[str]]:
    def read_set(_subject: Subject, value: object) -> frozenset[str]:
        if isinstance(value, str) or not isinstance(value, Iterable):
            raise Wrong(f"Give the {what} as a list.")
        return frozenset(read(each) for each in value)

    return read_set


def _properties(subject: Subject, value: object) -> dict[Property, str | None]:
    return read_properties(subject.team.workplace_id, value)


_READERS: Final[Mapping[str, Callable[[Subject, object], Any]]] = {
    "title": _title,
    "description": lambda _subject, value: read_text(value),
    "type": lambda _subject, value: read_choice(WorkItemType, value),
    "status": _status,
    "priority": lambda _subject, value: read_choice(Priority, value),
    "assignee": _person,
    "reporter": _person,
    "labels": _set_of(read_label, "labels"),
    "components": _set_of(_read_component, "components"),
    "fix_versions": _set_of(_read_version, "fix versions"),
    "properties": _properties,
    "due_on": lambda _subject, value: read_day(value),
    "start_on": lambda _subject, value: read_day(value),
    "estimate_seconds": _seconds,
    "remaining_seconds": _seconds,
    "parent": _parent,
    "project": _project,
    "rank": _rank,
}
