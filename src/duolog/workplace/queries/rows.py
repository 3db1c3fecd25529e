"""What every list of work items reads with its rows, so that no row asks again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Count, Prefetch, QuerySet, prefetch_related_objects

from duolog.people.models import Workplace
from duolog.workplace.models import Comment, PropertyValue, WorkItem


def live_items(workplace: Workplace) -> QuerySet[WorkItem]:
    """The items of the workplace that are not in the trash."""
    return WorkItem.objects.filter(team__workplace=workplace, deleted_at=None)


def with_relatives(items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    """The items with all that a row shows of others, at the cost of two queries."""
    return items.select_related(
        "team", "status", "assignee__user", "reporter__user", "project", "parent"
    ).prefetch_related("labels")


def load_whole(items: Iterable[WorkItem]) -> None:
    """Have the items carry their components, fix versions and properties: three queries for all."""
    held = PropertyValue.objects.select_related("property")
    prefetch_related_objects(
        list(items), "components", "fix_versions", Prefetch("property_values", held)
    )


def read_rows(ids: Iterable[int]) -> tuple[WorkItem, ...]:
    """The items with these ids, in their order.

    Lists sort and cut by ids first, so that only what is shown is read whole.
    """
    place = {pk: number for number, pk in enumerate(ids)}
    rows = with_relatives(WorkItem.objects.filter(pk__in=place))
    return tuple(sorted(rows, key=lambda item: place[item.pk]))


def count_comments(items: Iterable[WorkItem]) -> Mapping[int, int]:
    """How many comments each item has, by its id; items without any are left out."""
    comments = Comment.objects.filter(work_item__in=[item.pk for item in items], deleted_at=None)
    counted = comments.order_by().values_list("work_item_id").annotate(Count("pk"))
    return dict(counted)
