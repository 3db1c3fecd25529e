"""Who made a thing of ours that hangs on a work item.  Reads, changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from duolog.connections.queries import find_owner
from duolog.core import fields as slots
from duolog.core.fields import foreign_id
from duolog.core.worklogs import UnknownZone, read_zone
from duolog.jira.wire import User as Account
from duolog.people.models import Member
from duolog.sync.basis.ground import Ground
from duolog.sync.models import ChildLink
from duolog.worklogs.models import Worklog
from duolog.workplace.models import Attachment, Comment

_UTC: Final = "UTC"


class Author(NamedTuple):
    """A member, or only a name where no member made it."""

    member: Member | None
    name: str


class Answered(NamedTuple):
    """A comment that is answered, and who wrote it."""

    comment_id: int
    name: str


class AuthorThere(NamedTuple):
    """Who made something in Jira: a member, or only a name; and the zone of their days."""

    member: Member | None
    name: str
    zone: str


def author_of(row: ChildLink) -> Author | None:
    """The author of what was made here; None for what came from Jira."""
    if not row.born_here or row.local_id is None:
        return None
    return _FINDERS[row.kind](row.local_id)


def answered_by(row: ChildLink) -> Answered | None:
    """What a comment made here answers, if it answers anything."""
    if row.kind != slots.COMMENT or row.local_id is None:
        return None
    parents = Comment.objects.select_related("author__user").filter(replies=row.local_id)
    return next((Answered(parent.pk, _name_of(parent)) for parent in parents), None)


def _name_of(comment: Comment) -> str:
    return comment.author_name or (comment.author.name if comment.author else "Somebody")


def owner_of(row: ChildLink) -> Author | None:
    """Who may change it in Jira as their own: its author, on whichever side it was made."""
    if row.kind == slots.WORKLOG and row.local_id is not None:
        return _owner_of_worklog(row.local_id)
    return author_of(row)


def author_there(ground: Ground, account: Account | None) -> AuthorThere:
    """Who an account stands for here."""
    if account is None:
        return AuthorThere(None, "Somebody in Jira", _UTC)
    member = find_owner(account.account_id, ground.binding.connection)
    if member is None:
        known = ground.account_here(account)
        member = None if foreign_id(known) else Member.objects.filter(pk=known).first()
    name = account.display_name or "Somebody in Jira"
    return AuthorThere(member, name, _zone(account.time_zone))


def _zone(name: str | None) -> str:
    try:
        read_zone(name or _UTC)
    except UnknownZone:
        return _UTC
    return name or _UTC


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


def _of_worklog(worklog_id: int) -> Author:
    worklog = Worklog.objects.select_related("member__user").get(pk=worklog_id)
    return Author(worklog.member, worklog.author)


def _owner_of_worklog(worklog_id: int) -> Author | None:
    """Nobody where somebody else deleted it: that is not done in its author's name."""
    worklog = Worklog.objects.select_related("member__user").get(pk=worklog_id)
    if worklog.deleted_at is not None and worklog.deleted_by_id != worklog.member_id:
        return None
    return Author(worklog.member, worklog.author)


_FINDERS: Final[Mapping[str, Callable[[int], Author]]] = {
    slots.COMMENT: _of_comment,
    slots.ATTACHMENT: _of_attachment,
    slots.WORKLOG: _of_worklog,
}
