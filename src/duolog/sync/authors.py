"""Who made a thing of ours that hangs on a work item.  Reads, changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from duolog.core import fields as slots
from duolog.people.models import Member
from duolog.sync.models import ChildLink
from duolog.workplace.models import Attachment, Comment


class Author(NamedTuple):
    """A member, or only a name where no member made it."""

    member: Member | None
    name: str


def author_of(row: ChildLink) -> Author | None:
    """The author of what was made here; None for what came from Jira."""
    if not row.born_here or row.local_id is None:
        return None
    return _FINDERS[row.kind](row.local_id)


def answered_by(row: ChildLink) -> str:
    """Whom a comment made here answers; empty where it answers nobody."""
    if row.kind != slots.COMMENT or row.local_id is None:
        return ""
    parents = Comment.objects.select_related("author__user").filter(replies=row.local_id)
    return next((_name_of(parent) for parent in parents), "")


def _name_of(comment: Comment) -> str:
    return comment.author_name or (comment.author.name if comment.author else "Somebody")


def _of_comment(comment_id: int) -> Author:
    comment = Comment.objects.select_related("author__user").get(pk=comment_id)
    return Author(comment.author, _name_of(comment))


def _of_attachment(attachment_id: int) -> Author:
    found = Attachment.objects.select_related("uploaded_by__user").filter(pk=attachment_id)
    file = found.first()
    if file is None:  # removed for good, a month after it was deleted
        return Author(None, "Somebody")
    name = file.uploader_name or (file.uploaded_by.name if file.uploaded_by else "Somebody")
    return Author(file.uploaded_by, name)


_FINDERS: Final[Mapping[str, Callable[[int], Author]]] = {
    slots.COMMENT: _of_comment,
    slots.ATTACHMENT: _of_attachment,
}
