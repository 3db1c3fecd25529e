"""One pass over one link: what it sees, and what it decides.  Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from duolog.core.directions import NEEDED, Directions, SlotDirection
from duolog.core.fields import REPORTER, foreign, whole_of, writable_within
from duolog.core.policy import ConflictPolicy, policy_for
from duolog.core.reconcile import Plan, reconcile
from duolog.core.values import ABSENT, Base, Pair, Policy, Side, Slot, Snapshot, Value, Writable
from duolog.jira.replica import RemoteReplica
from duolog.jira.wire import Issue
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.scopes import directions_of
from duolog.sync.link.baseline import first_sight, from_json
from duolog.sync.link.children import LinkGround
from duolog.sync.local.replica import LocalReplica
from duolog.sync.models import Delivery, Hold, Link
from duolog.work.queue import Job

T = TypeVar("T")


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

    def now(self) -> Mapping[Slot, Pair]:
        """What both sides hold, slot by slot."""
        ways = self.directions
        return {
            slot: Pair(self.here.get(slot, ABSENT), self.there.get(slot, ABSENT))
            for slot in {*self.here, *self.there}
            if ways.of(slot) is not SlotDirection.OFF
        }

    @property
    def directions(self) -> Directions:
        """Which way each slot goes."""
        return directions_of(self.link.binding)

    @property
    def is_first(self) -> bool:
        """Whether this link has never been in step before."""
        return not self.stored


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a pass is made, and with what in hand.

    `fence` is called inside the last transaction and raises when the lease is lost.  `issue` is
    the issue where it has just been read; then Jira is not asked again.  `approved` is the digest
    of the plan that a person approved: nothing else is carried out.
    """

    fence: Callable[[], None]
    job: Job
    news: Sequence[Delivery] = ()
    issue: Issue | None = None
    approved: str = ""


def decide(state: Pass) -> tuple[Plan, frozenset[Slot]]:
    """The plan of one pass, and the slots left out of it: held, they would be refused again."""
    plan = plan_of(state)
    held = _held_values(state.link)
    withheld = frozenset(c.slot for c in plan.changes if held.get(c.slot, c.expected) == c.value)
    tried = tuple(c for c in plan.changes if c.slot not in withheld)
    return replace(plan, changes=tried), withheld


def plan_of(state: Pass) -> Plan:
    """What the two sides must do to agree, by the rules of the binding alone."""
    ways, read_only = state.directions, state.ground.fields.read_only
    state.base = first_sight(state.base, state.here, state.there, read_only=read_only)
    return reconcile(
        _seen(state, _kept(ways, state.base)),
        _seen(state, ways.kept(state.here)),
        ways.kept(state.there),
        policy=ways.settling(_policy(state)),
        writable=writable_within(_allowed(state, ways), state.now(), read_only=read_only),
    )


def _kept(ways: Directions, base: Base) -> Base:
    """What is looked at of the base; the rest waits as it is."""
    return {slot: pair for slot, pair in base.items() if ways.of(slot) is not SlotDirection.OFF}


def _allowed(state: Pass, ways: Directions) -> Writable:
    """Where each slot may be written; an item still to be made bears what it cannot do without."""
    if state.local.item is not None:
        return ways.sides
    here = frozenset({Side.LOCAL})
    return lambda slot: ways.sides(slot) | (here if slot in NEEDED else frozenset())


def _seen(state: Pass, slots: Mapping[Slot, T]) -> Mapping[Slot, T]:
    """Without what Jira did not tell: it is not known to be gone or empty, and waits as it is."""
    unsent = state.remote.unsent
    return {slot: it for slot, it in slots.items() if not unsent & {slot, whole_of(slot.kind)}}


def _policy(state: Pass) -> Policy:
    item, issue = state.local.item, state.remote.issue
    chosen = policy_for(
        ConflictPolicy(state.link.binding.conflict_policy),
        local_changed_at=item.updated_at if item else None,
        remote_changed_at=issue.updated if issue else None,
        kind_of=state.ground.fields.kind_of,
    )
    return lambda slot, was, now: (
        Side.REMOTE if state.around.is_restricted(slot) else chosen(slot, was, now)
    )


def _held_values(link: Link) -> Mapping[Slot, Value]:
    rows = Hold.objects.filter(link=link, released_at=None)
    return {Slot(row.slot_kind, row.slot_key): from_json(row.value) for row in rows}


def shown(state: Pass, plan: Plan) -> Mapping[Slot, Pair]:
    """What differs and may: sides that must not be written, values without a counterpart.

    That nobody here stands for who reported an issue is no difference that anybody could mend.
    """
    unsaid = {
        slot: pair
        for slot, pair in state.now().items()
        if slot != REPORTER and (foreign(slot, pair.local) or foreign(slot, pair.remote))
    }
    differs = {
        difference.slot: difference.now
        for difference in plan.differs
        if difference.slot != REPORTER or not foreign(REPORTER, difference.now.remote)
    }
    return differs | unsaid
