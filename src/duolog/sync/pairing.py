"""How links begin: an item wants an issue, an issue nobody knew gets its item.

Whatever was ours already is recognised by its token and never taken in twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from django.db import transaction

from duolog.core.errors import Retryable, Unseen
from duolog.jira.tokens import PROPERTY
from duolog.jira.wire import Issue
from duolog.sync.creation import attach, create_again, is_being_created
from duolog.sync.engine import bring_in_step, settle_job, whole_link
from duolog.sync.ground import Ground, new_token
from duolog.sync.marks import (
    CREATE,
    INTERACTIVE,
    ask_to_look,
    mark_binding,
    mark_links,
    wake_family,
)
from duolog.sync.models import (
    Binding,
    BindingState,
    Direction,
    Link,
    LinkState,
    Run,
    RunKind,
    RunState,
)
from duolog.sync.passes import Occasion
from duolog.sync.sightings import untaken
from duolog.work.queue import Job, LeaseLost, finish
from duolog.workplace.models import WorkItem

WAIT_FOR_CREATION: Final = 2.0
"""Seconds before an unknown issue is looked at while one of ours may still lack its id."""


def item_changed(job: Job) -> None:
    """A work item changed: its link is due, or it wants one."""
    item = WorkItem.objects.select_related("team").filter(pk=int(job.key)).first()
    with transaction.atomic():
        if item is not None:
            _mark_item(item)
        settle_job(job)


def _mark_item(item: WorkItem) -> None:
    links = Link.objects.select_related("binding__connection").filter(work_item=item)
    live = [link for link in links if link.state != LinkState.ENDED]
    if live:
        mark_links([link for link in live if link.issue_id], priority=INTERACTIVE)
        create_again(
            [link for link in live if link.state == LinkState.CREATING or not link.issue_id]
        )
        return
    binding = (
        Binding.objects.select_related("connection")
        .filter(team=item.team_id)
        .exclude(state=BindingState.ENDED)
        .first()
    )
    ended_here = {link.binding_id for link in links}
    if binding is None or binding.pk in ended_here or item.deleted_at is not None:
        return
    if binding.state != BindingState.PREVIEW and not is_being_listed(binding):
        want_issues(binding, [item.pk])
        mark_binding(CREATE, binding, priority=INTERACTIVE)


def is_being_listed(binding: Binding) -> bool:
    """Whether the first send has yet to list what there is; then it will list this item too.

    The run is locked, so that an item is either seen by the list or comes after it.
    """
    runs = Run.objects.select_for_update().filter(binding=binding, kind=RunKind.SEND)
    return any(not run.is_listed for run in runs.filter(state=RunState.RUNNING))


def want_issues(binding: Binding, item_ids: Sequence[int]) -> None:
    """These items are to get an issue each; one that has a link already keeps it."""
    Link.objects.bulk_create(
        [
            Link(binding=binding, work_item_id=pk, state=LinkState.CREATING, token=new_token())
            for pk in item_ids
        ],
        ignore_conflicts=True,
    )


def adopt(ground: Ground, issue: Issue, job: Job, *, fence: Callable[[], None]) -> bool:
    """An issue without a link gets its work item; one of our own gets the link that made it.

    False for one that is linked elsewhere: an issue has one home, also while it changes spaces.
    """
    ours = Link.objects.filter(token=_token_of(ground, issue) or "-", issue_id=None).first()
    if ours is not None and ours.binding_id == ground.binding.pk:
        with transaction.atomic():
            attach(ours, issue.id, issue.key)
            mark_binding(CREATE, ground.binding)
            fence()
        return True
    if (ours is not None and ours.state != LinkState.ENDED) or _lives_elsewhere(ground, issue):
        with transaction.atomic():
            fence()
        return False
    link = _link_for(ground.binding, issue)
    if link.state == LinkState.CREATING and link.sent is None:
        bring_in_step(link, ground, Occasion(fence, job, untaken(link), issue))
        wake_family([link])
    else:
        with transaction.atomic():
            fence()
    return True


def _token_of(ground: Ground, issue: Issue) -> str | None:
    try:
        return ground.token_of(issue)
    except Unseen as error:
        raise Retryable(f"Issue {issue.key} went away while we read it; we look again.") from error


def _lives_elsewhere(ground: Ground, issue: Issue) -> bool:
    connection = ground.binding.connection
    same_site = Link.objects.filter(
        binding__connection__workplace=connection.workplace_id,
        binding__connection__base_url=connection.base_url,
        issue_id=issue.id,
    )
    return same_site.exclude(binding=ground.binding).exclude(state=LinkState.ENDED).exists()


def _link_for(binding: Binding, issue: Issue) -> Link:
    """The one link of an issue in this binding, made where there was none."""
    fresh = Link(
        binding=binding,
        issue_id=issue.id,
        issue_key=issue.key,
        state=LinkState.CREATING,
        token=new_token(),
    )
    with transaction.atomic():
        Link.objects.bulk_create([fresh], ignore_conflicts=True)
    return whole_link(Link.objects.get(binding=binding, issue_id=issue.id).pk)


def take_over(binding: Binding) -> None:
    """The links of this team's last binding to the same project go on in the new one.

    What ended with that binding lives again, with what both sides held; what had ended before
    stays ended.  So nothing that was paired is created a second time, on either side.
    """
    before = (
        Binding.objects.filter(
            team=binding.team_id,
            jira_project_id=binding.jira_project_id,
            connection__base_url=binding.connection.base_url,
            state=BindingState.ENDED,
        )
        .order_by("-ended_at")
        .first()
    )
    if before is None:
        return
    with_it = Link.objects.filter(binding=before, ended_at=before.ended_at)
    with_it.filter(work_item=None, base_slots=None).delete()
    alive = list(with_it.filter(work_item__deleted_at=None).values_list("pk", flat=True))
    Link.objects.filter(binding=before).update(binding=binding)
    links = Link.objects.filter(pk__in=alive)
    unborn = list(links.filter(base_slots=None).values_list("pk", flat=True))
    links.update(state=LinkState.IN_STEP, ended_at=None)
    links.filter(pk__in=unborn).update(state=LinkState.CREATING)
    ask_to_look(links.exclude(pk__in=unborn).values_list("pk", flat=True))
    mark_binding(CREATE, binding)


def newcomer(job: Job) -> None:
    """An issue told of by a delivery or a poll that had no link then."""
    binding_id, _, issue_id = job.key.partition(":")
    binding = (
        Binding.objects.select_related("connection__workplace", "team__workplace")
        .filter(pk=int(binding_id), state=BindingState.ACTIVE, direction=Direction.TWO_WAY)
        .first()
    )
    link = Link.objects.filter(binding=int(binding_id), issue_id=issue_id).first()
    if binding is None or (link is not None and link.work_item_id is not None):
        with transaction.atomic():
            if link is not None:
                mark_links([whole_link(link.pk)])
            settle_job(job)
        return
    if is_being_created(binding):
        with transaction.atomic():
            if not finish(job, again_in=WAIT_FOR_CREATION):
                raise LeaseLost
        return
    _look_at_newcomer(Ground(binding), issue_id, job)


def _look_at_newcomer(ground: Ground, issue_id: str, job: Job) -> None:
    try:
        issue = ground.client.issues.get(
            issue_id, fields=ground.read_fields, properties=(PROPERTY,)
        )
    except Unseen:
        issue = None  # deleted since, or never ours to see: there is nothing to take in
    if issue is None or not belongs(ground.binding, issue):
        with transaction.atomic():
            settle_job(job)
        return
    adopt(ground, issue, job, fence=lambda: settle_job(job))


def belongs(binding: Binding, issue: Issue) -> bool:
    """Whether the issue lies in the binding's project."""
    project = issue.known.project
    return project is not None and project.id == binding.jira_project_id
