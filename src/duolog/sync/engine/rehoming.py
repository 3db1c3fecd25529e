"""Issues that were moved in Jira into a space that is bound here, too: the item goes after them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from duolog.core.values import Side
from duolog.jira.wire import Issue
from duolog.notifications.models import Kind
from duolog.notifications.services import notify
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.scopes import Space, binding_of_team
from duolog.sync.basis.taking import is_wanted
from duolog.sync.engine.moves import rehome
from duolog.sync.engine.passes import Occasion
from duolog.sync.engine.retelling import keep_status_of_jira
from duolog.sync.link import record
from duolog.sync.link.causes import Reason, WriteCause
from duolog.sync.link.sightings import last_actor
from duolog.sync.marks import INTERACTIVE, ask_to_look
from duolog.sync.models import Binding, BindingState, Direction, Link
from duolog.workplace.actors import Actor
from duolog.workplace.models import Cause, WorkItem
from duolog.workplace.services.moving import move_to_team

MOVED = "moved"


def follow_issue(link: Link, ground: Ground, issue: Issue, occasion: Occasion) -> bool:
    """Have item and link where the issue lies by now; False where nothing there is bound.

    Both bindings must be two-way: else a move in Jira is not for here.  Raises SyncError.
    """
    home = _home_of(ground.binding, issue)
    if home is None or link.work_item_id is None:
        return False
    actor = last_actor(occasion.news)
    with transaction.atomic():
        record.lock_link(link)
        _move(link, ground, home, Actor(None, actor, Cause.SYNC))
        link.issue_key = issue.key
        link.save(update_fields=["issue_key"])
        record.journal_event(link, Side.LOCAL, MOVED, Reason(WriteCause.JIRA, actor))
        _tell(link, issue, actor)
        ask_to_look([link.pk], priority=INTERACTIVE)
        occasion.fence()
    return True


def _home_of(binding: Binding, issue: Issue) -> Binding | None:
    project = issue.known.project
    if project is None or not binding.is_two_way:
        return None
    found = Space.at(binding.connection, project.id).bindings()
    rows = found.filter(
        state=BindingState.ACTIVE, direction=Direction.TWO_WAY, team__archived_at=None
    )
    taking = (row for row in _teams_first(rows) if is_wanted(Ground(row), issue))
    return next((row for row in taking if _is_home(row)), None)


def _teams_first(rows: Iterable[Binding]) -> Iterable[Binding]:
    return sorted(rows, key=lambda row: (row.project_id is not None, row.pk))


def _is_home(binding: Binding) -> bool:
    """Whether an item of its team and project would be kept in step by it, and by no other."""
    return binding.project_id is None or binding_of_team(binding.team_id) is None


def _move(link: Link, ground: Ground, home: Binding, actor: Actor) -> None:
    before = ground.fields_of_link(link)
    was = WorkItem.objects.get(pk=link.work_item_id or 0)
    changes = {} if home.project_id is None else {"project": home.project_id}
    item = move_to_team(was.pk, home.team_id, changes, actor=actor)
    rehome(link, home)
    link.work_item = item
    keep_status_of_jira(link, before, str(was.status_id), home, str(item.status_id))


def _tell(link: Link, issue: Issue, actor: str) -> None:
    item = link.work_item
    if item is None or item.assignee is None:
        return
    notify(
        [item.assignee],
        Kind.MOVED,
        f"{actor} moved the issue to {issue.key}: it is {item.key} in {item.team.shown_name} now.",
        f"/w/{item.team.workplace.slug}/items/{item.key}",
        actor_name=link.binding.connection.account_name,
    )
