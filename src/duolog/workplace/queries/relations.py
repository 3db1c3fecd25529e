"""How one work item stands to others, and its web links."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from duolog.people.errors import Invalid, NotFound
from duolog.people.models import Workplace
from duolog.workplace.models import (
    OWN_READINGS,
    Reading,
    Relation,
    RelationKind,
    Team,
    WebLink,
    WorkItem,
)


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
    return tuple(sorted(told, key=lambda related: _place_of(related.reading)))


def list_readings(workplace: Workplace) -> tuple[Reading, ...]:
    """How items of the workplace can stand to each other: what all have, then its own kinds."""
    kinds = RelationKind.objects.filter(workplace=workplace)
    return (*OWN_READINGS, *(each for kind in kinds for each in kind.readings))


def list_used_readings(team: Team) -> tuple[Reading, ...]:
    """The kinds of the relations that items of the team have, as their first items tell them."""
    items = WorkItem.objects.filter(team=team, deleted_at=None)
    rows = Relation.objects.filter(Q(from_item__in=items) | Q(to_item__in=items))
    used = set(rows.values_list("type", flat=True))
    return tuple(
        each
        for each in list_readings(team.workplace)
        if each.value in used and not each.is_told_by_second
    )


def get_reading(workplace: Workplace, value: str) -> Reading:
    """The reading of this value.  Raises Invalid."""
    offered = list_readings(workplace)
    found = next((each for each in offered if each.value == value), None)
    if found is None:
        names = ", ".join(each.value for each in offered)
        raise Invalid({"type": f"Choose how the items are linked: {names}."})
    return found


def list_relation_kinds(workplace: Workplace) -> tuple[RelationKind, ...]:
    """The kinds of relations that the workplace added, by name."""
    return tuple(RelationKind.objects.filter(workplace=workplace))


def get_relation_kind(workplace: Workplace, kind_id: int) -> RelationKind:
    """One of them, or `NotFound`."""
    found = RelationKind.objects.filter(workplace=workplace, pk=kind_id).first()
    if found is None:
        raise NotFound("There is no such kind of relation.")
    return found


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
    ends = Relation.objects.select_related("from_item__status", "to_item__status", "kind")
    return ends.filter(
        Q(from_item=item) | Q(to_item=item),
        from_item__deleted_at=None,
        to_item__deleted_at=None,
    )


def _told(relation: Relation, item: WorkItem) -> Related:
    return Related(relation, relation.reading_of(item), relation.other_than(item))


def _place_of(reading: Reading) -> tuple[int, str]:
    if reading in OWN_READINGS:
        return OWN_READINGS.index(reading), ""
    return len(OWN_READINGS), reading.words
