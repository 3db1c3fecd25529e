"""One work item with all that its page shows of our own domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from duolog.people.errors import NotFound
from duolog.people.models import Workplace
from duolog.workplace.models import Activity, Comment, WorkItem
from duolog.workplace.queries.rows import live_items, with_relatives

_ACTIVITY_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """The item, its comments and children, and its latest activity, each in order of time."""

    item: WorkItem
    comments: tuple[Comment, ...]
    children: tuple[WorkItem, ...]
    activity: tuple[Activity, ...]


def get_item(workplace: Workplace, name: str | int, *, in_trash: bool = False) -> WorkItem:
    """The item with this id or this key, in or out of the trash as asked, or `NotFound`."""
    items = WorkItem.objects.filter(team__workplace=workplace, deleted_at__isnull=not in_trash)
    named = items.filter(pk=name) if isinstance(name, int) else items.filter(key=name.upper())
    found = with_relatives(named).first()
    if found is None:
        raise NotFound("There is no such work item, or it is in the trash.")
    return found


def item_detail(workplace: Workplace, name: str | int) -> ItemDetail:
    """All of one item in five queries."""
    item = get_item(workplace, name)
    comments = item.comments.filter(deleted_at=None).select_related("author__user")
    children = with_relatives(live_items(workplace).filter(parent=item)).order_by("rank", "pk")
    latest = item.activity.select_related("actor__user").order_by("-at", "-pk")
    return ItemDetail(
        item,
        tuple(comments),
        tuple(children),
        tuple(reversed(latest[:_ACTIVITY_SHOWN])),
    )
