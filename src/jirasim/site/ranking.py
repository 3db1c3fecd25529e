"""Ranking issues by hand: each move gets an entry of the changelog."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from jirasim.site import changes
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue, User
from jirasim.site.permissions import may
from jirasim.site.ranks import between
from jirasim.site.recording import record
from jirasim.site.state import Site

LOWEST = "0|zzzzzz:"
FORBIDDEN = "You do not have permission to rank issue '{}'."


def may_rank(site: Site, actor: User, issue: Issue) -> bool:
    """Ranking needs to schedule issues, as documented."""
    return may(actor, "SCHEDULE_ISSUES", site.state.projects[issue.project_id])


def place(site: Site, actor: User, moved: Sequence[Issue], anchor: Issue, *, above: bool) -> None:
    """Put issues, in their order, right above or right below another one."""
    rest = [site.state.issues[one.id] for one in moved if one.id != anchor.id]
    for issue in rest if above else reversed(rest):
        limit = site.state.issues[anchor.id].rank
        next_to = site.ranking.above(limit) if above else site.ranking.below(limit)
        if next_to == issue.rank:
            continue
        rank = between(next_to, limit) if above else between(limit, next_to or LOWEST)
        item = changes.ranked(site, higher=rank < issue.rank)
        record(site, actor, replace(issue, rank=rank), (item,), "issue_updated")


def anchor_of(site: Site, actor: User, body: Mapping[str, object], what: str) -> Issue | None:
    """The issue that `rankBefore…` or `rankAfter…` names; None without either."""
    given = [body.get(f"rank{side}{what}") for side in ("Before", "After")]
    named = [str(one) for one in given if one is not None]
    if len(named) > 1:
        raise Refusal(400, f"Give rankBefore{what} or rankAfter{what}, not both.")
    if not named:
        return None
    found = site.find_issue(named[0])
    if found is None or not may(actor, "BROWSE_PROJECTS", site.state.projects[found.project_id]):
        raise Refusal(404 if what == "Epic" else 400, f"The issue '{named[0]}' does not exist.")
    return found
