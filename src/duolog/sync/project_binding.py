"""Binding a project or solution to a Jira project: one epic there, all its items below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction

from duolog.connections.models import Connection
from duolog.core.errors import Refused, Unseen
from duolog.people.audit import audit
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.sync.beginning import begin
from duolog.sync.models import Binding, Start
from duolog.sync.project_epic import kind_of_epics
from duolog.sync.proposal import Proposal, propose
from duolog.sync.rules import Rules, check_jql
from duolog.sync.scopes import (
    Space,
    binding_of_project,
    binding_of_team,
    living_elsewhere,
    named,
)
from duolog.sync.services import (
    Wish,
    checked_map,
    must_be_usable,
    must_serve,
    new_binding,
)
from duolog.workplace.models import Project, Team, WorkItem, WorkItemType


@dataclass(frozen=True, slots=True)
class ProjectWish:
    """What a person asks for when sending a project; `team` gets the new issues from Jira."""

    connection: Connection
    project_key: str
    rules: Rules = field(default_factory=Rules)
    start: Start = Start.EVERYTHING
    team: Team | None = None
    mapping: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class ProjectProposal:
    """What sending a project would mean: how many items go, and which of them do not, or apart.

    `elsewhere` are kept in step with another space and stay there; `epics` are sent beside the
    project's epic, since none can lie below another.
    """

    proposal: Proposal
    team: Team
    elsewhere: tuple[WorkItem, ...]
    epics: tuple[WorkItem, ...]


def propose_project(
    by: Member, project: Project, connection: Connection, project_key: str, team: Team | None = None
) -> ProjectProposal:
    """What sending a project would mean; asks Jira, stores nothing.  Raises Invalid, SyncError."""
    require(by, Right.BIND)
    must_serve(project.workplace_id, connection)
    items = WorkItem.objects.filter(project=project, deleted_at=None)
    receiver = team or _any_team(project)
    try:
        found = propose(receiver, connection, project_key, items=items)
    except Unseen as error:
        raise Invalid({"jira_project_key": f"{error} {error.hint}".strip()}) from error
    _must_have_epics(found)
    space = Space.at(connection, found.project_id)
    elsewhere = living_elsewhere(project, space)
    apart = [item.pk for item in elsewhere]
    epics = items.filter(type=WorkItemType.EPIC).exclude(pk__in=apart).order_by("pk")
    told = replace(
        found,
        items_here=items.count() - len(elsewhere),
        warnings=(*_warnings(elsewhere, list(epics)), *found.warnings),
    )
    return ProjectProposal(told, _receiver(project, space, team), tuple(elsewhere), tuple(epics))


def bind_project(by: Member, project: Project, wish: ProjectWish) -> Binding:
    """Make one epic for the project in the Jira project, and keep its items in step below it.

    Raises Invalid, or SyncError.
    """
    require(by, Right.BIND)
    must_serve(project.workplace_id, wish.connection)
    must_be_usable(wish.connection)
    if binding_of_project(project) is not None:
        raise Invalid({"project_id": "This project is sent to Jira already. Unlink it first."})
    told = propose_project(by, project, wish.connection, wish.project_key, wish.team)
    space = Space.at(wish.connection, told.proposal.project_id)
    if wish.rules.direction == "two_way" and _is_bound_apart(told.team, space):
        raise Invalid(
            {
                "team_id": "New issues from Jira need a team that is not kept in step with another "
                "space: choose one, or send one way."
            }
        )
    asked = Wish(wish.connection, wish.project_key, wish.rules, wish.start, wish.mapping)
    fields = checked_map(told.team, wish.mapping, told.proposal)
    check_jql(wish.connection, told.proposal.project_id, wish.rules.jql)
    with transaction.atomic():
        binding = new_binding(by, told.team, asked, told.proposal, fields)
        binding.project = project
        begin(binding)
        audit(by.workplace, by, "project sent to Jira", f"{project} to {binding.jira_project_key}")
    return binding


def _must_have_epics(found: Proposal) -> None:
    """Jira names no types where we may not create issues: then that is what is wrong."""
    if not found.meta.types and found.warnings:
        raise Invalid({"jira_project_key": " ".join(found.warnings)})
    try:
        kind_of_epics(found.meta, found.fields, found.project_key)
    except Refused as error:
        raise Invalid({"jira_project_key": f"{error} {error.hint}"}) from error


def _any_team(project: Project) -> Team:
    team = project.teams.order_by("pk").first() or Team.objects.filter(
        workplace=project.workplace_id, archived_at=None
    ).order_by("pk").first()  # fmt: skip
    if team is None:
        raise Invalid({"team_id": "Make a team first: new issues from Jira go to one."})
    return team


def _receiver(project: Project, space: Space, asked: Team | None) -> Team:
    """The team that new issues go to: the one asked for, else one that may take them."""
    if asked is not None:
        return asked
    everyone = Team.objects.filter(workplace=project.workplace_id, archived_at=None).order_by("pk")
    of_items = everyone.filter(work_items__project=project).distinct()
    candidates = [*project.teams.order_by("pk"), *of_items, *everyone]
    free = (team for team in candidates if not _is_bound_apart(team, space))
    return next(free, candidates[0])


def _is_bound_apart(team: Team, space: Space) -> bool:
    bound = binding_of_team(team)
    return bound is not None and Space.of(bound) != space


def _warnings(elsewhere: Sequence[WorkItem], epics: Sequence[WorkItem]) -> list[str]:
    words = []
    if elsewhere:
        words.append(
            f"Left out, since they are kept in step with another space: {named(elsewhere)}. They "
            "stay where they are."
        )
    if epics:
        words.append(
            f"An epic cannot lie below another: {named(epics)} will be sent beside the project's "
            "epic, not below it."
        )
    return words
