"""Our side of a link: a work item becomes a snapshot, a change becomes a call of a service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from duolog.core import fields as slots
from duolog.core.errors import Gone, Refused, SyncError
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import ABSENT, Slot, Snapshot, Value
from duolog.jira.files import names_linked
from duolog.people.errors import DomainError, Invalid
from duolog.sync.basis.ground import Ground
from duolog.sync.link.children import LinkGround
from duolog.sync.local.attachments import LocalAttachments
from duolog.sync.local.comments import LocalComments
from duolog.sync.local.fields import (
    COLUMN,
    READ_WITH,
    LocalFields,
    columns_of_parent,
    values_of_a_new_item,
)
from duolog.sync.local.part import LocalPart
from duolog.sync.local.relations import LocalRelations, others_in
from duolog.sync.local.worklogs import LocalWorklogs
from duolog.sync.models import Link, LinkState
from duolog.workplace.actors import Actor
from duolog.workplace.models import Comment, Project, WorkItem
from duolog.workplace.services import items as item_services


class LocalReplica:
    """The work item of one link, in parts; `item` is what the last observation saw.

    It is None before the item exists.  Files come first: texts lead to them.
    """

    def __init__(self, ground: Ground, around: LinkGround, link: Link) -> None:
        self._ground = ground
        self._link = link
        self._around = around
        self._files = LocalAttachments(ground, around)
        self._parts: Sequence[LocalPart] = (
            self._files,
            LocalFields(ground),
            LocalComments(around),
            LocalRelations(around),
            LocalWorklogs(around),
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
        item = items.prefetch_related(*READ_WITH).get(pk=self._link.work_item_id)
        if item.deleted_at is not None:
            raise Gone(f"{item.key} was deleted here.")
        self.item = item
        taken: Snapshot = {}
        for part in self._parts:
            taken = {**taken, **part.take(item)}
        return {slot: self._compared(slot, value) for slot, value in taken.items()}

    def prepare(self, changes: Sequence[Change]) -> SyncError | None:
        """Before the transaction: fetch the files that are to hang here.

        What could not be fetched now is left out of `write`; returns why, so that it is tried
        again.
        """
        return self._files.prepare(changes)

    def write(self, changes: Sequence[Change], *, actor: Actor) -> Written:
        """Carry out the changes in the caller's transaction, where the item still stands still."""
        written = Written()
        ready = [it for it in sorted(changes, key=self._place) if self._is_ready(it)]
        if self.item is None:
            self._create([it for it in ready if not _leads_to_files(it)], actor, written)
        for change in ready:
            if change.slot in written.applied or change.slot in written.refused:
                continue
            try:
                self._part(change).write(self._existing(), self._here(change), actor)
            except (DomainError, ObjectDoesNotExist, Refused) as error:
                written.refused[change.slot] = _refusal(error)
            else:
                written.applied[change.slot] = change.value
        if changes:
            self.item = WorkItem.objects.prefetch_related(*READ_WITH).get(pk=self._existing().pk)
        return written

    def _place(self, change: Change) -> tuple[bool, int]:
        """When its turn is: what goes makes room, and files are there before texts."""
        return change.value is not ABSENT, self._parts.index(self._part(change))

    def _is_ready(self, change: Change) -> bool:
        return change.slot.kind not in self._files.kinds or self._files.is_ready(change)

    def _compared(self, slot: Slot, value: Value) -> Value:
        is_text = slots.is_text(slot) and isinstance(value, str)
        return self._around.compared(str(value)) if is_text else value

    def _here(self, change: Change) -> Change:
        """The change with its text as it is kept here: files as they are named here by now, and
        the mentions that Jira cannot say."""
        if not slots.is_text(change.slot) or not isinstance(change.value, str):
            return change
        text = self._around.files.to_here(change.value)
        return replace(change, value=self._around.as_kept_here(text, self._text_of(change.slot)))

    def _text_of(self, slot: Slot) -> str:
        """The text that a change takes the place of."""
        if slot == slots.DESCRIPTION:
            return self._existing().description
        rows = Comment.objects.filter(pk=self._around.row(slot.key).local_id or 0)
        return rows.values_list("body", flat=True).first() or ""

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
        fields |= self._project(values.get(slots.PARENT))
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

    def _project(self, parent: object) -> dict[str, object]:
        """The project of a new item: that whose epic it lies below, else the one that is bound."""
        if isinstance(parent, Project):
            return columns_of_parent(parent, was=None)
        bound = self._ground.binding.project
        return {} if bound is None else {"project": bound}


def _leads_to_files(change: Change) -> bool:
    return slots.is_text(change.slot) and names_linked(change.value)


def _refusal(error: Exception) -> Refused:
    return error if isinstance(error, Refused) else Refused(str(error))
