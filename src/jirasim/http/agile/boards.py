"""Boards of Jira Software: the list, each board, and what is on it."""

from collections.abc import Sequence

from jirasim.http.agile import lookups
from jirasim.http.agile.issues import by_offset, by_token, counted
from jirasim.http.agile.lookups import board_of, page
from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.rest.issues import words
from jirasim.site import agile_search, boards, epics, sprints
from jirasim.site.agile_model import Board, QuickFilter
from jirasim.site.agile_search import Part
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue
from jirasim.site.parts import Version, versions_of
from jirasim.site.product import on_cloud
from jirasim.wire import agile as wire_agile
from jirasim.wire.entities import Json

KINDS = frozenset({boards.SCRUM, boards.KANBAN, boards.SIMPLE})


def all_boards(call: Call) -> Answer:
    """GET /board: by type, part of the name, project, filter and place."""
    query, site = call.query, call.site
    kinds, name = set(words(query.getlist("type"))), query.get("name", "").casefold()
    if not kinds <= KINDS:
        raise Refusal(400, fields={"type": "The board type must be scrum, kanban or simple."})
    rows = [
        board
        for board in site.state.boards.values()
        if boards.may_view(site, call.caller, board)
        and (not kinds or board.kind in kinds)
        and name in board.name.casefold()
        and query.get("filterId") in {None, "", board.filter_id}
        and _relevant(call, board)
        and _located(call, board)
    ]
    if query.get("orderBy") in {"name", "+name", "-name", " name"}:
        rows.sort(key=lambda one: one.name.casefold(), reverse=query["orderBy"] == "-name")
    return page(call, rows, lambda one: wire_agile.board(call.wire, one))


def _relevant(call: Call, board: Board) -> bool:
    wanted = call.query.get("projectKeyOrId")
    if not wanted:
        return True
    project = call.site.find_project(wanted)
    named = boards.projects_of(call.site, call.caller, board)
    if project is None:
        raise Refusal(400, f"No project could be found with key or id '{wanted}'.")
    return project.id in {one.id for one in named} or board.project_id == project.id


def _located(call: Call, board: Board) -> bool:
    project, owner = call.query.get("projectLocation"), call.query.get("accountIdLocation")
    if not project and not owner:
        return True
    found = call.site.find_project(project or "")
    here = (found is not None and board.project_id == found.id) or (
        bool(owner) and board.project_id is None and board.owner == owner
    )
    return here is not call.flag("negateLocationFiltering")


def create(call: Call) -> Answer:
    """POST /board."""
    made = boards.create(call.site, call.user, call.object())
    return Answer(wire_agile.board(call.wire, made), 201)


def get(call: Call) -> Answer:
    """GET /board/{board}."""
    return Answer(wire_agile.board(call.wire, board_of(call)))


def delete(call: Call) -> Answer:
    """DELETE /board/{board}."""
    boards.remove(call.site, call.user, board_of(call))
    return NO_CONTENT


def by_filter(call: Call) -> Answer:
    """GET /board/filter/{filter}: in a shorter form."""
    rows = [
        board
        for board in call.site.state.boards.values()
        if board.filter_id == call.params["filter"]
        and boards.may_view(call.site, call.caller, board)
    ]
    kept = ("id", "self", "name")
    return page(
        call, rows, lambda one: {key: wire_agile.board(call.wire, one)[key] for key in kept}
    )


def configuration(call: Call) -> Answer:
    """GET …/configuration."""
    return Answer(wire_agile.configuration(call.wire, board_of(call)))


def on_it(call: Call) -> Sequence[Issue]:
    """What has a column, by rank."""
    return agile_search.on(call.site, call.caller, board_of(call), call.query.get("jql", ""))


def backlog(call: Call) -> Sequence[Issue]:
    """What waits."""
    board = board_of(call)
    waiting = Part("backlog", boards.in_backlog(call.site, board))
    return agile_search.on(call.site, call.caller, board, call.query.get("jql", ""), part=waiting)


def board_epics(call: Call) -> Answer:
    """GET …/epic: those that the board's query finds, done or not."""
    board, wanted = board_of(call), call.query.get("done")
    part = Part("epics", lambda one: epics.is_epic(call.site, one))
    rows = agile_search.on(call.site, call.caller, board, "", part=part)
    if wanted:
        rows = [one for one in rows if epics.done(call.site, one) is (wanted.lower() == "true")]
    return page(call, rows, lambda one: wire_agile.epic(call.wire, one))


def in_epic(call: Call) -> Sequence[Issue]:
    """What has a column and is in the epic; `none`: what is in no epic."""
    board, named = board_of(call), call.params.get("epic", "none")
    belongs = boards.on_board(call.site, board)
    wanted = None
    if named != "none":
        wanted = epics.visible_epic(call.site, call.caller, named).id

    def inside(issue: Issue) -> bool:
        found = epics.epic_of(call.site, issue)
        fits = (found.id if found is not None else None) == wanted
        return fits and belongs(issue) and not epics.is_epic(call.site, issue)

    part, jql = Part(("epic", wanted), inside), call.query.get("jql", "")
    return agile_search.on(call.site, call.caller, board, jql, part=part)


def board_sprints(call: Call) -> Answer:
    """GET …/sprint."""
    wanted = sprints.states(words(call.query.getlist("state")))
    rows = [
        one
        for one in sprints.of_board(call.site, board_of(call))
        if not wanted or one.state in wanted
    ]
    return page(call, rows, lambda one: wire_agile.sprint(call.wire, one))


def in_sprint(call: Call) -> Sequence[Issue]:
    """What has a column and is in the sprint."""
    board, sprint = board_of(call), lookups.sprint_of(call)
    belongs = boards.on_board(call.site, board)

    def inside(issue: Issue) -> bool:
        return belongs(issue) and sprint in epics.sprints_of(call.site, issue)

    part, jql = Part(("sprint", sprint.id), inside), call.query.get("jql", "")
    return agile_search.on(call.site, call.caller, board, jql, part=part)


def projects(call: Call) -> Answer:
    """GET …/project and …/project/full."""
    rows = boards.projects_of(call.site, call.caller, board_of(call))
    return page(call, rows, call.wire.entities.project)


def versions(call: Call) -> Answer:
    """GET …/version: those of its projects, released or not."""
    wanted = call.query.get("released")
    rows = [
        version
        for project in boards.projects_of(call.site, call.caller, board_of(call))
        for version in versions_of(call.site.state.versions, project.id)
        if not wanted or version.released is (wanted.lower() == "true")
    ]
    return page(call, rows, lambda one: _version(call, one))


def _version(call: Call, version: Version) -> Json:
    """With numbers as ids, as the agile document has them."""
    ids = {"id": int(version.id), "projectId": int(version.project_id)}
    return {**call.wire.entities.version(version), **ids}


def quick_filters(call: Call) -> Answer:
    """GET …/quickfilter."""
    board = board_of(call)
    return page(call, board.quick_filters, lambda one: _quick_filter(board, one))


def quick_filter(call: Call) -> Answer:
    """GET …/quickfilter/{filter}."""
    board = board_of(call)
    for one in board.quick_filters:
        if one.id == call.params["filter"]:
            return Answer(_quick_filter(board, one))
    raise Refusal(404, "The quick filter does not exist.")


def _quick_filter(board: Board, one: QuickFilter) -> Json:
    return {
        "id": int(one.id),
        "boardId": int(board.id),
        "name": one.name,
        "jql": one.jql,
        "description": one.description,
        "position": board.quick_filters.index(one),
    }


ENDPOINTS = (
    Endpoint("GET", "/board", all_boards),
    Endpoint("POST", "/board", create),
    Endpoint("GET", "/board/filter/{filter}", by_filter, on=on_cloud),
    Endpoint("GET", "/board/{board}", get),
    Endpoint("DELETE", "/board/{board}", delete),
    Endpoint("GET", "/board/{board}/configuration", configuration),
    Endpoint("GET", "/board/{board}/issue", by_offset(on_it)),
    Endpoint("GET", "/board/{board}/backlog", by_offset(backlog)),
    Endpoint("GET", "/board/{board}/epic", board_epics),
    Endpoint("GET", "/board/{board}/epic/none/issue", by_offset(in_epic)),
    Endpoint("GET", "/board/{board}/epic/{epic}/issue", by_offset(in_epic)),
    Endpoint("GET", "/board/{board}/sprint", board_sprints),
    Endpoint("GET", "/board/{board}/sprint/{sprint}/issue", by_offset(in_sprint)),
    Endpoint("GET", "/board/{board}/project", projects),
    Endpoint("GET", "/board/{board}/project/full", projects, on=on_cloud),
    Endpoint("GET", "/board/{board}/version", versions),
    Endpoint("GET", "/board/{board}/quickfilter", quick_filters, on=on_cloud),
    Endpoint("GET", "/board/{board}/quickfilter/{filter}", quick_filter, on=on_cloud),
)
SOFTWARE_ENDPOINTS = (
    Endpoint("GET", "/board/{board}/issue", by_token(on_it), on=on_cloud),
    Endpoint("GET", "/board/{board}/issue/approximate-count", counted(on_it), on=on_cloud),
    Endpoint("GET", "/board/{board}/backlog", by_token(backlog), on=on_cloud),
    Endpoint("GET", "/board/{board}/backlog/approximate-count", counted(backlog), on=on_cloud),
    Endpoint("GET", "/board/{board}/epic/none/issue", by_token(in_epic), on=on_cloud),
    Endpoint("GET", "/board/{board}/epic/{epic}/issue", by_token(in_epic), on=on_cloud),
    Endpoint("GET", "/board/{board}/sprint/{sprint}/issue", by_token(in_sprint), on=on_cloud),
)
