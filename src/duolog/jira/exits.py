"""Transitions out of a status, as they are known for later: where they lead, what they ask for.

Values only; `jira.screens` fills in what is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from duolog.jira.wire import FieldMeta, ReadWorkflows, Transition

MOST_CHOICES: Final = 200
INITIAL: Final = "INITIAL"
GLOBAL: Final = "GLOBAL"
COMMENT: Final = "comment"


class Shape(StrEnum):
    """What a field on a screen takes."""

    TEXT = "text"
    RICH_TEXT = "rich_text"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    WORDS = "words"
    ACCOUNT = "account"
    COMMENT = "comment"
    OTHER = "other"


_BY_TYPE: Final = {
    "string": Shape.TEXT,
    "date": Shape.TEXT,
    "datetime": Shape.TEXT,
    "number": Shape.NUMBER,
    "user": Shape.ACCOUNT,
    "option": Shape.CHOICE,
    "resolution": Shape.CHOICE,
    "priority": Shape.CHOICE,
    "version": Shape.CHOICE,
}
_BY_ITEMS: Final = {
    "string": Shape.WORDS,
    "option": Shape.CHOICES,
    "version": Shape.CHOICES,
    "component": Shape.CHOICES,
}
_LONG_TEXT: Final = frozenset({"description", "environment"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a transition's screen; `choices` are the ids and names it accepts."""

    key: str
    name: str
    is_required: bool
    shape: Shape
    choices: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, key: str, told: FieldMeta) -> Asked:
        """The field as Jira describes it."""
        listed = (told.allowed_values or ())[:MOST_CHOICES]
        return cls(
            key=key,
            name=told.name,
            is_required=told.required and not told.has_default_value,
            shape=_shape_of(key, told),
            choices=tuple((it.id, it.name or it.value or it.id) for it in listed if it.id),
        )


@dataclass(frozen=True, slots=True)
class Exit:
    """A transition out of a status; `everywhere` when it leads out of every other one too."""

    id: str
    name: str
    to: str
    to_name: str
    has_screen: bool = False
    everywhere: bool = False
    asks: tuple[Asked, ...] = ()

    @classmethod
    def of(cls, told: Transition) -> Exit:
        """The transition as Jira offers it."""
        return cls(
            id=told.id,
            name=told.name,
            to=told.to.id,
            to_name=told.to.name,
            has_screen=told.has_screen or bool(told.fields),
            everywhere=told.is_global and not told.is_looped,
            asks=tuple(Asked.of(key, field) for key, field in told.fields.items()),
        )

    @property
    def required(self) -> tuple[Asked, ...]:
        """What must be given on the way."""
        return tuple(field for field in self.asks if field.is_required)


class ReadExits(NamedTuple):
    """A workflow that was read whole: where it begins, and what leads out of each status."""

    start: str
    by_status: Mapping[str, tuple[Exit, ...]]


def exits_of(told: ReadWorkflows) -> ReadExits:
    """The transitions of a workflow read whole; what their screens ask for it does not tell."""
    ids = {
        status.status_reference: status.id or status.status_reference for status in told.statuses
    }
    names = {ids[status.status_reference]: status.name for status in told.statuses}
    start, found = "", {status: list[Exit]() for status in names}
    for step in (step for workflow in told.workflows for step in workflow.transitions):
        goal = ids.get(step.to_status_reference or "")
        if goal is None:
            continue
        if step.type == INITIAL:
            start = goal
            continue
        is_global = step.type == GLOBAL
        way = Exit(step.id, step.name, goal, names[goal], bool(step.transition_screen), is_global)
        sources = (
            found if is_global else (ids.get(it.from_status_reference or "") for it in step.links)
        )
        for source in sources:
            if source in found and source != goal:
                found[source].append(way)
    return ReadExits(start, {status: tuple(steps) for status, steps in found.items()})


def _shape_of(key: str, told: FieldMeta) -> Shape:
    schema = told.field_schema
    if key == COMMENT:
        return Shape.COMMENT
    if schema is None:
        return Shape.OTHER
    if schema.type == "string" and (key in _LONG_TEXT or (schema.custom or "").endswith("area")):
        return Shape.RICH_TEXT
    if schema.type == "array":
        return _BY_ITEMS.get(schema.items or "", Shape.OTHER)
    return _BY_TYPE.get(schema.type, Shape.OTHER)
