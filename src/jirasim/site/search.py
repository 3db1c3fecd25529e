"""Running JQL over what the index shows this caller.  Paging lives with the endpoint."""

from collections.abc import Collection, Iterable
from zoneinfo import ZoneInfo

from jirasim.jql import JqlError, Query, parse
from jirasim.jql.context import Context
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue, User
from jirasim.site.permissions import visible_projects
from jirasim.site.state import Site

UNBOUNDED = (
    "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
)


def parsed(jql: str, *, bounded: bool = False) -> Query:
    """The query.  Raises Refusal 400 in JQL's own words, or when it is not bounded."""
    try:
        query = parse(jql)
    except JqlError as error:
        raise Refusal(400, *error.messages) from None
    if bounded and not query.bounded:
        raise Refusal(400, UNBOUNDED)
    return query


def context_of(site: Site, user: User | None) -> Context:
    """Who asks: dates are read in the caller's zone, projects are those they may browse."""
    return Context(
        state=site.state,
        now=site.now(),
        zone=ZoneInfo(user.time_zone if user is not None else site.state.time_zone),
        account_id=user.account_id if user is not None else None,
        visible_projects=frozenset(project.id for project in visible_projects(site, user)),
    )


def search(
    site: Site, user: User | None, query: Query, *, reconcile: Collection[str] = ()
) -> list[Issue]:
    """Matching visible issues in order.  `reconcile` names ids that are judged as they are now."""
    context = context_of(site, user)
    site.index.catch_up(context.now)
    try:
        found = candidates(site, query, context)
        return query.run(_reconciled(site, found, reconcile, context), context)
    except JqlError as error:
        raise Refusal(400, *error.messages) from None


def candidates(site: Site, query: Query, context: Context) -> Iterable[Issue]:
    """The visible issues where alone the query can find any."""
    scope = query.scope(context)
    visible = context.visible_projects or frozenset()
    projects = visible if scope.projects is None else visible & scope.projects
    if scope.issues is None:
        return site.index.in_projects(projects)
    found = (site.index.get(issue_id) for issue_id in scope.issues)
    return (one for one in found if one is not None and one.project_id in projects)


def _reconciled(
    site: Site, issues: Iterable[Issue], reconcile: Collection[str], context: Context
) -> Iterable[Issue]:
    if not reconcile:
        return issues
    rest = [one for one in issues if one.id not in reconcile]
    current = (site.state.issues.get(issue_id) for issue_id in reconcile)
    visible = context.visible_projects or frozenset()
    return [*rest, *(one for one in current if one is not None and one.project_id in visible)]
