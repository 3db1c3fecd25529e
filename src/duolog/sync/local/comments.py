"""Comments of a work item: each a slot of its own, named by our link of it."""

from __future__ import annotations

from typing import Final

from duolog.core import fields as slots
from duolog.core import markup
from duolog.core.reconcile import Change
from duolog.core.values import ABSENT, Slot, Snapshot
from duolog.sync.link.children import LinkGround
from duolog.sync.models import ChildState
from duolog.workplace.actors import Actor
from duolog.workplace.models import Comment, WorkItem
from duolog.workplace.services import comments as comment_services

_delete: Final = comment_services.delete_comment


class LocalComments:
    """The comments of one work item."""

    kinds = frozenset({slots.COMMENT})

    def __init__(self, around: LinkGround) -> None:
        self._around = around

    def take(self, item: WorkItem) -> Snapshot:
        """What each comment says, as canonical Markdown."""
        comments = list(Comment.objects.filter(work_item=item, deleted_at=None))
        keys = self._around.local_children(slots.COMMENT, [c.pk for c in comments])
        return {Slot(slots.COMMENT, keys[c.pk]): markup.normalise(c.body) for c in comments}

    def write(self, item: WorkItem, change: Change, actor: Actor) -> None:
        """Say, edit or delete."""
        row = self._around.row(change.slot.key)
        if change.value is ABSENT:
            if row.local_id is not None:
                is_kept_back = self._around.is_restricted(change.slot)
                away = comment_services.withdraw_comment if is_kept_back else _delete
                away(row.local_id, actor=actor)
            return
        text = str(change.value)
        if change.expected is not ABSENT and row.local_id is not None:
            comment_services.edit_comment(row.local_id, text, actor=actor)
            return
        author = self._around.actor_in_jira(change.slot.key) or actor
        comment = comment_services.add_comment(item.pk, text, actor=author)
        row.local_id = comment.pk
        row.state = ChildState.LINKED
        row.save(update_fields=["local_id", "state"])
