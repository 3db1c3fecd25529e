"""Brings one link in step: look, decide, write in Jira, then write here and record in one go.

No transaction spans the network.  Whatever is lost on the way is found again by looking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db import transaction
from django.utils import timezone

from duolog.core import fields as slots
from duolog.core.errors import AnswerLost, Gone, Refused, Retryable, SyncError, Unseen
from duolog.core.fields import foreign_id, writable_within
from duolog.core.policy import ConflictPolicy, local_wins, policy_for
from duolog.core.reconcile import Change, Plan, reconcile, settle
from duolog.core.replica import Written
from duolog.core.values import ABSENT, BOTH, Pair, Policy, Side, Slot, Snapshot, Value
from duolog.jira.codec import stamp
from duolog.jira.replica import RemoteReplica
from duolog.jira.wire import Issue
from duolog.sync import record
from duolog.sync.baseline import born_base, from_json, load_base, load_snapshot, save_base
from duolog.sync.endings import conclude, stop_for_a_person
from duolog.sync.ground import Ground, LinkGround
from duolog.sync.local_replica import LocalReplica, item_snapshot
from duolog.sync.marks import ask_to_look, mark_links
from duolog.sync.models import (
    BindingState,
    ChildLink,
    ChildState,
    Delivery,
    Hold,
    Link,
    LinkState,
)
from duolog.sync.sightings import is_echo, last_actor, untaken
from duolog.work.clock import now
from duolog.work.queue import Job, LeaseLost, finish, renew
from duolog.workplace.actors import Actor
from duolog.workplace.models import Cause

LINK_COLUMNS: Final = (
    "work_item", "issue_key", "issue_stamp", "item_version", "looks_done", "synced_at",
    "state", "reason", "differences",
)  # fmt: skip
SETTLING: Final = 20.0
"""Seconds after which a write to one issue, whose answer was lost, shows if it happened: as long
as we would have waited for the answer."""


def sync_link(job: Job) -> None:
    """Bring one link in step, or record why not.  Raises SyncError for the loop to wait upon."""
    link = find_live(int(job.key))
    if link is None:
        settle_job(job)
        return
    news = untaken(link)
    if not must_look(link, news):
        with transaction.atomic():
            take(news, "echo")
            settle_job(job)
        return
    bring_in_step(link, Ground(link.binding), Occasion(lambda: settle_job(job), job, news))


def find_live(link_id: int) -> Link | None:
    """The link, if it is to be kept in step now: created, its binding active, not ended."""
    return (
        Link.objects.select_related("binding__connection", "binding__team__workplace")
        .select_related("work_item__assignee__user", "binding__connection__workplace")
        .filter(pk=link_id, binding__state=BindingState.ACTIVE)
        .exclude(state__in=[LinkState.ENDED, LinkState.CREATING])
        .exclude(issue_id=None)
        .first()
    )


def whole_link(link_id: int) -> Link:
    """A link with everything that a pass over it reads."""
    return Link.objects.select_related(
        "binding__connection__workplace", "binding__team__workplace", "work_item__assignee__user"
    ).get(pk=link_id)


def must_look(link: Link, news: Sequence[Delivery]) -> bool:
    """Whether anything may have moved that this link has not seen."""
    item = link.work_item
    return (
        item is None
        or item.version != link.item_version
        or item.deleted_at is not None
        or link.looks_wanted > link.looks_done
        or not all(is_echo(link, delivery) for delivery in news)
    )


def settle_job(job: Job) -> None:
    """Finish inside the last transaction.  Raises LeaseLost, which rolls it back."""
    if not finish(job):
        raise LeaseLost


def hold_lease(job: Job) -> None:
    """Keep the job while one part of it is recorded.  Raises LeaseLost."""
    if not renew(job):
        raise LeaseLost


def take(news: Iterable[Delivery], outcome: str) -> None:
    """These deliveries have been used."""
    ids = [delivery.pk for delivery in news]
    if ids:
        Delivery.objects.filter(pk__in=ids).update(taken_at=timezone.now(), outcome=outcome)


@dataclass(slots=True)
class Pass:
    """One pass over one link: its two replicas and what was seen."""

    link: Link
    ground: Ground
    around: LinkGround
    local: LocalReplica
    remote: RemoteReplica
    here: Snapshot
    there: Snapshot
    stored: dict[Slot, Pair]
    base: dict[Slot, Pair]
    looks: int
    actor: str
    withheld: frozenset[Slot] = frozenset()

    @property
    def is_first(self) -> bool:
        """Whether this link has never been in step before."""
        return not self.stored


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a pass is made, and with what in hand.

    `fence` is called inside the last transaction and raises when the lease is lost.  `issue` is
    the issue where it has just been read; then Jira is not asked again.
    """

    fence: Callable[[], None]
    job: Job
    news: Sequence[Delivery] = ()
    issue: Issue | None = None


def bring_in_step(link: Link, ground: Ground, occasion: Occasion) -> None:
    """One pass over one link.  Raises SyncError after keeping what landed before it."""
    try:
        state = _look(link, ground, occasion)
    except (Gone, Unseen) as error:
        conclude(link, ground, error, news=occasion.news, fence=occasion.fence)
        return
    except Refused as error:
        stop_for_a_person(link, error, news=occasion.news, fence=occasion.fence)
        return
    plan, state.withheld = decide(state)
    written = _write_remote(state, plan, occasion.job)
    with transaction.atomic():
        record.lock_link(link)
        take(occasion.news, "looked")
        _record(state, plan, written)
        if written.interrupted is None:
            occasion.fence()
        else:
            hold_lease(occasion.job)
    if isinstance(written.interrupted, Unseen):
        raise Retryable("The issue was not to be found while it was written; we look again.")
    if written.interrupted is not None:
        raise written.interrupted


def _look(link: Link, ground: Ground, occasion: Occasion) -> Pass:
    """What both sides hold, beside what they held.  The base first: it must not be the younger."""
    looks, stored = link.looks_wanted, load_base(link)
    if stored and link.state == LinkState.CREATING:
        raise Retryable("Another run has just made this link; we look again.")
    around = ground.around(link)
    local = LocalReplica(ground, around, link)
    remote = RemoteReplica(ground.client, str(link.issue_id), around)
    here = local.observe()
    there = remote.take(occasion.issue) if occasion.issue else remote.observe()
    is_born_here = not stored and link.sent is not None
    base = born_base(load_snapshot(link.sent), here, there) if is_born_here else stored
    actor = last_actor(occasion.news)
    return Pass(link, ground, around, local, remote, here, there, stored, base, looks, actor)


def decide(state: Pass) -> tuple[Plan, frozenset[Slot]]:
    """The plan of one pass, and the slots left out of it: held, they would be refused again."""
    binding = state.link.binding
    both = {
        slot: Pair(state.here.get(slot, ABSENT), state.there.get(slot, ABSENT))
        for slot in {*state.here, *state.there}
    }
    allowed = BOTH if binding.is_two_way else frozenset({Side.REMOTE})
    plan = reconcile(
        state.base,
        state.here,
        state.there,
        policy=_policy(state),
        writable=writable_within(allowed, both),
    )
    held = _held_values(state.link)
    withheld = frozenset(c.slot for c in plan.changes if held.get(c.slot, c.expected) == c.value)
    tried = tuple(c for c in plan.changes if c.slot not in withheld)
    return replace(plan, changes=tried), withheld


def _policy(state: Pass) -> Policy:
    binding = state.link.binding
    if not binding.is_two_way:
        return local_wins
    item, issue = state.local.item, state.remote.issue
    return policy_for(
        ConflictPolicy(binding.conflict_policy),
        local_changed_at=item.updated_at if item else None,
        remote_changed_at=issue.updated if issue else None,
    )


def _held_values(link: Link) -> Mapping[Slot, Value]:
    rows = Hold.objects.filter(link=link, released_at=None)
    return {Slot(row.slot_kind, row.slot_key): from_json(row.value) for row in rows}


def _write_remote(state: Pass, plan: Plan, job: Job) -> Written:
    changes = plan.for_side(Side.REMOTE)
    if not changes:
        return Written()
    _intend(state, changes)
    hold_lease(job)  # whoever lost the lease must not write in Jira
    return state.remote.write(changes)


def _intend(state: Pass, changes: Sequence[Change]) -> None:
    """Note, before anything is sent, which comments are about to be created."""
    written = [
        state.around.row(change.slot.key)
        for change in changes
        if change.slot.kind == slots.COMMENT and change.value is not ABSENT
    ]
    fresh = [row for row in written if state.remote.comment(row.remote_id or "") is None]
    if not fresh:
        return
    moment = now()
    for row in fresh:
        if row.remote_id is None and moment - (row.tried_at or 0.0) < SETTLING:
            raise Retryable(
                "The answer to a new comment was lost; we look again before repeating it."
            )
    with transaction.atomic():
        state.around.intend(fresh, moment)


def _give_up_intentions(state: Pass, error: SyncError | None) -> None:
    """What was certainly not created may be tried again at once."""
    if not isinstance(error, AnswerLost):
        ChildLink.objects.filter(link=state.link, remote_id=None).update(tried_at=None)


def _record(state: Pass, plan: Plan, written: Written) -> None:
    """The last transaction: write here, advance the base, say how the link stands."""
    link, seen = state.link, state.local.item
    still = _still_true(state, plan)
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
    after = settle(state.base, plan, applied)
    if seen is None:
        after |= _first_differences(state, plan)
    save_base(link, state.stored, after)
    _record_children(state, after)
    _give_up_intentions(state, written.interrupted)
    shown, withheld = _shown(state, plan), state.withheld
    outcome = record.Outcome(plan, applied, refused, shown, state.actor, withheld)
    record.record_outcome(link, outcome)
    _record_link(state, complete=written.interrupted is None and not moved)


def _first_differences(state: Pass, plan: Plan) -> dict[Slot, Pair]:
    """Where a new work item could not take Jira's value, what each side holds is the start."""
    if state.local.item is None:
        return {}
    here = item_snapshot(state.local.item, state.ground)
    return {
        d.slot: Pair(here.get(d.slot, ABSENT), d.now.remote)
        for d in plan.differs
        if d.slot.kind == "field"
    }


def _still_true(state: Pass, plan: Plan) -> Sequence[Change]:
    """The changes here whose slot still holds what was expected, read again under the lock.

    A first pass always reads again: until it is recorded, an edit does not mark the link.
    """
    seen = state.local.item
    changes = plan.for_side(Side.LOCAL)
    if seen is None or not (changes or state.is_first):
        return changes
    fresh = LocalReplica(state.ground, state.around, state.link)
    try:
        current = fresh.observe_locked()
    except Gone as error:
        raise Retryable(f"{error} That was while we worked on it; we look again.") from error
    state.local.item = fresh.item
    return tuple(c for c in changes if current.get(c.slot, ABSENT) == c.expected)


def _record_children(state: Pass, base: Mapping[Slot, Pair]) -> None:
    stamps = state.remote.stamps()
    for key, comment in state.remote.written_comments.items():
        state.around.attach(state.around.row(key), comment)
    for row in state.around.rows():
        ended = Slot(slots.COMMENT, str(row.pk)) not in base and row.state == ChildState.LINKED
        if ended and _on_neither_side(state, row):
            ChildLink.objects.filter(pk=row.pk).update(state=ChildState.ENDED)
        elif (seen := stamps.get(row.remote_id or "", row.stamp)) != row.stamp:
            ChildLink.objects.filter(pk=row.pk).update(stamp=seen)


def _on_neither_side(state: Pass, row: ChildLink) -> bool:
    slot = Slot(slots.COMMENT, str(row.pk))
    return slot in state.base and (slot not in state.here or slot not in state.there)


def _shown(state: Pass, plan: Plan) -> Mapping[Slot, Pair]:
    """What differs and may: sides that must not be written, values without a counterpart."""
    shown = {difference.slot: difference.now for difference in plan.differs}
    for slot in {*state.here, *state.there}:
        pair = Pair(state.here.get(slot, ABSENT), state.there.get(slot, ABSENT))
        if slot.kind == "field" and (foreign_id(pair.local) or foreign_id(pair.remote)):
            shown[slot] = pair
    return shown


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
    link.save(update_fields=LINK_COLUMNS)
    if state.remote.surprised:
        ask_to_look([link.pk])
    elif state.is_first and (not complete or untaken(link)):
        mark_links([link])
