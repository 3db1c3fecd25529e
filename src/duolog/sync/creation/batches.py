"""Work items get their issues: in batches, each exactly once.

The order never changes: keep the intention with a token, create with the token inside, and on
any doubt look for the token before anything is created again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone

from duolog.core.errors import AnswerLost, Refused, Retryable, Scope, SyncError, Unseen
from duolog.core.values import Side, Snapshot
from duolog.jira import jql
from duolog.jira.client import BULK_CREATE, BULK_FETCH, NewIssue, Query
from duolog.jira.parts.fields import new_issue
from duolog.jira.tokens import PROPERTY
from duolog.jira.wire import CreatedIssue, Issue
from duolog.notifications.models import Kind
from duolog.notifications.services import notify
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.scopes import page_of
from duolog.sync.creation.birth import hold_refused, sendable, without_refused
from duolog.sync.creation.routes import first_step, learn_first_steps
from duolog.sync.engine.in_step import bring_in_step, keep_part, settle_job, whole_link
from duolog.sync.engine.passes import Occasion
from duolog.sync.engine.ties import want_ties
from duolog.sync.link import record
from duolog.sync.link.baseline import dump_snapshot, forget_relations_with
from duolog.sync.link.causes import reason_of_making
from duolog.sync.link.children import LinkGround
from duolog.sync.local.fields import READ_WITH
from duolog.sync.marks import CREATE, EPIC, INTERACTIVE, mark_binding, wake_family
from duolog.sync.models import (
    Binding,
    BindingState,
    Hold,
    Link,
    LinkState,
    Run,
    RunKind,
    RunState,
)
from duolog.sync.shown.progress import note_progress
from duolog.work.clock import now
from duolog.work.queue import Job, LeaseLost, finish, hold
from duolog.workplace.models import WorkItemType

SEARCH_LAG: Final = 120.0
"""Seconds after which Jira's search shows an issue that was created."""
TOLD_EVERY: Final = 5
"""How many items of a batch are completed before a page is told again how far it is."""
ANSWER_WITHIN: Final = 5.0
"""Seconds within which the answer to a creation names its issues, if it comes at all."""


def create_issues(job: Job) -> None:
    """One batch of a binding's new issues: settle doubts, create, read back, bring in step."""
    binding = (
        Binding.objects.select_related("connection__workplace", "team__workplace")
        .filter(pk=int(job.key), state=BindingState.ACTIVE)
        .first()
    )
    if binding is None:
        settle_job(job)
        return
    ground = Ground(binding)
    if ground.lacks_its_epic:
        with transaction.atomic():
            mark_binding(EPIC, binding)
            settle_job(job)
        return
    wait = _settle_doubts(ground)
    batch = _next_batch(ground, job)
    if batch:
        _create(ground, batch)
    waiting = list(_unread(binding))
    if waiting and (len(waiting) >= BULK_FETCH or not _next_ids(binding)):
        _read_back(ground, waiting, job)
    again = 0.0 if _next_ids(binding) or _unread(binding).exists() else wait
    with transaction.atomic():
        count_sent(binding)
        if not finish(job, again_in=again):
            raise LeaseLost


def count_sent(binding: Binding) -> None:
    """Say how far the send is that runs, if one does; it is over when nothing waits."""
    run = Run.objects.filter(
        binding=binding, kind=RunKind.SEND, state=RunState.RUNNING, total__gt=0
    ).first()
    if run is None:
        return
    left = _wanting(binding).count()
    run.done = max(run.done, run.total - left)
    note_progress(run)
    if not left:
        run.state, run.finished_at = RunState.DONE, timezone.now()
        _tell_of_end(run)
    run.save()


def _tell_of_end(run: Run) -> None:
    starter = run.binding.created_by
    if starter is not None:
        scope = run.binding.project or run.binding.team
        notify(
            [starter],
            Kind.RUN_FINISHED,
            f"{run.total} items of {scope} are in {run.binding.jira_project_key} now.",
            page_of(run.binding),
            actor_name=run.binding.connection.account_name,
        )


def _begun(binding: Binding) -> QuerySet[Link]:
    """Links of items that want an issue; an item may be in the trash by now."""
    links = Link.objects.filter(binding=binding, state=LinkState.CREATING, work_item__isnull=False)
    return links.exclude(
        issue_id__isnull=False, sent=None
    )  # an issue that came first gets its item


def _wanting(binding: Binding) -> QuerySet[Link]:
    return _begun(binding).filter(work_item__deleted_at=None)


def _unread(binding: Binding) -> QuerySet[Link]:
    return _begun(binding).exclude(issue_id=None).order_by("pk")


def _next_ids(binding: Binding) -> list[int]:
    """The next links to create: epics first, then their children, then sub-tasks."""
    level = Case(
        When(work_item__type=WorkItemType.EPIC, then=Value(0)),
        When(work_item__type=WorkItemType.SUB_TASK, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    rows = (
        _wanting(binding)
        .filter(issue_id=None, sent_at=None)
        .annotate(level=level)
        .order_by("level", "pk")
        .values_list("pk", "level")[:BULK_CREATE]
    )
    return [pk for pk, of_level in rows if of_level == rows[0][1]]


def _next_batch(ground: Ground, job: Job) -> list[tuple[Link, Snapshot]]:
    """Links with what is to be sent, the intention kept; those Jira would refuse are held."""
    links = (
        Link.objects.select_related("work_item__team", "binding__connection", "binding__team")
        .prefetch_related(*(f"work_item__{name}" for name in READ_WITH))
        .in_bulk(_next_ids(ground.binding))
    )
    batch: list[tuple[Link, Snapshot]] = []
    moment = now()
    with transaction.atomic():
        for link in links.values():
            if link.work_item is None:
                continue
            around = LinkGround(ground, link)
            sent = without_refused(sendable(link.work_item, ground, around), link)
            try:
                new_issue(sent, around, project_id="0", token=link.token)
            except Refused as error:
                hold_creation(link, error)
                continue
            link.sent, link.sent_at = dump_snapshot(sent), moment
            still = Link.objects.filter(pk=link.pk, state=LinkState.CREATING)
            if still.update(sent=link.sent, sent_at=moment):  # else it was stopped just now
                batch.append((link, sent))
        hold(job)
    return batch


def hold_creation(link: Link, error: Refused) -> None:
    """An item that Jira will not take as it is: it waits for a person."""
    record.hold(link, error)
    link.state, link.reason = LinkState.HELD, str(error)
    link.sent_at = None
    link.save(update_fields=["state", "reason", "sent_at"])


def _create(ground: Ground, batch: Sequence[tuple[Link, Snapshot]]) -> None:
    project = ground.binding.jira_project_id
    new = [
        first_step(
            ground,
            link,
            new_issue(sent, LinkGround(ground, link), project_id=project, token=link.token),
        )
        for link, sent in batch
    ]
    try:
        outcomes = ground.client.issues.create_many(new)
    except AnswerLost:
        raise
    except Refused as error:
        with transaction.atomic():
            for link, _ in batch:
                hold_creation(link, error)
        return
    except SyncError:
        Link.objects.filter(pk__in=[link.pk for link, _ in batch]).update(sent_at=None)
        raise
    with transaction.atomic():
        for (link, sent), outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Refused) and hold_refused(
                link, sent, outcome, LinkGround(ground, link)
            ):
                continue  # made without what was refused, in the next batch
            _keep_outcome(link, outcome)
        wake_family([link for link, _ in batch if link.issue_id])
    learn_first_steps(ground, _born(new, outcomes))


def _born(
    new: Sequence[NewIssue], outcomes: Sequence[CreatedIssue | SyncError]
) -> Mapping[str, str]:
    """One issue of each type that was created where new issues of its type begin."""
    return {
        str(kind["id"]): outcome.id
        for asked, outcome in zip(new, outcomes, strict=True)
        for kind in [asked.fields.get("issuetype")]
        if isinstance(kind, dict)
        and isinstance(outcome, CreatedIssue)
        and asked.transition_id is None
    }


def _keep_outcome(link: Link, outcome: CreatedIssue | SyncError) -> None:
    match outcome:
        case CreatedIssue():
            attach(link, outcome.id, outcome.key)
        case Refused():
            hold_creation(link, outcome)
        case _:
            pass  # it may exist all the same: the doubt stays until it is looked for


def create_again(links: Iterable[Link]) -> None:
    """Issues still to be made are tried now, also where Jira had refused them."""
    pending = list(links)
    refused = Hold.objects.filter(link__in=pending, released_at=None)
    refused.update(released_at=timezone.now())
    Link.objects.filter(pk__in=[link.pk for link in pending]).update(
        state=LinkState.CREATING, reason=""
    )
    for binding in {link.binding for link in pending}:
        mark_binding(CREATE, binding, priority=INTERACTIVE)


def attach(link: Link, issue_id: str, key: str) -> None:
    """The issue of a link being created is known."""
    link.issue_id, link.issue_key = issue_id, key
    link.save(update_fields=["issue_id", "issue_key"])
    if Link.objects.filter(work_item=link.work_item_id).exclude(pk=link.pk).exists():
        forget_relations_with(link.work_item_id or 0)
    record.journal_event(link, Side.REMOTE, "created", reason_of_making(link))
    want_ties(link)


def _settle_doubts(ground: Ground) -> float | None:
    """Look for what was sent without an answer; seconds to wait for what may still show up."""
    doubtful = list(
        _begun(ground.binding).filter(issue_id=None).exclude(sent_at=None).order_by("sent_at")
    )
    if not doubtful:
        return None
    found = _by_token(ground, _created_since(ground, doubtful[0]))
    moment, wait = now(), None
    for link in doubtful:
        issue = found.get(link.token)
        with transaction.atomic():
            if issue is not None:
                attach(link, issue.id, issue.key)
            elif moment - (link.sent_at or 0.0) >= SEARCH_LAG:
                Link.objects.filter(pk=link.pk).update(sent_at=None)
            else:
                wait = 5.0
    return wait


def _by_token(ground: Ground, issues: Sequence[Issue]) -> Mapping[str | None, Issue]:
    """The issues that are linked with nothing yet, by the token they bear."""
    linked = Link.objects.filter(
        binding__connection__base_url=ground.binding.connection.base_url,
        issue_id__in=[issue.id for issue in issues],
    )
    known = set(linked.values_list("issue_id", flat=True))
    found: dict[str | None, Issue] = {}
    for issue in issues:
        if issue.id not in known:
            with contextlib.suppress(Unseen):  # gone already, so nobody's
                found[ground.token_of(issue)] = issue
    return found


def _created_since(ground: Ground, oldest: Link) -> Sequence[Issue]:
    """What was created since, by Jira's own clock, which may go otherwise than ours."""
    span = timedelta(seconds=now() - (oldest.sent_at or 0.0)) + timedelta(minutes=5)
    query = jql.created_within(ground.binding.jira_project_id, span)
    return ground.client.search.all(Query(query, fields=("updated",), properties=(PROPERTY,)))


def _read_back(ground: Ground, links: Sequence[Link], job: Job) -> None:
    """Complete what Jira shows of a batch.  Raises at the end what kept some of it from that."""
    batch = {str(link.issue_id): link for link in links[:BULK_FETCH]}
    told = ground.client.issues.fetch(list(batch), fields=ground.read_fields)
    missing = [batch[issue_id] for issue_id in (*told.unseen, *told.unread)]
    lagging = [link for link in missing if now() - (link.sent_at or 0.0) < SEARCH_LAG]
    shown = [(batch[issue.id], issue) for issue in told.issues]
    absent = [(link, None) for link in missing if link not in lagging]
    troubles: list[Retryable | None] = []
    for link, issue in (*shown, *absent):
        if len(troubles) % TOLD_EVERY == 0:
            with transaction.atomic():
                count_sent(ground.binding)
        troubles.append(_trouble_with(ground, link, issue, job))
    if lagging:
        raise Retryable(
            f"Jira does not show {len(lagging)} new issues yet.",
            retry_after=timedelta(seconds=5),
        )
    for trouble in filter(None, troubles):
        raise trouble


def _trouble_with(ground: Ground, link: Link, issue: Issue | None, job: Job) -> Retryable | None:
    """Complete one of a batch; what keeps it alone from that does not hold up the others."""
    try:
        complete(ground, link, issue, job)
    except Retryable as error:
        if error.scope is not Scope.LINK:
            raise
        return error
    return None


def complete(ground: Ground, link: Link, issue: Issue | None, job: Job) -> None:
    """A new issue was read back: what was sent is its base, and whatever else there is follows.

    Without `issue` it is read here; should it be gone already, the link is concluded.
    """
    fresh = whole_link(link.pk)
    if fresh.state != LinkState.CREATING or fresh.work_item is None:
        return
    bring_in_step(fresh, ground, Occasion(lambda: keep_part(job), job, issue=issue))


def is_being_created(binding: Binding) -> bool:
    """Whether an issue whose id we await may well be one of our own."""
    recent = now() - ANSWER_WITHIN
    return _wanting(binding).filter(issue_id=None, sent_at__gt=recent).exists()
