"""Binding a project or solution to a Jira project: one epic there, all its items below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import IntegrityError, transaction

from duolog.connections.models import Connection
from duolog.core.errors import Refused, Unseen
from duolog.people.audit import audit
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.sync.basis.project_epic import kind_of_epics
from duolog.sync.basis.scopes import (
    Space,
    binding_of_project,
    binding_of_team,
    living_elsewhere,
    named,
    teams_of,
)
from duolog.sync.binding.beginning import begin
from duolog.sync.binding.checking import checked_map
from duolog.sync.binding.examining import with_findings
from duolog.sync.binding.proposal import (
    Proposal,
    propose,
    statuses_without_counterpart,
    suggest_for,
)
from duolog.sync.binding.rules import Rules, check_rules
from duolog.sync.binding.services import (
    Wish,
    must_be_usable,
    must_serve,
    new_binding,
)
from duolog.sync.mapping import table_of_team
from duolog.sync.models import Binding, Start
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
    preview: bool = False  # nothing crosses, and no epic is made, before a preview was approved


@dataclass(frozen=True, slots=True)
class ProjectProposal:
    """What sending a project would mean: how many items go, and which of them do not, or apart.

    `teams` are those whose items go, after the one that gets new issues.  `elsewhere` are kept in
    step with another space and stay there; `epics` are sent beside the project's epic, since none
    can lie below another.
    """

    proposal: Proposal
    team: Team
    teams: tuple[Team, ...]
    elsewhere: tuple[WorkItem, ...]
    epics: tuple[WorkItem, ...]

    @property
    def left_out_words(self) -> tuple[str, ...]:
        """Which items do not go below the epic, and why, in sentences."""
        return tuple(_warnings(self.elsewhere, self.epics))


def propose_project(
    by: Member, project: Project, connection: Connection, project_key: str, team: Team | None = None
) -> ProjectProposal:
    """What sending a project would mean; asks Jira, stores nothing.  Raises Invalid, SyncError."""
    require(by, Right.BIND)
    told = _proposed(project, connection, project_key, team)
    binding = Binding(team=told.team, project=project, connection=connection)
    return replace(told, proposal=with_findings(told.proposal, binding))


def _proposed(
    project: Project, connection: Connection, project_key: str, team: Team | None
) -> ProjectProposal:
    """The same before the link doctor has looked."""
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
    goes_to = _receiver(project, space, team)
    if goes_to != receiver:
        found = replace(found, fields=suggest_for(goes_to, found.meta, found.accounts))
    teams = teams_of(Binding(team=goes_to, project=project, connection=connection))
    apart = [item.pk for item in elsewhere]
    epics = items.filter(type=WorkItemType.EPIC).exclude(pk__in=apart).order_by("pk")
    unpaired = statuses_without_counterpart(teams[1:], found.meta)
    told = replace(
        found,
        items_here=items.count() - len(elsewhere),
        warnings=(*_warnings(elsewhere, list(epics)), *found.warnings, *unpaired),
    )
    return ProjectProposal(told, goes_to, tuple(teams), tuple(elsewhere), tuple(epics))


def bind_project(by: Member, project: Project, wish: ProjectWish) -> Binding:
    """Make one epic for the project in the Jira project, and keep its items in step below it.

    Raises Invalid, or SyncError.
    """
    require(by, Right.BIND)
    _must_be_free(project, wish)
    told = _proposed(project, wish.connection, wish.project_key, wish.team)
    space = Space.at(wish.connection, told.proposal.project_id)
    if wish.rules.direction == "two_way" and _is_bound_apart(told.team, space):
        raise Invalid(
            {
                "team_id": "New issues from Jira need a team that is not kept in step with another "
                "space: choose one, or send one way."
            }
        )
    mapping = _for_receiver(wish.mapping, told.team)
    asked = Wish(
        wish.connection,
        wish.project_key,
        wish.rules,
        wish.start,
        mapping,
        preview=wish.preview,
    )
    fields = checked_map(told.team, mapping, told.proposal)
    jira_project = told.proposal.project_id
    check_rules(project.workplace_id, wish.rules, wish.connection, jira_project, Rules())
    binding = new_binding(by, told.team, asked, told.proposal, fields)
    binding.project = project
    try:
        with transaction.atomic():
            begin(binding)
            words = f"{project} to {binding.jira_project_key}"
            audit(by.workplace, by, "project sent to Jira", words)
    except IntegrityError:
        _must_be_free(project, wish)  # somebody else sent it while Jira was asked
        raise
    return binding


def _must_be_free(project: Project, wish: ProjectWish) -> None:
    must_serve(project.workplace_id, wish.connection)
    must_be_usable(wish.connection)
    if binding_of_project(project) is not None:
        raise Invalid({"project_id": "This project is sent to Jira already. Unlink it first."})


def _for_receiver(mapping: Mapping[str, object] | None, team: Team) -> Mapping[str, object] | None:
    """The tables with that of the receiving team's statuses in its place."""
    if mapping is None:
        return None
    own = table_of_team(team.pk)
    rest = {name: table for name, table in mapping.items() if name != own}
    return {**rest, "statuses": mapping[own]} if own in mapping else rest


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
