"""What the agile endpoints share: pages, issues as they show them, lists of issues to move."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from jirasim.http.endpoint import Answer, Call
from jirasim.http.issues import selection_of
from jirasim.http.paging import window
from jirasim.site import boards, issues, ranking, sprints
from jirasim.site.agile_model import Board, Sprint
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue
from jirasim.wire import agile
from jirasim.wire.entities import Json
from jirasim.wire.issues import issue_json, names_json, schema_json, selected

Row = TypeVar("Row")
PAGE = 50
CLOUD_ISSUE_PAGE = 100
SERVER_ISSUE_PAGE = 1000
MOST_MOVED = 50
EXPAND = "operations,versionedRepresentations,editmeta,changelog,renderedFields"


def board_of(call: Call) -> Board:
    """The board of the path."""
    return boards.visible(call.site, call.caller, call.params["board"])


def sprint_of(call: Call) -> Sprint:
    """The sprint of the path."""
    return sprints.visible(call.site, call.caller, call.params["sprint"])


def page(call: Call, rows: Sequence[Row], write: Callable[[Row], object]) -> Answer:
    """A page of `values`, 50 at most, without links."""
    start, limit, shown = window(call, rows, size=PAGE)
    last = start + len(shown) >= len(rows)
    values = [write(row) for row in shown]
    return Answer(
        {
            "maxResults": limit,
            "startAt": start,
            "total": len(rows),
            "isLast": last,
            "values": values,
        }
    )


def issue_page(call: Call, rows: Sequence[Issue]) -> Answer:
    """A page of issues, in the form that the old search has."""
    ceiling = CLOUD_ISSUE_PAGE if call.product.cloud else SERVER_ISSUE_PAGE
    start, limit, shown = window(call, rows, size=PAGE, ceiling=ceiling)
    body: Json = {
        "expand": "schema,names",
        "startAt": start,
        "maxResults": limit,
        "total": len(rows),
        "issues": [agile_issue(call, one) for one in shown],
    }
    selection = selection_of(call)
    names = selected(call.site.state.fields, selection.fields)
    if "names" in selection.expand:
        body["names"] = names_json(call.wire, names)
    if "schema" in selection.expand:
        body["schema"] = schema_json(call.wire, names)
    return Answer(body)


def agile_issue(call: Call, issue: Issue) -> Json:
    """An issue with `sprint`, `closedSprints`, `epic` and `flagged` where they are asked for."""
    selection = selection_of(call)
    added = agile.added_fields(call.wire, issue)
    everything = {"*all", "*navigable"} & set(selection.fields)
    hidden = {word[1:] for word in selection.fields if word.startswith("-")}
    only_hidden = all(word.startswith("-") for word in selection.fields)
    chosen = {
        name: value
        for name, value in added.items()
        if (everything or only_hidden or name in selection.fields) and name not in hidden
    }
    body = issue_json(call.wire, issue, selection)
    fields = body["fields"] if isinstance(body["fields"], dict) else {}
    place = f"{agile.base(call.wire)}/issue/{issue.id}"
    return {**body, "expand": EXPAND, "self": place, "fields": {**fields, **chosen}}


def moved(call: Call) -> list[Issue]:
    """The issues that the body names, 50 at most.  Raises Refusal 400."""
    named = call.object().get("issues")
    if not isinstance(named, list) or not named:
        raise Refusal(400, "The request must name issues.")
    if len(named) > MOST_MOVED:
        raise Refusal(400, f"At most {MOST_MOVED} issues can be moved at once.")
    found = [call.site.find_issue(str(one)) for one in named]
    return [issues.visible(call.site, call.caller, one.id if one else "") for one in found]


def rank_too(call: Call, moved_issues: Sequence[Issue], what: str = "Issue") -> None:
    """Rank what was moved where the body says, if it does."""
    anchor = ranking.anchor_of(call.site, call.user, call.object(), what)
    if anchor is not None:
        above = call.object().get(f"rankBefore{what}") is not None
        ranking.place(call.site, call.user, moved_issues, anchor, above=above)
