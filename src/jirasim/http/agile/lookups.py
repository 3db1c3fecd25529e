"""What the agile endpoints share: things of the path, pages, lists of issues to move."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from jirasim.http.endpoint import Answer, Call
from jirasim.http.paging import window
from jirasim.site import boards, issues, ranking, sprints
from jirasim.site.agile_model import Board, Sprint
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue

Row = TypeVar("Row")
PAGE = 50
MOST_MOVED = 50


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
