"""`/projects`: projects and solutions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import Router

from duolog.api.callers import caller_of
from duolog.api.naming import named, renamed
from duolog.api.once import create_once
from duolog.api.openapi import ONCE
from duolog.api.shapes import Body, Listing, Moment, Person, RowId, Shape, person
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.workplace import queries, services
from duolog.workplace.models import Project, ProjectKind, ProjectState

router = Router(tags=["Projects"])

NAMES: Final[Mapping[str, str]] = {"lead_id": "lead", "team_ids": "teams"}
"""Our names of fields, by the API's."""


class ProjectShape(Shape):
    """A container of work items; a solution is the same under another name."""

    id: str
    kind: ProjectKind
    name: str
    description: str
    state: ProjectState
    lead: Person | None
    start_on: date | None
    due_on: date | None
    team_ids: list[str]
    created_at: Moment
    archived_at: Moment | None


class ProjectChanges(Body):
    """What can be said of a project; what is left out stays."""

    name: str | None = None
    kind: ProjectKind = ProjectKind.PROJECT
    description: str = ""
    state: ProjectState = ProjectState.ACTIVE
    lead_id: RowId | None = None
    start_on: date | None = None
    due_on: date | None = None
    team_ids: tuple[RowId, ...] = ()


class NewProject(ProjectChanges):
    """A project to be made."""

    name: str


@router.get("/projects", response=Listing[ProjectShape])
@states(Right.VIEW)
def list_projects(request: HttpRequest) -> Listing[ProjectShape]:
    """The projects at work, by name."""
    rows = queries.list_projects(caller_of(request).workplace)
    return Listing[ProjectShape](items=[_project(row.project) for row in rows])


@router.post("/projects", response={201: ProjectShape}, openapi_extra=ONCE)
@states(Right.MANAGE_PROJECTS)
def create_project(request: HttpRequest, body: NewProject) -> HttpResponse:
    """Make a project or solution."""
    caller = caller_of(request)
    fields = renamed(body.model_dump(exclude_unset=True, exclude={"name"}), NAMES)

    def create() -> ProjectShape:
        with named(NAMES):
            return _project(
                services.create_project(caller.workplace, body.name, fields, actor=caller.actor)
            )

    return create_once(request, create)


@router.get("/projects/{int:project_id}", response=ProjectShape)
@states(Right.VIEW)
def read_project(request: HttpRequest, project_id: int) -> ProjectShape:
    """One project, archived or not."""
    return _project(queries.get_project(caller_of(request).workplace, project_id))


@router.patch("/projects/{int:project_id}", response=ProjectShape)
@states(Right.MANAGE_PROJECTS)
def update_project(request: HttpRequest, project_id: int, body: ProjectChanges) -> ProjectShape:
    """Change what is named."""
    changes = renamed(body.model_dump(exclude_unset=True), NAMES)
    with named(NAMES):
        project = services.update_project(project_id, changes, actor=caller_of(request).actor)
    return _project(project)


@router.delete("/projects/{int:project_id}", response={204: None})
@states(Right.MANAGE_PROJECTS)
def archive_project(request: HttpRequest, project_id: int) -> HttpResponse:
    """Take a project out of sight; its items stay with their teams."""
    services.archive_project(project_id, actor=caller_of(request).actor)
    return HttpResponse(status=204)


def _project(project: Project) -> ProjectShape:
    return ProjectShape(
        id=str(project.pk),
        kind=ProjectKind(project.kind),
        name=project.name,
        description=project.description,
        state=ProjectState(project.state),
        lead=person(project.lead),
        start_on=project.start_on,
        due_on=project.due_on,
        team_ids=sorted((str(team.pk) for team in project.teams.all()), key=int),
        created_at=project.created_at,
        archived_at=project.archived_at,
    )
