"""The files of one work item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from django.db.models import QuerySet

from duolog.people.errors import NotFound
from duolog.workplace.files import file_store
from duolog.workplace.models import Attachment, WorkItem


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An attachment whose content is at hand, deleted or not."""

    pk: int
    name: str
    media_type: str
    size: int
    sha256: str
    open: Callable[[], BinaryIO] = field(repr=False)


def find_file(attachment_id: int) -> StoredFile | None:
    """An attachment with its content; None where either is gone for good."""
    row = Attachment.objects.filter(pk=attachment_id).first()
    if row is None or not file_store().has(row.sha256):
        return None
    read = partial(file_store().open, row.sha256)
    return StoredFile(row.pk, row.name, row.media_type, row.size, row.sha256, read)


def list_attachments(item: WorkItem) -> tuple[Attachment, ...]:
    """What hangs on the item, in order of time."""
    return tuple(_attachments(item))


def files_named(item: WorkItem, name: str) -> tuple[int, ...]:
    """The ids of the item's files that bear this name."""
    return tuple(_attachments(item).filter(name=name).values_list("pk", flat=True))


def get_attachment(item: WorkItem, attachment_id: int, *, in_trash: bool = False) -> Attachment:
    """One attachment of the item, deleted or not as asked, or `NotFound`."""
    found = _attachments(item, in_trash=in_trash).filter(pk=attachment_id).first()
    if found is None:
        raise NotFound("There is no such attachment.")
    return found


def _attachments(item: WorkItem, *, in_trash: bool = False) -> QuerySet[Attachment]:
    attachments = item.attachments.filter(deleted_at__isnull=not in_trash)
    return attachments.select_related("uploaded_by__user")
