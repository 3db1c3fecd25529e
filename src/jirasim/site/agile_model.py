"""Boards and sprints, as frozen values.  No rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class SprintState(Enum):
    """Where a sprint is in its life."""

    FUTURE = "future"
    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Sprint:
    """A stretch of work of a scrum board.  Sprints of one state are in the order of `position`."""

    id: str
    board_id: str
    name: str
    created: datetime
    position: int
    state: SprintState = SprintState.FUTURE
    goal: str = ""
    start: datetime | None = None
    end: datetime | None = None
    activated: datetime | None = None
    completed: datetime | None = None
    properties: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a board and how many issues it should hold, where that is limited."""

    name: str
    statuses: tuple[str, ...]
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class QuickFilter:
    """A button above a board that narrows it down."""

    id: str
    name: str
    jql: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """A view of the issues that its saved filter finds.

    `kind` is scrum, kanban, or simple (of a team-managed project).  It is located in a project,
    or with its `owner` alone when `project_id` is None.
    """

    id: str
    name: str
    kind: str
    filter_id: str
    owner: str
    columns: tuple[Column, ...]
    project_id: str | None = None
    estimation: str | None = None
    sub_query: str | None = None
    quick_filters: tuple[QuickFilter, ...] = ()
    properties: Mapping[str, object] = field(default_factory=dict)
