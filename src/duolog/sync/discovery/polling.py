"""Finds what is due without being told: poll by `updated`, and the first fetch; sends what is here.

Finding only marks, save where a page already shows an issue whole; then it is used at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from duolog.connections.traffic import jira_time
from duolog.core import fields as slots
from duolog.core.fields import whole_of
from duolog.core.values import ABSENT
from duolog.jira import jql
from duolog.jira.client import BULK_FETCH, Query
from duolog.jira.replica import RemoteReplica
from duolog.jira.stamps import stamp
from duolog.jira.tokens import PROPERTY
from duolog.jira.wire import Issue
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.scopes import items_of, takes_newcomers
from duolog.sync.basis.taking import belongs, passing
from duolog.sync.creation.pairing import adopt
from duolog.sync.engine.in_step import keep_part
from duolog.sync.engine.moves import begin_links
from duolog.sync.engine.reappearing import take_up_again
from duolog.sync.link.baseline import load_base
from duolog.sync.link.children import LinkGround
from duolog.sync.link.outside import shows_outside
from duolog.sync.marks import CREATE, EPIC, SEND, ask_to_look, mark_binding
from duolog.sync.models import (
    Binding,
    BindingState,
    ChildLink,
    Link,
    LinkState,
    Run,
    RunKind,
    RunState,
    Start,
)
from duolog.sync.shown.progress import note_progress
from duolog.work.queue import Job, LeaseLost, finish
from duolog.workplace.models import WorkItem

OVERLAP: Final = timedelta(minutes=3)
"""How far a poll reaches back behind what it has seen: the index lags, JQL knows only minutes."""
SEND_STEP: Final = 200


def find_active(job: Job) -> Binding | None:
    """The binding of a job, if it is to be worked on now."""
    return (
        Binding.objects.select_related(
            "connection__workplace", "team__workplace", "project", "created_by"
        )
        .filter(pk=int(job.key.partition(":")[0]), state=BindingState.ACTIVE)
        .first()
    )


def end(job: Job, *, again_in: float | None = None, state: dict[str, str] | None = None) -> None:
    """Finish a job in a transaction of its own or of the caller.  Raises LeaseLost."""
    with transaction.atomic():
        if not finish(job, again_in=again_in, state=state):
            raise LeaseLost


def poll(job: Job) -> None:
    """Look at the issues of a project that changed since the last poll, with an overlap."""
    binding = find_active(job)
    if binding is None:
        end(job)
        return
    ground = Ground(binding)
    since = (binding.cursor_at or binding.created_at) - OVERLAP
    text = jql.updated_since(binding.jira_project_id, since, ZoneInfo(binding.connection.time_zone))
    query = Query(text, fields=ground.read_fields, properties=(PROPERTY,))
    seen = {binding.cursor_at} if binding.cursor_at else set()
    answered_at = None  # by Jira's clock alone: ours may be ahead of it
    for page in _batches(ground.client.search.each(query)):
        answered_at = answered_at or jira_time(binding.connection_id)
        seen.update(issue.updated for issue in page)
        strangers = [issue for issue in page if consider(ground, issue) is None]
        take_in(ground, strangers, job)
    seen |= {it for it in (answered_at or jira_time(binding.connection_id),) if it is not None}
    with transaction.atomic():
        Binding.objects.filter(pk=binding.pk).update(cursor_at=max(seen, default=None))
        end(job)


def _batches(issues: Iterator[Issue]) -> Iterator[Sequence[Issue]]:
    while page := list(islice(issues, BULK_FETCH)):
        yield page


def consider(ground: Ground, issue: Issue) -> bool | None:
    """Use an issue that a page shows whole; whether its link turned out to be due.

    None for an issue that this binding does not know.
    """
    link = Link.objects.filter(binding=ground.binding, issue_id=issue.id).first()
    if link is None:
        return None
    if link.state == LinkState.ENDED:
        return bool(take_up_again(ground.binding, {issue.id}))
    if link.state == LinkState.CREATING:
        return False
    if _is_known(ground, link, issue):
        return False
    if link.state != LinkState.HELD and _holds_its_base(ground, link, issue):
        if (seen := stamp(issue)) > link.issue_stamp:
            rows = Link.objects.filter(pk=link.pk, issue_stamp=link.issue_stamp)
            rows.update(issue_stamp=seen)
        return False
    ask_to_look([link.pk])
    return True


def take_in(ground: Ground, strangers: Sequence[Issue], job: Job) -> int:
    """Those of the issues that come here by this binding get their work items; how many did."""
    if not takes_newcomers(ground.binding):
        return 0
    fresh = [it for it in strangers if belongs(ground, it) and not _is_of_before(ground, it)]
    taken = passing(ground, fresh) if fresh else ()
    return sum(adopt(ground, it, job, fence=lambda: keep_part(job)) for it in taken)


def _is_known(ground: Ground, link: Link, issue: Issue) -> bool:
    """Whether the stamp says that we have seen this state of the issue, or a later one.

    Where a search tells whole seconds, what bears the second of our last look may have changed
    after it.
    """
    seen, known = stamp(issue), link.issue_stamp
    if ground.dialect.search_tells_whole_seconds:
        return _second(seen) < _second(known)
    return seen <= known


def _second(stamp: str) -> str:
    return stamp.partition(".")[0]


def _is_of_before(ground: Ground, issue: Issue) -> bool:
    """Whether the issue last changed before the binding was made, where that is left alone."""
    if ground.binding.start_jira != Start.FROM_NOW_ON:
        return False
    began, changed = ground.binding.created_at, issue.updated
    if ground.dialect.search_tells_whole_seconds and changed == began.replace(microsecond=0):
        changed = ground.client.issues.get(issue.id, fields=("updated",)).updated
    return changed < began


def _holds_its_base(ground: Ground, link: Link, issue: Issue) -> bool:
    """Whether the issue is as it was when its link was last in step.

    A page may leave comments out, and new children have no name yet: then the answer is no.
    """
    embedded = issue.known.comment
    if embedded is None or not embedded.complete:
        return False
    rows = ChildLink.objects.filter(link=link)
    known = set(rows.values_list("kind", "remote_id"))
    told = {(slots.COMMENT, comment.id) for comment in embedded.comments}
    told |= {(slots.ATTACHMENT, file.id) for file in issue.known.attachment or ()}
    if not told <= known:
        return False
    replica = RemoteReplica(ground.client, issue.id, LinkGround(ground, link))
    there = replica.take(issue)
    if not shows_outside(link, replica.outside):
        return False
    return there == {
        slot: pair.remote
        for slot, pair in load_base(link).items()
        if pair.remote is not ABSENT and not replica.unsent & {slot, whole_of(slot.kind)}
    }


def fetch(job: Job) -> None:
    """One page of the first fetch: every issue gets its work item; then ours are sent."""
    binding = find_active(job)
    run = _running(job, RunKind.FETCH)
    if binding is None or run is None:
        end(job)
        return
    ground = Ground(binding)
    if ground.lacks_its_epic:
        with transaction.atomic():
            mark_binding(EPIC, binding)
            end(job)
        return
    text = jql.all_of(binding.jira_project_id, below(ground), binding.jql)
    if not run.total:
        run.total = ground.client.search.approximate_count(text)
    query = Query(text, fields=ground.read_fields, properties=(PROPERTY,), page_size=BULK_FETCH)
    page = ground.client.search.page(query, job.state.get("token"))
    for issue in _parents_first(ground, page.issues):
        if consider(ground, issue) is None and takes_newcomers(binding) and belongs(ground, issue):
            adopt(ground, issue, job, fence=lambda: keep_part(job))
        run.done += 1
    more = page.next_page_token
    with transaction.atomic():
        run.total = max(run.total, run.done)
        note_progress(run)
        _keep(run, is_over=more is None)
        if more is None:
            mark_binding(SEND, binding)
        end(job, again_in=None if more is None else 0.0, state={"token": more} if more else {})


def below(ground: Ground) -> str:
    """The condition of JQL for what is ours of the space: all of it, or what lies below the epic."""
    binding = ground.binding
    if binding.project_id is None:
        return ""
    return ground.epics.below(binding.epic_issue_id, binding.epic_issue_key)


def _parents_first(ground: Ground, issues: Sequence[Issue]) -> Iterable[Issue]:
    """The issues, epics before what lies under them; parents of other pages come along."""
    here = {issue.id for issue in issues}
    named = {i.known.parent.id for i in issues if i.known.parent} - here
    linked = Link.objects.filter(binding=ground.binding, issue_id__in=named)
    missing = sorted(named - set(linked.values_list("issue_id", flat=True)))
    if missing:
        told = ground.client.issues.fetch(
            missing, fields=ground.read_fields, properties=(PROPERTY,)
        )
        issues = [*issues, *(i for i in told.issues if belongs(ground, i))]
    return sorted(issues, key=lambda issue: _depth(ground, issue))


def _depth(ground: Ground, issue: Issue) -> int:
    kind = issue.known.issue_type
    if kind is None:
        return 0
    level = kind.hierarchy_level
    return -(ground.meta.level(kind.id) if level is None else level)


def send(job: Job) -> None:
    """Every item of the scope that has no link yet is to get an issue."""
    binding = find_active(job)
    run = _running(job, RunKind.SEND)
    if binding is None or run is None:
        end(job)
        return
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run.pk)  # see wanting.is_being_listed
        wanting = unlinked(binding).order_by("pk")
        ids = list(wanting.values_list("pk", flat=True)[:SEND_STEP])
        run.total += begin_links(binding, ids)
        run.is_listed = len(ids) < SEND_STEP
        _keep(run, is_over=run.is_listed and not run.total)
        if run.is_listed:
            mark_binding(CREATE, binding)
        end(job, again_in=None if run.is_listed else 0.0)


def unlinked(binding: Binding) -> QuerySet[WorkItem]:
    """The items of the scope that were never linked here and are linked nowhere else."""
    linked = Link.objects.exclude(state=LinkState.ENDED).exclude(work_item=None)
    items = items_of(binding).exclude(links__binding=binding)
    return items.exclude(pk__in=linked.values("work_item"))


def _running(job: Job, kind: RunKind) -> Run | None:
    return Run.objects.filter(
        binding=int(job.key), kind=kind, state=RunState.RUNNING
    ).order_by("pk").first()  # fmt: skip


def _keep(run: Run, *, is_over: bool) -> None:
    if is_over:
        run.state, run.finished_at = RunState.DONE, timezone.now()
    run.save()
