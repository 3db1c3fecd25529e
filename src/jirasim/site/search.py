"""Running JQL over what the index shows this caller.  Paging lives with the endpoint."""

from collections.abc import Callable, Collection, Hashable
from zoneinfo import ZoneInfo

from jirasim.jql import JqlError, Query, parse
from jirasim.jql.context import Context
from jirasim.jql.hits import Hits, find
from jirasim.jql.saved import spelled_out
from jirasim.jql.timeless import timeless
from jirasim.site.errors import Refusal
from jirasim.site.model import User
from jirasim.site.permissions import visible_projects
from jirasim.site.recent import standing
from jirasim.site.security import hidden_from
from jirasim.site.state import Site

UNBOUNDED = (
    "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
)
MOST_SORTS = 7
"""On Cloud (the document, jira.md 4.1)."""


def parsed(jql: str, *, bounded: bool = False) -> Query:
    """The query.  Raises Refusal 400 in JQL's own words, or when it is not bounded."""
    try:
        query = parse(jql)
    except JqlError as error:
        raise Refusal(400, *error.messages) from None
    if bounded and not query.bounded:
        raise Refusal(400, UNBOUNDED)
    if bounded and len(query.order) > MOST_SORTS:
        raise Refusal(400, f"A query can be ordered by at most {MOST_SORTS} fields.")
    return query


def context_of(site: Site, user: User | None) -> Context:
    """Who asks: dates are read in the caller's zone, projects are those they may browse."""
    return Context(
        state=site.state,
        now=site.now(),
        zone=ZoneInfo(user.time_zone if user is not None else site.state.time_zone),
        account_id=user.account_id if user is not None else None,
        visible_projects=frozenset(project.id for project in visible_projects(site, user)),
        parse=parse,
        hidden=hidden_from(site, user),
    )


def search(site: Site, user: User | None, query: Query, *, reconcile: Collection[str] = ()) -> Hits:
    """Matching visible issues in order.  `reconcile` names ids that are judged as they are now."""
    context = context_of(site, user)
    site.index.catch_up(context.now)
    try:
        if reconcile:
            return find(query, context, site.index, reconcile=frozenset(reconcile))
        return remembered(site, query, context, lambda: find(query, context, site.index))
    except JqlError as error:
        raise Refusal(400, *error.messages) from None


def remembered(
    site: Site, query: Query, context: Context, find_them: Callable[[], Hits], part: Hashable = None
) -> Hits:
    """What this caller was last answered, if nothing changed since; raises JqlError.

    Whoever sees other projects or issues, or reads dates in another zone, asks something else.
    `part` names what is left of the answers.  What counts from now is looked for each time.
    """
    where = spelled_out(query.where, context)
    if not timeless(where):
        return find_them()
    asked = (where, query.order, part, context.account_id, context.zone)
    seen = (context.visible_projects, context.hidden)
    return site.searches.get(standing(site), (*asked, *seen), find_them)
