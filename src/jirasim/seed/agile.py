"""Boards, sprints and epics of the seed.  Writes straight into the state, without events."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice

from jirasim.site.agile_catalog import COLOR_FIELD_PREFIX
from jirasim.site.agile_fields import agile_fields
from jirasim.site.agile_model import Board, Column, QuickFilter, Sprint, SprintState
from jirasim.site.boards import KANBAN, KEPT_FREE, SCRUM, SIMPLE
from jirasim.site.model import Issue, Project
from jirasim.site.saved import Filter, Share
from jirasim.site.state import State

SCRUM_COLUMNS = (
    Column("To Do", ("10000", "10001")),
    Column("In Progress", ("3",)),
    Column("In Review", ("10002",)),
    Column("Done", ("10003",)),
)
KANBAN_COLUMNS = (
    Column("Backlog", ("10000",)),
    Column("Selected for Development", ("10001",), most=20),
    Column("In Progress", ("3",), least=1, most=10),
    Column("Review", ("10002",), most=5),
    Column("Done", ("10003",)),
)
QUICK_FILTERS = (
    QuickFilter("1", "Only My Issues", "assignee = currentUser()", "Issues assigned to me"),
    QuickFilter("2", "Recently Updated", "updated >= -1d", "Issues changed since yesterday"),
)
SPRINT_LENGTH = timedelta(days=14)
PER_SPRINT = 12
KANBAN_NAME = "FHP Kanban"


def add_agile(state: State, *, now: datetime) -> None:
    """Two boards for FHP and one for TEAM; two closed sprints, an active and a future one."""
    projects = {one.key: one for one in state.projects.values()}
    for board in _boards(state, projects):
        state.boards[board.id] = board
        saved = _filter(board, state.projects[board.project_id or ""])
        state.filters[saved.id] = saved
        state.counters["filter"] = state.counters["share"] = int(saved.id)
    state.counters["board"] = len(state.boards)
    for sprint in _sprints(now):
        state.sprints[sprint.id] = sprint
    state.counters["sprint"] = len(state.sprints)
    _name_epics(state)
    _fill_sprints(state)


def _boards(state: State, projects: dict[str, Project]) -> Iterator[Board]:
    platform = projects["FHP"]
    owner = state.people[0]
    scrum = Board("1", "FHP board", SCRUM, "10000", owner, SCRUM_COLUMNS, platform.id)
    estimation = agile_fields(state.product).points
    yield replace(scrum, estimation=estimation, quick_filters=QUICK_FILTERS)
    kanban = replace(scrum, id="2", name=KANBAN_NAME, kind=KANBAN, filter_id="10001")
    yield replace(kanban, columns=KANBAN_COLUMNS, sub_query=KEPT_FREE)
    team = projects.get("TEAM")
    if team is not None:
        names = {one.id: one.name for one in state.statuses.values()}
        columns = tuple(Column(names[one], (one,)) for one in team.workflow.statuses)
        kind = SIMPLE if state.product.cloud else KANBAN
        yield Board("3", "TEAM board", kind, "10002", owner, columns, team.id)


def _filter(board: Board, project: Project) -> Filter:
    """What Jira saves along with a board, for all who see its project."""
    query = f"project = {project.key} ORDER BY Rank ASC"
    shares = (Share(board.filter_id, "project", project_id=project.id),)
    return Filter(board.filter_id, f"Filter for {board.name}", query, board.owner, shares=shares)


def _sprints(now: datetime) -> Iterator[Sprint]:
    """The active one began five days ago; a sprint follows right after the one before."""
    begun = (now - timedelta(days=5)).replace(microsecond=0)
    for number, offset in ((1, -2), (2, -1), (3, 0)):
        start = begun + offset * SPRINT_LENGTH
        over = offset < 0
        yield Sprint(
            id=str(number),
            board_id="1",
            name=f"FHP Sprint {number}",
            created=start - timedelta(days=3),
            position=number,
            state=SprintState.CLOSED if over else SprintState.ACTIVE,
            goal="Fewer questions to support" if number == 2 else "",
            start=start,
            end=start + SPRINT_LENGTH,
            activated=start,
            completed=start + SPRINT_LENGTH - timedelta(hours=1) if over else None,
        )
    yield Sprint("4", "1", "FHP Sprint 4", begun, 4)


def _name_epics(state: State) -> None:
    mine = agile_fields(state.product)
    for number, issue in enumerate(_epics(state), start=1):
        color = f"{COLOR_FIELD_PREFIX}{number % 14 + 1}"
        custom = {**issue.custom, mine.epic_name: issue.summary, mine.epic_color: color}
        state.issues[issue.id] = replace(issue, custom=custom)


def _epics(state: State) -> list[Issue]:
    kinds = state.issue_types
    return [one for one in state.issues.values() if kinds[one.type_id].hierarchy_level == 1]


def _fill_sprints(state: State) -> None:
    """Finished work in the closed sprints by turns, begun work in the active one, and so on."""
    room = {
        "done": islice(cycle(("1", "2")), 2 * PER_SPRINT),
        "indeterminate": islice(cycle(("3",)), PER_SPRINT),
        "new": islice(cycle(("4",)), PER_SPRINT),
    }
    standard = {key for key, one in state.issue_types.items() if one.hierarchy_level == 0}
    for issue in list(state.issues.values()):
        if not room:
            break
        category = state.statuses[issue.status_id].category.key
        if issue.type_id not in standard or category not in room:
            continue
        sprint_id = next(room[category], None)
        if sprint_id is None:
            del room[category]
        else:
            state.issues[issue.id] = replace(issue, sprints=(sprint_id,))
