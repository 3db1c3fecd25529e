"""How work items stand to each other, and addresses of the web that belong to them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Final

from django.db import models
from django.db.models.functions import Greatest, Least

from duolog.people.models import Member
from duolog.workplace.models.items import WorkItem


class RelationType(models.TextChoices):
    """How the first item of a relation stands to the second."""

    BLOCKS = "blocks", "Blocks"
    RELATES_TO = "relates_to", "Relates to"
    DUPLICATES = "duplicates", "Duplicates"


class Reading(StrEnum):
    """A relation as one of its two items tells it: *this item … that item*."""

    BLOCKS = "blocks"
    IS_BLOCKED_BY = "is_blocked_by"
    RELATES_TO = "relates_to"
    DUPLICATES = "duplicates"
    IS_DUPLICATED_BY = "is_duplicated_by"

    @property
    def words(self) -> str:
        """The reading as a person says it."""
        return self.value.replace("_", " ")

    @property
    def inverse(self) -> Reading:
        """How the other item tells the same relation."""
        return _INVERSE[self]

    @property
    def type(self) -> RelationType:
        """The type of the relation, whichever item tells it."""
        return RelationType(self.inverse if self.is_told_by_second else self)

    @property
    def is_told_by_second(self) -> bool:
        """Whether it is the second item of the relation that tells it so."""
        return self in {Reading.IS_BLOCKED_BY, Reading.IS_DUPLICATED_BY}


_INVERSE: Final[Mapping[Reading, Reading]] = {
    Reading.BLOCKS: Reading.IS_BLOCKED_BY,
    Reading.IS_BLOCKED_BY: Reading.BLOCKS,
    Reading.RELATES_TO: Reading.RELATES_TO,
    Reading.DUPLICATES: Reading.IS_DUPLICATED_BY,
    Reading.IS_DUPLICATED_BY: Reading.DUPLICATES,
}


class Relation(models.Model):
    """One item blocks, duplicates or relates to another: one row, which each of them reads.

    Two items have at most one relation of a type, whichever of them comes first.
    """

    from_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="relations_from")
    to_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="relations_to")
    type = models.CharField(max_length=12, choices=RelationType.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                Least("from_item", "to_item"),
                Greatest("from_item", "to_item"),
                "type",
                name="one_relation_of_a_type_per_pair",
            ),
            models.CheckConstraint(
                condition=~models.Q(from_item=models.F("to_item")),
                name="no_relation_to_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_item} {Reading(self.type).words} {self.to_item}"

    def reading_of(self, item: WorkItem) -> Reading:
        """How this item, one of the two, tells the relation."""
        reading = Reading(self.type)
        return reading if item.pk == self.from_item_id else reading.inverse

    def other_than(self, item: WorkItem) -> WorkItem:
        """The item at the other end, seen from this one."""
        return self.to_item if item.pk == self.from_item_id else self.from_item


class WebLink(models.Model):
    """An http or https address that belongs to a work item."""

    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="web_links")
    url = models.CharField(max_length=2000)
    title = models.CharField(max_length=255)
    added_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["created_at", "id"]

    def __str__(self) -> str:
        return self.title
