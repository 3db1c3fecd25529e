"""Issues of boards, sprints and epics: a query narrows them down, and they come by rank."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from jirasim.jql import JqlError, Query
from jirasim.jql.hits import Hits, find
from jirasim.jql.syntax import AllOf, Sort
from jirasim.site.agile_model import Board
from jirasim.site.boards import on_board, query_of
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue, User
from jirasim.site.search import context_of, parsed, remembered
from jirasim.site.state import Site

BY_RANK = (Sort("Rank"),)
Keeps = Callable[[Issue], bool]


@dataclass(frozen=True, slots=True)
class Part:
    """What is wanted of all that a query finds.  No two that differ have the same name."""

    name: Hashable
    keeps: Keeps


def on(
    site: Site, user: User | None, board: Board, jql: str, *, part: Part | None = None
) -> Sequence[Issue]:
    """The issues that the board's query and this one find, and that belong on it."""
    filtered = query_of(site, board)
    if filtered is None:
        return []
    wanted = Part("board", on_board(site, board)) if part is None else part
    named = Part((board.id, wanted.name), wanted.keeps)
    return _kept(site, user, _both(filtered, parsed(jql)), named)


def among(site: Site, user: User | None, ids: Iterable[str], jql: str) -> list[Issue]:
    """Those of these issues that the user sees and the query finds."""
    query, context = _both(Query(), parsed(jql)), context_of(site, user)
    site.index.catch_up(context.now)
    visible = context.visible_projects or frozenset()
    rows = (site.index.get(one) for one in ids)
    found = [one for one in rows if one is not None and one.project_id in visible]
    try:
        return query.run(found, context)
    except JqlError as error:
        raise Refusal(400, *error.messages) from None


def everywhere(site: Site, user: User | None, jql: str, part: Part) -> Sequence[Issue]:
    """Those of all issues that fit."""
    return _kept(site, user, _both(Query(), parsed(jql)), part)


def _both(one: Query, other: Query) -> Query:
    parts = tuple(query.where for query in (one, other) if query.where is not None)
    return Query(AllOf(parts) if parts else None, other.order or BY_RANK)


def _kept(site: Site, user: User | None, query: Query, part: Part) -> Sequence[Issue]:
    context = context_of(site, user)
    site.index.catch_up(context.now)

    def find_them() -> Hits:
        found = find(query, context, site.index)
        return Hits((one for one in found if part.keeps(one)), lambda _: None)

    try:
        return remembered(site, query, context, find_them, part.name)
    except JqlError as error:
        raise Refusal(400, *error.messages) from None
