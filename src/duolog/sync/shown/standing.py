"""How the entries of time of an item stand with Jira.  Reads, changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from duolog.core import fields as slots
from duolog.sync.models import ChildLink, Conflict, Hold, Link, LinkState
from duolog.worklogs.models import Worklog


@dataclass(frozen=True, slots=True)
class Standing:
    """One of `due`, `held` and `conflict`, and what a person reads of it."""

    state: str
    reason: str = ""


def standing_of(link: Link | None, entries: Iterable[Worklog]) -> Mapping[int, Standing]:
    """The entries that are not in step, by id; none where the item is not linked."""
    if link is None or link.state == LinkState.ENDED:
        return {}
    rows = {row.local_id: row for row in ChildLink.objects.filter(link=link, kind=slots.WORKLOG)}
    held = {
        hold.slot_key: f"{hold.reason} {hold.hint}".strip()
        for hold in Hold.objects.filter(link=link, slot_kind=slots.WORKLOG, released_at=None)
    }
    disputed = set(
        Conflict.objects.filter(link=link, kind=slots.WORKLOG, settled_at=None).values_list(
            "key", flat=True
        )
    )
    found: dict[int, Standing] = {}
    for entry in entries:
        row = rows.get(entry.pk)
        key = "" if row is None else str(row.pk)
        if key in held:
            found[entry.pk] = Standing("held", held[key])
        elif key in disputed:
            found[entry.pk] = Standing("conflict", "It was changed on both sides.")
        elif row is None or row.remote_id is None:
            found[entry.pk] = Standing("due")
    return found
