"""Which slots a work item has, and how values of the two sides name each other.  Pure.

A value that has no counterpart on the other side is *foreign*: it is kept, compared and shown,
but never written over there.  So an unknown assignee never becomes "unassigned".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from duolog.core.values import BOTH, Pair, Side, Slot, Value, Writable

TITLE: Final = Slot("field", "title")
DESCRIPTION: Final = Slot("field", "description")
TYPE: Final = Slot("field", "type")
STATUS: Final = Slot("field", "status")
PRIORITY: Final = Slot("field", "priority")
ASSIGNEE: Final = Slot("field", "assignee")
DUE_ON: Final = Slot("field", "due_on")
PARENT: Final = Slot("field", "parent")
FIELDS: Final = (TITLE, DESCRIPTION, TYPE, STATUS, PRIORITY, ASSIGNEE, DUE_ON, PARENT)

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
class FieldMap:
    """How the values of one binding name each other; keys and values are ids as text.

    `logins` are the login names of accounts, by which Server's texts mention people.
    `relations` holds our readings of relations, and Jira's ways to tell a link (`jira.ways`).
    `screens` says what is filled in on the way to a status, by field, or by transition and field
    (`31:field`).  `left_out` are the slots that the Jira project has no field for: neither side is
    asked.
    """

    types: ValueMap = ValueMap()
    statuses: ValueMap = ValueMap()
    priorities: ValueMap = ValueMap()
    users: ValueMap = ValueMap()
    screens: ValueMap = ValueMap()
    relations: ValueMap = ValueMap()
    logins: ValueMap = ValueMap()
    left_out: frozenset[Slot] = frozenset()


def writable_within(allowed: frozenset[Side], now: Mapping[Slot, Pair]) -> Writable:
    """The sides a slot may be written on: those allowed, less where its value cannot be said."""

    def sides(slot: Slot) -> frozenset[Side]:
        pair = now.get(slot, Pair())
        cannot = set()
        if slot.kind == "field" and foreign_id(pair.remote) is not None:
            cannot.add(Side.LOCAL)
        if slot.kind == "field" and foreign_id(pair.local) is not None:
            cannot.add(Side.REMOTE)
        return (allowed & BOTH) - cannot

    return sides
