"""What a new project begins with: workflow, issue types and screens, by its template."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from jirasim.site import catalog
from jirasim.site.agile_catalog import points_of
from jirasim.site.agile_fields import agile_fields
from jirasim.site.model import IssueType, Project, Status
from jirasim.site.product import Product
from jirasim.site.state import Site
from jirasim.site.workflow import Screen, Transition, Workflow

TEAM_TEMPLATE = "simplified-agility"
DONE = "10000"
BOARD = ("10000", "10001", "3", "10002", "10003")
TEAM_BOARD = (
    ("To Do", catalog.TO_DO),
    ("In Progress", catalog.IN_PROGRESS),
    ("Done", catalog.DONE),
)
TEAM_TYPES = (("Epic", 1), ("Task", 0), ("Subtask", -1))
PLAIN = ("summary", "description", "labels", "assignee", "reporter", "duedate")
FULL = (
    *PLAIN,
    "priority",
    "environment",
    catalog.START_DATE,
    catalog.ACCEPTANCE,
    catalog.STAGE,
    "timetracking",
    "components",
    "fixVersions",
    "versions",
)


def simplified(name: str, statuses: Sequence[Status], *, number: str = "10001") -> Workflow:
    """From every status to every one, as Cloud's simplified workflows go."""
    arrows = tuple(
        Transition(
            id=f"{place}1",
            name=status.name,
            to_status=status.id,
            resolution=DONE if status.category == catalog.DONE else None,
            clears_resolution=status.category != catalog.DONE,
        )
        for place, status in enumerate(statuses, start=1)
    )
    return Workflow(name, statuses[0].id, tuple(one.id for one in statuses), arrows, number)


def screens(
    types: Iterable[IssueType], fields: tuple[str, ...], *required: str
) -> Mapping[str, Screen]:
    """The same fields on the screen of each type; sub-levels also have a parent."""
    needed = frozenset({"summary", *required})
    return {
        one.id: Screen(fields if one.hierarchy_level > 0 else (*fields, "parent"), needed)
        for one in types
    }


def full(product: Product) -> tuple[str, ...]:
    """The fields of company-managed projects."""
    return (*FULL, *points_of(product))


def company_screens(
    product: Product, fields: tuple[str, ...], *required: str
) -> Mapping[str, Screen]:
    """With Jira Software's fields; on Server `parent` is for sub-tasks alone (jira.md 6.1)."""
    mine = agile_fields(product)
    levels = {one.id: one.hierarchy_level for one in catalog.TYPES}
    return {
        type_id: Screen(
            (
                *(one for one in screen.fields if one != "parent" or product.cloud),
                *((mine.epic_name,) if levels[type_id] > 0 else (mine.epic_link,)),
                mine.sprint,
            ),
            screen.required | (set() if product.cloud or levels[type_id] < 1 else {mine.epic_name}),
        )
        if levels[type_id] >= 0
        else screen
        for type_id, screen in screens(catalog.TYPES, fields, *required).items()
    }


def equipped(site: Site, project: Project) -> Project:
    """The project with all that its kind begins with."""
    return _team_managed(site, project) if project.team_managed else _company_managed(site, project)


def _company_managed(site: Site, project: Project) -> Project:
    statuses = [site.state.statuses[one] for one in BOARD]
    name = f"Software Simplified Workflow for Project {project.key}"
    return replace(
        project,
        workflow=simplified(name, statuses, number=site.next_id("workflow", first=10100)),
        issue_types=tuple(one.id for one in catalog.TYPES),
        screens=company_screens(site.product, full(site.product)),
    )


def _team_managed(site: Site, project: Project) -> Project:
    """With statuses and types of its own."""
    statuses = [
        Status(site.next_id("status", first=10100), name, category, project_id=project.id)
        for name, category in TEAM_BOARD
    ]
    types = [
        IssueType(site.next_id("issuetype", first=10100), name, level, project_id=project.id)
        for name, level in TEAM_TYPES
    ]
    site.state.statuses.update({one.id: one for one in statuses})
    site.state.issue_types.update({one.id: one for one in types})
    return replace(
        project,
        workflow=simplified(
            f"Workflow of {project.key}",
            statuses,
            number=site.next_id("workflow", first=10100),
        ),
        issue_types=tuple(one.id for one in types),
        screens=screens(types, PLAIN),
    )
