"""The properties of an item as its page offers them to be changed.  No queries, no rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from duolog.core.durations import render_minutes
from duolog.people.models import Member
from duolog.workplace.models import Priority, Project, Stage, Status, WorkItem, WorkItemType

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Property:
    """One row of the properties: a select where there are choices, else a field of that kind."""

    name: str
    label: str
    value: str
    kind: str = "select"
    choices: Choices = ()
    icon: str = ""
    hint: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """What an item's properties can be set to."""

    statuses: Choices
    members: Choices
    projects: Choices


def offered(
    statuses: Iterable[Status], members: Iterable[Member], projects: Iterable[Project]
) -> Offered:
    """The choices of a team's items."""
    return Offered(
        statuses=tuple((str(each.pk), each.name) for each in statuses),
        members=(("", "Nobody"), *((str(each.pk), each.name) for each in members)),
        projects=(("", "No project"), *((str(each.pk), each.name) for each in projects)),
    )


def properties_of(item: WorkItem, choices: Offered, today: date) -> tuple[Property, ...]:
    """All properties, in the order of the page."""
    is_open = item.status.stage not in {Stage.DONE, Stage.CANCELED}
    is_late = is_open and item.due_on is not None and item.due_on < today
    labels = ", ".join(label.name for label in item.labels.all())
    parent = item.parent.key if item.parent else ""
    return (
        Property("status", "Status", str(item.status_id), choices=choices.statuses),
        Property("priority", "Priority", item.priority, choices=tuple(Priority.choices)),
        Property("assignee", "Assignee", _id(item.assignee_id), choices=choices.members),
        Property("type", "Type", item.type, choices=tuple(WorkItemType.choices), icon="square"),
        Property("due_on", "Due", _day(item.due_on), kind="date", is_late=is_late),
        Property("start_on", "Start", _day(item.start_on), kind="date"),
        Property(
            "estimate",
            "Estimate",
            _time(item.estimate_seconds),
            kind="text",
            icon="clock",
            hint="Such as 1h 30m",
        ),
        Property("labels", "Labels", labels, kind="text", icon="tag", hint="Separated by commas"),
        Property(
            "project", "Project", _id(item.project_id), choices=choices.projects, icon="folder"
        ),
        Property(
            "parent", "Parent", parent, kind="text", icon="git-branch", hint="A key, such as AB-1"
        ),
    )


def split_labels(text: str) -> tuple[str, ...]:
    """The labels a person wrote, separated by commas."""
    return tuple(label.strip() for label in text.split(",") if label.strip())


def _id(value: int | None) -> str:
    return "" if value is None else str(value)


def _time(seconds: int | None) -> str:
    return "" if seconds is None else render_minutes(seconds // 60)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
