"""What an issue is born with, and what becomes of that which Jira refuses of it by name.

A refusal of single fields must not keep the issue from being made: it is made without them, and
each of them is held by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from duolog.core import fields as slots
from duolog.core import markup
from duolog.core.errors import Refused
from duolog.core.fields import foreign
from duolog.core.values import Side, Slot, Snapshot, Value
from duolog.jira.parts.fields import blamed_slots, refusal_of
from duolog.jira.parts.values import field_name
from duolog.sync.basis.ground import Ground
from duolog.sync.link import record
from duolog.sync.link.baseline import from_json, to_json
from duolog.sync.link.children import LinkGround
from duolog.sync.local.fields import item_snapshot
from duolog.sync.models import Hold, Link
from duolog.workplace.models import WorkItem

_BORN_WITH: Final = frozenset(slots.FIELDS) - {slots.STATUS}
_KINDS: Final = frozenset({*slots.SETS, slots.PROPERTY})
_ESSENTIAL: Final = frozenset({slots.TITLE, slots.TYPE, slots.PARENT})
"""Without these the issue would be another one, or in another place."""


def sendable(item: WorkItem, ground: Ground, around: LinkGround) -> dict[Slot, Value]:
    """The part of an item that an issue is born with.

    No status, nothing without counterpart, nothing that the screen of its type does not have.
    Files follow, and so does what leads to them in the description: words stand for it until then.
    """
    here = item_snapshot(item, ground)
    kind = ground.fields.types.encode(str(here.get(slots.TYPE))) or ""
    return {
        slot: markup.without_files(str(value)) if slot == slots.DESCRIPTION and value else value
        for slot, value in here.items()
        if (slot in _BORN_WITH or slot.kind in _KINDS)
        and foreign(slot, value) is None
        and slot not in ground.fields.read_only
        and ground.directions.bears(slot, Side.REMOTE)
        and (slot in _ESSENTIAL or ground.meta.is_on_screen(kind, field_name(slot, around, kind)))
    }


def without_refused(sent: Mapping[Slot, Value], link: Link) -> dict[Slot, Value]:
    """What is left to send once Jira has refused single values, as long as they stay the same."""
    rows = Hold.objects.filter(link=link, released_at=None).exclude(slot_kind="")
    held = {Slot(row.slot_kind, row.slot_key): from_json(row.value) for row in rows}
    return {slot: it for slot, it in sent.items() if slot not in held or held[slot] != it}


def hold_refused(link: Link, sent: Snapshot, error: Refused, around: LinkGround) -> bool:
    """Hold what Jira refused by name, each by itself; whether the issue can be made without it."""
    kind = around.fields.types.encode(str(sent.get(slots.TYPE))) or ""
    given = _given(sent)
    blamed = blamed_slots(given, error, around, kind)
    if not blamed or blamed & _ESSENTIAL or not error.fields.keys() <= _names(blamed, around, kind):
        return False
    for slot in sorted(blamed):
        reason = refusal_of(slot, error, field_name(slot, around, kind))
        record.hold(link, reason, slot=slot, value=to_json(sent[slot]))
    Link.objects.filter(pk=link.pk).update(sent_at=None)
    return True


def _given(sent: Snapshot) -> Iterable[Slot]:
    return [slot for slot, value in sent.items() if value is not None]


def _names(blamed: Iterable[Slot], around: LinkGround, kind: str) -> set[str]:
    return {field_name(slot, around, kind) for slot in blamed}
