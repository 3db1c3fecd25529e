"""Why the sync made a write, and whose doing it was, as the journal tells it.  Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from duolog.core.reconcile import Change, Conflict
from duolog.core.values import Merged, Side, Slot
from duolog.sync.link.authors import author_of
from duolog.sync.link.baseline import from_json
from duolog.sync.link.words import activity_field
from duolog.sync.models import ChildLink, JournalEntry, Link, Run, RunKind, RunState
from duolog.sync.models import Conflict as ConflictRow
from duolog.workplace.models import Activity, Cause

_LATEST: Final = 50
"""How many of an item's last acts are read to find who changed what."""


class WriteCause(StrEnum):
    """Why a write was made."""

    HERE = "here"  # somebody edited our side
    JIRA = "jira"  # somebody edited Jira's
    RUN = "run"  # both sides were brought together for the first time
    POLICY = "policy"  # both had changed, and the binding's policy chose
    MERGED = "merged"  # both had changed, and both edits fitted together
    SETTLED = "settled"  # both had changed, and a person chose
    UNDO = "undo"  # somebody took a former write back


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, by whom, and in which run."""

    cause: WriteCause
    actor: str
    run: Run | None = None


@dataclass(slots=True)
class Reasons:
    """The reasons for the writes of one pass over a link.

    `actor` is who last changed the issue in Jira; `run` the run that the pass belongs to, which
    only the first pass over a link does.
    """

    link: Link
    actor: str
    run: Run | None = None
    conflicts: Mapping[Slot, Conflict] = field(default_factory=dict)

    def of_all(self, changes: Iterable[Change]) -> dict[tuple[Side, Slot], Reason]:
        """The reason for each of these changes; a few reads for all of them."""
        wanted = list(changes)
        if not wanted:
            return {}
        settled, undone = self._settled(), self._undone(wanted)
        here = self._people_here(wanted)
        return {
            (change.side, change.slot): self._settled_by(change, settled)
            or self._of_conflict(change.slot)
            or undone.get((change.slot, str(change.value)))
            or self._plain(change, here)
            for change in wanted
        }

    def _plain(self, change: Change, here: Mapping[Slot, str]) -> Reason:
        is_inbound = change.side is Side.LOCAL
        actor = self.actor if is_inbound else here.get(change.slot, "")
        if self.run is not None:
            return Reason(WriteCause.RUN, actor, self.run)
        return Reason(WriteCause.JIRA if is_inbound else WriteCause.HERE, actor)

    def _of_conflict(self, slot: Slot) -> Reason | None:
        conflict = self.conflicts.get(slot)
        if conflict is None or conflict.winner is None:
            return None
        is_merged = isinstance(conflict.winner, Merged)
        return Reason(WriteCause.MERGED if is_merged else WriteCause.POLICY, "")

    def _settled(self) -> Mapping[Slot, ConflictRow]:
        """The last settlement of each slot that a person made."""
        rows = ConflictRow.objects.select_related("settled_by__user").filter(link=self.link)
        rows = rows.exclude(settled_by=None).order_by("settled_at")
        return {Slot(row.kind, row.key): row for row in rows}

    def _settled_by(self, change: Change, settled: Mapping[Slot, ConflictRow]) -> Reason | None:
        row = settled.get(change.slot)
        if row is None or row.settled_by is None:
            return None
        kept, lost = row.now_local, row.now_remote
        if change.side is Side.LOCAL:
            kept, lost = lost, kept
        is_of_it = from_json(lost) == change.expected
        is_kept = row.winner == "value" or from_json(kept) == change.value
        if is_of_it and is_kept:
            return Reason(WriteCause.SETTLED, row.settled_by.name)
        return None

    def _undone(self, changes: Iterable[Change]) -> Mapping[tuple[Slot, str], Reason]:
        """The undoings here that have yet to reach Jira, by slot and value."""
        if not any(change.side is Side.REMOTE for change in changes):
            return {}
        rows = JournalEntry.objects.filter(
            link=self.link, cause=WriteCause.UNDO, side=Side.LOCAL.value
        ).order_by("-pk")[:_LATEST]
        return {
            (Slot(row.kind, row.key), str(from_json(row.after))): Reason(WriteCause.UNDO, row.actor)
            for row in reversed(rows)
        }

    def _people_here(self, changes: Iterable[Change]) -> Mapping[Slot, str]:
        """Who made each edit that goes to Jira, as the item's activity and its comments tell."""
        outbound = [change.slot for change in changes if change.side is Side.REMOTE]
        if not outbound:
            return {}
        acts = Activity.objects.filter(work_item=self.link.work_item_id).exclude(cause=Cause.SYNC)
        latest = list(acts.order_by("-at", "-pk")[:_LATEST])
        by_field = {act.field: act.actor_name for act in reversed(latest)}
        anybody = latest[0].actor_name if latest else ""
        found = {}
        for slot in outbound:
            found[slot] = by_field.get(activity_field(slot)) or _author(slot) or anybody
        return found


def _author(slot: Slot) -> str:
    """Who made a child of the item here."""
    if not slot.key.isdecimal() or slot.kind == "field":
        return ""
    row = ChildLink.objects.filter(pk=slot.key, kind=slot.kind).first()
    author = author_of(row) if row is not None else None
    return author.name if author else ""


def reason_of_making(link: Link, actor: str = "") -> Reason:
    """Why one side was made of the other; `actor` is who acted in Jira, else somebody here."""
    run = running_start(link)
    if actor:
        return Reason(WriteCause.JIRA if run is None else WriteCause.RUN, actor, run)
    item = link.work_item
    maker = item.reporter.name if item is not None and item.reporter is not None else ""
    return Reason(WriteCause.HERE if run is None else WriteCause.RUN, maker, run)


def reason_of_end(link: Link, gone: Side, actor: str) -> Reason:
    """Why one side was deleted, or let go, after the other was gone."""
    if gone is Side.REMOTE:
        return Reason(WriteCause.JIRA, actor)
    acts = Activity.objects.filter(work_item=link.work_item_id, verb="deleted")
    name = acts.order_by("-at", "-pk").values_list("actor_name", flat=True).first()
    return Reason(WriteCause.HERE, name or "")


def running_start(link: Link) -> Run | None:
    """The send or fetch by which a new link is made, if one runs."""
    rows = Run.objects.filter(
        binding=link.binding_id,
        kind__in=[RunKind.SEND, RunKind.FETCH],
        state=RunState.RUNNING,
        started_at__lte=link.created_at,
    )
    return rows.order_by("pk").first()
