"""Our side of a link: a work item becomes a snapshot, a change becomes a call of a service.

Values are canonical (`core.fields`): what Jira cannot tell apart compares as equal here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from duolog.core import fields as slots
from duolog.core import markup
from duolog.core.errors import Gone, Refused
from duolog.core.fields import foreign_id, label_slot, only_here
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import ABSENT, Slot, Snapshot, Value
from duolog.people.errors import DomainError, Invalid
from duolog.people.models import Member
from duolog.sync.ground import Ground, LinkGround
from duolog.sync.models import ChildState, Link, LinkState
from duolog.workplace.actors import Actor
from duolog.workplace.models import Comment, Status, WorkItem
from duolog.workplace.services import comments as comment_services
from duolog.workplace.services import items as item_services

_COLUMN: Final[Mapping[Slot, str]] = {
    slots.TITLE: "title",
    slots.DESCRIPTION: "description",
    slots.TYPE: "type",
    slots.STATUS: "status",
    slots.PRIORITY: "priority",
    slots.ASSIGNEE: "assignee",
    slots.DUE_ON: "due_on",
    slots.PARENT: "parent",
}


class LocalReplica:
    """The work item of one link; `item` is what the last observation saw, None before it exists."""

    def __init__(self, ground: Ground, around: LinkGround, link: Link) -> None:
        self._ground = ground
        self._around = around
        self._link = link
        self.item: WorkItem | None = None

    def observe(self) -> Snapshot:
        """All that the item holds; empty for one not yet created.

        Raises Gone for an item in the trash, or removed from it for good.
        """
        return self._observe(WorkItem.objects.all())

    def observe_locked(self) -> Snapshot:
        """The same inside a transaction, after which nobody else can change the item until its end."""
        return self._observe(WorkItem.objects.select_for_update())

    def _observe(self, items: QuerySet[WorkItem]) -> Snapshot:
        if self._link.work_item_id is None:
            if self._link.state == LinkState.CREATING:
                return {}
            raise Gone("The work item was removed for good.")
        item = items.prefetch_related("labels").get(pk=self._link.work_item_id)
        if item.deleted_at is not None:
            raise Gone(f"{item.key} was deleted here.")
        self.item = item
        comments = list(Comment.objects.filter(work_item=item, deleted_at=None))
        return self._snapshot(item, comments)

    def _snapshot(self, item: WorkItem, comments: Sequence[Comment]) -> Snapshot:
        keys = self._around.local_children(comments)
        texts = {Slot(slots.COMMENT, keys[c.pk]): markup.normalise(c.body) for c in comments}
        return item_snapshot(item, self._ground) | texts

    def write(self, changes: Sequence[Change], *, actor: Actor) -> Written:
        """Carry out the changes in the caller's transaction, where the item still stands still."""
        written = Written()
        if self.item is None:
            self._create(changes, actor, written)
        for change in changes:
            if change.slot in written.applied or change.slot in written.refused:
                continue
            try:
                self._write_one(change, actor)
            except (DomainError, ObjectDoesNotExist, Refused) as error:
                written.refused[change.slot] = _refusal(error)
            else:
                written.applied[change.slot] = change.value
        if self.item is not None and changes:
            self.item.version = WorkItem.objects.values_list("version", flat=True).get(
                pk=self.item.pk
            )
        return written

    def _create(self, changes: Sequence[Change], actor: Actor, written: Written) -> None:
        values = self._values_here(changes, written)
        fields: dict[str, Any] = {_COLUMN[slot]: v for slot, v in values.items() if v is not None}
        try:
            self.item = item_services.create_item(
                self._ground.binding.team, item_services.NewItem(**fields), actor=actor
            )
        except Invalid as error:
            blamed = {
                s: Refused(error.errors[_COLUMN[s]]) for s in values if _COLUMN[s] in error.errors
            }
            if not blamed or slots.TITLE in blamed:
                raise
            written.refused.update(blamed)
            self._create([c for c in changes if c.slot not in written.refused], actor, written)
        else:
            self._link.work_item = self.item
            written.applied.update({c.slot: c.value for c in changes if c.slot in values})

    def _values_here(self, changes: Sequence[Change], written: Written) -> dict[Slot, object]:
        """The values of an item's own fields; what nothing here stands for is refused."""
        values: dict[Slot, object] = {}
        for change in changes:
            try:
                if change.slot in _COLUMN:
                    values[change.slot] = self._value_here(change.slot, change.value)
            except (ObjectDoesNotExist, Refused) as error:
                written.refused[change.slot] = _refusal(error)
        return values

    def _write_one(self, change: Change, actor: Actor) -> None:
        match change.slot.kind:
            case slots.LABEL:
                self._write_label(change, actor)
            case slots.COMMENT:
                self._write_comment(change, actor)
            case _:
                value = self._value_here(change.slot, change.value)
                self._update({_COLUMN[change.slot]: value}, actor)

    def _update(self, changes: Mapping[str, object], actor: Actor) -> None:
        self.item = item_services.update_item(self._existing().pk, changes, actor=actor)

    def _existing(self) -> WorkItem:
        if self.item is None:
            raise Gone("The work item is not there.")
        return self.item

    def _write_label(self, change: Change, actor: Actor) -> None:
        names = [label.name for label in self._existing().labels.all()]
        kept = [name for name in names if label_slot(name) != change.slot]
        if change.value is not ABSENT:
            kept.append(change.slot.key)
        self._update({"labels": kept}, actor)

    def _write_comment(self, change: Change, actor: Actor) -> None:
        row = self._around.row(change.slot.key)
        if change.value is ABSENT:
            if row.local_id is not None:
                comment_services.delete_comment(row.local_id, actor=actor)
            return
        text = str(change.value)
        if change.expected is not ABSENT and row.local_id is not None:
            comment_services.edit_comment(row.local_id, text, actor=actor)
            return
        comment = comment_services.add_comment(self._existing().pk, text, actor=actor)
        row.local_id = comment.pk
        row.state = ChildState.LINKED
        row.save(update_fields=["local_id", "state"])

    def _value_here(self, slot: Slot, value: Value) -> object:
        if value is None or slot in (slots.TITLE, slots.DESCRIPTION, slots.TYPE, slots.PRIORITY):
            return value
        text = str(value)
        if slot == slots.DUE_ON:
            return date.fromisoformat(text)
        if (foreign := foreign_id(value)) is not None:
            raise Refused(f"Nothing here stands for Jira's {slot.key} {foreign}.")
        if slot == slots.STATUS:
            return Status.objects.get(pk=text, team=self._ground.binding.team_id)
        if slot == slots.ASSIGNEE:
            return Member.objects.get(pk=text)
        return WorkItem.objects.get(pk=text)


def item_snapshot(item: WorkItem, ground: Ground) -> dict[Slot, Value]:
    """The fields and labels of an item as canonical values."""
    known = ground.fields
    assignee = None if item.assignee_id is None else str(item.assignee_id)
    snapshot: dict[Slot, Value] = {
        slots.TITLE: item.title.strip(),
        slots.DESCRIPTION: markup.normalise(item.description),
        slots.TYPE: known.types.canonical(item.type),
        slots.STATUS: known.statuses.canonical(str(item.status_id)),
        slots.PRIORITY: known.priorities.canonical(item.priority),
        slots.ASSIGNEE: assignee
        and (assignee if known.users.encode(assignee) else only_here(assignee)),
        slots.DUE_ON: item.due_on.isoformat() if item.due_on else None,
        slots.PARENT: ground.canonical_parent(str(item.parent_id)) if item.parent_id else None,
    }
    snapshot |= {label_slot(it.name): label_slot(it.name).key for it in item.labels.all()}
    return {slot: it for slot, it in snapshot.items() if slot not in known.left_out}


def _refusal(error: Exception) -> Refused:
    return error if isinstance(error, Refused) else Refused(str(error))
