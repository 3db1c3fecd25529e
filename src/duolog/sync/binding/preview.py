"""Makes a preview: looks at both sides page by page, decides as a pass would, and writes nothing.

What would be done is kept as rows, so that a preview of any size takes the memory of one page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from duolog.core.errors import Gone, Refused, Unseen
from duolog.core.reconcile import Plan
from duolog.core.values import ABSENT, Side, Snapshot
from duolog.jira import jql
from duolog.jira.client import BULK_FETCH, Query
from duolog.jira.tokens import PROPERTY
from duolog.jira.wire import Issue
from duolog.people.audit import audit
from duolog.people.errors import Outdated
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.scopes import items_of
from duolog.sync.discovery.polling import below, end
from duolog.sync.engine.in_step import look, whole_link
from duolog.sync.engine.moves import rejoin
from duolog.sync.engine.passes import Occasion, plan_of
from duolog.sync.link import facts
from duolog.sync.link.baseline import to_json
from duolog.sync.local.fields import item_snapshot
from duolog.sync.marks import INTERACTIVE, PREVIEW, mark_preview
from duolog.sync.models import (
    Act,
    Binding,
    BindingState,
    EntryState,
    Link,
    LinkState,
    Preview,
    PreviewEntry,
    PreviewState,
    Start,
)
from duolog.work.queue import Job
from duolog.workplace.models import WorkItem

STEP: Final = BULK_FETCH
HERE, LINKED, THERE = "here", "linked", "there"
RUNNING: Final = "This binding works at present. Pause it first, then nothing moves while you look."
BUSY: Final = "What was approved is being carried out. Wait until that is done."


def begin_preview(by: Member, binding: Binding) -> Preview:
    """Look at all that a binding would do; until it is approved nothing crosses.

    Raises Outdated for a binding that works.
    """
    require(by, Right.BIND, team=binding.team)
    with transaction.atomic():
        row = Binding.objects.select_for_update().get(pk=binding.pk)
        if row.state not in (BindingState.PAUSED, BindingState.PREVIEW):
            raise Outdated(RUNNING)
        made = make_anew(row, by)
        Binding.objects.filter(pk=row.pk).update(state=BindingState.PREVIEW)
        audit(by.workplace, by, "preview asked for", str(binding))
    binding.refresh_from_db()
    return made


def make_anew(binding: Binding, by: Member | None) -> Preview:
    """A new preview in place of the one there is, in the caller's transaction.  Raises Outdated."""
    former = Preview.objects.filter(binding=binding)
    if former.filter(state=PreviewState.RUNNING).exists():
        raise Outdated(BUSY)
    former.filter(state__in=[PreviewState.MAKING, PreviewState.READY]).update(
        state=PreviewState.DROPPED
    )
    made = Preview.objects.create(binding=binding, rules=facts.of_rules(binding), made_by=by)
    mark_preview(PREVIEW, made, priority=INTERACTIVE)
    return made


def preview_step(job: Job) -> None:
    """The next page of a preview that is being made: items here, links, issues there."""
    preview = (
        Preview.objects.select_related(
            "binding__connection__workplace", "binding__team__workplace", "binding__project"
        )
        .filter(pk=int(job.key.partition(":")[2]), state=PreviewState.MAKING)
        .first()
    )
    if preview is None:
        end(job)
        return
    ground = Ground(preview.binding)
    stage, after = job.state.get("stage", HERE), job.state.get("after", "")
    entries, following = _STAGES[stage](ground, after, job)
    with transaction.atomic():
        _keep(preview, entries)
        if following is None:
            Preview.objects.filter(pk=preview.pk, state=PreviewState.MAKING).update(
                state=PreviewState.READY, ready_at=timezone.now()
            )
            end(job)
        else:
            end(job, again_in=0.0, state={"stage": following[0], "after": following[1]})


def _keep(preview: Preview, entries: Iterable[PreviewEntry]) -> None:
    """Once: a page that was looked at before a kill is looked at again."""
    rows = list(entries)
    for row in rows:
        row.preview = preview
    PreviewEntry.objects.bulk_create(rows, ignore_conflicts=True)


Page = tuple[list[PreviewEntry], tuple[str, str] | None]


def _items_here(ground: Ground, after: str, _job: Job) -> Page:
    """Items that would get an issue; those that have one there already come with the links."""
    binding = ground.binding
    if binding.start == Start.FROM_NOW_ON:
        return [], (LINKED, "")
    wanting = unlinked_items(binding).filter(pk__gt=int(after or 0)).order_by("pk")[:STEP]
    items = list(wanting.prefetch_related("labels").select_related("team"))
    with transaction.atomic():
        rejoined = rejoin(binding, [item.pk for item in items])
    out = set(
        _left_out(binding)
        .filter(issue_id=None, work_item__in=items)
        .values_list("work_item", flat=True)
    )
    entries = [entry_of_item(ground, item) for item in items if item.pk not in rejoined]
    for entry in entries:
        entry.state = EntryState.LEFT_OUT if entry.work_item_id in out else EntryState.OPEN
    return entries, (HERE, str(items[-1].pk)) if len(items) == STEP else (LINKED, "")


def unlinked_items(binding: Binding) -> QuerySet[WorkItem]:
    """Items of the binding's scope that have no issue, those left out among them."""
    taken = Link.objects.filter(binding=binding).exclude(left_out=True, issue_id=None)
    elsewhere = Link.objects.exclude(state=LinkState.ENDED).exclude(work_item=None)
    items = items_of(binding).exclude(links__in=taken)
    return items.exclude(pk__in=elsewhere.values("work_item"))


def _left_out(binding: Binding) -> QuerySet[Link]:
    return Link.objects.filter(binding=binding, left_out=True)


def entry_of_item(ground: Ground, item: WorkItem) -> PreviewEntry:
    """What making an issue of an item would write."""
    snapshot = item_snapshot(item, ground)
    return PreviewEntry(
        act=Act.CREATE_ISSUE,
        work_item=item,
        title=item.title,
        changes=_births(Side.REMOTE, snapshot),
        facts=facts.of_item(snapshot),
    )


def _births(side: Side, snapshot: Snapshot) -> list[list[object]]:
    absent = to_json(ABSENT)
    return [
        [side.value, slot.kind, slot.key, absent, to_json(value)]
        for slot, value in snapshot.items()
        if value not in (None, "", ABSENT)
    ]


def _links(ground: Ground, after: str, job: Job) -> Page:
    """Links of which a side would be written."""
    rows = (
        Link.objects.filter(binding=ground.binding, pk__gt=int(after or 0))
        .exclude(state=LinkState.ENDED, left_out=False)
        .exclude(state=LinkState.CREATING)
        .exclude(issue_id=None)
        .exclude(work_item=None, left_out=True)
        .order_by("pk")
    )
    ids = list(rows.values_list("pk", flat=True)[:STEP])
    entries = entries_of_links(ground, [whole_link(pk) for pk in ids], job)
    return entries, (LINKED, str(ids[-1])) if len(ids) == STEP else (THERE, "")


def entries_of_links(ground: Ground, links: Sequence[Link], job: Job) -> list[PreviewEntry]:
    """What a pass over each of these links would write, where it would."""
    if not links:
        return []
    ids = [str(link.issue_id) for link in links]
    told = ground.client.issues.fetch(ids, fields=ground.read_fields)
    issues = {issue.id: issue for issue in told.issues}
    found = (entry_of_link(ground, link, issues.get(str(link.issue_id)), job) for link in links)
    return [entry for entry in found if entry is not None]


def entry_of_link(ground: Ground, link: Link, issue: Issue | None, job: Job) -> PreviewEntry | None:
    """What a pass over a link would write; None where it would write nothing."""
    if issue is None:
        return None  # gone or hidden: its pass asks a person, as always
    try:
        plan = plan_of(look(link, ground, Occasion(_no_fence, job, issue=issue)))
    except (Gone, Unseen, Refused):
        return None
    if not (plan.changes or plan.conflicts):
        return None
    item = link.work_item
    return PreviewEntry(
        act=Act.UPDATE,
        link=link,
        work_item=item,
        issue_id=issue.id,
        issue_key=issue.key,
        title=item.title if item is not None else issue.key,
        state=EntryState.LEFT_OUT if link.left_out else EntryState.OPEN,
        changes=_writes(plan),
        facts=facts.of_plan(plan),
    )


def _no_fence() -> None:
    """A preview has nothing to fence: it records no pass."""


def _writes(plan: Plan) -> list[list[object]]:
    """The writes, and as writes on neither side what a person would have to settle."""
    told = [
        [c.side.value, c.slot.kind, c.slot.key, to_json(c.expected), to_json(c.value)]
        for c in plan.changes
    ]
    open_ = [each for each in plan.conflicts if each.winner is None]
    return told + [
        ["both", each.slot.kind, each.slot.key, to_json(each.now.local), to_json(each.now.remote)]
        for each in open_
    ]


def _issues_there(ground: Ground, after: str, _job: Job) -> Page:
    """Issues that would become items here."""
    binding = ground.binding
    if not binding.is_two_way or binding.start_jira == Start.FROM_NOW_ON:
        return [], None
    if binding.project_id is not None and not binding.epic_issue_id:
        return [], None  # nothing can lie below an epic that is still to be made
    query = Query(
        jql.all_of(binding.jira_project_id, below(ground), binding.jql), fields=ground.read_fields, properties=(PROPERTY,),
        page_size=STEP,
    )  # fmt: skip
    page = ground.client.search.page(query, after or None)
    known = set(
        Link.objects.filter(
            binding__connection__base_url=binding.connection.base_url,
            binding__connection__workplace=binding.connection.workplace_id,
            issue_id__in=[issue.id for issue in page.issues],
        )
        .exclude(left_out=True, work_item=None)
        .values_list("issue_id", flat=True)
    )
    entries = [entry_of_issue(issue) for issue in page.issues if issue.id not in known]
    ids = [issue.id for issue in page.issues]
    left_out = _left_out(binding).filter(work_item=None, issue_id__in=ids)
    out = set(left_out.values_list("issue_id", flat=True))
    for entry in entries:
        entry.state = EntryState.LEFT_OUT if entry.issue_id in out else EntryState.OPEN
    return entries, (THERE, page.next_page_token) if page.next_page_token else None


def entry_of_issue(issue: Issue) -> PreviewEntry:
    """What making an item of an issue would write."""
    known = issue.known
    named = {
        "title": known.summary,
        "type": known.issue_type.name if known.issue_type else None,
        "status": known.status.name if known.status else None,
        "priority": known.priority.name if known.priority else None,
        "assignee": known.assignee.display_name if known.assignee else None,
        "due_on": known.due.isoformat() if known.due else None,
    }
    absent = to_json(ABSENT)
    return PreviewEntry(
        act=Act.CREATE_ITEM,
        issue_id=issue.id,
        issue_key=issue.key,
        title=known.summary or issue.key,
        changes=[["local", "jira", key, absent, value] for key, value in named.items() if value],
        facts=facts.of_issue(issue),
    )


_STAGES: Final = {HERE: _items_here, LINKED: _links, THERE: _issues_there}
