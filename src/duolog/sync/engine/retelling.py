"""What a link remembers, in the words of another binding: its mapping may name values otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from duolog.core import fields as slots
from duolog.core.fields import FieldMap, ValueMap, foreign_id
from duolog.core.values import Pair, Slot, Value
from duolog.sync.basis.ground import Ground
from duolog.sync.link.baseline import load_base, save_base
from duolog.sync.models import Binding, Link
from duolog.workplace.models import Status

_TABLES: Final[Mapping[Slot, Callable[[FieldMap], ValueMap]]] = {
    slots.TYPE: lambda fields: fields.types,
    slots.STATUS: lambda fields: fields.statuses,
    slots.PRIORITY: lambda fields: fields.priorities,
}


def retell(link: Link, home: Binding) -> None:
    """The item was moved here, in the same space: what Jira held is told by the new mapping.

    So a value of Jira's that nobody touched does not read as an edit there.  What the item held
    stays as it was: a status that the move gave it is an edit here.
    """
    base = load_base(link)
    new = Ground(home).fields_of_link(link)
    after = dict(base)
    for slot, table in _TABLES.items():
        if slot in base:
            old = _fields_before(link, base[slot].remote)
            told = _told_anew(base[slot].remote, table(old), table(new))
            after[slot] = Pair(base[slot].local, told)
    save_base(link, base, after)


def _fields_before(link: Link, value: Value) -> FieldMap:
    """The mapping by which the value was told: of the team that has the status."""
    ground = Ground(link.binding)
    status = int(value) if isinstance(value, str) and value.isdecimal() else 0
    team = Status.objects.filter(pk=status).values_list("team_id", flat=True).first()
    return ground.fields_of(team) if team else ground.fields


def _told_anew(value: Value, old: ValueMap, new: ValueMap) -> Value:
    if not isinstance(value, str):
        return value
    there = foreign_id(value) or old.encode(value)
    return value if there is None else new.decode(there)


def keep_status_of_jira(link: Link, before: FieldMap, was: str, home: Binding, now: str) -> None:
    """The issue was moved in Jira, and the item after it: the status that this gave is no edit.

    `was` and `now` are the item's statuses before and after.  An edit here that had yet to reach
    Jira stays one.
    """
    base = load_base(link)
    held = base.get(slots.STATUS)
    if held is None or held.local != before.statuses.canonical(was):
        return
    local = Ground(home).fields_of_link(link).statuses.canonical(now)
    save_base(link, base, {**base, slots.STATUS: Pair(local, held.remote)})
