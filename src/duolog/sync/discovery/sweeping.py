"""Compares both sides without being told: hourly by ids and stamps, nightly by all they hold.

What polls and deliveries missed is found here, and made due; what a night finds is reported as
drift, of which there should be none.  Nothing is taken to be gone by its absence from a search.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from duolog.core.errors import Gone
from duolog.core.values import ABSENT, Slot
from duolog.jira import jql
from duolog.jira.client import BULK_FETCH, Query
from duolog.jira.replica import RemoteReplica
from duolog.jira.stamps import stamp_of
from duolog.jira.tokens import PROPERTY
from duolog.jira.wire import Issue
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.link_types import learn_ways
from duolog.sync.basis.scopes import begun_with, known_issues, takes_newcomers
from duolog.sync.basis.seeing import stop_if_hidden
from duolog.sync.basis.wanting import is_being_listed
from duolog.sync.basis.whereabouts import follow_key
from duolog.sync.discovery.polling import below, end, find_active, take_in, unlinked
from duolog.sync.engine.moves import begin_links
from duolog.sync.engine.reappearing import doubted_links, take_up_again
from duolog.sync.link.baseline import load_base
from duolog.sync.link.children import LinkGround
from duolog.sync.local.replica import LocalReplica
from duolog.sync.marks import (
    CREATE,
    LINK,
    ask_to_look,
    ask_to_renew,
    mark_binding,
    mark_links,
)
from duolog.sync.models import Binding, Link, LinkState, Run, RunKind, RunState, Start
from duolog.work.queries import pending
from duolog.work.queue import Job, hold

MOST_NAMED: Final = 100
"""Of more links that drifted than these only their number is kept."""
META_KEPT: Final = timedelta(hours=20)
"""How old what is known of the project may be when a night's comparison begins."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A link believed to be in step that is not: which slots differ from what both sides held."""

    link_id: int
    issue_key: str
    slots: tuple[Slot, ...] = ()


def sweep(job: Job) -> None:
    """Read the ids and stamps of all issues, and make due what is newer, missing or not marked."""
    binding = find_active(job)
    if binding is None or (ground := Ground(binding)).lacks_its_epic:
        end(job)
        return
    expected = _expected(binding)
    seen: dict[str, datetime] = {}
    text = jql.all_of(binding.jira_project_id, below(ground))
    for issue in ground.client.search.each(Query(text, fields=("updated",))):
        seen[issue.id] = issue.updated
        if len(seen) % BULK_FETCH == 0:
            hold(job)
    seen |= _seen_apart(ground, [it for it in expected if it not in seen])
    missing = [link.pk for issue, link in expected.items() if issue not in seen]
    doubted = doubted_links(binding)
    newer = [
        link.pk for issue, link in expected.items()
        if issue in seen and (link.pk in doubted or _is_newer(ground, seen[issue], link))
    ]  # fmt: skip
    take_up_again(binding, seen)
    _take_in_strangers(ground, seen, job)
    if missing and stop_if_hidden(ground):
        end(job)
        return
    with transaction.atomic():
        ask_to_look([*missing, *newer])
        heal(binding)
        end(job)


def compare(job: Job) -> None:
    """Read everything, compare it with what both sides held, and report what drifted."""
    binding = find_active(job)
    if binding is None or (ground := Ground(binding)).lacks_its_epic:
        end(job)
        return
    learn_ways(ground)
    ask_to_renew(binding, older_than=META_KEPT)
    expected = _expected(binding)
    busy = set(pending(LINK, [link.pk for link in expected.values()]))
    drifts: list[Drift] = []
    seen: set[str] = set()
    for issue in _whole(ground, list(expected)):
        seen.add(issue.id)
        follow_key(ground, issue)
        link = expected.get(issue.id)
        if link is None:
            take_in(ground, [issue], job)
        elif str(link.pk) not in busy:
            drifts += _drift(ground, link, issue)
        if len(seen) % BULK_FETCH == 0:
            hold(job)
    take_up_again(binding, seen)
    missing = [link for issue, link in expected.items() if issue not in seen]
    if missing and stop_if_hidden(ground):
        end(job)
        return
    drifts += [Drift(link.pk, link.issue_key) for link in missing]
    with transaction.atomic():
        ask_to_look(drift.link_id for drift in drifts)
        healed = heal(binding)
        _report(binding, len(seen), drifts, healed)
        end(job)


def _expected(binding: Binding) -> Mapping[str, Link]:
    """The links whose issues should be there, by issue."""
    live = Link.objects.filter(binding=binding).exclude(issue_id=None)
    rows = live.exclude(state__in=[LinkState.ENDED, LinkState.CREATING])
    return {str(link.issue_id): link for link in rows.select_related("work_item")}


def _seen_apart(ground: Ground, ids: Sequence[str]) -> dict[str, datetime]:
    """The stamps of issues that the search did not show: read by id, straight from Jira."""
    found: dict[str, datetime] = {}
    for start in range(0, len(ids), BULK_FETCH):
        told = ground.client.issues.fetch(ids[start : start + BULK_FETCH], fields=("updated",))
        found |= {issue.id: issue.updated for issue in told.issues}
        found |= dict.fromkeys(told.unread, timezone.now())
    return found


def _is_newer(ground: Ground, updated: datetime, link: Link) -> bool:
    seen, known = stamp_of(updated), link.issue_stamp
    if ground.dialect.search_tells_whole_seconds:
        return seen.partition(".")[0] > known.partition(".")[0]
    return seen > known


def _take_in_strangers(ground: Ground, seen: Mapping[str, datetime], job: Job) -> None:
    """Issues of the space that nobody here knows are read whole and taken in."""
    binding = ground.binding
    if not takes_newcomers(binding):
        return
    known = set(known_issues(binding))
    fresh = [
        it for it, updated in seen.items() if it not in known and _may_be_new(binding, updated)
    ]
    for start in range(0, len(fresh), BULK_FETCH):
        told = ground.client.issues.fetch(
            fresh[start : start + BULK_FETCH], fields=ground.read_fields, properties=(PROPERTY,)
        )
        take_in(ground, told.issues, job)


def _may_be_new(binding: Binding, updated: datetime) -> bool:
    is_all = binding.start_jira != Start.FROM_NOW_ON
    return is_all or updated >= binding.created_at.replace(microsecond=0)


def heal(binding: Binding) -> int:
    """Make due what moved here without a mark: other versions, items never sent; how many."""
    live = Link.objects.filter(binding=binding).exclude(issue_id=None)
    moved = live.exclude(state__in=[LinkState.ENDED, LinkState.CREATING]).exclude(
        work_item__version=F("item_version")
    )
    asked = Q(state=LinkState.HELD, work_item__deleted_at__isnull=False)  # a person decides
    known = moved.exclude(asked).exclude(work_item=None).select_related("binding__connection")
    links = list(known)
    busy = set(pending(LINK, [link.pk for link in links]))
    forgotten = [link for link in links if str(link.pk) not in busy]
    mark_links(forgotten)
    return len(forgotten) + _send_forgotten(binding)


def _send_forgotten(binding: Binding) -> int:
    if is_being_listed(binding):
        return 0
    items = begun_with(binding, unlinked(binding))
    ids = list(items.values_list("pk", flat=True)[:BULK_FETCH])
    if ids:
        begin_links(binding, ids)
        mark_binding(CREATE, binding)
    return len(ids)


def _whole(ground: Ground, expected: Sequence[str]) -> Iterator[Issue]:
    """Every issue of ours with all its fields: those of the search, then those it does not show."""
    text = jql.all_of(ground.binding.jira_project_id, below(ground))
    query = Query(text, fields=ground.read_fields, properties=(PROPERTY,))
    shown: set[str] = set()
    for issue in ground.client.search.each(query):
        shown.add(issue.id)
        yield issue
    apart = [it for it in expected if it not in shown]
    for start in range(0, len(apart), BULK_FETCH):
        told = ground.client.issues.fetch(
            apart[start : start + BULK_FETCH], fields=ground.read_fields
        )
        yield from told.issues


def _drift(ground: Ground, link: Link, issue: Issue) -> list[Drift]:
    """Where a link at rest differs from what both sides held; newer stamps are merely due."""
    link.refresh_from_db(fields=["issue_stamp", "state", "item_version"])
    if link.state not in (LinkState.IN_STEP, LinkState.DIFFERS):
        ask_to_look([link.pk])
        return []
    base, ways = load_base(link), ground.directions
    around = LinkGround(ground, link)
    there = ways.kept(RemoteReplica(ground.client, issue.id, around).take(issue))
    try:
        here = ways.kept(LocalReplica(ground, around, link).observe())
    except Gone:
        return [Drift(link.pk, link.issue_key)]
    shown = {Slot(d["kind"], d["key"]) for d in link.differences}
    is_same_here = link.work_item is not None and link.work_item.version == link.item_version
    wrong = [
        slot
        for slot in sorted({*base, *there, *here})
        if slot not in shown
        and (
            _moved(there.get(slot, ABSENT), base[slot].remote if slot in base else ABSENT)
            or (
                is_same_here
                and _moved(here.get(slot, ABSENT), base[slot].local if slot in base else ABSENT)
            )
        )
    ]
    return [Drift(link.pk, issue.key, tuple(wrong))] if wrong else []


def _moved(now: object, was: object) -> bool:
    return now != was


def _report(binding: Binding, total: int, drifts: Sequence[Drift], healed: int) -> None:
    Run.objects.create(
        binding=binding,
        kind=RunKind.SWEEP,
        state=RunState.DONE,
        total=total,
        done=total,
        found=len(drifts) + healed,
        drift=[
            {
                "link_id": drift.link_id,
                "issue_key": drift.issue_key,
                "slots": [f"{slot.kind}/{slot.key}" for slot in drift.slots],
            }
            for drift in drifts[:MOST_NAMED]
        ],
        finished_at=timezone.now(),
    )


__all__ = ["Drift", "compare", "heal", "sweep"]
