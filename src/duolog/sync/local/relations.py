"""Relations of a work item: each a slot, named by how this item tells it and of whom."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from duolog.core import fields as slots
from duolog.core.fields import foreign_id, relation_slot, told_in
from duolog.core.reconcile import Change
from duolog.core.values import ABSENT, Slot, Snapshot
from duolog.sync.link.children import LinkGround
from duolog.workplace import queries
from duolog.workplace.actors import Actor
from duolog.workplace.models import Relation, WorkItem
from duolog.workplace.services import relations as relation_services


class LocalRelations:
    """The relations of one work item to others that are linked, of kinds that Jira knows."""

    kinds = frozenset({slots.RELATION})

    def __init__(self, around: LinkGround) -> None:
        self._around = around

    def take(self, item: WorkItem) -> Snapshot:
        """How the item stands to others; what Jira cannot tell apart is one."""
        return {slot: slot.key for slot, _ in self._told(item)}

    def _told(self, item: WorkItem) -> Iterable[tuple[Slot, int]]:
        told = [
            (self._around.fields.relations.canonical(r.reading_of(item).value), r)
            for r in _relations_of(item)
        ]
        others = [str(relation.other_id_than(item)) for _, relation in told]
        linked = self._around.issues_of(others)
        return [
            (relation_slot(reading, other), relation.pk)
            for (reading, relation), other in zip(told, others, strict=True)
            if other in linked and foreign_id(reading) is None
        ]

    def write(self, item: WorkItem, change: Change, actor: Actor) -> None:
        """Relate the item to the other, or no longer."""
        if change.value is ABSENT:
            for slot, relation_id in self._told(item):
                if slot == change.slot:
                    relation_services.remove_relation(relation_id, actor=actor)
            return
        value, other = told_in(change.slot)
        reading = queries.get_reading(item.team.workplace, value)
        relation_services.add_relation(item.pk, reading, int(other), actor=actor)


def others_in(told: Iterable[Slot]) -> frozenset[int]:
    """The work items at the other ends of those of the slots that are relations."""
    return frozenset(int(told_in(slot)[1]) for slot in told if slot.kind == slots.RELATION)


def _relations_of(item: WorkItem) -> QuerySet[Relation]:
    ends = Q(from_item=item) | Q(to_item=item)
    return Relation.objects.select_related("kind").filter(ends)
