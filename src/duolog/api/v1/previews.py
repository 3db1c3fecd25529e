"""`/bindings/{id}/preview` and `…/approve`: what a binding would do, before it does it."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import JsonValue

from duolog.api.callers import caller_of
from duolog.api.shapes import Body, Limit, Moment, RowId, Shape, first_page, read_cursor, text_id
from duolog.people.errors import Outdated
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.sync.binding.approval import approve
from duolog.sync.binding.preview import begin_preview
from duolog.sync.models import Act, Binding, EntryState, Preview, PreviewEntry, PreviewState
from duolog.sync.shown.previews import count_entries, get_preview, is_outdated, list_entries
from duolog.sync.shown.queries import get_binding

router = Router(tags=["Previews"])


class WriteShape(Shape):
    """One write; on side `both` it is a conflict that a person would be asked to settle."""

    side: Literal["local", "remote", "both"]
    kind: str
    key: str
    before: JsonValue
    after: JsonValue


class PreviewEntryShape(Shape):
    """What would be done to one item, one issue, or both; `reason` says what moved since."""

    id: str
    act: Act
    state: EntryState
    title: str
    work_item_id: str | None
    issue_id: str | None
    issue_key: str | None
    writes: list[WriteShape]
    reason: str


class PreviewShape(Shape):
    """All that a binding would do, a page of it; `counts` has all entries by act and by state.

    `is_outdated` when the rules have changed since: approving it makes it anew.
    """

    id: str
    binding_id: str
    state: PreviewState
    is_outdated: bool
    made_at: Moment
    counts: dict[str, int]
    items: list[PreviewEntryShape]
    next_cursor: str | None


class PreviewQuery(Body):
    """Which entries; what is left out narrows nothing."""

    act: Act | None = None
    state: EntryState | None = None
    cursor: str = ""
    limit: Limit = 50


class Approval(Body):
    """Which entries: all that nobody set aside, none, or these.

    With `preview_id` an approval of any other preview than the present one is refused.
    """

    entries: Literal["all", "none"] | list[RowId] = "all"
    preview_id: RowId | None = None


@router.get("/bindings/{int:binding_id}/preview", response=PreviewShape)
@states(Right.BIND)
def read_preview(request: HttpRequest, binding_id: int, asked: Query[PreviewQuery]) -> PreviewShape:
    """The latest preview of a binding."""
    return _show(get_preview(_find(request, binding_id)), asked)


@router.post("/bindings/{int:binding_id}/preview", response={202: PreviewShape})
@states(Right.BIND)
def make_preview(request: HttpRequest, binding_id: int) -> Status[PreviewShape]:
    """Look anew at all that a paused binding would do; it waits for an approval from then on."""
    made = begin_preview(caller_of(request).member, _find(request, binding_id))
    return Status(202, _show(made, PreviewQuery()))


@router.post("/bindings/{int:binding_id}/approve", response={202: PreviewShape})
@states(Right.BIND)
def approve_preview(
    request: HttpRequest, binding_id: int, body: Approval | None = None
) -> Status[PreviewShape]:
    """Carry out what is approved, exactly; 409 where it moved since, which is then made again."""
    preview, asked = get_preview(_find(request, binding_id)), body or Approval()
    if asked.preview_id not in (None, preview.pk):
        raise Outdated("There is a newer preview of this binding. Look at that one.")
    ids = None if asked.entries == "all" else [] if asked.entries == "none" else asked.entries
    approve(caller_of(request).member, preview, ids)
    return Status(202, _show(get_preview(preview.binding), PreviewQuery()))


def _find(request: HttpRequest, binding_id: int) -> Binding:
    return get_binding(caller_of(request).workplace, binding_id)


def _show(preview: Preview, asked: PreviewQuery) -> PreviewShape:
    rows = list_entries(
        preview,
        act=asked.act or "",
        state=asked.state or "",
        after=read_cursor(asked.cursor) or 0,
        limit=asked.limit + 1,
    )
    shown, next_cursor = first_page(rows, asked.limit)
    counts = count_entries(preview)
    return PreviewShape(
        id=str(preview.pk),
        binding_id=str(preview.binding_id),
        state=PreviewState(preview.state),
        is_outdated=is_outdated(preview),
        made_at=preview.made_at,
        counts={**counts.acts, **counts.states},
        items=[_entry(row) for row in shown],
        next_cursor=next_cursor,
    )


def _entry(row: PreviewEntry) -> PreviewEntryShape:
    return PreviewEntryShape(
        id=str(row.pk),
        act=Act(row.act),
        state=EntryState(row.state),
        title=row.title,
        work_item_id=text_id(row.work_item_id),
        issue_id=row.issue_id or None,
        issue_key=row.issue_key or None,
        writes=[
            WriteShape(side=side, kind=kind, key=key, before=before, after=after)
            for side, kind, key, before, after in row.changes
        ],
        reason=row.why,
    )
