"""Brings one link in step: look, decide, write in Jira, then write here and record in one go.

No transaction spans the network.  Whatever is lost on the way is found again by looking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from duolog.core import fields as slots
from duolog.core.errors import Gone, Refused, Retryable, SyncError, Unseen
from duolog.core.reconcile import Change, Plan
from duolog.core.replica import Written
from duolog.core.values import ABSENT, Side, Value
from duolog.jira.replica import RemoteReplica
from duolog.jira.wire import Issue
from duolog.people.errors import Outdated
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.project_epic import must_have_its_epic
from duolog.sync.basis.scopes import project_in
from duolog.sync.basis.trails import own_base
from duolog.sync.basis.whereabouts import LiesElsewhere, follow_key, must_lie_here
from duolog.sync.engine.endings import conclude, stop_for_a_person
from duolog.sync.engine.lost_ends import without_lost_ends
from duolog.sync.engine.moves import follow_or_part
from duolog.sync.engine.passes import Occasion, Pass, decide, plan_of
from duolog.sync.engine.recording import record_pass
from duolog.sync.engine.rehoming import follow_issue
from duolog.sync.link import facts, record
from duolog.sync.link.baseline import born_base, load_base, load_snapshot
from duolog.sync.link.children import LinkGround
from duolog.sync.link.doubts import awaited, is_arriving, unrecorded
from duolog.sync.link.sightings import is_echo, last_actor, untaken
from duolog.sync.local.replica import LocalReplica
from duolog.sync.marks import LINK
from duolog.sync.models import (
    BindingState,
    Delivery,
    Link,
    LinkState,
)
from duolog.work.clock import now
from duolog.work.queue import Job, LeaseLost, finish, hold, renew
from duolog.work.urgency import urgency
from duolog.worklogs.own.turns import give_turns_back, take_turns

NEXT_TURN: Final = timedelta(seconds=1)


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


def keep_part(job: Job) -> None:
    """Record one part of a job that has many: it has got on, and now lets others go first.

    Raises LeaseLost.
    """
    if not renew(job, anew=True):
        raise LeaseLost
    urgency().taken = 0


def take(news: Iterable[Delivery], outcome: str) -> None:
    """These deliveries have been used."""
    ids = [delivery.pk for delivery in news]
    if ids:
        Delivery.objects.filter(pk__in=ids).update(taken_at=timezone.now(), outcome=outcome)


def bring_in_step(link: Link, ground: Ground, occasion: Occasion) -> None:
    """One pass over one link.  Raises SyncError after keeping what landed before it."""
    try:
        state = look(link, ground, occasion)
    except SyncError as error:
        if not _leave(link, error, occasion):
            _conclude(link, ground, error, occasion)
        return
    if occasion.approved and occasion.approved != facts.of_plan(plan_of(state)):
        raise Outdated("What would be written is no longer what was approved.")
    plan, state.withheld = decide(state)
    plan = without_lost_ends(state, plan)
    _must_not_empty_a_project(ground, plan)
    written = _write_remote(state, plan, occasion.job)
    around = state.around
    if written.interrupted is None:
        late = state.local.prepare(plan.for_side(Side.LOCAL))
        lost = awaited(around.rows(), around.unsettled) or around.trials.awaited()
        written = replace(written, interrupted=late or lost)
    with transaction.atomic():
        record.lock_link(link)
        take(occasion.news, "looked")
        record_pass(state, plan, written)
        if written.interrupted is None:
            follow_or_part(link)
            occasion.fence()
        else:
            hold(occasion.job)
    if isinstance(written.interrupted, Unseen):
        raise Retryable("The issue was not to be found while it was written; we look again.")
    if written.interrupted is not None:
        raise written.interrupted


def _leave(link: Link, error: SyncError, occasion: Occasion) -> bool:
    """Whether the item has gone elsewhere anyway, so that nothing here waits for a person."""
    if not isinstance(error, Gone | Refused):
        return False
    with transaction.atomic():
        record.lock_link(link)
        has_left = follow_or_part(link)
        if has_left:
            take(occasion.news, "looked")
            occasion.fence()
    return has_left


def _conclude(link: Link, ground: Ground, error: SyncError, occasion: Occasion) -> None:
    """What becomes of a link one side of which could not be looked at.  Raises SyncError."""
    if isinstance(error, LiesElsewhere) and follow_issue(link, ground, error.issue, occasion):
        return
    match error:
        case Gone() | Unseen():
            conclude(link, ground, error, news=occasion.news, fence=occasion.fence)
        case Refused():
            stop_for_a_person(link, error, news=occasion.news, fence=occasion.fence)
        case _:
            raise error


def _must_not_empty_a_project(ground: Ground, plan: Plan) -> None:
    """Whoever leaves a project because its issue left the epic left it only if there is one."""
    for change in plan.for_side(Side.LOCAL):
        if change.slot == slots.PARENT and isinstance(change.expected, str):
            project = project_in(change.expected)
            if project is not None:
                must_have_its_epic(ground, project)


def look(link: Link, ground: Ground, occasion: Occasion) -> Pass:
    """What both sides hold, beside what they held.  The base first: it must not be the younger."""
    looks, stored = link.looks_wanted, load_base(link)
    if stored and link.state == LinkState.CREATING:
        raise Retryable("Another run has just made this link; we look again.")
    around = LinkGround(ground, link)
    local = LocalReplica(ground, around, link)
    remote = RemoteReplica(ground.client, str(link.issue_id), around)
    here = local.observe()
    issue = occasion.issue or remote.read()
    follow_key(ground, issue)
    must_lie_here(ground.binding, issue)
    there = remote.take(issue)
    is_born_here = not stored and link.sent is not None
    base = stored
    if is_born_here:
        base = born_base(load_snapshot(link.sent), here, there, start=_start_of(issue, around))
    base = own_base(base, link.trail, here=here, there=there, stands=remote.stands)
    base = {**base, **unrecorded(around.rows(), here, there), **around.trials.held(here, there)}
    actor = last_actor(occasion.news)
    return Pass(link, ground, around, local, remote, here, there, stored, base, looks, actor)


def _start_of(issue: Issue, around: LinkGround) -> Value:
    """The status in which it was born, where that is known."""
    kind = issue.known.issue_type
    start = around.workflow(kind.id).first_status(issue) if kind else None
    return ABSENT if start is None else around.fields.statuses.decode(start)


def _write_remote(state: Pass, plan: Plan, job: Job) -> Written:
    changes = plan.for_side(Side.REMOTE)
    if not changes and not any(map(is_arriving, state.around.rows())):
        return Written()
    with _in_turn(state.link, changes):
        with transaction.atomic():
            _intend(state, changes)
            hold(job)
        return state.remote.write(changes)


@contextmanager
def _in_turn(link: Link, changes: Sequence[Change]) -> Iterator[None]:
    """Nobody else writes worklogs of the issue meanwhile: two at once spoil Jira's sum."""
    if all(change.slot.kind != slots.WORKLOG for change in changes):
        yield
        return
    holder = f"{LINK}:{link.pk}"
    if not take_turns(link.binding.connection.base_url, [str(link.issue_id)], holder):
        raise Retryable(
            "Time is being logged on this issue; ours comes next.", retry_after=NEXT_TURN
        )
    try:
        yield
    except LeaseLost:
        raise  # whoever has the job by now has its turns
    except BaseException:
        give_turns_back(holder)
        raise
    give_turns_back(holder)


def _intend(state: Pass, changes: Sequence[Change]) -> None:
    """Note, before anything is sent, which children and relations are about to be created."""
    written = [
        change
        for change in changes
        if change.slot.kind in slots.CHILDREN and change.value is not ABSENT
    ]
    fresh = [change for change in written if not _is_there(state, change)]
    tied = [c for c in changes if c.slot.kind == slots.RELATION and c.value is not ABSENT]
    if not fresh and not tied:
        return
    keys = {change.slot.key for change in fresh}
    if waits := [wait for key, wait in state.around.unsettled.items() if key in keys]:
        raise Retryable(
            "The answer to something new was lost; we look again before repeating it.",
            retry_after=timedelta(seconds=max(waits)),
        )
    moment = now()
    state.around.intend(fresh, moment)
    state.around.trials.intend([change.slot for change in tied], moment)


def _is_there(state: Pass, change: Change) -> bool:
    """Whether the child that a change concerns exists in Jira."""
    row = state.around.row(change.slot.key)
    return row.remote_id in state.remote.stamps(row.kind)
