"""Tells people what changed in Jira on items of theirs: one notice for each of them and each pass.

The service account brought it, the person in Jira did it: both are named.  Whom a comment mentions
is told that by `workplace.notices`, and no more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from duolog.core import fields as slots
from duolog.core.reconcile import Change
from duolog.core.values import ABSENT, Slot
from duolog.notifications.models import Kind
from duolog.notifications.services import notify
from duolog.people.models import Member
from duolog.sync.link.causes import running_start
from duolog.sync.models import ChildLink, Link
from duolog.workplace.mentions import newly_mentioned
from duolog.workplace.models import Comment, WorkItem
from duolog.workplace.notices import anchor_of, path_of

_IN_JIRA: Final = " in Jira"


def tell_of_pass(link: Link, item_id: int, written: Sequence[Change], actor: str) -> None:
    """Tell of what a pass wrote here; nobody of their own doing, nobody of a first fetch.

    `actor` is who changed the issue, as deliveries tell: *Maya Lind in Jira*, or just *Jira*.
    """
    news = {change.slot for change in written if change.slot in _TOLD}
    comments = _new_comments(written)
    if not (news or comments) or running_start(link) is not None:
        return
    item = WorkItem.objects.select_related(
        "team__workplace", "status", "assignee__user", "reporter__user"
    ).get(pk=item_id)  # fmt: skip
    who = actor.removesuffix(_IN_JIRA) if actor.endswith(_IN_JIRA) else ""
    account = link.binding.connection.account_name or "Jira"
    answered = {comment.parent.author for comment in comments if comment.parent is not None}
    workplace = item.team.workplace_id
    mentioned = {m for c in comments for m in newly_mentioned(workplace, "", c.body)}
    by = f"{account} for {who}" if who else account
    for member in {item.assignee, item.reporter, *answered}:
        if member is not None and member.name != who:
            _tell(member, item, news, [] if member in mentioned else comments, by)


_TOLD: Final = frozenset({slots.ASSIGNEE, slots.STATUS})


def _new_comments(written: Sequence[Change]) -> list[Comment]:
    fresh = [
        change.slot.key
        for change in written
        if change.slot.kind == slots.COMMENT and change.expected is ABSENT
    ]
    if not fresh:
        return []
    rows = ChildLink.objects.filter(pk__in=fresh, local_id__isnull=False)
    ids = [pk for pk in rows.values_list("local_id", flat=True) if pk is not None]
    comments = Comment.objects.select_related("parent__author__user").filter(pk__in=ids)
    return list(comments.filter(deleted_at=None).order_by("pk"))


def _tell(
    member: Member, item: WorkItem, news: Collection[Slot], comments: Sequence[Comment], by: str
) -> None:
    """One notice, of the kind that concerns the member most, with all that happened."""
    parts: list[tuple[Kind, str]] = []
    if slots.ASSIGNEE in news and item.assignee == member:
        parts.append((Kind.ASSIGNED, f"assigned {item.key} to you"))
    if comments:
        parts.append((Kind.COMMENTED, f"commented on {item.key}"))
    if slots.STATUS in news:
        parts.append((Kind.STATUS, f"changed the status of {item.key} to {item.status.name}"))
    if not parts:
        return
    words = " and ".join(words for _, words in parts)
    path = path_of(item) + (anchor_of(comments[0]) if comments else "")
    text = f"{words[0].upper()}{words[1:]}: {item.title}"
    notify([member], parts[0][0], text, path, actor_name=by)
