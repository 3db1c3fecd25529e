"""Epics, single issues and their rank and estimate in the agile API."""

from collections.abc import Sequence

from jirasim.http.agile.issues import agile_issue, by_offset, by_token
from jirasim.http.agile.lookups import moved, rank_too
from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.rest.issues import found, selection_of
from jirasim.site import agile_search, boards, epics, issues, ranking, values
from jirasim.site.agile_model import Board
from jirasim.site.agile_search import Part
from jirasim.site.decode import BadValue, Target
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue
from jirasim.site.permissions import may
from jirasim.site.product import on_cloud
from jirasim.wire import agile
from jirasim.wire.entities import Json


def epic_of(call: Call) -> Issue:
    """The epic of the path."""
    return epics.visible_epic(call.site, call.caller, call.params["epic"])


def get(call: Call) -> Answer:
    """GET /epic/{epic}."""
    return Answer(agile.epic(call.wire, epic_of(call)))


def update(call: Call) -> Answer:
    """POST /epic/{epic}: name, summary, color and done, as far as they are given."""
    epic = epics.editable_epic(call.site, call.user, call.params["epic"])
    wanted = epics.read_update(call.site, call.object())
    after = issues.change(call.site, call.user, epic, wanted)
    return Answer(agile.epic(call.wire, after))


def inside(call: Call) -> Sequence[Issue]:
    """What is in the epic."""
    ids = [one.id for one in call.site.children(epic_of(call))]
    return agile_search.among(call.site, call.caller, ids, call.query.get("jql", ""))


def outside(call: Call) -> Sequence[Issue]:
    """All that could be in an epic and is not."""
    site = call.site

    def alone(issue: Issue) -> bool:
        return not epics.is_epic(site, issue) and epics.epic_of(site, issue) is None

    part = Part("in no epic", alone)
    return agile_search.everywhere(site, call.caller, call.query.get("jql", ""), part)


def fill(call: Call) -> Answer:
    """POST /epic/{epic}/issue: move issues into it."""
    epic = epics.editable_epic(call.site, call.user, call.params["epic"])
    _move(call, moved(call), epic)
    return NO_CONTENT


def empty(call: Call) -> Answer:
    """POST /epic/none/issue: take issues out of their epics."""
    _move(call, moved(call), None)
    return NO_CONTENT


def _move(call: Call, rows: list[Issue], epic: Issue | None) -> None:
    epics.check_movable(call.site, call.user, rows)
    for issue in rows:
        parent = None if epic is None else epic.id
        issues.change(call.site, call.user, issue, {"parent": parent})


def rank_epic(call: Call) -> Answer:
    """PUT /epic/{epic}/rank."""
    epic = epic_of(call)
    if not ranking.may_rank(call.site, call.user, epic):
        raise Refusal(403, ranking.FORBIDDEN.format(epic.key))
    rank_too(call, [epic], "Epic")
    return NO_CONTENT


def rank(call: Call) -> Answer:
    """PUT /issue/rank: 204, or 207 with what became of each when some may not be ranked."""
    rows = moved(call)
    anchor = ranking.anchor_of(call.site, call.user, call.object(), "Issue")
    if anchor is None:
        raise Refusal(400, "Give rankBeforeIssue or rankAfterIssue.")
    allowed = [one for one in rows if ranking.may_rank(call.site, call.user, one)]
    rank_too(call, allowed)
    if len(allowed) == len(rows):
        return NO_CONTENT
    if not allowed:
        raise Refusal(403, ranking.FORBIDDEN.format(rows[0].key))
    return Answer({"entries": [_outcome(one, ranked=one in allowed) for one in rows]}, 207)


def _outcome(issue: Issue, *, ranked: bool) -> Json:
    body: Json = {"issueId": int(issue.id), "issueKey": issue.key, "status": 200 if ranked else 403}
    return body if ranked else {**body, "errors": [ranking.FORBIDDEN.format(issue.key)]}


def issue(call: Call) -> Answer:
    """GET /issue/{id}."""
    return Answer(agile_issue(call, found(call), selection_of(call)))


def estimation(call: Call) -> Answer:
    """GET /issue/{id}/estimation?boardId=…"""
    return Answer(_estimation(found(call), _estimated_by(call)))


def estimate(call: Call) -> Answer:
    """PUT /issue/{id}/estimation?boardId=…: whether or not the field is on a screen."""
    one, field_id = found(call), _estimated_by(call)
    project = call.site.state.projects[one.project_id]
    if not may(call.user, "EDIT_ISSUES", project):
        raise Refusal(403, "You do not have permission to edit this issue.")
    raw = call.object().get("value")
    try:
        number = float(str(raw)) if raw not in {None, ""} else None
        field = call.site.state.fields[field_id]
        value = values.decode(Target(call.site, project, call.user, one), field, number)
    except (ValueError, BadValue):
        raise Refusal(400, f"The value '{raw}' is not a valid estimate.") from None
    after = issues.change(call.site, call.user, one, {field_id: value})
    return Answer(_estimation(after, field_id))


def _estimated_by(call: Call) -> str:
    """The field that the board of the query estimates with."""
    if not call.query.get("boardId"):
        raise Refusal(400, "The boardId parameter is required.")
    board: Board = boards.visible(call.site, call.caller, call.query["boardId"])
    if board.estimation is None:
        raise Refusal(400, "The board does not estimate issues.")
    return board.estimation


def _estimation(issue: Issue, field_id: str) -> Json:
    value = issue.value(field_id)
    return {"fieldId": field_id, "value": None if value is None else str(value)}


ENDPOINTS = (
    Endpoint("GET", "/epic/none/issue", by_offset(outside)),
    Endpoint("POST", "/epic/none/issue", empty),
    Endpoint("GET", "/epic/{epic}", get),
    Endpoint("POST", "/epic/{epic}", update),
    Endpoint("GET", "/epic/{epic}/issue", by_offset(inside)),
    Endpoint("POST", "/epic/{epic}/issue", fill),
    Endpoint("PUT", "/epic/{epic}/rank", rank_epic),
    Endpoint("PUT", "/issue/rank", rank),
    Endpoint("GET", "/issue/{id}", issue),
    Endpoint("GET", "/issue/{id}/estimation", estimation),
    Endpoint("PUT", "/issue/{id}/estimation", estimate),
)
SOFTWARE_ENDPOINTS = (
    Endpoint("GET", "/epic/none/issue", by_token(outside), on=on_cloud),
    Endpoint("GET", "/epic/{epic}/issue", by_token(inside), on=on_cloud),
)
