"""Sprints: their life, the issues in them, and the backlog that they are filled from."""

from collections.abc import Sequence

from jirasim.http.agile.issues import by_offset, by_token
from jirasim.http.agile.lookups import board_of, moved, rank_too, sprint_of
from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.site import agile_search, boards, sprints
from jirasim.site.agile_model import SprintState
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue
from jirasim.site.product import on_cloud
from jirasim.wire import agile


def create(call: Call) -> Answer:
    """POST /sprint."""
    made = sprints.create(call.site, call.user, call.object())
    return Answer(agile.sprint(call.wire, made), 201)


def get(call: Call) -> Answer:
    """GET /sprint/{sprint}."""
    return Answer(agile.sprint(call.wire, sprint_of(call)))


def update(call: Call) -> Answer:
    """POST /sprint/{sprint}: what is left out stays."""
    return _updated(call, whole=False)


def replace_whole(call: Call) -> Answer:
    """PUT /sprint/{sprint}: what is left out becomes empty."""
    return _updated(call, whole=True)


def _updated(call: Call, *, whole: bool) -> Answer:
    after = sprints.update(call.site, call.user, sprint_of(call), call.object(), whole=whole)
    return Answer(agile.sprint(call.wire, after))


def delete(call: Call) -> Answer:
    """DELETE /sprint/{sprint}."""
    sprints.remove(call.site, call.user, sprint_of(call))
    return NO_CONTENT


def inside(call: Call) -> Sequence[Issue]:
    """What is in the sprint, with the sub-tasks of that."""
    site, sprint = call.site, sprint_of(call)
    ids = dict.fromkeys(site.in_sprint(sprint.id))
    for issue_id in tuple(ids):
        ids |= dict.fromkeys(one.id for one in site.subtasks(site.state.issues[issue_id]))
    return agile_search.among(site, call.caller, ids, call.query.get("jql", ""))


def fill(call: Call) -> Answer:
    """POST /sprint/{sprint}/issue: move issues into it, and rank them."""
    rows = moved(call)
    sprints.move_into(call.site, call.user, sprint_of(call), rows)
    rank_too(call, rows)
    return NO_CONTENT


def swap(call: Call) -> Answer:
    """POST /sprint/{sprint}/swap."""
    other = str(call.object().get("sprintToSwapWith") or "")
    second = sprints.visible(call.site, call.caller, other)
    sprints.swap(call.site, call.user, sprint_of(call), second)
    return NO_CONTENT


def to_backlog(call: Call) -> Answer:
    """POST /backlog/issue."""
    sprints.move_out(call.site, call.user, moved(call))
    return NO_CONTENT


def to_board_backlog(call: Call) -> Answer:
    """POST /backlog/{board}/issue: of issues that are on the board, and rank them."""
    rows = _on_board(call)
    sprints.move_out(call.site, call.user, rows)
    rank_too(call, rows)
    return NO_CONTENT


def _on_board(call: Call) -> list[Issue]:
    board, rows = board_of(call), moved(call)
    here = {one.id for one in agile_search.on(call.site, call.caller, board, "")}
    for issue in rows:
        if issue.id not in here:
            raise Refusal(400, f"Issue '{issue.key}' is not on this board.")
    return rows


def onto_board(call: Call) -> Answer:
    """POST /board/{board}/issue: out of its backlog, into a running sprint if it has one."""
    rows, board = _on_board(call), board_of(call)
    if board.kind == boards.SCRUM:
        running = [
            one for one in sprints.of_board(call.site, board) if one.state is SprintState.ACTIVE
        ]
        if running:
            sprints.move_into(call.site, call.user, running[0], rows)
    rank_too(call, rows)
    return NO_CONTENT


ENDPOINTS = (
    Endpoint("POST", "/sprint", create),
    Endpoint("GET", "/sprint/{sprint}", get),
    Endpoint("POST", "/sprint/{sprint}", update),
    Endpoint("PUT", "/sprint/{sprint}", replace_whole),
    Endpoint("DELETE", "/sprint/{sprint}", delete),
    Endpoint("GET", "/sprint/{sprint}/issue", by_offset(inside)),
    Endpoint("POST", "/sprint/{sprint}/issue", fill),
    Endpoint("POST", "/sprint/{sprint}/swap", swap),
    Endpoint("POST", "/backlog/issue", to_backlog),
    Endpoint("POST", "/backlog/{board}/issue", to_board_backlog, on=on_cloud),
    Endpoint("POST", "/board/{board}/issue", onto_board, on=on_cloud),
)
SOFTWARE_ENDPOINTS = (Endpoint("GET", "/sprint/{sprint}/issue", by_token(inside), on=on_cloud),)
