"""Which slots a work item has, and how values of the two sides name each other.  Pure.

A value that has no counterpart on the other side is *foreign*: it is kept, compared and shown,
but never written over there.  So an unknown assignee never becomes "unassigned".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from duolog.core.properties import PropertyKind
from duolog.core.values import Pair, Side, Slot, Value, Writable

TITLE: Final = Slot("field", "title")
DESCRIPTION: Final = Slot("field", "description")
TYPE: Final = Slot("field", "type")
STATUS: Final = Slot("field", "status")
PRIORITY: Final = Slot("field", "priority")
ASSIGNEE: Final = Slot("field", "assignee")
REPORTER: Final = Slot("field", "reporter")
DUE_ON: Final = Slot("field", "due_on")
START_ON: Final = Slot("field", "start_on")
ESTIMATE: Final = Slot("field", "estimate_seconds")
REMAINING: Final = Slot("field", "remaining_seconds")
PARENT: Final = Slot("field", "parent")
FIELDS: Final = (
    TITLE, DESCRIPTION, TYPE, STATUS, PRIORITY, ASSIGNEE, REPORTER, DUE_ON, START_ON, ESTIMATE,
    REMAINING, PARENT,
)  # fmt: skip
NAMING: Final = frozenset({TYPE, STATUS, PRIORITY, ASSIGNEE, REPORTER, PARENT})
"""The fields whose values name something that the other side may not have."""

LABEL: Final = "label"
COMPONENT: Final = "component"
VERSION: Final = "version"
PROPERTY: Final = "property"
COMMENT: Final = "comment"
ATTACHMENT: Final = "attachment"
RELATION: Final = "relation"
WORKLOG: Final = "worklog"
CHILDREN: Final = frozenset({COMMENT, ATTACHMENT, WORKLOG})
"""The kinds whose slots are things of their own, each named by our link of it."""


SETS: Final = frozenset({LABEL, COMPONENT, VERSION})
"""The kinds whose slots are the names in a set, each there or not."""


def is_text(slot: Slot) -> bool:
    """Whether the slot holds Markdown, so that edits of different paragraphs fit together."""
    return slot == DESCRIPTION or slot.kind == COMMENT


_ONLY_HERE: Final = "duolog:"
_ONLY_THERE: Final = "jira:"


def only_here(value: str) -> str:
    """A local value that Jira has no counterpart for."""
    return _ONLY_HERE + value


def only_there(value: str) -> str:
    """A value of Jira that has no counterpart here."""
    return _ONLY_THERE + value


def foreign_id(value: Value) -> str | None:
    """What a foreign value names on its own side, or None for an ordinary value."""
    if isinstance(value, str):
        for prefix in (_ONLY_HERE, _ONLY_THERE):
            if value.startswith(prefix):
                return value.removeprefix(prefix)
    return None


def foreign(slot: Slot, value: Value) -> str | None:
    """What the value of this slot names on its own side where the other has no counterpart.

    A title that happens to begin like a foreign value is a title.
    """
    return foreign_id(value) if slot in NAMING or slot.kind == PROPERTY else None


def spelled(text: str) -> str:
    """Free text as the value of a property, so that it never reads as a foreign value."""
    return f"\\{text}" if text.startswith((_ONLY_HERE, _ONLY_THERE, "\\")) else text


def unspelled(value: str) -> str:
    """The text that was spelled."""
    return value.removeprefix("\\")


def label_slot(name: str) -> Slot:
    """The slot of a label; Jira allows no blanks in labels, so they become `-`."""
    return Slot(LABEL, "-".join(name.split()))


def relation_slot(reading: str, item_id: str) -> Slot:
    """The slot of a relation as the item at one end tells it; its value is its key."""
    return Slot(RELATION, f"{reading}:{item_id}")


def told_in(slot: Slot) -> tuple[str, str]:
    """The reading of a relation's slot, and the work item at its other end."""
    reading, _, item_id = slot.key.rpartition(":")
    return reading, item_id


def component_slot(name: str) -> Slot:
    """The slot of a component."""
    return Slot(COMPONENT, name)


def version_slot(name: str) -> Slot:
    """The slot of a fix version."""
    return Slot(VERSION, name)


def property_slot(property_id: str) -> Slot:
    """The slot of one of our properties."""
    return Slot(PROPERTY, property_id)


def whole_of(kind: str) -> Slot:
    """Stands for all slots of a kind, where a project has none of them."""
    return Slot(kind, "")


def comment_slot(child_id: int) -> Slot:
    """The slot of a comment, named by the id of its child link."""
    return Slot(COMMENT, str(child_id))


@dataclass(frozen=True, slots=True)
class ValueMap:
    """What a local value becomes in Jira (`outbound`), and what Jira's becomes here (`inbound`).

    Several values of one side may share one of the other.  `canonical` is then what both sides
    are compared by: the local value after a trip to Jira and back.
    """

    outbound: Mapping[str, str] = field(default_factory=dict)
    inbound: Mapping[str, str] = field(default_factory=dict)

    def encode(self, value: str) -> str | None:
        """Jira's counterpart of a local value, or None."""
        return self.outbound.get(value)

    def decode(self, remote: str) -> str:
        """The local counterpart of Jira's value, or a foreign value that names it."""
        return self.inbound.get(remote, only_there(remote))

    def canonical(self, value: str) -> str:
        """The local value as it compares, or a foreign value where Jira has no counterpart."""
        remote = self.outbound.get(value)
        return only_here(value) if remote is None else self.inbound.get(remote, value)

    def restless(self) -> tuple[str, ...]:
        """Local values that Jira's values become, but that would come back as something else."""
        return tuple(
            sorted({v for v in self.inbound.values() if self.canonical(v) not in (v, only_here(v))})
        )


@dataclass(frozen=True, slots=True)
class PropertyMap:
    """Which custom field of Jira a property stands for, by its id, and how options name each other.

    A checkbox has one option, `true`; `sort` is what Jira calls the kind of the field.
    """

    there: str
    kind: PropertyKind
    options: ValueMap = ValueMap()
    sort: str = ""


@dataclass(frozen=True, slots=True)
class FieldMap:
    """How the values of one binding name each other; keys and values are ids as text.

    `logins` are the login names of accounts, by which Server's texts mention people.
    `relations` holds our readings of relations, and Jira's ways to tell a link (`jira.ways`).
    `screens` says what is filled in on the way to a status, by field, or by transition and field
    (`31:field`).  `properties` is keyed by our property id; `custom` are the ids of those of our
    fields that each site of Jira calls otherwise.  `left_out` are the slots that the Jira project
    has no field for: neither side is asked; `read_only` those that can be seen there, but not set.
    """

    types: ValueMap = ValueMap()
    statuses: ValueMap = ValueMap()
    priorities: ValueMap = ValueMap()
    users: ValueMap = ValueMap()
    screens: ValueMap = ValueMap()
    relations: ValueMap = ValueMap()
    logins: ValueMap = ValueMap()
    properties: Mapping[str, PropertyMap] = field(default_factory=dict)
    custom: Mapping[Slot, str] = field(default_factory=dict)
    left_out: frozenset[Slot] = frozenset()
    read_only: frozenset[Slot] = frozenset()

    def leaves_out(self, slot: Slot) -> bool:
        """Whether the Jira project has no field for this slot."""
        return slot in self.left_out or whole_of(slot.kind) in self.left_out

    def kind_of(self, slot: Slot) -> PropertyKind | None:
        """The kind of the property whose slot it is, where one is paired with a custom field."""
        known = self.properties.get(slot.key) if slot.kind == PROPERTY else None
        return None if known is None else known.kind


def writable_within(
    allowed: Writable, now: Mapping[Slot, Pair], *, read_only: frozenset[Slot] = frozenset()
) -> Writable:
    """The sides a slot may be written on: those allowed, less where its value cannot be said.

    `read_only` slots are not written in Jira.
    """

    def sides(slot: Slot) -> frozenset[Side]:
        pair = now.get(slot, Pair())
        cannot = {Side.REMOTE} if slot in read_only else set()
        if foreign(slot, pair.remote) is not None:
            cannot.add(Side.LOCAL)
        if foreign(slot, pair.local) is not None:
            cannot.add(Side.REMOTE)
        return allowed(slot) - cannot

    return sides
