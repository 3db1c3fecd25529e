"""Reads and writes the base of a link: what both sides held when last in step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from duolog.core.values import ABSENT, Base, Pair, Slot, Snapshot, Value
from duolog.sync.models import BaseSlot, Link

_ABSENT_JSON: Final = {"absent": True}


def to_json(value: Value) -> object:
    """A slot's value as JSON; absence is an object, so that it never reads as null."""
    return _ABSENT_JSON if value is ABSENT else value


def from_json(value: object) -> Value:
    """What `to_json` wrote."""
    if value == _ABSENT_JSON:
        return ABSENT
    if value is None or isinstance(value, str | int):
        return value
    raise ValueError(f"not a slot value: {value!r}")


def load_base(link: Link) -> dict[Slot, Pair]:
    """The base of a link."""
    return {
        Slot(row.kind, row.key): Pair(from_json(row.local), from_json(row.remote))
        for row in BaseSlot.objects.filter(link=link)
    }


def save_base(link: Link, before: Base, after: Base) -> None:
    """Make the stored base `after`, touching only the slots that changed."""
    gone = [slot for slot in before if slot not in after]
    for slot in gone:
        BaseSlot.objects.filter(link=link, kind=slot.kind, key=slot.key).delete()
    changed = [(slot, pair) for slot, pair in after.items() if before.get(slot) != pair]
    BaseSlot.objects.bulk_create(
        [
            BaseSlot(
                link=link,
                kind=slot.kind,
                key=slot.key,
                local=to_json(pair.local),
                remote=to_json(pair.remote),
            )
            for slot, pair in changed
        ],
        update_conflicts=True,
        unique_fields=["link", "kind", "key"],
        update_fields=["local", "remote"],
    )


def dump_snapshot(snapshot: Snapshot) -> list[list[object]]:
    """A snapshot as JSON."""
    return [[slot.kind, slot.key, to_json(value)] for slot, value in snapshot.items()]


def load_snapshot(rows: object) -> dict[Slot, Value]:
    """What `dump_snapshot` wrote."""
    listed = rows if isinstance(rows, list) else []
    return {Slot(str(kind), str(key)): from_json(value) for kind, key, value in listed}


def born_base(sent: Snapshot, local: Snapshot, remote: Mapping[Slot, Value]) -> dict[Slot, Pair]:
    """The base of an issue just created from `sent`.

    What was sent is what both held; whatever differs from it by now is an edit since, on either
    side.  What could not be sent (a status, a value without counterpart) counts as not yet over
    there, so that the next round carries it over.
    """
    base = {slot: Pair(value, value) for slot, value in sent.items()}
    for slot, value in remote.items():
        if slot.kind == "field" and slot not in sent:
            base[slot] = Pair(ABSENT, value)
    return {slot: pair for slot, pair in base.items() if slot in local or slot in remote}
