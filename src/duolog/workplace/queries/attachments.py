"""The files of one work item."""

from __future__ import annotations

from django.db.models import QuerySet

from duolog.people.errors import NotFound
from duolog.workplace.models import Attachment, WorkItem


def list_attachments(item: WorkItem) -> tuple[Attachment, ...]:
    """What hangs on the item, in order of time."""
    return tuple(_attachments(item))


def get_attachment(item: WorkItem, attachment_id: int) -> Attachment:
    """One attachment of the item, or `NotFound`."""
    found = _attachments(item).filter(pk=attachment_id).first()
    if found is None:
        raise NotFound("There is no such attachment.")
    return found


def _attachments(item: WorkItem) -> QuerySet[Attachment]:
    return item.attachments.filter(deleted_at=None).select_related("uploaded_by__user")
