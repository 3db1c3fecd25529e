"""Teams and projects, with how far the projects are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from duolog.people.errors import NotFound
from duolog.people.models import Workplace
from duolog.workplace.models import Project, Stage, Status, Team, TeamMember, WorkItem


@dataclass(frozen=True, slots=True)
class ProjectProgress:
    """A project and how many of its items are done; canceled ones count for nothing."""

    project: Project
    total: int
    done: int


def list_teams(workplace: Workplace) -> tuple[Team, ...]:
    """The teams at work, by name, with their statuses."""
    teams = (
        workplace.teams.filter(archived_at=None)
        .select_related("workplace")
        .prefetch_related("statuses")
    )
    return tuple(teams.order_by("name", "pk"))


def get_team(workplace: Workplace, name: int | str) -> Team:
    """The team with this id or key prefix, archived or not, or `NotFound`."""
    team = (
        workplace.teams.filter(pk=name)
        if isinstance(name, int)
        else workplace.teams.filter(key_prefix=name.upper())
    ).first()
    if team is None:
        raise NotFound("There is no such team.")
    return team


def find_hidden_team(workplace: Workplace) -> Team | None:
    """The team that stands for all while teams are turned off; None while they are on."""
    return workplace.teams.filter(is_hidden=True).first()


def list_team_members(team: Team) -> tuple[TeamMember, ...]:
    """Who belongs to the team and to the workplace still, by name."""
    places = team.memberships.select_related("member__user").filter(member__left_at=None)
    return tuple(places.order_by("member__user__name", "member_id"))


def get_status(team: Team, status_id: int) -> Status:
    """One of the team's statuses, or `NotFound`."""
    status = team.statuses.filter(pk=status_id).first()
    if status is None:
        raise NotFound("There is no such status in this team.")
    return status


def list_projects(workplace: Workplace) -> tuple[ProjectProgress, ...]:
    """The projects at work, by name, in three queries."""
    projects = workplace.projects.filter(archived_at=None).select_related("lead__user")
    items = WorkItem.objects.filter(project__in=projects.values("pk"), deleted_at=None)
    counted = (
        items.exclude(status__stage=Stage.CANCELED)
        .order_by()
        .values_list("project_id")
        .annotate(total=Count("pk"), done=Count("pk", filter=Q(status__stage=Stage.DONE)))
    )
    progress = {project_id: (total, done) for project_id, total, done in counted}
    return tuple(
        ProjectProgress(project, *progress.get(project.pk, (0, 0)))
        for project in projects.prefetch_related("teams").order_by("name", "pk")
    )


def get_project(workplace: Workplace, project_id: int) -> Project:
    """The project, archived or not, or `NotFound`."""
    project = workplace.projects.select_related("lead__user").filter(pk=project_id).first()
    if project is None:
        raise NotFound("There is no such project.")
    return project
