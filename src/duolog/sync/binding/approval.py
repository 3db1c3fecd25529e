"""Approval of a preview, and the carrying out of exactly what was approved.

What an entry rests on is looked at again before anything is written.  An entry that no longer
fits is not carried out: it is made again and waits for another approval.  What was not approved
is left out, and stays out until a person takes it in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from duolog.jira.client import BULK_FETCH
from duolog.jira.tokens import PROPERTY
from duolog.jira.wire import Issue
from duolog.people.audit import audit
from duolog.people.errors import Outdated
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.sync.basis.exclusion import keep_out, take_in
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.wanting import want_issues
from duolog.sync.binding.beginning import go_live
from duolog.sync.binding.preview import entry_of_issue, entry_of_item, entry_of_link, make_anew
from duolog.sync.creation.pairing import adopt
from duolog.sync.discovery.polling import end
from duolog.sync.engine.in_step import bring_in_step, keep_part, whole_link
from duolog.sync.engine.passes import Occasion
from duolog.sync.link import facts
from duolog.sync.link.sightings import untaken
from duolog.sync.local.fields import item_snapshot
from duolog.sync.marks import APPLY, CREATE, INTERACTIVE, mark_binding, mark_preview
from duolog.sync.models import (
    Act,
    Binding,
    BindingState,
    EntryState,
    Preview,
    PreviewEntry,
    PreviewState,
    Run,
    RunKind,
    RunState,
)
from duolog.sync.shown.progress import note_progress
from duolog.work.queue import Job
from duolog.workplace.models import WorkItem

STEP: Final = BULK_FETCH
NOT_READY: Final = "This preview is not waiting for an approval. Look at how far it is."
OTHER_RULES: Final = (
    "The rules or the mapping changed since this preview was made. It is made anew; look at it "
    "again before you approve."
)
MOVED: Final = "It changed since it was approved. Look at it again."
_OFFERED: Final = (EntryState.OPEN, EntryState.ASIDE, EntryState.LEFT_OUT)


def set_aside(by: Member, preview: Preview, entry_ids: Iterable[int], *, aside: bool) -> int:
    """Say of entries that they are not to run when the rest is approved, or that they are."""
    require(by, Right.BIND, team=preview.binding.team)
    if preview.state not in (PreviewState.READY, PreviewState.MAKING):
        raise Outdated(NOT_READY)
    was, now = (EntryState.OPEN, EntryState.ASIDE) if aside else (EntryState.ASIDE, EntryState.OPEN)
    rows = PreviewEntry.objects.filter(preview=preview, pk__in=list(entry_ids), state=was)
    return rows.update(state=now)


def approve(by: Member, preview: Preview, entry_ids: Sequence[int] | None = None) -> Preview:
    """Approve these entries, or all that nobody set aside; the others are left out.

    Raises Outdated where the facts moved; what moved is made again and can then be approved.
    """
    require(by, Right.BIND, team=preview.binding.team)
    _must_fit(by, preview, is_later=entry_ids is not None)
    with transaction.atomic():
        row = _lock(preview, is_later=entry_ids is not None)
        entries = PreviewEntry.objects.filter(preview=row)
        if entry_ids is None:
            chosen = entries.filter(state=EntryState.OPEN)
        else:
            chosen = entries.filter(state__in=_OFFERED, pk__in=list(entry_ids))
        number = chosen.update(state=EntryState.APPROVED)
        rest = entries.filter(state__in=[EntryState.OPEN, EntryState.ASIDE])
        rest.update(state=EntryState.DECLINED)
        row.state = PreviewState.RUNNING
        row.save(update_fields=["state"])
        Run.objects.create(binding=row.binding, kind=RunKind.APPLY, total=number, started_by=by)
        mark_preview(APPLY, row, priority=INTERACTIVE)
        audit(by.workplace, by, "preview approved", f"{number} writes of {row.binding}")
    return row


def _lock(preview: Preview, *, is_later: bool) -> Preview:
    row = Preview.objects.select_for_update(of=("self",)).select_related(
        "binding__connection", "binding__team"
    ).get(pk=preview.pk)  # fmt: skip
    _must_wait(row, is_later=is_later)
    return row


def _must_wait(preview: Preview, *, is_later: bool) -> None:
    """One that is done may still be asked for what was left out, until there is a newer one."""
    waits = (PreviewState.READY, PreviewState.DONE) if is_later else (PreviewState.READY,)
    newer = Preview.objects.filter(binding=preview.binding_id, pk__gt=preview.pk)
    if preview.state not in waits or newer.exists():
        raise Outdated(NOT_READY)


def _must_fit(by: Member, preview: Preview, *, is_later: bool) -> None:
    """Whether the approval is about what there is now, as far as our own side can tell."""
    binding = Binding.objects.get(pk=preview.binding_id)
    _must_wait(preview, is_later=is_later)
    if binding.state == BindingState.PREVIEW and preview.rules != facts.of_rules(binding):
        with transaction.atomic():
            make_anew(binding, by)
        raise Outdated(OTHER_RULES)
    moved = _made_again(preview)
    if moved:
        words = "One entry" if moved == 1 else f"{moved} entries"
        raise Outdated(
            f"{words} changed here since this preview was made. Look again, then approve."
        )


def _made_again(preview: Preview) -> int:
    """Entries of items that changed here since, made again in their place; how many they were."""
    ground, moved, after = Ground(preview.binding), 0, 0
    rows = PreviewEntry.objects.filter(
        preview=preview, act=Act.CREATE_ISSUE, state=EntryState.OPEN, work_item__isnull=False
    ).select_related("work_item__team").prefetch_related("work_item__labels")  # fmt: skip
    changed = rows.filter(work_item__updated_at__gt=preview.made_at)
    while page := list(changed.filter(pk__gt=after).order_by("pk")[:STEP]):
        after = page[-1].pk
        for entry in page:
            if entry.work_item is not None and not _fits_item(ground, entry, entry.work_item):
                _make_again(entry, entry_of_item(ground, entry.work_item))
                moved += 1
    return moved


def _fits_item(ground: Ground, entry: PreviewEntry, item: WorkItem) -> bool:
    return item.deleted_at is None and entry.facts == facts.of_item(item_snapshot(item, ground))


def _make_again(entry: PreviewEntry, fresh: PreviewEntry | None, why: str = MOVED) -> None:
    """The entry in its place as it is now, open; one that there is nothing more to do about goes."""
    if fresh is None:
        entry.delete()
        return
    entry.title, entry.changes, entry.facts = fresh.title, fresh.changes, fresh.facts
    entry.state, entry.why = EntryState.OPEN, why
    entry.save(update_fields=["title", "changes", "facts", "state", "why"])


def apply_step(job: Job) -> None:
    """The next page of what was approved; first what was not is left out, so nothing slips in."""
    preview = (
        Preview.objects.select_related(
            "binding__connection__workplace", "binding__team__workplace", "binding__project",
            "binding__created_by", "made_by",
        )
        .filter(pk=int(job.key.partition(":")[2]), state=PreviewState.RUNNING)
        .first()
    )  # fmt: skip
    if preview is None or preview.binding.state not in _WORKING:
        end(job)
        return
    declined = list(_entries(preview, EntryState.DECLINED)[:STEP])
    if declined:
        with transaction.atomic():
            for entry in declined:
                keep_out(preview.binding, entry)
            end(job, again_in=0.0)
        return
    approved = list(_entries(preview, EntryState.APPROVED)[:STEP])
    if not approved:
        _close(preview, job)
        return
    ground = Ground(preview.binding)
    act = Act(approved[0].act)
    _CARRIERS[act](ground, [each for each in approved if each.act == act], job)
    with transaction.atomic():
        _count(preview)
        end(job, again_in=0.0)


_WORKING: Final = (BindingState.PREVIEW, BindingState.ACTIVE)


def _entries(preview: Preview, state: EntryState) -> QuerySet[PreviewEntry]:
    rows = PreviewEntry.objects.filter(preview=preview, state=state).order_by("act", "pk")
    return rows.select_related("work_item__team", "link").prefetch_related("work_item__labels")


def _carry_items(ground: Ground, entries: Sequence[PreviewEntry], _job: Job) -> None:
    """Items that were approved as they are get their issue; the creation takes it from there."""
    with transaction.atomic():
        ids = [entry.work_item_id for entry in entries if entry.work_item_id]
        locked = WorkItem.objects.select_for_update().filter(pk__in=ids).in_bulk()
        wanted = []
        for entry in entries:
            item = locked.get(entry.work_item_id or 0)
            if item is None or item.deleted_at is not None:
                entry.delete()
            elif _fits_item(ground, entry, item):
                take_in(ground.binding, entry)
                wanted.append(item.pk)
                _done(entry)
            else:
                keep_out(ground.binding, entry)
                _make_again(entry, entry_of_item(ground, item))
        want_issues(ground.binding, wanted)
        mark_binding(CREATE, ground.binding)


def _carry_issues(ground: Ground, entries: Sequence[PreviewEntry], job: Job) -> None:
    """Issues that were approved as they are get their item."""
    issues = _fetched(ground, entries)
    for entry in entries:
        issue = issues.get(entry.issue_id)
        if issue is None:
            entry.delete()
        elif entry.facts == facts.of_issue(issue):
            take_in(ground.binding, entry)
            adopt(ground, issue, job, fence=partial(keep_part, job))
            _done(entry)
        else:
            with transaction.atomic():
                keep_out(ground.binding, entry)
                _make_again(entry, entry_of_issue(issue))


def _carry_updates(ground: Ground, entries: Sequence[PreviewEntry], job: Job) -> None:
    """Links are brought in step where that writes exactly what was approved."""
    issues = _fetched(ground, entries)
    for entry in entries:
        issue, link = issues.get(entry.issue_id), entry.link
        if issue is None or link is None:
            entry.delete()
            continue
        take_in(ground.binding, entry)
        link = whole_link(link.pk)
        try:
            news = untaken(link)
            occasion = Occasion(partial(keep_part, job), job, news, issue, entry.facts)
            bring_in_step(link, ground, occasion)
        except Outdated:
            fresh = entry_of_link(ground, link, issue, job)
            with transaction.atomic():
                if fresh is not None:
                    keep_out(ground.binding, entry)
                _make_again(entry, fresh)
        else:
            _done(entry)


def _fetched(ground: Ground, entries: Sequence[PreviewEntry]) -> dict[str, Issue]:
    ids = [entry.issue_id for entry in entries]
    told = ground.client.issues.fetch(ids, fields=ground.read_fields, properties=(PROPERTY,))
    return {issue.id: issue for issue in told.issues}


_CARRIERS: Final = {
    Act.CREATE_ITEM: _carry_issues,
    Act.CREATE_ISSUE: _carry_items,
    Act.UPDATE: _carry_updates,
}


def _done(entry: PreviewEntry) -> None:
    PreviewEntry.objects.filter(pk=entry.pk).update(state=EntryState.DONE, why="")


def _count(preview: Preview) -> None:
    for run in Run.objects.filter(
        binding=preview.binding, kind=RunKind.APPLY, state=RunState.RUNNING
    ):
        left = _entries(preview, EntryState.APPROVED).count()
        run.done = max(run.done, run.total - left)
        note_progress(run)
        run.save()


def _close(preview: Preview, job: Job) -> None:
    """All that was approved is done: the binding works from now on, with what is not left out."""
    with transaction.atomic():
        is_over = not _entries(preview, EntryState.OPEN).exists()
        now = timezone.now()
        state = PreviewState.DONE if is_over else PreviewState.READY
        Preview.objects.filter(pk=preview.pk).update(state=state, made_at=now)
        runs = Run.objects.filter(
            binding=preview.binding, kind=RunKind.APPLY, state=RunState.RUNNING
        )
        runs.update(state=RunState.DONE, finished_at=now)
        if preview.binding.state == BindingState.PREVIEW:
            go_live(preview.binding)
        end(job)
