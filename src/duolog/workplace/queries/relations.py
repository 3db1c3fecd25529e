"""How one work item stands to others, and its web links."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from duolog.people.errors import NotFound
from duolog.workplace.models import Reading, Relation, WebLink, WorkItem


@dataclass(frozen=True, slots=True)
class Related:
    """A relation as one item tells it: it *reading* the `other` item."""

    relation: Relation
    reading: Reading
    other: WorkItem


def list_related(item: WorkItem) -> tuple[Related, ...]:
    """The items this one stands in relation to, by kind of relation, then in order of time.

    Items in the trash are left out; restored, they are there again.
    """
    told = [_told(relation, item) for relation in _relations(item)]
    return tuple(sorted(told, key=lambda related: list(Reading).index(related.reading)))


def get_relation(item: WorkItem, relation_id: int) -> Related:
    """One relation of the item, or `NotFound`."""
    found = _relations(item).filter(pk=relation_id).first()
    if found is None:
        raise NotFound("There is no such relation.")
    return _told(found, item)


def list_web_links(item: WorkItem) -> tuple[WebLink, ...]:
    """The item's web links, in order of time."""
    return tuple(item.web_links.all())


def get_web_link(item: WorkItem, web_link_id: int) -> WebLink:
    """One web link of the item, or `NotFound`."""
    found = item.web_links.filter(pk=web_link_id).first()
    if found is None:
        raise NotFound("There is no such web link.")
    return found


def _relations(item: WorkItem) -> QuerySet[Relation]:
    ends = Relation.objects.select_related("from_item__status", "to_item__status")
    return ends.filter(
        Q(from_item=item) | Q(to_item=item),
        from_item__deleted_at=None,
        to_item__deleted_at=None,
    )


def _told(relation: Relation, item: WorkItem) -> Related:
    return Related(relation, relation.reading_of(item), relation.other_than(item))
