"""Worklogs of a work item: each a slot of its own, named by our link of it."""

from __future__ import annotations

from duolog.core import fields as slots
from duolog.core import markup
from duolog.core.reconcile import Change
from duolog.core.values import ABSENT, Slot, Snapshot
from duolog.core.worklogs import Spent, parse_spent
from duolog.sync.link.children import LinkGround
from duolog.sync.models import ChildLink, ChildState
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.models import Worklog
from duolog.worklogs.services import delete_worklog, edit_worklog, restore_worklog, take_in
from duolog.workplace.actors import Actor
from duolog.workplace.models import Cause, WorkItem


class LocalWorklogs:
    """The worklogs of one work item."""

    kinds = frozenset({slots.WORKLOG})

    def __init__(self, around: LinkGround) -> None:
        self._around = around

    def take(self, item: WorkItem) -> Snapshot:
        """What each entry says, its comment as canonical Markdown."""
        entries = list(Worklog.objects.filter(work_item=item, deleted_at=None))
        keys = self._around.local_children(slots.WORKLOG, [each.pk for each in entries])
        return {Slot(slots.WORKLOG, keys[each.pk]): _spent(each).render() for each in entries}

    def write(self, item: WorkItem, change: Change, actor: Actor) -> None:
        """Take in, edit, delete or restore."""
        row = self._around.row(change.slot.key)
        if change.value is ABSENT:
            if row.local_id is not None:
                delete_worklog(row.local_id, actor=actor)
            return
        spent = parse_spent(str(change.value))
        if row.local_id is None:
            self._take_in(item, row, spent)
            return
        if change.expected is ABSENT:
            restore_worklog(row.local_id, actor=actor)
        _edit(Worklog.objects.get(pk=row.local_id), spent, actor)

    def _take_in(self, item: WorkItem, row: ChildLink, spent: Spent) -> None:
        author = self._around.author_there(str(row.pk))
        entry = take_in(
            item.pk,
            NewWorklog(
                started=spent.started,
                seconds=spent.seconds,
                comment=spent.comment,
                zone=author.zone,
            ),
            author=author.member,
            author_name=author.name,
            actor=Actor(author.member, f"{author.name} in Jira", Cause.SYNC),
        )
        row.local_id = entry.pk
        row.state = ChildState.LINKED
        row.save(update_fields=["local_id", "state"])


def _spent(entry: Worklog) -> Spent:
    return Spent(entry.started_at, entry.seconds, markup.normalise(entry.comment))


def _edit(entry: Worklog, spent: Spent, actor: Actor) -> None:
    """Store what differs by what it says, and nothing for what is only put differently."""
    held = _spent(entry)
    changes: dict[str, object] = {}
    if held.started != spent.started:
        changes["started"] = spent.started
    if held.seconds != spent.seconds:
        changes["seconds"] = spent.seconds
    if held.comment != spent.comment:
        changes["comment"] = spent.comment
    if changes:
        edit_worklog(entry.pk, changes, actor=actor)
