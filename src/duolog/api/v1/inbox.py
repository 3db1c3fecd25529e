"""`/inbox`: what waits for a person, conflicts and holds."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import JsonValue

from duolog.api.callers import caller_of
from duolog.api.shapes import Body, Listing, Moment, Shape, text_id
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.sync.inbox.entries import choices_of, retry_entry, settle_entry
from duolog.sync.inbox.settling import name_of
from duolog.sync.link.file_names import named_in_json
from duolog.sync.models import Conflict
from duolog.sync.shown import queries
from duolog.sync.shown.queries import InboxEntry, issue_url

router = Router(tags=["Inbox"])

Kind = Literal["", "conflict", "hold"]


class ConflictShape(Shape):
    """One slot that both sides changed, with what they held when last in step."""

    slot: str
    here: JsonValue
    jira: JsonValue
    was_here: JsonValue
    was_jira: JsonValue


class InboxShape(Shape):
    """Something that waits for a person; `choices` are what `resolve` takes for it."""

    id: str
    kind: Literal["conflict", "hold"]
    link_id: str
    work_item_id: str | None
    issue_id: str | None
    issue_key: str | None
    issue_url: str | None
    title: str
    reason: str
    hint: str
    conflicts: list[ConflictShape]
    choices: dict[str, list[str]]
    at: Moment


class ChosenValue(Body):
    """A value of its own for both sides."""

    value: str | int | None


class Choices(Body):
    """By slot: `here`, `jira` or a value; for a deletion `delete`, `unlink` or `restore`."""

    choices: dict[str, Literal["here", "jira", "delete", "unlink", "restore"] | ChosenValue]


@router.get("/inbox", response=Listing[InboxShape])
@states(Right.VIEW)
def read_inbox(request: HttpRequest, kind: Kind = "") -> Listing[InboxShape]:
    """All that waits for a person, newest first."""
    entries = queries.inbox(caller_of(request).workplace, kind=kind)
    return Listing[InboxShape](items=[_entry(entry) for entry in entries])


@router.get("/inbox/{entry_id}", response=InboxShape)
@states(Right.VIEW)
def read_entry(request: HttpRequest, entry_id: str) -> InboxShape:
    """One entry, while it is open."""
    return _entry(queries.get_inbox_entry(caller_of(request).workplace, entry_id))


@router.post("/inbox/{entry_id}/retry", response={204: None})
@states(Right.SETTLE)
def retry(request: HttpRequest, entry_id: str) -> HttpResponse:
    """Try again what was refused; a conflict is looked at again."""
    caller = caller_of(request)
    retry_entry(caller.member, queries.get_inbox_entry(caller.workplace, entry_id))
    return HttpResponse(status=204)


@router.post("/inbox/{entry_id}/resolve", response={204: None})
@states(Right.SETTLE)
def resolve(request: HttpRequest, entry_id: str, body: Choices) -> HttpResponse:
    """Choose which side to keep, slot by slot, or what follows a deletion."""
    caller = caller_of(request)
    entry = queries.get_inbox_entry(caller.workplace, entry_id)
    settle_entry(caller.member, entry, body.model_dump()["choices"])
    return HttpResponse(status=204)


def _entry(entry: InboxEntry) -> InboxShape:
    return InboxShape.model_validate(
        {
            "id": entry.id,
            "kind": entry.kind,
            "link_id": str(entry.link.pk),
            "work_item_id": text_id(entry.link.work_item_id),
            "issue_id": entry.link.issue_id,
            "issue_key": entry.link.issue_key or None,
            "issue_url": issue_url(entry.link) or None,
            "title": entry.title,
            "reason": entry.reason,
            "hint": entry.hint,
            "conflicts": [_conflict(row) for row in entry.fields],
            "choices": choices_of(entry),
            "at": entry.at,
        }
    )


def _conflict(row: Conflict) -> ConflictShape:
    return ConflictShape(
        slot=name_of(row),
        here=named_in_json(row.now_local),
        jira=named_in_json(row.now_remote),
        was_here=named_in_json(row.base_local),
        was_jira=named_in_json(row.base_remote),
    )
