"""Reads and writes the base of a link: what both sides held when last in step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db.models import Q

from duolog.core import fields as slots
from duolog.core.fields import foreign
from duolog.core.values import ABSENT, Base, Pair, Slot, Snapshot, Value
from duolog.sync.models import BaseSlot, Link
from duolog.workplace.models import Relation

VALUED: Final = frozenset({"field", slots.PROPERTY})
"""The kinds whose slots are always there, be it with nothing in them."""
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


def forget_relations_with(item_id: int) -> None:
    """The item has another issue by now: what others held of their relations to it was said of
    the former one, so that what its issue lacks is still to be sent, and was not removed there.
    """
    ends = Relation.objects.filter(Q(from_item=item_id) | Q(to_item=item_id))
    others = {end for pair in ends.values_list("from_item", "to_item") for end in pair}
    held = BaseSlot.objects.filter(link__work_item__in=others - {item_id}, kind=slots.RELATION)
    held.filter(key__endswith=f":{item_id}").delete()


def dump_snapshot(snapshot: Snapshot) -> list[list[object]]:
    """A snapshot as JSON."""
    return [[slot.kind, slot.key, to_json(value)] for slot, value in snapshot.items()]


def load_snapshot(rows: object) -> dict[Slot, Value]:
    """What `dump_snapshot` wrote."""
    listed = rows if isinstance(rows, list) else []
    return {Slot(str(kind), str(key)): from_json(value) for kind, key, value in listed}


def born_base(
    sent: Snapshot, local: Snapshot, remote: Mapping[Slot, Value], *, start: Value = ABSENT
) -> dict[Slot, Pair]:
    """The base of an issue just created from `sent`, in the status `start` where that is known.

    What was sent is what both held; whatever differs from it by now is an edit since, on either
    side.  What could not be sent (a status, a value without counterpart) counts as not yet over
    there, so that the next round carries it over; unless somebody moved the issue since.
    """
    base = {slot: Pair(value, value) for slot, value in sent.items()}
    for slot, value in remote.items():
        if slot.kind in VALUED and slot not in sent:
            base[slot] = Pair(ABSENT, value)
    if start is not ABSENT and remote.get(slots.STATUS, start) != start:
        base[slots.STATUS] = Pair(start, start)
    return {slot: pair for slot, pair in base.items() if slot in local or slot in remote}


def first_sight(
    base: Base, local: Snapshot, remote: Snapshot, *, read_only: frozenset[Slot]
) -> dict[Slot, Pair]:
    """The base with what is seen on both sides for the first time and is no edit of anybody's.

    A slot appears when a project gets a field, or a property its counterpart.  An empty side then
    gives way to the other; it was never emptied.  Who reported stays with each side until somebody
    changes it, wherever the two cannot be made the same or both were there before us.
    """
    seen = dict(base)
    for slot in {*local, *remote}:
        if slot.kind in VALUED and (pair := _unmoved(slot, base, local, remote, read_only)):
            seen[slot] = pair
    return seen


def _unmoved(
    slot: Slot, base: Base, local: Snapshot, remote: Snapshot, read_only: frozenset[Slot]
) -> Pair | None:
    was = base.get(slot, Pair())
    now = Pair(local.get(slot, ABSENT), remote.get(slot, ABSENT))
    if was.local is not ABSENT or ABSENT in now or now.local == now.remote:
        return None
    if slot == slots.REPORTER and _stays(was, now, is_read_only=slot in read_only):
        return now
    if was == Pair() and None in now:
        return Pair(*(None if value is None else ABSENT for value in now))
    return None


def _stays(was: Pair, now: Pair, *, is_read_only: bool) -> bool:
    """A reporter of an issue that we made is still to be sent, if Jira can be told who it is."""
    if is_read_only or foreign(slots.REPORTER, now.local):
        return True
    were_there_before = was == Pair()
    return were_there_before and (
        None not in now or foreign(slots.REPORTER, now.remote) is not None
    )
