"""Every write to projects and solutions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from duolog.people.audit import audit
from duolog.people.errors import Forbidden, Invalid
from duolog.people.models import Member, Workplace
from duolog.people.rights import Right
from duolog.people.text import read_name
from duolog.people.tokens import Clock
from duolog.workplace.actors import Actor
from duolog.workplace.lookups import lock_project
from duolog.workplace.models import Project, ProjectKind, ProjectState, Team
from duolog.workplace.reading import (
    Wrong,
    read_choice,
    read_day,
    read_fields,
    read_row,
    read_text,
)


@transaction.atomic
def create_project(
    workplace: Workplace, name: str, fields: Mapping[str, object] | None = None, *, actor: Actor
) -> Project:
    """A new project or solution; `fields` takes whatever `update_project` takes."""
    if actor.member is not None and actor.member.workplace_id != workplace.pk:
        raise Forbidden("You are not a member of this workplace.")
    actor.must(Right.MANAGE_PROJECTS)
    values = read_fields(_READERS, workplace.pk, {**(fields or {}), "name": name})
    teams = values.pop("teams", ())
    project = Project.objects.create(workplace=workplace, **values)
    project.teams.set(teams)
    audit(workplace, actor.member, "project created", project.name)
    return project


@transaction.atomic
def update_project(project_id: int, changes: Mapping[str, object], *, actor: Actor) -> Project:
    """Store the named fields: name, description, kind, state, lead, start_on, due_on, teams."""
    project = lock_project(project_id, actor)
    values = read_fields(_READERS, project.workplace_id, changes)
    teams = values.pop("teams", None)
    for field, value in values.items():
        setattr(project, field, value)
    project.save(update_fields=list(values))
    if teams is not None:
        project.teams.set(teams)
    return project


@transaction.atomic
def archive_project(project_id: int, *, actor: Actor, clock: Clock = timezone.now) -> Project:
    """Take the project out of sight; its work items stay with their teams."""
    project = lock_project(project_id, actor)
    if project.archived_at is None:
        project.archived_at = clock()
        project.save(update_fields=["archived_at"])
        audit(project.workplace, actor.member, "project archived", project.name)
    return project


def _name(_workplace_id: int, value: object) -> str:
    try:
        return read_name(read_text(value), most=120)
    except Invalid as invalid:
        raise Wrong(str(invalid)) from invalid


def _lead(workplace_id: int, value: object) -> Member | None:
    here = Member.objects.filter(workplace_id=workplace_id, left_at=None)
    return read_row(here, value, "Choose a member of this workplace.")


def _teams(workplace_id: int, value: object) -> tuple[Team, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise Wrong("Give the teams as a list.")
    here = Team.objects.filter(workplace_id=workplace_id)
    found = (read_row(here, each, "Choose teams of this workplace.") for each in value)
    return tuple(team for team in found if team is not None)


_READERS: Final[Mapping[str, Callable[[int, object], Any]]] = {
    "name": _name,
    "description": lambda _workplace_id, value: read_text(value),
    "kind": lambda _workplace_id, value: read_choice(ProjectKind, value),
    "state": lambda _workplace_id, value: read_choice(ProjectState, value),
    "lead": _lead,
    "start_on": lambda _workplace_id, value: read_day(value),
    "due_on": lambda _workplace_id, value: read_day(value),
    "teams": _teams,
}
