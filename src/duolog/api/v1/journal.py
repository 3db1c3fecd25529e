"""`/journal`: what the sync wrote on either side, why, and the undo of it."""

from __future__ import annotations

from enum import StrEnum

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import JsonValue

from duolog.api.callers import caller_of
from duolog.api.shapes import (
    Body,
    Limit,
    Listing,
    Moment,
    RowId,
    Shape,
    first_page,
    read_cursor,
    text_id,
)
from duolog.connections.gate import GATE
from duolog.core.values import Side
from duolog.people.errors import Invalid
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.sync.link.causes import WriteCause
from duolog.sync.link.file_names import named_in_json
from duolog.sync.models import JournalEntry
from duolog.sync.shown.journal import JournalFilter, get_entry, list_journal
from duolog.sync.undo.runs import undo_run
from duolog.sync.undo.writes import Result, undo_item, undo_write

router = Router(tags=["Journal"])


class JournalShape(Shape):
    """One write that the sync made, with before and after; `side` is the one it wrote on.

    `undoes` is the entry it took back.  `not_undone` says why an undo of its run left it.
    """

    id: str
    binding_id: str
    link_id: str | None
    run_id: str | None
    side: str
    kind: str
    key: str
    before: JsonValue
    after: JsonValue
    verb: str
    cause: str
    actor: str
    undoes: str | None
    undone_at: Moment | None
    undone_by: str | None
    not_undone: str
    at: Moment


class JournalQuery(Body):
    """Which entries; what is left out narrows nothing."""

    binding: RowId | None = None
    link: RowId | None = None
    run: RowId | None = None
    side: Side | None = None
    cause: WriteCause | None = None
    cursor: str = ""
    limit: Limit = 50

    def filter(self) -> JournalFilter:
        """The same, as it is asked of the journal."""
        side, cause = self.side or "", self.cause or ""
        return JournalFilter(self.binding, self.link, self.run, side=side, cause=cause)


class UndoScope(StrEnum):
    """How much is undone: the write, all of its item's since, or all of its run's."""

    WRITE = "write"
    ITEM = "item"
    RUN = "run"


class Undo(Body):
    """What to undo, beginning with an entry of the journal."""

    scope: UndoScope = UndoScope.WRITE


class KeptShape(Shape):
    """A write that was not undone, and why."""

    id: str
    reason: str


class UndoneShape(Shape):
    """What became of it; a whole run is undone in the background, by a run of its own."""

    undone: list[str]
    kept: list[KeptShape]
    run_id: str | None = None


@router.get("/journal", response=Listing[JournalShape])
@states(Right.VIEW)
def read_journal(request: HttpRequest, asked: Query[JournalQuery]) -> Listing[JournalShape]:
    """What the sync wrote in the workplace, newest first."""
    before = read_cursor(asked.cursor)
    rows = list_journal(
        caller_of(request).workplace, asked.filter(), before=before, limit=asked.limit + 1
    )
    shown, next_cursor = first_page(rows, asked.limit)
    return Listing[JournalShape](items=[show_entry(row) for row in shown], next_cursor=next_cursor)


@router.get("/journal/{int:journal_id}", response=JournalShape)
@states(Right.VIEW)
def read_write(request: HttpRequest, journal_id: int) -> JournalShape:
    """One write."""
    return show_entry(get_entry(caller_of(request).workplace, journal_id))


@router.post("/journal/{int:journal_id}/undo", response={200: UndoneShape, 202: UndoneShape})
@states(Right.SETTLE)
def undo(request: HttpRequest, journal_id: int, body: Undo | None = None) -> Status[UndoneShape]:
    """Give both sides back what was there before; 409 says what moved since."""
    caller, scope = caller_of(request), body.scope if body else UndoScope.WRITE
    entry = get_entry(caller.workplace, journal_id)
    if scope is UndoScope.RUN:
        if entry.run is None:
            raise Invalid({"scope": "This write belongs to no run: undo it alone, or its item."})
        run = undo_run(caller.member, entry.run)
        return Status(202, UndoneShape(undone=[], kept=[], run_id=str(run.pk)))
    with GATE.passed():
        if scope is UndoScope.ITEM and entry.link is not None:
            result = undo_item(caller.member, entry.link, since=entry.at)
        else:
            result = undo_write(caller.member, entry)
    return Status(200, _undone(result))


def _undone(result: Result) -> UndoneShape:
    return UndoneShape(
        undone=[str(entry.pk) for entry in result.undone],
        kept=[KeptShape(id=str(kept.entry.pk), reason=kept.why) for kept in result.kept],
    )


def show_entry(row: JournalEntry) -> JournalShape:
    """The entry as it is stored."""
    return JournalShape(
        id=str(row.pk),
        binding_id=str(row.binding_id),
        link_id=text_id(row.link_id),
        run_id=text_id(row.run_id),
        side=row.side,
        kind=row.kind,
        key=row.key,
        before=named_in_json(row.before),
        after=named_in_json(row.after),
        verb=row.verb,
        cause=row.cause,
        actor=row.actor,
        undoes=text_id(row.undoes_id),
        undone_at=row.undone_at,
        undone_by=row.undone_by.name if row.undone_by and row.undone_at else None,
        not_undone=row.not_undone,
        at=row.at,
    )
