"""How links begin: an item wants an issue, an issue nobody knew gets its item.

Whatever was ours already is recognised by its token and never taken in twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from duolog.core.errors import Retryable, Unseen
from duolog.jira.tokens import PROPERTY
from duolog.jira.wire import Issue
from duolog.people.models import Workplace
from duolog.sync.basis.ground import Ground, new_token
from duolog.sync.basis.project_epic import stands_for_a_project
from duolog.sync.basis.scopes import Space, home_of, parted_beside, sends
from duolog.sync.basis.taking import is_wanted
from duolog.sync.basis.wanting import is_being_listed
from duolog.sync.creation.batches import attach, create_again, is_being_created
from duolog.sync.engine.in_step import bring_in_step, settle_job, whole_link
from duolog.sync.engine.moves import begin_links, left_its_home, revive
from duolog.sync.engine.passes import Occasion
from duolog.sync.link.sightings import untaken
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
)
from duolog.work.queue import Job, LeaseLost, finish
from duolog.workplace.models import WorkItem

WAIT_FOR_CREATION: Final = 2.0
"""Seconds before an unknown issue is looked at while one of ours may still lack its id."""


def item_changed(job: Job) -> None:
    """A work item changed: its link is due, or it wants one."""
    item = WorkItem.objects.select_related("team").filter(pk=int(job.key)).first()
    with transaction.atomic():
        # Item before link, as a run that writes here locks them: else the two deadlock.
        settle_job(job)
        if item is not None:
            _mark_item(item)


def _mark_item(item: WorkItem) -> None:
    rows = Link.objects.select_related("binding__connection").filter(work_item=item)
    links = rows.order_by("pk")
    live = [link for link in links if link.state != LinkState.ENDED]
    if live:
        if any(left_its_home(link, item) for link in live):
            return
        mark_links([link for link in live if link.issue_id], priority=INTERACTIVE)
        create_again(
            [link for link in live if link.state == LinkState.CREATING or not link.issue_id]
        )
        return
    binding = home_of(item)
    ended_here = [link for link in links if binding and link.binding_id == binding.pk]
    if binding is None or item.deleted_at is not None:
        return
    if ended_here:
        revive(item, ended_here[-1])
    elif binding.state == BindingState.PREVIEW:
        return
    elif sends(binding, item) and not is_being_listed(binding):
        begin_links(binding, [item.pk])
        mark_binding(CREATE, binding, priority=INTERACTIVE)


def adopt(ground: Ground, issue: Issue, job: Job, *, fence: Callable[[], None]) -> bool:
    """An issue without a link gets its work item; one of our own gets the link that made it.

    False for one that is linked elsewhere: an issue has one home, also while it changes spaces.
    """
    token = _token_of(ground, issue)
    if stands_for_a_project(ground, issue, token):
        with transaction.atomic():
            fence()
        return False
    ours = Link.objects.filter(token=token or "-", issue_id=None).first()
    if ours is not None and ours.binding_id == ground.binding.pk:
        with transaction.atomic():
            attach(ours, issue.id, issue.key)
            mark_binding(CREATE, ground.binding)
            fence()
        return True
    if parted_beside(ground.binding).filter(issue_id=issue.id).exists():
        with transaction.atomic():
            fence()
        return False
    if (ours is not None and ours.state != LinkState.ENDED) or _lives_elsewhere(ground, issue):
        with transaction.atomic():
            _ask_whether_it_moved(ground, issue)
            fence()
        return False
    link = _link_for(ground, issue)
    if link is None:
        raise Retryable("Another binding has just taken this issue in; we look again.")
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


def _ask_whether_it_moved(ground: Ground, issue: Issue) -> None:
    """A link with an issue of another space that is found in this one follows it by itself."""
    other_space = ~Q(binding__jira_project_id=ground.binding.jira_project_id)
    moved = _elsewhere(ground, issue).filter(other_space, binding__direction=Direction.TWO_WAY)
    ask_to_look(moved.values_list("pk", flat=True))


def _lives_elsewhere(ground: Ground, issue: Issue) -> bool:
    return _elsewhere(ground, issue).exists()


def _elsewhere(ground: Ground, issue: Issue) -> QuerySet[Link]:
    connection = ground.binding.connection
    same_site = Link.objects.filter(
        binding__connection__workplace=connection.workplace_id,
        binding__connection__base_url=connection.base_url,
        issue_id=issue.id,
    )
    return same_site.exclude(binding=ground.binding).exclude(state=LinkState.ENDED)


def _link_for(ground: Ground, issue: Issue) -> Link | None:
    """The one link of an issue in this binding, made where there was none.

    None where another binding was faster: they are made one at a time in a workplace.
    """
    binding = ground.binding
    fresh = Link(
        binding=binding,
        issue_id=issue.id,
        issue_key=issue.key,
        state=LinkState.CREATING,
        token=new_token(),
    )
    with transaction.atomic():
        Workplace.objects.select_for_update(no_key=True).get(pk=binding.connection.workplace_id)
        if _lives_elsewhere(ground, issue):
            return None
        Link.objects.bulk_create([fresh], ignore_conflicts=True)
    return whole_link(Link.objects.get(binding=binding, issue_id=issue.id).pk)


def take_over(binding: Binding) -> None:
    """The links of this scope's last binding to the same Jira project go on in the new one.

    What ended with that binding lives again, with what both sides held; what had ended before
    stays ended, and so does that of which item or issue is linked elsewhere by now.  So nothing
    that was paired is created a second time, on either side.
    """
    before = (
        Binding.objects.filter(
            **(
                {"project": binding.project_id}
                if binding.project_id
                else {"team": binding.team_id, "project": None}
            ),
            jira_project_id=binding.jira_project_id,
            connection__base_url=binding.connection.base_url,
            state=BindingState.ENDED,
        )
        .order_by("-ended_at")
        .first()
    )
    if before is None:
        return
    if before.epic_issue_id:
        binding.epic_issue_id, binding.epic_issue_key = before.epic_issue_id, before.epic_issue_key
        binding.save(update_fields=["epic_issue_id", "epic_issue_key"])
    with_it = Link.objects.filter(binding=before, ended_at=before.ended_at)
    with_it.filter(work_item=None, base_slots=None).delete()
    alive = list(with_it.filter(work_item__deleted_at=None).values_list("pk", flat=True))
    Link.objects.filter(binding=before).update(binding=binding)
    links = _free(binding, Link.objects.filter(pk__in=alive))
    unborn = list(links.filter(base_slots=None).values_list("pk", flat=True))
    links.update(state=LinkState.IN_STEP, ended_at=None)
    links.filter(pk__in=unborn).update(state=LinkState.CREATING)
    ask_to_look(links.exclude(pk__in=unborn).values_list("pk", flat=True))
    mark_binding(CREATE, binding)


def _free(binding: Binding, ended: QuerySet[Link]) -> QuerySet[Link]:
    """Those of which neither the item nor the issue has found another home meanwhile."""
    living = Link.objects.exclude(state=LinkState.ENDED)
    items = living.exclude(work_item=None).values("work_item")
    issues = Space.of(binding).links().exclude(issue_id=None).values("issue_id")
    taken = ended.filter(Q(work_item__in=items) | Q(issue_id__in=issues))
    return ended.exclude(pk__in=list(taken.values_list("pk", flat=True)))


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
    if issue is None or not is_wanted(ground, issue):
        with transaction.atomic():
            settle_job(job)
        return
    adopt(ground, issue, job, fence=lambda: settle_job(job))
