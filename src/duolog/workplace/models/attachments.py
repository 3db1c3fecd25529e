"""Files that hang on work items.  Their contents lie in `workplace.files`, by their hash."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models

from duolog.people.models import Member
from duolog.workplace.models.items import WorkItem

NAME_MAX: Final = 255


class Attachment(models.Model):
    """A file of a work item; where no member sent it, `uploader_name` says who did.

    Several attachments may share one content.  A deleted one keeps its row, and its content,
    for as long as it can be restored.
    """

    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=NAME_MAX)
    media_type = models.CharField(max_length=127)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True)
    uploader_name = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["deleted_at"],
                condition=models.Q(deleted_at__isnull=False),
                name="attachments_in_the_trash",
            ),
        ]

    def __str__(self) -> str:
        return self.name
