"""Issues of boards, sprints and epics: a query narrows them down, and they come by rank."""

from collections.abc import Callable, Iterable

from jirasim.jql import JqlError, Query
from jirasim.jql.hits import find
from jirasim.jql.syntax import AllOf, Sort
from jirasim.site.agile_model import Board
from jirasim.site.boards import on_board, query_of
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue, User
from jirasim.site.search import context_of, parsed
from jirasim.site.state import Site

BY_RANK = (Sort("Rank"),)
Keeps = Callable[[Issue], bool]


def on(
    site: Site, user: User | None, board: Board, jql: str, *, keeps: Keeps | None = None
) -> list[Issue]:
    """The issues that the board's query and this one find, and that belong on it."""
    belongs = on_board(site, board) if keeps is None else keeps
    filtered = query_of(site, board)
    if filtered is None:
        return []
    return _run(site, user, _both(filtered, parsed(jql)), None, belongs)


def among(site: Site, user: User | None, ids: Iterable[str], jql: str) -> list[Issue]:
    """Those of these issues that the user sees and the query finds."""
    return _run(site, user, _both(Query(), parsed(jql)), ids, lambda _: True)


def everywhere(site: Site, user: User | None, jql: str, keeps: Keeps) -> list[Issue]:
    """Those of all issues that fit."""
    return _run(site, user, _both(Query(), parsed(jql)), None, keeps)


def _both(one: Query, other: Query) -> Query:
    parts = tuple(query.where for query in (one, other) if query.where is not None)
    return Query(AllOf(parts) if parts else None, other.order or BY_RANK)


def _run(
    site: Site, user: User | None, query: Query, ids: Iterable[str] | None, keeps: Keeps
) -> list[Issue]:
    context = context_of(site, user)
    site.index.catch_up(context.now)
    visible = context.visible_projects or frozenset()
    try:
        if ids is None:
            return [one for one in find(query, context, site.index) if keeps(one)]
        rows = (site.index.get(one) for one in ids)
        found = (one for one in rows if one is not None and one.project_id in visible)
        return query.run([one for one in found if keeps(one)], context)
    except JqlError as error:
        raise Refusal(400, *error.messages) from None
