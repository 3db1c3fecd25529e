"""One work item with all that its page shows of our own domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from duolog.people.errors import NotFound
from duolog.people.models import Workplace
from duolog.workplace.models import Activity, Comment, WorkItem, WorkItemType
from duolog.workplace.queries.rows import live_items, load_whole, with_relatives

_ACTIVITY_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """The item, its comments and children, and its latest activity, each in order of time."""

    item: WorkItem
    comments: tuple[Comment, ...]
    children: tuple[WorkItem, ...]
    activity: tuple[Activity, ...]


def get_item(workplace: Workplace, name: str | int, *, in_trash: bool = False) -> WorkItem:
    """The item with this id or this key, in or out of the trash as asked, or `NotFound`.

    An item that was moved is found by its former keys, too.
    """
    items = WorkItem.objects.filter(team__workplace=workplace, deleted_at__isnull=not in_trash)
    named = {"pk": name} if isinstance(name, int) else {"key": name.upper()}
    found = with_relatives(items.filter(**named)).first()
    if found is None and isinstance(name, str):
        found = with_relatives(items.filter(former_keys__key=name.upper())).first()
    if found is None:
        raise NotFound("There is no such work item, or it is in the trash.")
    load_whole([found])
    return found


def item_detail(workplace: Workplace, name: str | int) -> ItemDetail:
    """All of one item in eight queries."""
    item = get_item(workplace, name)
    comments = _comments(item)
    children = with_relatives(live_items(workplace).filter(parent=item)).order_by("rank", "pk")
    latest = item.activity.select_related("actor__user").order_by("-at", "-pk")
    return ItemDetail(
        item,
        tuple(comments),
        tuple(children),
        tuple(reversed(latest[:_ACTIVITY_SHOWN])),
    )


def list_comments(item: WorkItem) -> tuple[Comment, ...]:
    """What was said about the item, in order of time."""
    return tuple(_comments(item))


def count_sub_tasks(item: WorkItem) -> int:
    """How many sub-tasks lie below the item, and go where it goes."""
    rows = item.children.filter(type=WorkItemType.SUB_TASK, team=item.team_id, deleted_at=None)
    return rows.count()


def get_comment(item: WorkItem, comment_id: int) -> Comment:
    """One comment of the item, or `NotFound`."""
    found = _comments(item).filter(pk=comment_id).first()
    if found is None:
        raise NotFound("There is no such comment.")
    return found


def list_activity(
    item: WorkItem, *, before: int | None = None, limit: int = _ACTIVITY_SHOWN
) -> tuple[Activity, ...]:
    """What happened to the item, newest first; `before` is the id of the last line already shown."""
    lines = item.activity.select_related("actor__user")
    if before is not None:
        lines = lines.filter(pk__lt=before)
    return tuple(lines.order_by("-pk")[:limit])


def _comments(item: WorkItem) -> QuerySet[Comment]:
    return item.comments.filter(deleted_at=None).select_related("author__user")
