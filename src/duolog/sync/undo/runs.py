"""Undo of a whole run, as a run of its own: link by link, the youngest first, so children before
their parents.  What was done is in the journal, so a kill at any point costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from duolog.jira.wire import Issue
from duolog.notifications.models import Kind
from duolog.notifications.services import notify
from duolog.people.audit import audit
from duolog.people.errors import Forbidden, Outdated
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.sync.basis.ground import Ground
from duolog.sync.discovery.polling import end, find_active
from duolog.sync.engine.in_step import whole_link
from duolog.sync.marks import INTERACTIVE, UNDO
from duolog.sync.models import BindingState, JournalEntry, Link, LinkState, Run, RunKind, RunState
from duolog.sync.shown.progress import note_progress
from duolog.sync.undo.writes import Result, undo_of_link
from duolog.work.marks import mark
from duolog.work.queue import Job

LINKS_AT_ONCE: Final = 50
NOTHING_LEFT: Final = "Nothing that this run wrote is left to undo."
RUNNING: Final = "This run is not over yet. Stop it, or wait for its end."
PAUSED: Final = "Nothing crosses at present. Go on first, so that the undo reaches Jira."


def undo_run(by: Member, run: Run) -> Run:
    """Begin to undo all that a run wrote; once, however often it is asked for.  Raises Outdated."""
    require(by, Right.BIND, team=run.binding.team)
    if run.state == RunState.RUNNING:
        raise Outdated(RUNNING)
    if run.binding.state != BindingState.ACTIVE:
        raise Outdated(PAUSED)
    with transaction.atomic():
        Run.objects.select_for_update().get(pk=run.pk)
        going = Run.objects.filter(kind=RunKind.UNDO, undoes=run, state=RunState.RUNNING).first()
        if going is not None:
            return going
        total = _left_of(run).count()
        if not total:
            raise Outdated(NOTHING_LEFT)
        made = Run.objects.create(
            binding=run.binding, kind=RunKind.UNDO, undoes=run, started_by=by, total=total,
            is_listed=True,
        )  # fmt: skip
        _left_of(run).update(not_undone="")
        lane = run.binding.connection.lane
        mark(UNDO, f"{run.binding_id}:{made.pk}", lane=lane, priority=INTERACTIVE)
        audit(by.workplace, by, "run undone", f"{run.get_kind_display()} of {run.binding}")
    return made


def undo_step(job: Job) -> None:
    """The next links of a run that is being undone."""
    binding = find_active(job)
    run = (
        Run.objects.select_related("undoes", "started_by__user", "started_by__workplace")
        .filter(pk=int(job.key.partition(":")[2]), state=RunState.RUNNING)
        .first()
    )
    if binding is None or run is None or run.undoes is None or run.started_by is None:
        end(job)
        return
    links = _next_links(run.undoes, job.state.get("below"))
    ground = Ground(binding)
    issues = _issues(ground, links)
    for link in links:
        _undo_link(run, run.started_by, ground, link, issues)
    with transaction.atomic():
        _count(run, is_over=not links)
        end(
            job,
            again_in=0.0 if links else None,
            state={"below": str(links[-1].pk)} if links else {},
        )


def _left_of(run: Run) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(run=run, undone_at=None, link__isnull=False)


def _next_links(run: Run, below: str | None) -> Sequence[Link]:
    rows = _left_of(run).order_by("-link")
    if below is not None:
        rows = rows.filter(link__lt=int(below))
    ids = rows.values_list("link", flat=True).distinct()[:LINKS_AT_ONCE]
    return [whole_link(pk) for pk in ids]


def _issues(ground: Ground, links: Sequence[Link]) -> Mapping[str, Issue]:
    """The issues whose fields are to be compared, at one question for all of them."""
    ids = [link.issue_id for link in links if link.issue_id and link.state != LinkState.ENDED]
    if not ids:
        return {}
    told = ground.client.issues.fetch(ids, fields=ground.read_fields)
    return {issue.id: issue for issue in told.issues}


def _undo_link(
    run: Run, by: Member, ground: Ground, link: Link, issues: Mapping[str, Issue]
) -> None:
    rows = _left_of(run.undoes) if run.undoes else JournalEntry.objects.none()
    entries = list(rows.filter(link=link).order_by("-pk"))
    try:
        issue = issues.get(link.issue_id or "")
        result = undo_of_link(by, ground, link, entries, issue, run=run)
    except Forbidden as error:
        result = Result.none(entries, str(error))
    _keep_words(result)


def _keep_words(result: Result) -> None:
    for kept in result.kept:
        JournalEntry.objects.filter(pk=kept.entry.pk).update(not_undone=kept.why)


def _count(run: Run, *, is_over: bool) -> None:
    written = JournalEntry.objects.filter(run=run.undoes)
    run.found = written.filter(undone_at=None).exclude(not_undone="").count()
    left = written.filter(undone_at=None, not_undone="", link__isnull=False).count()
    run.done = max(run.done, run.total - run.found - left)
    note_progress(run)
    if is_over:
        run.state, run.finished_at = RunState.DONE, timezone.now()
        _tell(run)
    run.save()


def _tell(run: Run) -> None:
    if run.started_by is None:
        return
    words = f"{run.done} of {run.total} writes were undone."
    if run.found:
        words += f" {run.found} were not: the journal says why."
    path = f"/w/{run.started_by.workplace.slug}/journal?run={run.undoes_id}"
    account = run.binding.connection.account_name
    notify([run.started_by], Kind.RUN_FINISHED, words, path, actor_name=account)
