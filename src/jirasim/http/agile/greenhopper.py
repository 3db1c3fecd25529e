"""Greenhopper's private API, which clients from before Jira Agile's public one still ask.

No document tells of it.  The forms are those that many clients declare and quote: `views` with
`sprintSupportEnabled` and a filter, and `sprints` with a state in capitals.
"""

from html import escape

from jirasim.http.agile.lookups import board_of
from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.site import boards, sprints
from jirasim.site.agile_model import Board, Sprint, SprintState
from jirasim.wire.entities import Json


def views(call: Call) -> Answer:
    """GET /rapidviews/list and /rapidview: all boards that the caller may see."""
    seen = [
        one
        for one in call.site.state.boards.values()
        if boards.may_view(call.site, call.caller, one)
    ]
    return Answer({"views": [_view(call, one) for one in seen]})


def board_sprints(call: Call) -> Answer:
    """GET /sprintquery/{board}: closed ones and future ones too, unless they are not wanted."""
    board = board_of(call)
    historic = call.flag("includeHistoricSprints", default=True)
    future = call.flag("includeFutureSprints", default=True)
    unwanted = {
        *(() if historic else (SprintState.CLOSED,)),
        *(() if future else (SprintState.FUTURE,)),
    }
    rows = [one for one in sprints.of_board(call.site, board) if one.state not in unwanted]
    return Answer({"sprints": [_sprint(one) for one in rows], "rapidViewId": int(board.id)})


def _view(call: Call, board: Board) -> Json:
    body: Json = {
        "id": int(board.id),
        "name": board.name,
        "canEdit": call.caller is not None and call.caller.account_id == board.owner,
        "sprintSupportEnabled": board.kind == boards.SCRUM,
    }
    saved = call.site.state.filters.get(board.filter_id)
    if saved is None:
        return body
    owner = call.site.state.users[saved.owner]
    name = owner.account_id if call.product.cloud else owner.name
    shown = escape(owner.display_name)
    return {
        **body,
        "filter": {
            "id": int(saved.id),
            "name": saved.name,
            "query": saved.jql,
            "owner": {"userName": name, "displayName": owner.display_name, "renderedLink": shown},
            "canEdit": call.caller is not None and call.caller.account_id == saved.owner,
            "isOrderedByRank": "order by rank" in saved.jql.casefold(),
        },
    }


def _sprint(sprint: Sprint) -> Json:
    return {
        "id": int(sprint.id),
        "sequence": sprint.position,
        "name": sprint.name,
        "state": sprint.state.name,
        "linkedPagesCount": 0,
        "goal": sprint.goal,
    }


ENDPOINTS = (
    Endpoint("GET", "/rapidviews/list", views, anonymous=True),
    Endpoint("GET", "/rapidview", views, anonymous=True),
    Endpoint("GET", "/sprintquery/{board}", board_sprints, anonymous=True),
)
