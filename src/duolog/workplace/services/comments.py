"""Every write to comments.  Each counts as a change of the work item."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from duolog.people.errors import Forbidden, Invalid, NotFound, Stale
from duolog.people.rights import Right
from duolog.people.text import is_storable
from duolog.people.tokens import Clock
from duolog.workplace.actors import Actor
from duolog.workplace.lookups import lock_comment, lock_item, reachable
from duolog.workplace.models import Activity, Comment
from duolog.workplace.notices import anchor_of, tell_commented, tell_mentioned
from duolog.workplace.record import Entry, index_words, record

_AUTHOR_MAX: Final = 160
_TEXT_VERBS: Final = ("commented", "comment edited", "comment deleted", "comment restored")


@transaction.atomic
def add_comment(
    item_id: int,
    body: str,
    *,
    actor: Actor,
    author_name: str = "",
    parent: int | None = None,
) -> Comment:
    """A comment of the acting member, or of `author_name` where no member wrote it.

    An answer to an answer belongs to the same thread: its parent is the thread's first comment.
    """
    item = lock_item(item_id, actor, Right.COMMENT)
    comment = Comment.objects.create(
        work_item=item,
        author=actor.member,
        author_name="" if actor.member else (author_name or actor.name)[:_AUTHOR_MAX],
        parent=_thread(item.pk, parent),
        body=_body(body),
    )
    record(item, [Entry("commented", after=comment.body)], actor)
    index_words(item)
    tell_commented(comment, actor)
    tell_mentioned(item, "", comment.body, actor, anchor_of(comment))
    return comment


@transaction.atomic
def edit_comment(
    comment_id: int,
    body: str,
    *,
    actor: Actor,
    expected_version: str | None = None,
    clock: Clock = timezone.now,
) -> Comment:
    """Give one's own comment another text; the same text writes nothing.  Raises Stale."""
    comment = lock_comment(comment_id, actor)
    _require_authority(comment, actor)
    _expect(comment, expected_version)
    before, after = comment.body, _body(body)
    if before == after:
        return comment
    comment.body, comment.edited_at = after, clock()
    comment.save(update_fields=["body", "edited_at"])
    record(comment.work_item, [Entry("comment edited", "", before, after)], actor)
    index_words(comment.work_item)
    tell_mentioned(comment.work_item, before, after, actor, anchor_of(comment))
    return comment


@transaction.atomic
def delete_comment(
    comment_id: int,
    *,
    actor: Actor,
    expected_version: str | None = None,
    clock: Clock = timezone.now,
) -> Comment:
    """Take one's own comment away; its answers stay, and the activity keeps its text.

    Raises Stale.
    """
    comment = lock_comment(comment_id, actor)
    _require_authority(comment, actor)
    _expect(comment, expected_version)
    comment.deleted_at = clock()
    comment.save(update_fields=["deleted_at"])
    record(comment.work_item, [Entry("comment deleted", before=comment.body)], actor)
    index_words(comment.work_item)
    return comment


@transaction.atomic
def restore_comment(comment_id: int, *, actor: Actor) -> Comment:
    """Bring a deleted comment back, under its author's name; one that is there stays as it is."""
    comments = Comment.objects.select_related("author__user")
    found = reachable(comments, actor, "work_item__team__workplace_id").filter(pk=comment_id)
    comment = found.first()
    if comment is None:
        raise NotFound("There is no such comment.")
    comment.work_item = lock_item(comment.work_item_id, actor, Right.COMMENT)
    _require_authority(comment, actor)
    if comment.deleted_at is None:
        return comment
    if not comment.body:
        raise Invalid({"comment": "Its text was forgotten, as the comment was restricted in Jira."})
    comment.deleted_at = None
    comment.save(update_fields=["deleted_at"])
    record(comment.work_item, [Entry("comment restored", after=comment.body)], actor)
    index_words(comment.work_item)
    return comment


@transaction.atomic
def withdraw_comment(comment_id: int, *, actor: Actor, clock: Clock = timezone.now) -> Comment:
    """Take away a comment that not all may read any more, with what the activity kept of it.

    Only synchronisation does this: Jira restricted the comment after it had come here.
    """
    comment = lock_comment(comment_id, actor)
    _require_authority(comment, actor)
    _forget_text(comment)
    comment.body, comment.deleted_at = "", clock()
    comment.save(update_fields=["body", "deleted_at"])
    record(comment.work_item, [Entry("comment restricted")], actor)
    index_words(comment.work_item)
    return comment


@transaction.atomic
def forget_deleted_comment(comment_id: int) -> None:
    """Forget what a comment said that was deleted here before it was seen that Jira restricts it.

    That it was there, and who deleted it, stays told; nothing about its work item changes.
    """
    rows = Comment.objects.select_for_update().exclude(deleted_at=None).exclude(body="")
    comment = rows.filter(pk=comment_id).first()
    if comment is not None:
        _forget_text(comment)
        Comment.objects.filter(pk=comment.pk).update(body="")


def _forget_text(comment: Comment) -> None:
    """Empty the lines of activity that hold the comment's text, or one that it had before."""
    lines = Activity.objects.filter(work_item=comment.work_item_id, verb__in=_TEXT_VERBS)
    texts, known = {comment.body}, 0
    while len(texts) > known:
        known = len(texts)
        edits = lines.filter(verb="comment edited", after__in=texts)
        texts |= set(edits.values_list("before", flat=True))
    lines.filter(Q(after__in=texts) | Q(before__in=texts)).update(before="", after="")


def _expect(comment: Comment, version: str | None) -> None:
    """Raise `Stale` unless the comment has this version; None expects nothing."""
    if version is not None and version != comment.version:
        raise Stale(
            "The comment was changed meanwhile. Look at it again before you save.",
            version=comment.version,
        )


def _body(body: str) -> str:
    if not body.strip():
        raise Invalid({"body": "Write something first."})
    if not is_storable(body):
        raise Invalid({"body": "This text holds a character that cannot be stored."})
    return body


def _thread(item_id: int, parent_id: int | None) -> Comment | None:
    if parent_id is None:
        return None
    parent = (
        Comment.objects.select_related("parent__author__user", "author__user")
        .filter(pk=parent_id, work_item_id=item_id, deleted_at=None)
        .first()
    )
    if parent is None:
        raise Invalid({"parent": "The comment you answer is no longer there."})
    return parent.parent or parent


def _require_authority(comment: Comment, actor: Actor) -> None:
    own = actor.member is not None and comment.author_id == actor.member.pk
    if own or actor.is_sync:
        return
    try:
        actor.must(Right.MODERATE, team=comment.work_item.team)
    except Forbidden as error:
        raise Forbidden(f"Somebody else wrote this comment. {error}") from error
