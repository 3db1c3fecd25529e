"""The pages of boards: the list, and one board with its columns, sprints and backlog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jirasim.http.pages.frame import Visit, face, folded, moment, page, pairs, table
from jirasim.http.pages.issue import name_of
from jirasim.http.pages.markup import Content, Html, tag
from jirasim.site import agile_search, boards, sprints
from jirasim.site.agile_model import SprintState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jirasim.site.agile_model import Board, Column, Sprint
    from jirasim.site.model import Issue
    from jirasim.site.state import State


def boards_page(visit: Visit) -> str:
    """The boards that the actor sees."""
    site = visit.controls.site
    rows = [
        (
            tag("a", board.name, href=f"/boards/{board.id}"),
            board.kind,
            _place(site.state, board),
            tag("code", _query(site.state, board)),
        )
        for board in site.state.boards.values()
        if boards.may_view(site, visit.actor, board)
    ]
    empty = "This user sees no board." if visit.actor else "Choose above whom to act as."
    listed = table(("Name", "Kind", "Project", "Shows"), rows, empty=empty)
    return page(visit, "Boards", tag("h1", "Boards"), listed)


def _query(state: State, board: Board) -> str:
    saved = state.filters.get(board.filter_id)
    return "" if saved is None else saved.jql


def _place(state: State, board: Board) -> str:
    project = state.projects.get(board.project_id or "")
    return project.name if project is not None else name_of(state, board.owner)


def board_page(visit: Visit, board: Board) -> str:
    """Columns with cards; then the sprints, and what waits."""
    site = visit.controls.site
    shown = agile_search.on(site, visit.actor, board, "")
    waiting = boards.in_backlog(site, board)
    backlog = [one for one in shown if waiting(one)]
    kept = {one.id for one in backlog} if board.kind == boards.SCRUM else set()
    cards = [one for one in shown if one.id not in kept]
    columns = [_column(site.state, column, cards) for column in board.columns]
    return page(
        visit,
        board.name,
        tag("p", tag("a", "Boards", href="/boards"), " / ", board.name, class_="crumbs"),
        tag("h1", board.name, " ", tag("small", board.kind)),
        tag("div", columns, class_="board"),
        _sprints(sprints.of_board(site, board)) if board.kind == boards.SCRUM else None,
        _backlog(site.state, backlog) if kept else None,
    )


def _column(state: State, column: Column, cards: Sequence[Issue]) -> Html:
    mine = [one for one in cards if one.status_id in column.statuses]
    room = f" of at most {column.most}" if column.most is not None else ""
    return tag(
        "section",
        tag("h2", column.name, " ", tag("small", f"{len(mine)}{room}")),
        [_card(state, one) for one in mine],
        class_="column",
    )


def _card(state: State, issue: Issue) -> Html:
    return tag(
        "article",
        tag("p", issue.summary),
        tag(
            "p",
            tag("a", issue.key, href=f"/browse/{issue.key}"),
            face(name_of(state, issue.assignee)) if issue.assignee else None,
            class_="byline",
        ),
        class_="card",
    )


def _sprints(found: Sequence[Sprint]) -> Content:
    rows = [_sprint(one) for one in found if one.state is not SprintState.CLOSED]
    closed = [_sprint(one) for one in found if one.state is SprintState.CLOSED]
    done = folded(f"Closed sprints ({len(closed)})", closed) if closed else None
    return tag("h2", "Sprints ", tag("small", len(found))), rows, done


def _sprint(sprint: Sprint) -> Html:
    return tag(
        "article",
        tag(
            "p",
            tag("b", sprint.name),
            tag("span", sprint.state.value, class_="label"),
            class_="byline",
        ),
        tag("p", sprint.goal) if sprint.goal else None,
        pairs(_dates(sprint)),
    )


def _dates(sprint: Sprint) -> Iterator[tuple[str, Content]]:
    named = {"Start": sprint.start, "End": sprint.end, "Completed": sprint.completed}
    for label, at in named.items():
        if at is not None:
            yield label, moment(at)


def _backlog(state: State, issues: Sequence[Issue]) -> Content:
    rows = [
        (
            tag("a", one.key, href=f"/browse/{one.key}"),
            one.summary,
            name_of(state, one.assignee),
        )
        for one in issues
    ]
    listed = table(("Key", "Summary", "Assignee"), rows, empty="")
    return tag("h2", "Backlog ", tag("small", len(rows))), listed
