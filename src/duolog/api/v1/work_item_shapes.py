"""What a work item looks like outside, and what may be asked of it.  Reads rows, no database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

from pydantic import Field

from duolog.api.shapes import (
    Body,
    Limit,
    Moment,
    Person,
    RowId,
    Shape,
    Since,
    person,
    text_id,
)
from duolog.sync.shown.queries import Badge
from duolog.workplace.models import Priority, Stage, WorkItem, WorkItemType
from duolog.workplace.property_values import held_by, show_value

LinkState = Literal["in_step", "due", "held", "conflict", "differs", "paused", "ended"]

PropertyHeld = bool | int | float | str | list[str]
"""A value of a property: what it is depends on the property's kind."""

NAMES: Final[Mapping[str, str]] = {
    "status_id": "status",
    "assignee_id": "assignee",
    "reporter_id": "reporter",
    "parent_id": "parent",
    "project_id": "project",
    "team_id": "team",
}
"""Our names of fields, by the API's."""


class ItemStatus(Shape):
    """The status of an item."""

    id: str
    name: str
    stage: Stage


class ItemLink(Shape):
    """How an item stands with its issue; `reason` says why where it does not."""

    id: str
    issue_id: str | None
    issue_key: str | None
    issue_url: str | None
    state: LinkState
    synced_at: Moment | None
    reason: str


class WorkItemShape(Shape):
    """A work item; `version` is also its ETag."""

    id: str
    key: str
    title: str
    description: str
    type: WorkItemType
    status: ItemStatus
    priority: Priority
    assignee: Person | None
    reporter: Person | None
    labels: list[str]
    components: list[str]
    fix_versions: list[str]
    due_on: date | None
    start_on: date | None
    estimate_seconds: int | None
    remaining_seconds: int | None
    properties: dict[str, PropertyHeld]
    parent_id: str | None
    project_id: str | None
    team_id: str
    rank: float
    created_at: Moment
    updated_at: Moment
    version: int
    link: ItemLink | None


class ItemQuery(Body):
    """Which items a list holds; what is left out does not narrow it."""

    team: RowId | None = None
    project: RowId | None = None
    q: str = Field(default="", description="Words, each the beginning of one in the item.")
    updated_since: Since | None = None
    cursor: str = ""
    limit: Limit = 50


class ItemChanges(Body):
    """What can be said of an item; what is left out stays.

    The status is named by `status_id`, or by `status`, a name of the team's.  With `team_id` the
    item is moved to that team: it gets a key there, and its former one still leads to it.
    """

    team_id: RowId | None = None
    title: str = ""
    description: str | None = None
    type: WorkItemType = WorkItemType.TASK
    status: str | None = None
    status_id: RowId | None = None
    priority: Priority = Priority.NONE
    assignee_id: RowId | None = None
    reporter_id: RowId | None = None
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    fix_versions: tuple[str, ...] = ()
    due_on: date | None = None
    start_on: date | None = None
    estimate_seconds: int | None = None
    remaining_seconds: int | None = None
    properties: dict[str, PropertyHeld | None] = Field(
        default_factory=dict, description="Values by the id of the property; others stay."
    )
    parent_id: RowId | None = None
    project_id: RowId | None = None
    rank: float | None = None


class NewWorkItem(ItemChanges):
    """An item to be made, in a team, which is left out where teams are turned off."""

    title: str


def show_item(item: WorkItem, badge: Badge | None) -> WorkItemShape:
    """The item with its link; its relatives, sets and properties are loaded."""
    return WorkItemShape(
        id=str(item.pk),
        key=item.key,
        title=item.title,
        description=item.description,
        type=WorkItemType(item.type),
        status=ItemStatus(
            id=str(item.status_id), name=item.status.name, stage=Stage(item.status.stage)
        ),
        priority=Priority(item.priority),
        assignee=person(item.assignee),
        reporter=person(item.reporter),
        labels=sorted(label.name for label in item.labels.all()),
        components=sorted(component.name for component in item.components.all()),
        fix_versions=sorted(version.name for version in item.fix_versions.all()),
        due_on=item.due_on,
        start_on=item.start_on,
        estimate_seconds=item.estimate_seconds,
        remaining_seconds=item.remaining_seconds,
        properties={str(row.pk): show_value(row, text) for row, text in held_by(item).items()},
        parent_id=text_id(item.parent_id),
        project_id=text_id(item.project_id),
        team_id=str(item.team_id),
        rank=item.rank,
        created_at=item.created_at,
        updated_at=item.updated_at,
        version=item.version,
        link=show_badge(badge),
    )


def show_badge(badge: Badge | None) -> ItemLink | None:
    """The link of an item, or null where it never had one."""
    if badge is None:
        return None
    return ItemLink.model_validate(
        {
            "id": str(badge.link_id),
            "issue_id": badge.issue_id or None,
            "issue_key": badge.issue_key or None,
            "issue_url": badge.issue_url or None,
            "state": badge.state,
            "synced_at": badge.synced_at,
            "reason": badge.reason,
        }
    )
