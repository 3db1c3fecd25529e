"""The projects of the seed, each with a way of its own (see README)."""

from collections.abc import Iterable
from dataclasses import replace

from jirasim.seed.workflows import FLOW_STATUSES, flows, linear
from jirasim.site import catalog
from jirasim.site.agile_catalog import agile_catalog
from jirasim.site.blueprints import BOARD, PLAIN, company_screens, full, screens, simplified
from jirasim.site.model import IssueType, Project, Status
from jirasim.site.permissions import LEADERS, MEMBER, VIEWER
from jirasim.site.state import State

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
    names = {} if state.product.cloud else catalog.SERVER_NAMES
    state.fields.update(
        {
            one.id: replace(one, name=names.get(one.id, one.name))
            for one in fields
            if one.id not in without
        }
    )
    for project in _projects(state):
        state.projects[project.id] = project


def _projects(state: State) -> Iterable[Project]:
    lead = state.people[0]
    members = dict.fromkeys(state.people, (MEMBER,))
    ours = {**members, lead: LEADERS, state.service_account: LEADERS}
    readable = {**ours, state.service_account: (VIEWER,)}
    usual = full(state.product)
    each = tuple(one.id for one in catalog.ONE_OF_EACH)
    everyday = company_screens(state.product, usual)
    rich = company_screens(state.product, (*usual, "security", *each))
    asking = company_screens(state.product, (*usual, catalog.REFERENCE), catalog.REFERENCE)
    asked = company_screens(state.product, (*usual, catalog.REFERENCE))
    types = tuple(one.id for one in catalog.TYPES)
    free = simplified("Software Simplified Workflow for Project FHP", _picked(state, BOARD))
    yield Project("10000", "FHP", "Fernhill Platform", lead, free, types, rich, ours)
    yield Project("10001", "LIN", "Line by Line", lead, linear(), types, everyday, ours)
    yield Project("10002", "REQ", "Requests", lead, free, types, asking, ours)
    team = simplified("Workflow of TEAM", TEAM_STATUSES, number="10003")
    team_types = tuple(one.id for one in TEAM_TYPES)
    plain = screens(TEAM_TYPES, PLAIN)
    yield Project(
        TEAM_ID, "TEAM", "Team Space", lead, team, team_types, plain, ours, team_managed=True
    )
    yield Project("10004", "READ", "Read Only", lead, free, types, everyday, readable)
    yield Project(FLOW_ID, "FLOW", "Workflows", lead, free, types, asked, ours, workflows=flows())


def _picked(state: State, ids: Iterable[str]) -> tuple[Status, ...]:
    return tuple(state.statuses[one] for one in ids)
