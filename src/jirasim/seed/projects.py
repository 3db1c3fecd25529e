"""The projects of the seed, each with a way of its own (see README)."""

from collections.abc import Iterable, Mapping

from jirasim.seed.workflows import FLOW_STATUSES, flows, linear, simplified
from jirasim.site import catalog
from jirasim.site.agile_catalog import agile_catalog, points_of
from jirasim.site.agile_fields import agile_fields
from jirasim.site.model import IssueType, Project, Status
from jirasim.site.permissions import ADMINISTRATOR, MEMBER, VIEWER
from jirasim.site.product import Product
from jirasim.site.state import State
from jirasim.site.workflow import Screen

TEAM_ID = "10003"
FLOW_ID = "10050"
TEAM_STATUSES = (
    Status("10020", "To Do", catalog.TO_DO, project_id=TEAM_ID),
    Status("10021", "In Progress", catalog.IN_PROGRESS, project_id=TEAM_ID),
    Status("10022", "Done", catalog.DONE, project_id=TEAM_ID),
)
TEAM_TYPES = (
    IssueType("10020", "Epic", 1, "A collection of tasks.", TEAM_ID),
    IssueType("10021", "Task", 0, "A piece of work.", TEAM_ID),
    IssueType("10022", "Subtask", -1, "A part of a task.", TEAM_ID),
)
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
SIMPLIFIED = ("10000", "10001", "3", "10002", "10003")


def add_projects(state: State) -> None:
    """Put the projects, with everything they use, into the state."""
    state.statuses.update(
        {one.id: one for one in (*catalog.STATUSES, *TEAM_STATUSES, *FLOW_STATUSES)}
    )
    state.priorities.update({one.id: one for one in catalog.PRIORITIES})
    state.resolutions.update({one.id: one for one in catalog.RESOLUTIONS})
    state.issue_types.update({one.id: one for one in (*catalog.TYPES, *TEAM_TYPES)})
    state.link_types.update({one.id: one for one in catalog.LINK_TYPES})
    state.counters["link type"] = max(int(one.id) for one in catalog.LINK_TYPES)
    without = catalog.SERVER_ONLY if state.product.cloud else catalog.CLOUD_ONLY
    fields = (*catalog.FIELDS, *agile_catalog(state.product))
    state.fields.update({one.id: one for one in fields if one.id not in without})
    for project in _projects(state):
        state.projects[project.id] = project


def _projects(state: State) -> Iterable[Project]:
    lead = state.people[0]
    members = dict.fromkeys(state.people, MEMBER)
    ours = {**members, lead: ADMINISTRATOR, state.service_account: ADMINISTRATOR}
    readable = {**ours, state.service_account: VIEWER}
    full = (*FULL, *points_of(state.product))
    each = tuple(one.id for one in catalog.ONE_OF_EACH)
    everyday = _agile(state.product, _screens(catalog.TYPES, full))
    rich = _agile(state.product, _screens(catalog.TYPES, (*full, *each)))
    asking = _agile(
        state.product, _screens(catalog.TYPES, (*full, catalog.REFERENCE), catalog.REFERENCE)
    )
    asked = _agile(state.product, _screens(catalog.TYPES, (*full, catalog.REFERENCE)))
    types = tuple(one.id for one in catalog.TYPES)
    free = simplified("Software Simplified Workflow for Project FHP", _picked(state, SIMPLIFIED))
    yield Project("10000", "FHP", "Fernhill Platform", lead, free, types, rich, ours)
    yield Project("10001", "LIN", "Line by Line", lead, linear(), types, everyday, ours)
    yield Project("10002", "REQ", "Requests", lead, free, types, asking, ours)
    team = simplified("Workflow of TEAM", TEAM_STATUSES, number="10003")
    team_types = tuple(one.id for one in TEAM_TYPES)
    plain = _screens(TEAM_TYPES, PLAIN)
    yield Project(
        TEAM_ID, "TEAM", "Team Space", lead, team, team_types, plain, ours, team_managed=True
    )
    yield Project("10004", "READ", "Read Only", lead, free, types, everyday, readable)
    yield Project(FLOW_ID, "FLOW", "Workflows", lead, free, types, asked, ours, workflows=flows())


def _picked(state: State, ids: Iterable[str]) -> tuple[Status, ...]:
    return tuple(state.statuses[one] for one in ids)


def _agile(product: Product, screens: Mapping[str, Screen]) -> Mapping[str, Screen]:
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
        for type_id, screen in screens.items()
    }


def _screens(
    types: Iterable[IssueType], fields: tuple[str, ...], *required: str
) -> Mapping[str, Screen]:
    needed = frozenset({"summary", *required})
    return {
        one.id: Screen(fields if one.hierarchy_level > 0 else (*fields, "parent"), needed)
        for one in types
    }
