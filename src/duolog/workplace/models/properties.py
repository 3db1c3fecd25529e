"""Properties: the fields that a workplace invents for its work items, and their values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from django.db import models
from django.db.models.functions import Lower

from duolog.core.properties import PropertyKind
from duolog.people.models import Workplace
from duolog.workplace.models.items import WorkItem

KINDS: Final[Sequence[tuple[str, str]]] = (
    (PropertyKind.TEXT.value, "Text"),
    (PropertyKind.NUMBER.value, "Number"),
    (PropertyKind.DATE.value, "Date"),
    (PropertyKind.SELECT.value, "Select"),
    (PropertyKind.MULTI_SELECT.value, "Multi-select"),
    (PropertyKind.MEMBER.value, "Member"),
    (PropertyKind.URL.value, "URL"),
    (PropertyKind.CHECKBOX.value, "Checkbox"),
    (PropertyKind.PARAGRAPH.value, "Paragraph"),
    (PropertyKind.DATE_TIME.value, "Date and time"),
    (PropertyKind.MEMBERS.value, "Members"),
    (PropertyKind.LIST.value, "List"),
)
"""The kinds with their names for people."""


class Property(models.Model):
    """A field of all work items of a workplace.

    `options` are what a select offers, in order: `{"id", "name"}`.  An id is never used again.
    An archived property keeps its values, but is neither shown nor changed.
    """

    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="properties")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=KINDS)
    options = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name_plural = "properties"
        constraints: ClassVar = [
            models.UniqueConstraint(
                "workplace",
                Lower("name"),
                condition=models.Q(archived_at=None),
                name="one_property_per_name",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def option_names(self) -> dict[str, str]:
        """The names of the options by their ids, in order."""
        return {option["id"]: option["name"] for option in self.options}


class PropertyValue(models.Model):
    """What one work item holds of one property, as canonical text; no row where it holds nothing."""

    work_item = models.ForeignKey(
        WorkItem, on_delete=models.CASCADE, related_name="property_values"
    )
    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="values")
    value = models.TextField()

    class Meta:
        ordering: ClassVar = ["property_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["work_item", "property"], name="one_value_each")
        ]

    def __str__(self) -> str:
        return f"{self.property_id}: {self.value[:40]}"
