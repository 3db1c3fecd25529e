"""Texts that are compared, with their files named as people know them.  Reads, changes nothing."""

from __future__ import annotations

from typing import TypeVar

from duolog.core.markup import file_address, repoint
from duolog.jira.files import linked_key, names_linked
from duolog.sync.models import ChildLink
from duolog.workplace.models import Attachment

T = TypeVar("T")


def with_file_names(text: str) -> str:
    """The text with the name of each file it leads to; where two bear one name, with its id.

    Written into a text here it leads to the same file.
    """
    return repoint(text, _named) if names_linked(text) else text


def named_in_json(stored: T) -> T | str:
    """The same of a value as it is stored; anything but text stays."""
    return with_file_names(stored) if isinstance(stored, str) else stored


def _named(address: str) -> str | None:
    key = linked_key(address)
    row = ChildLink.objects.filter(pk=key).first() if key and key.isdecimal() else None
    if row is None:
        return None
    if row.local_id is None:
        return file_address(row.label.rpartition(" (")[0] or row.label)
    file = Attachment.objects.filter(pk=row.local_id).first()
    if file is None:
        return None
    alike = Attachment.objects.filter(work_item=file.work_item_id, name=file.name, deleted_at=None)
    is_alone = not alike.exclude(pk=file.pk).exists()
    return file_address(file.name if is_alone else str(file.pk))
