"""How work items stand to each other, and addresses of the web that belong to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from django.db import models
from django.db.models.functions import Greatest, Least

from duolog.people.models import Member, Workplace
from duolog.workplace.models.items import WorkItem

READING_MAX: Final = 40


@dataclass(frozen=True, slots=True)
class Reading:
    """A relation as one of its two items tells it: *this item … that item*.

    `value` names it to programs and never changes; `words` are what people read.
    """

    value: str
    words: str
    inverse_value: str
    inverse_words: str
    is_told_by_second: bool = False

    BLOCKS: ClassVar[Reading]
    IS_BLOCKED_BY: ClassVar[Reading]
    RELATES_TO: ClassVar[Reading]
    DUPLICATES: ClassVar[Reading]
    IS_DUPLICATED_BY: ClassVar[Reading]

    @property
    def is_symmetric(self) -> bool:
        """Whether both items tell it alike."""
        return self.value == self.inverse_value

    @property
    def inverse(self) -> Reading:
        """How the other item tells the same relation."""
        told_by_second = not self.is_told_by_second and not self.is_symmetric
        return Reading(
            self.inverse_value, self.inverse_words, self.value, self.words, told_by_second
        )

    @property
    def type(self) -> str:
        """The type of the relation, whichever item tells it."""
        return self.inverse_value if self.is_told_by_second else self.value


Reading.BLOCKS = Reading("blocks", "blocks", "is_blocked_by", "is blocked by")
Reading.IS_BLOCKED_BY = Reading.BLOCKS.inverse
Reading.RELATES_TO = Reading("relates_to", "relates to", "relates_to", "relates to")
Reading.DUPLICATES = Reading("duplicates", "duplicates", "is_duplicated_by", "is duplicated by")
Reading.IS_DUPLICATED_BY = Reading.DUPLICATES.inverse

OWN_READINGS: Final = (
    Reading.BLOCKS,
    Reading.IS_BLOCKED_BY,
    Reading.RELATES_TO,
    Reading.DUPLICATES,
    Reading.IS_DUPLICATED_BY,
)
"""What every workplace has, in the order in which pages list them."""
_OF_TYPE: Final = {each.value: each for each in OWN_READINGS if not each.is_told_by_second}


class RelationKind(models.Model):
    """A kind of relation that one workplace added to those that every workplace has.

    Its two values, made from the first names it had, stay when it is renamed.
    """

    workplace = models.ForeignKey(
        Workplace, on_delete=models.CASCADE, related_name="relation_kinds"
    )
    name = models.CharField(max_length=READING_MAX)
    inverse_name = models.CharField(max_length=READING_MAX)
    value = models.CharField(max_length=READING_MAX)
    inverse_value = models.CharField(max_length=READING_MAX)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workplace", "value"], name="one_relation_kind_of_a_value"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} / {self.inverse_name}"

    @property
    def reading(self) -> Reading:
        """How the first item of such a relation tells it."""
        return Reading(self.value, self.name, self.inverse_value, self.inverse_name)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """How either item tells it; one reading where both tell it alike."""
        reading = self.reading
        return (reading,) if reading.is_symmetric else (reading, reading.inverse)


class Relation(models.Model):
    """One item blocks, duplicates or relates to another: one row, which each of them reads.

    Two items have at most one relation of a type, whichever of them comes first.  `kind` is
    there for the types that the workplace added.
    """

    from_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="relations_from")
    to_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="relations_to")
    type = models.CharField(max_length=READING_MAX)
    kind = models.ForeignKey(
        RelationKind, on_delete=models.RESTRICT, null=True, blank=True, related_name="relations"
    )
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
        return f"{self.from_item} {self.reading.words} {self.to_item}"

    @property
    def reading(self) -> Reading:
        """How its first item tells the relation."""
        return _OF_TYPE[self.type] if self.kind is None else self.kind.reading

    def reading_of(self, item: WorkItem) -> Reading:
        """How this item, one of the two, tells the relation."""
        return self.reading if item.pk == self.from_item_id else self.reading.inverse

    def other_id_than(self, item: WorkItem) -> int:
        """The id of the item at the other end, seen from this one."""
        return self.to_item_id if item.pk == self.from_item_id else self.from_item_id

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
