"""Whom a change of a work item concerns.  Stores nothing itself."""

from __future__ import annotations

from duolog.notifications.models import Kind
from duolog.notifications.services import notify
from duolog.workplace.actors import Actor
from duolog.workplace.mentions import newly_mentioned
from duolog.workplace.models import Comment, WorkItem


def path_of(item: WorkItem) -> str:
    """Where the item's page lies."""
    return f"/w/{item.team.workplace.slug}/items/{item.key}"


def tell_assigned(item: WorkItem, actor: Actor) -> None:
    """Tell the assignee, if there is one; what comes from Jira is told once for a whole pass."""
    if item.assignee is not None and not actor.is_sync:
        notify(
            [item.assignee],
            Kind.ASSIGNED,
            f"{item.key} is yours now: {item.title}",
            path_of(item),
            actor=actor.member,
            actor_name=actor.name,
        )


def tell_mentioned(item: WorkItem, before: str, after: str, actor: Actor, place: str = "") -> None:
    """Tell those whom a text mentions now, and did not before; `place` is where on the page."""
    notify(
        newly_mentioned(item.team.workplace_id, before, after),
        Kind.MENTIONED,
        f"You are mentioned in {item.key}: {item.title}",
        f"{path_of(item)}{place}",
        actor=actor.member,
        actor_name=actor.name,
    )


def tell_commented(comment: Comment, actor: Actor) -> None:
    """Tell those whose item it is, and the author of the comment that is answered.

    Whom the comment mentions is told that, and no more.  What comes from Jira is told once for a
    whole pass.
    """
    if actor.is_sync:
        return
    item = comment.work_item
    concerned = {item.assignee, item.reporter, comment.parent.author if comment.parent else None}
    concerned -= {*newly_mentioned(item.team.workplace_id, "", comment.body)}
    notify(
        [member for member in concerned if member is not None],
        Kind.COMMENTED,
        f"New comment on {item.key}: {item.title}",
        f"{path_of(item)}{anchor_of(comment)}",
        actor=actor.member,
        actor_name=actor.name,
    )


def anchor_of(comment: Comment) -> str:
    """Where the comment stands on its item's page."""
    return f"#comment-{comment.pk}"
