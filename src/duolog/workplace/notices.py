"""Whom a change of a work item concerns.  Stores nothing itself."""

from __future__ import annotations

from duolog.notifications.models import Kind
from duolog.notifications.services import notify
from duolog.workplace.actors import Actor
from duolog.workplace.models import Comment, WorkItem


def path_of(item: WorkItem) -> str:
    """Where the item's page lies."""
    return f"/w/{item.team.workplace.slug}/items/{item.key}"


def tell_assigned(item: WorkItem, actor: Actor) -> None:
    """Tell the assignee, if there is one."""
    if item.assignee is not None:
        notify(
            [item.assignee],
            Kind.ASSIGNED,
            f"{item.key} is yours now: {item.title}",
            path_of(item),
            actor=actor.member,
            actor_name=actor.name,
        )


def tell_commented(comment: Comment, actor: Actor) -> None:
    """Tell those whose item it is, and the author of the comment that is answered."""
    item = comment.work_item
    concerned = {item.assignee, item.reporter, comment.parent.author if comment.parent else None}
    notify(
        [member for member in concerned if member is not None],
        Kind.COMMENTED,
        f"New comment on {item.key}: {item.title}",
        f"{path_of(item)}#comment-{comment.pk}",
        actor=actor.member,
        actor_name=actor.name,
    )
