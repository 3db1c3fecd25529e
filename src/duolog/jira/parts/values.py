"""One plain field of an issue as a canonical value, and back into the form that Jira takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from duolog.core import fields as slots
from duolog.core.errors import Refused
from duolog.core.fields import foreign_id
from duolog.core.values import Slot, Value
from duolog.jira.parts.custom import property_here, property_there
from duolog.jira.surroundings import Surroundings, texts_of
from duolog.jira.wire import Issue, Json

LONGEST_TITLE: Final = 255
TIME_TRACKING: Final = "timetracking"

JIRA_NAME: Final[Mapping[Slot, str]] = {
    slots.TITLE: "summary",
    slots.DESCRIPTION: "description",
    slots.TYPE: "issuetype",
    slots.PRIORITY: "priority",
    slots.ASSIGNEE: "assignee",
    slots.REPORTER: "reporter",
    slots.DUE_ON: "duedate",
    slots.ESTIMATE: TIME_TRACKING,
    slots.REMAINING: TIME_TRACKING,
    slots.PARENT: "parent",
}
SET_NAME: Final[Mapping[str, str]] = {
    slots.LABEL: "labels",
    slots.COMPONENT: "components",
    slots.VERSION: "fixVersions",
}
ESTIMATES: Final[Mapping[Slot, str]] = {
    slots.ESTIMATE: "originalEstimate",
    slots.REMAINING: "remainingEstimate",
}
_DAYS: Final = (slots.DUE_ON, slots.START_ON)
_PEOPLE: Final = (slots.ASSIGNEE, slots.REPORTER)
_ALWAYS_SENT: Final = frozenset({"summary", "issuetype", "description", "parent"})
"""Fields of which the absence is judged elsewhere, or means that there is none."""


def field_name(slot: Slot, around: Surroundings, kind: str) -> str:
    """Jira's name of the field behind a slot, for an issue of this type; empty where it has none."""
    if slot.kind in SET_NAME:
        return SET_NAME[slot.kind]
    if slot.kind == slots.PROPERTY:
        known = around.fields.properties.get(slot.key)
        return known.there if known else ""
    if slot == slots.PARENT:
        return around.epics.parent_field(kind)
    return JIRA_NAME.get(slot) or around.fields.custom.get(slot, "")


def names_asked(around: Surroundings) -> Mapping[Slot, str]:
    """What Jira must have sent, by slot, for the slot to be known; sets as a whole."""
    fields = around.fields
    names = {
        **JIRA_NAME,
        **fields.custom,
        **{slots.whole_of(kind): name for kind, name in SET_NAME.items()},
        **{slots.property_slot(key): each.there for key, each in fields.properties.items()},
    }
    return {
        slot: name
        for slot, name in names.items()
        if name not in _ALWAYS_SENT and not fields.leaves_out(slot)
    }


def values_here(issue: Issue, around: Surroundings) -> dict[Slot, Value]:
    """All plain fields of an issue as canonical values, sets apart."""
    known, fields = issue.known, around.fields
    values: dict[Slot, Value] = {
        slots.TITLE: (known.summary or "").strip(),
        slots.DESCRIPTION: texts_of(around).here(known.description),
        slots.TYPE: fields.types.decode(known.issue_type.id) if known.issue_type else None,
        slots.PRIORITY: fields.priorities.decode(known.priority.id) if known.priority else None,
        slots.ASSIGNEE: around.account_here(known.assignee) if known.assignee else None,
        slots.REPORTER: around.account_here(known.reporter) if known.reporter else None,
        slots.DUE_ON: known.due.isoformat() if known.due else None,
        slots.PARENT: _parent_here(issue, around),
    }
    values |= estimates_here(issue)
    values |= {slot: _text(issue.fields.get(name)) for slot, name in fields.custom.items()}
    return values | {
        slots.property_slot(key): property_here(each, issue.fields.get(each.there), around)
        for key, each in fields.properties.items()
    }


def estimates_here(issue: Issue) -> dict[Slot, Value]:
    """The estimates of an issue in seconds; Jira keeps whole minutes."""
    told = issue.known.time_tracking
    return {
        slots.ESTIMATE: told.original_estimate_seconds if told else None,
        slots.REMAINING: told.remaining_estimate_seconds if told else None,
    }


def sets_here(issue: Issue) -> dict[Slot, Value]:
    """The labels, components and fix versions of an issue."""
    known = issue.known
    found = (
        *(slots.label_slot(name) for name in known.labels or ()),
        *(slots.component_slot(each.name) for each in known.components or ()),
        *(slots.version_slot(each.name) for each in known.fix_versions or ()),
    )
    return {slot: slot.key for slot in found}


def field_there(
    slot: Slot, value: Value, around: Surroundings, *, kind: str, previous: Json = None
) -> Json:
    """One field as Jira wants it.  Raises Refused when Jira has no counterpart for the value."""
    if slot.kind == slots.PROPERTY:
        return property_there(around.fields.properties[slot.key], value, around, previous)
    if value is None or slot in _DAYS:
        return None if value is None else str(value)
    if slot == slots.TITLE:
        return _title_there(str(value))
    if slot == slots.DESCRIPTION:
        return texts_of(around).there(str(value), previous) if value else None
    return _named_there(slot, str(value), around, kind)


def _named_there(slot: Slot, value: str, around: Surroundings, kind: str) -> Json:
    """A value that names something, by Jira's name for it."""
    found = _counterpart(slot, value, around)
    if found is None:
        raise Refused(
            f"Jira has no counterpart for the {slot.key} {foreign_id(value) or value}.",
            hint="Choose one in the mapping of this binding.",
        )
    if slot in _PEOPLE:
        return {around.dialect.account_key: found}
    if slot == slots.PARENT and field_name(slot, around, kind) == around.epics.link:
        return around.key_there(found)
    return {"id": found}


def member_there(slot: Slot) -> Json:
    """A member of a set as Jira takes it: a label by itself, other things by their name."""
    return slot.key if slot.kind == slots.LABEL else {"name": slot.key}


def estimate_there(value: Value) -> str:
    """An estimate in minutes, whatever a day is at this site; none is 0m (see `held_there`)."""
    return f"{int(str(value or 0)) // 60}m"


def held_there(slot: Slot, value: Value) -> Value:
    """What Jira holds once a value was written: it documents no way to clear an estimate."""
    return 0 if slot in ESTIMATES and value is None else value


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None


def _parent_here(issue: Issue, around: Surroundings) -> str | None:
    if issue.known.parent is not None:
        return around.parent_here(issue.known.parent.id)
    key = around.epics.key_above(issue)
    return around.parent_of_key_here(key) if key else None


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
        slots.REPORTER: around.account_there,
        slots.PARENT: around.parent_there,
    }
    return find[slot](value)
