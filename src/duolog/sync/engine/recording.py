"""The last transaction of a pass: write here, advance the base, say how the link stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils import timezone

from duolog.core import fields as slots
from duolog.core.errors import AnswerLost, Gone, Retryable, SyncError
from duolog.core.reconcile import Applied, Change, Plan, settle
from duolog.core.replica import Written
from duolog.core.values import ABSENT, Pair, Side, Slot
from duolog.jira.stamps import stamp
from duolog.sync.basis.workflows import keep_trail
from duolog.sync.engine.notices import tell_of_pass
from duolog.sync.engine.passes import Pass, shown
from duolog.sync.link import record
from duolog.sync.link.baseline import VALUED, save_base
from duolog.sync.link.causes import reason_of_making
from duolog.sync.link.doubts import is_arriving
from duolog.sync.link.kept_back import forget_texts
from duolog.sync.link.outside import keep_outside
from duolog.sync.link.sightings import untaken
from duolog.sync.local.fields import item_snapshot
from duolog.sync.local.replica import LocalReplica
from duolog.sync.marks import ask_to_look, mark_links
from duolog.sync.models import ChildLink, ChildState
from duolog.work.clock import Now
from duolog.workplace.actors import Actor
from duolog.workplace.models import Cause

_LINK_COLUMNS: Final = (
    "work_item", "issue_key", "issue_stamp", "item_version", "looks_done", "synced_at",
    "state", "reason", "differences",
)  # fmt: skip


def record_pass(state: Pass, plan: Plan, written: Written) -> None:
    """The last transaction: write here, advance the base, say how the link stands."""
    link, seen = state.link, state.local.item
    still, met = _still_true(state, plan)
    moved = (
        seen is not None
        and state.local.item is not None
        and state.local.item.version != seen.version
    )
    mine = state.local.write(still, actor=Actor(None, state.actor, Cause.SYNC))
    applied = {(Side.REMOTE, slot): value for slot, value in written.applied.items()}
    applied |= {(Side.LOCAL, slot): value for slot, value in mine.applied.items()}
    refused = {(Side.REMOTE, slot): error for slot, error in written.refused.items()}
    refused |= {(Side.LOCAL, slot): error for slot, error in mine.refused.items()}
    after = settle(state.base, plan, {**applied, **met})
    if seen is None:
        after |= _first_differences(state, plan)
    save_base(link, state.stored, after)
    _record_children(state, after, complete=written.interrupted is None)
    keep_outside(link, state.remote.outside)
    _give_up_intentions(state, written.interrupted)
    _forget_sent(state)
    state.around.trials.record(after, written.interrupted)
    outcome = record.Outcome(
        plan,
        applied,
        refused,
        shown(state, plan),
        state.actor,
        state.withheld,
        restricted=frozenset(filter(state.around.is_restricted, state.base)),
        is_first=state.is_first,
    )
    if seen is None and link.work_item is not None:
        record.journal_event(link, Side.LOCAL, "created", reason_of_making(link, state.actor))
    record.record_outcome(link, outcome)
    forget_texts(link, outcome.restricted)
    if state.local.item is not None:
        landed = [change for change in still if change.slot in mine.applied]
        tell_of_pass(link, state.local.item.pk, landed, state.actor)
    _forget_walk(state, plan)
    _record_link(state, complete=written.interrupted is None and not moved)


def _forget_walk(state: Pass, plan: Plan) -> None:
    """A walk is over once the issue was seen after it, and nothing is left to be carried over."""
    wanted = {change.slot for change in plan.for_side(Side.REMOTE)} | state.withheld
    if state.link.trail and slots.STATUS not in wanted:
        keep_trail(state.link, [])


def _first_differences(state: Pass, plan: Plan) -> dict[Slot, Pair]:
    """Where a new work item could not take Jira's value, what each side holds is the start."""
    if state.local.item is None:
        return {}
    here = item_snapshot(state.local.item, state.ground)
    return {
        d.slot: Pair(here.get(d.slot, ABSENT), d.now.remote)
        for d in plan.differs
        if d.slot.kind in VALUED
    }


def _still_true(state: Pass, plan: Plan) -> tuple[Sequence[Change], Applied]:
    """The changes here whose slot still holds what was expected, read again under the lock.

    Beside them what holds already what it was to hold, as where the pass of a relation's other
    end came first: both sides agreed on it, so that its removal on either is not taken for
    something new on the other.  A first pass always reads again: until it is recorded, an edit
    does not mark the link.
    """
    seen = state.local.item
    changes = plan.for_side(Side.LOCAL)
    if seen is None or not (changes or state.is_first):
        return changes, {}
    fresh = LocalReplica(state.ground, state.around, state.link)
    try:
        current = fresh.observe_locked(change.slot for change in changes)
    except Gone as error:
        raise Retryable(f"{error} That was while we worked on it; we look again.") from error
    state.local.item = fresh.item
    held = {c: current.get(c.slot, ABSENT) for c in changes}
    met = {(Side.LOCAL, c.slot): now for c, now in held.items() if c.value == now != c.expected}
    return tuple(c for c, now in held.items() if now == c.expected), met


def _record_children(state: Pass, base: Mapping[Slot, Pair], *, complete: bool) -> None:
    """What became of the children; a file arrives only with the texts that lead to it."""
    for key, born in state.remote.written_children():
        if complete or state.around.row(key).kind != slots.ATTACHMENT:
            state.around.attach(key, born)
        else:
            state.around.keep(key, born)
    for row in state.around.rows():
        slot = Slot(row.kind, str(row.pk))
        if slot not in base and row.state != ChildState.ENDED and _is_over(state, slot):
            ChildLink.objects.filter(pk=row.pk).update(state=ChildState.ENDED)
            continue
        is_new = slot in base and row.state == ChildState.CREATING and row.remote_id is not None
        if is_new and (complete or not is_arriving(row)):
            ChildLink.objects.filter(pk=row.pk).update(state=ChildState.LINKED)
        stamps = state.remote.stamps(row.kind)
        if (seen := stamps.get(row.remote_id or "", row.stamp)) != row.stamp:
            ChildLink.objects.filter(pk=row.pk).update(stamp=seen)


def _is_over(state: Pass, slot: Slot) -> bool:
    """Whether a child that both sides held is gone from one of them."""
    return slot in state.base and (slot not in state.here or slot not in state.there)


def _give_up_intentions(state: Pass, error: SyncError | None) -> None:
    """What was certainly not created may be tried again at once; what may still show is kept.

    That is waited for from now on: in a long run it was sent well after it was intended.
    """
    tried = ChildLink.objects.filter(link=state.link, remote_id=None).exclude(tried_at=None)
    if isinstance(error, AnswerLost):
        tried.update(tried_at=Now())
    else:
        tried.exclude(pk__in=state.around.unsettled).update(tried_at=None)


def _forget_sent(state: Pass) -> None:
    """With what words a comment was sent matters only while that is in doubt."""
    if any(row.kind == slots.COMMENT and row.sent for row in state.around.rows()):
        rows = ChildLink.objects.filter(link=state.link, kind=slots.COMMENT)
        in_doubt = rows.filter(state=ChildState.CREATING).exclude(tried_at=None)
        rows.exclude(pk__in=in_doubt).update(sent="")


def _record_link(state: Pass, *, complete: bool) -> None:
    """How the link stands; an incomplete pass, or one an edit came into, leaves it due to look."""
    link, issue, item = state.link, state.remote.issue, state.local.item
    if issue is not None:
        link.issue_key = issue.key or link.issue_key
    if complete:
        link.looks_done = state.looks
        link.synced_at = timezone.now()
        link.item_version = item.version if item is not None else 0
        link.issue_stamp = stamp(issue) if issue is not None else link.issue_stamp
    link.save(update_fields=_LINK_COLUMNS)
    if state.remote.surprised:
        ask_to_look([link.pk])
    elif state.is_first and (not complete or untaken(link)):
        mark_links([link])
