"""Lists of work items: filtered, grouped, sorted, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, assert_never

from django.db.models import Case, Count, DateField, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce

from duolog.people.models import Workplace
from duolog.workplace.models import Priority, WorkItem, WorkItemType
from duolog.workplace.queries.find import matching
from duolog.workplace.queries.keyset import Key, read_page
from duolog.workplace.queries.rows import count_comments, read_rows

PAGE: Final = 100


class Sort(StrEnum):
    """What a list may be sorted by, always with a stated direction."""

    RANK = "rank"
    KEY = "key"
    TITLE = "title"
    STATUS = "status"
    PRIORITY = "priority"
    ASSIGNEE = "assignee"
    DUE = "due_on"
    CREATED = "created_at"
    UPDATED = "updated_at"
    DELETED = "deleted_at"


class GroupBy(StrEnum):
    """What a list may be grouped by; groups follow each other in the order of the same name."""

    STATUS = "status"
    PRIORITY = "priority"
    ASSIGNEE = "assignee"
    PROJECT = "project"
    TYPE = "type"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter:
    """Which items a list holds; what is left out does not narrow it.  Rows are named by id."""

    team: int | None = None
    project: int | None = None
    parent: int | None = None
    assignee: int | None = None
    statuses: frozenset[int] = frozenset()
    stages: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    priorities: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    ids: frozenset[int] | None = None
    text: str = ""
    updated_since: datetime | None = None
    in_trash: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, the cursor of the next ones (empty at the end), and their comments."""

    items: tuple[WorkItem, ...]
    next_cursor: str
    comment_counts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class GroupKey:
    """What the items of one group have in common, and what a person reads of it."""

    value: int | str | None
    name: str


def list_items(
    workplace: Workplace,
    which: ItemFilter | None = None,
    *,
    sort: Sort = Sort.RANK,
    is_descending: bool = False,
    group: GroupBy | None = None,
    page: tuple[str, int] = ("", PAGE),
) -> Page:
    """One page of the workplace's items in four queries; `page` is a cursor and a length."""
    cursor, limit = page
    keys = (
        *(_GROUP_KEYS[group] if group else ()),
        *(Key(key.expression, key.read, is_descending) for key in _SORT_KEYS[sort]),
    )
    order = f"{group or ''}/{sort}/{'down' if is_descending else 'up'}"
    ids, next_cursor = read_page(
        _chosen(workplace, which or ItemFilter()), keys, order=order, cursor=cursor, limit=limit
    )
    items = read_rows(ids)
    return Page(items, next_cursor, count_comments(items))


def list_trash(workplace: Workplace, *, cursor: str = "") -> Page:
    """The deleted items, the latest first."""
    return list_items(
        workplace,
        ItemFilter(in_trash=True),
        sort=Sort.DELETED,
        is_descending=True,
        page=(cursor, PAGE),
    )


def count_groups(
    workplace: Workplace, which: ItemFilter, group: GroupBy
) -> Mapping[int | str | None, int]:
    """How many items each group has on all pages together, by `GroupKey.value`."""
    column = group.value if group in {GroupBy.PRIORITY, GroupBy.TYPE} else f"{group.value}_id"
    rows = _chosen(workplace, which).order_by().values_list(column).annotate(Count("pk"))
    return dict(rows)


def group_of(item: WorkItem, group: GroupBy) -> GroupKey:
    """The group to which a listed item belongs."""
    match group:
        case GroupBy.STATUS:
            return GroupKey(item.status_id, item.status.name)
        case GroupBy.PRIORITY:
            return GroupKey(item.priority, str(Priority(item.priority).label))
        case GroupBy.ASSIGNEE:
            name = item.assignee.name if item.assignee else "Nobody"
            return GroupKey(item.assignee_id, name)
        case GroupBy.PROJECT:
            return GroupKey(item.project_id, item.project.name if item.project else "No project")
        case GroupBy.TYPE:
            return GroupKey(item.type, str(WorkItemType(item.type).label))
        case _:
            assert_never(group)


def _chosen(workplace: Workplace, which: ItemFilter) -> QuerySet[WorkItem]:
    exact = {
        "team_id": which.team,
        "project_id": which.project,
        "parent_id": which.parent,
        "assignee_id": which.assignee,
        "updated_at__gte": which.updated_since,
        "pk__in": which.ids,
        "status_id__in": which.statuses or None,
        "status__stage__in": which.stages or None,
        "type__in": which.types or None,
        "priority__in": which.priorities or None,
    }
    items = WorkItem.objects.filter(
        team__workplace=workplace,
        deleted_at__isnull=not which.in_trash,
        **{lookup: value for lookup, value in exact.items() if value is not None},
    )
    for label in sorted(which.labels):
        items = items.filter(labels__name=label)
    return matching(items, which.text) if which.text.strip() else items


def _place(field: str, values: list[str]) -> Case:
    """Where the field's value stands in the given order."""
    places = [When(**{field: value}, then=Value(place)) for place, value in enumerate(values)]
    return Case(*places, default=Value(len(values)), output_field=IntegerField())


def _absent_last(field: str) -> Case:
    missing = When(**{f"{field}__isnull": True}, then=Value(1))
    return Case(missing, default=Value(0), output_field=IntegerField())


_NEVER: Final = Value(date.max, output_field=DateField())
_BY_STATUS: Final = (Key(F("status__position"), int), Key(F("status_id"), int))
_BY_PRIORITY: Final = (Key(_place("priority", Priority.values), int),)
_BY_ASSIGNEE: Final = (
    Key(_absent_last("assignee"), int),
    Key(Coalesce("assignee__user__name", Value("")), str),
    Key(Coalesce("assignee_id", Value(0)), int),
)
_BY_PROJECT: Final = (
    Key(_absent_last("project"), int),
    Key(Coalesce("project__name", Value("")), str),
    Key(Coalesce("project_id", Value(0)), int),
)
_GROUP_KEYS: Final[Mapping[GroupBy, tuple[Key, ...]]] = {
    GroupBy.STATUS: _BY_STATUS,
    GroupBy.PRIORITY: _BY_PRIORITY,
    GroupBy.ASSIGNEE: _BY_ASSIGNEE,
    GroupBy.PROJECT: _BY_PROJECT,
    GroupBy.TYPE: (Key(_place("type", WorkItemType.values), int),),
}
_SORT_KEYS: Final[Mapping[Sort, tuple[Key, ...]]] = {
    Sort.RANK: (Key(F("rank"), float),),
    Sort.KEY: (Key(F("team__key_prefix"), str), Key(F("number"), int)),
    Sort.TITLE: (Key(F("title"), str),),
    Sort.STATUS: _BY_STATUS,
    Sort.PRIORITY: _BY_PRIORITY,
    Sort.ASSIGNEE: _BY_ASSIGNEE,
    Sort.DUE: (Key(Coalesce("due_on", _NEVER), date.fromisoformat),),
    Sort.CREATED: (Key(F("created_at"), datetime.fromisoformat),),
    Sort.UPDATED: (Key(F("updated_at"), datetime.fromisoformat),),
    Sort.DELETED: (Key(F("deleted_at"), datetime.fromisoformat),),
}
