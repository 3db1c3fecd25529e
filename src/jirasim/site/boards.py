"""Boards: who sees them, which issues are on them, and making and removing them."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from jirasim.jql import JqlError, Query, parse
from jirasim.site import filters
from jirasim.site.agile_fields import agile_fields
from jirasim.site.agile_model import Board, Column, SprintState
from jirasim.site.epics import is_epic, sprints_of
from jirasim.site.errors import Refusal
from jirasim.site.events import BOARD_CREATED, BOARD_DELETED, Event
from jirasim.site.model import Issue, Project, User
from jirasim.site.permissions import may
from jirasim.site.search import context_of
from jirasim.site.state import Site

SCRUM, KANBAN, SIMPLE = "scrum", "kanban", "simple"
BOARD_UNSEEN = (
    "The requested board cannot be viewed because it either does not exist or you do not have "
    "permission to view it."
)
LONGEST_NAME = 255
KEPT_FREE = "fixVersion in unreleasedVersions() OR fixVersion is EMPTY"
"""What kanban boards leave out, as recorded: released work."""


def may_view(site: Site, user: User | None, board: Board) -> bool:
    """Whoever may browse its project, or without one, whoever sees its filter."""
    if board.project_id is not None:
        return may(user, "BROWSE_PROJECTS", site.state.projects.get(board.project_id))
    saved = site.state.filters.get(board.filter_id)
    own = user is not None and user.account_id == board.owner
    return own or (saved is not None and filters.sees(site, user, saved))


def query_of(site: Site, board: Board) -> Query | None:
    """The query of its filter; None when that was deleted."""
    saved = site.state.filters.get(board.filter_id)
    return None if saved is None else parse(saved.jql)


def visible(site: Site, user: User | None, board_id: str) -> Board:
    """The board.  Raises Refusal 404, which Server words as one of a field."""
    found = site.state.boards.get(board_id)
    if found is not None and may_view(site, user, found):
        return found
    if site.product.cloud:
        raise Refusal(404, BOARD_UNSEEN)
    raise Refusal(404, fields={"rapidViewId": BOARD_UNSEEN})


def projects_of(site: Site, user: User | None, board: Board) -> tuple[Project, ...]:
    """The projects that its query names and the user sees, by name."""
    context, query = context_of(site, user), query_of(site, board)
    try:
        named = query.projects(context) if query is not None else None
    except JqlError:
        return ()
    found = [one for one in site.state.projects.values() if one.id in (named or frozenset())]
    shown = context.visible_projects or frozenset()
    return tuple(sorted((one for one in found if one.id in shown), key=lambda one: one.name))


def on_board(site: Site, board: Board) -> Callable[[Issue], bool]:
    """Whether an issue that the query finds has a column; epics have none on a scrum board."""
    shown = frozenset(status for column in board.columns for status in column.statuses)
    with_epics = board.kind == KANBAN
    return lambda issue: issue.status_id in shown and (with_epics or not is_epic(site, issue))


def in_backlog(site: Site, board: Board) -> Callable[[Issue], bool]:
    """Incomplete and in no open sprint; on a board without sprints, in the first column."""
    here = on_board(site, board)
    if board.kind != SCRUM:
        first = board.columns[0].statuses if board.columns else ()
        return lambda issue: here(issue) and issue.status_id in first
    mapped = [column.statuses for column in board.columns if column.statuses]
    done = mapped[-1] if mapped else ()

    def waiting(issue: Issue) -> bool:
        return (
            here(issue)
            and issue.status_id not in done
            and all(one.state is SprintState.CLOSED for one in sprints_of(site, issue))
        )

    return waiting


def keep(site: Site, board: Board) -> Board:
    """Store it."""
    site.state.boards[board.id] = board
    site.revision += 1
    return board


def create(site: Site, actor: User, body: Mapping[str, object]) -> Board:
    """Make a board on a saved filter.  Raises Refusal 400."""
    name, kind = str(body.get("name") or "").strip(), body.get("type")
    if not name or len(name) >= LONGEST_NAME:
        raise Refusal(400, fields={"name": "The board name must have 1 to 254 characters."})
    if kind not in (SCRUM, KANBAN):
        raise Refusal(400, fields={"type": "The board type must be scrum or kanban."})
    filter_id = str(body.get("filterId") or "")
    filters.visible(site, actor).one(filter_id)
    project = _location(site, actor, body.get("location"))
    board = Board(
        id=site.next_id("board", first=1),
        name=name,
        kind=str(kind),
        filter_id=filter_id,
        owner=actor.account_id,
        columns=(),
        project_id=None if project is None else project.id,
        estimation=agile_fields(site.product).points if kind == SCRUM else None,
        sub_query=KEPT_FREE if kind == KANBAN else None,
    )
    if project is None and not site.product.cloud:
        seen = projects_of(site, actor, board)
        board = replace(board, project_id=seen[0].id if seen else None)
    columns = columns_of(site, projects_of(site, actor, board))
    made = keep(site, replace(board, columns=columns))
    site.publish(Event(BOARD_CREATED, site.now(), actor.account_id, subject=made))
    return made


def columns_of(site: Site, projects: tuple[Project, ...]) -> tuple[Column, ...]:
    """A column for each category of status that the projects use, as a fresh board has."""
    used = dict.fromkeys(one for project in projects for one in project.workflow.statuses)
    named = (("To Do", "new"), ("In Progress", "indeterminate"), ("Done", "done"))
    return tuple(
        Column(name, tuple(one for one in used if site.state.statuses[one].category.key == key))
        for name, key in named
    )


def remove(site: Site, actor: User, board: Board) -> None:
    """Delete a board; its sprints stay.  Needs to administer its project, or to own it."""
    project = site.state.projects.get(board.project_id or "")
    if board.owner != actor.account_id and not may(actor, "ADMINISTER_PROJECTS", project):
        raise Refusal(403, "You do not have permission to delete this board.")
    del site.state.boards[board.id]
    site.revision += 1
    site.publish(Event(BOARD_DELETED, site.now(), actor.account_id, subject=board))


def _location(site: Site, actor: User, raw: object) -> Project | None:
    if not isinstance(raw, Mapping) or raw.get("type") != "project":
        return None
    project = site.find_project(str(raw.get("projectKeyOrId") or ""))
    if project is None or not may(actor, "BROWSE_PROJECTS", project):
        raise Refusal(400, fields={"location": "The project of the location does not exist."})
    return project
