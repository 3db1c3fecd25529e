"""The files of one work item."""

from __future__ import annotations

from django.db.models import QuerySet

from duolog.people.errors import NotFound
from duolog.workplace.models import Attachment, WorkItem


def list_attachments(item: WorkItem) -> tuple[Attachment, ...]:
    """What hangs on the item, in order of time."""
    return tuple(_attachments(item))


def get_attachment(item: WorkItem, attachment_id: int, *, in_trash: bool = False) -> Attachment:
    """One attachment of the item, deleted or not as asked, or `NotFound`."""
    found = _attachments(item, in_trash=in_trash).filter(pk=attachment_id).first()
    if found is None:
        raise NotFound("There is no such attachment.")
    return found


def _attachments(item: WorkItem, *, in_trash: bool = False) -> QuerySet[Attachment]:
    attachments = item.attachments.filter(deleted_at__isnull=not in_trash)
    return attachments.select_related("uploaded_by__user")
