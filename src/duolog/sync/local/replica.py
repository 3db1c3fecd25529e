"""Our side of a link: a work item becomes a snapshot, a change becomes a call of a service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from duolog.core import fields as slots
from duolog.core.errors import Gone, Refused
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import ABSENT, Slot, Snapshot
from duolog.people.errors import DomainError, Invalid
from duolog.sync.children import LinkGround
from duolog.sync.ground import Ground
from duolog.sync.local.comments import LocalComments
from duolog.sync.local.fields import COLUMN, LocalFields, values_of_a_new_item
from duolog.sync.local.part import LocalPart
from duolog.sync.local.relations import LocalRelations, others_in
from duolog.sync.models import Link, LinkState
from duolog.workplace.actors import Actor
from duolog.workplace.models import WorkItem
from duolog.workplace.services import items as item_services


class LocalReplica:
    """The work item of one link, in parts; `item` is what the last observation saw.

    It is None before the item exists.
    """

    def __init__(self, ground: Ground, around: LinkGround, link: Link) -> None:
        self._ground = ground
        self._link = link
        self._parts: Sequence[LocalPart] = (
            LocalFields(ground),
            LocalComments(around),
            LocalRelations(around),
        )
        self.item: WorkItem | None = None

    def observe(self) -> Snapshot:
        """All that the item holds; empty for one not yet created.

        Raises Gone for an item in the trash, or removed from it for good.
        """
        return self._observe(WorkItem.objects.all())

    def observe_locked(self, to_be_written: Iterable[Slot] = ()) -> Snapshot:
        """The same inside a transaction, after which nobody else can change the item until its end.

        The items at the other ends of relations that are to be written are locked along with it,
        in one order, so that passes over both ends of a relation cannot wait for each other.
        """
        ids = [*others_in(to_be_written), self._link.work_item_id or 0]
        list(WorkItem.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        return self._observe(WorkItem.objects.all())

    def _observe(self, items: QuerySet[WorkItem]) -> Snapshot:
        if self._link.work_item_id is None:
            if self._link.state == LinkState.CREATING:
                return {}
            raise Gone("The work item was removed for good.")
        item = items.prefetch_related("labels").get(pk=self._link.work_item_id)
        if item.deleted_at is not None:
            raise Gone(f"{item.key} was deleted here.")
        self.item = item
        taken: Snapshot = {}
        for part in self._parts:
            taken = {**taken, **part.take(item)}
        return taken

    def write(self, changes: Sequence[Change], *, actor: Actor) -> Written:
        """Carry out the changes in the caller's transaction, where the item still stands still."""
        written = Written()
        if self.item is None:
            self._create(changes, actor, written)
        for change in sorted(changes, key=lambda change: change.value is not ABSENT):
            if change.slot in written.applied or change.slot in written.refused:
                continue
            try:
                self._part(change).write(self._existing(), change, actor)
            except (DomainError, ObjectDoesNotExist, Refused) as error:
                written.refused[change.slot] = _refusal(error)
            else:
                written.applied[change.slot] = change.value
        if changes:
            self.item = WorkItem.objects.prefetch_related("labels").get(pk=self._existing().pk)
        return written

    def _part(self, change: Change) -> LocalPart:
        return next(part for part in self._parts if change.slot.kind in part.kinds)

    def _existing(self) -> WorkItem:
        if self.item is None:
            raise Gone("The work item is not there.")
        return self.item

    def _create(self, changes: Sequence[Change], actor: Actor, written: Written) -> None:
        values, wrong = values_of_a_new_item(changes, self._ground)
        written.refused.update({slot: _refusal(error) for slot, error in wrong.items()})
        fields: dict[str, Any] = {COLUMN[slot]: v for slot, v in values.items() if v is not None}
        try:
            self.item = item_services.create_item(
                self._ground.binding.team, item_services.NewItem(**fields), actor=actor
            )
        except Invalid as error:
            blamed = {
                s: Refused(error.errors[COLUMN[s]]) for s in values if COLUMN[s] in error.errors
            }
            if not blamed or slots.TITLE in blamed:
                raise
            written.refused.update(blamed)
            self._create([c for c in changes if c.slot not in written.refused], actor, written)
        else:
            self._link.work_item = self.item
            written.applied.update({c.slot: c.value for c in changes if c.slot in values})


def _refusal(error: Exception) -> Refused:
    return error if isinstance(error, Refused) else Refused(str(error))
