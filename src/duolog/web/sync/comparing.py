"""A conflict as its table shows it: each field with what both sides hold, who changed it and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from duolog.core.values import Slot, Value
from duolog.sync.inbox.history import Seen, last_here, last_there
from duolog.sync.inbox.settling import Choice, name_of
from duolog.sync.link.baseline import from_json
from duolog.sync.link.file_names import with_file_names
from duolog.sync.link.words import Words, activity_field, is_text, slot_name
from duolog.sync.models import Conflict, Link
from duolog.sync.shown.queries import InboxEntry
from duolog.web.textdiff import marked_change

SIDES: Final[Mapping[str, Choice]] = {"here": "here", "jira": "jira"}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one side holds, as safe HTML, and who wrote it."""

    html: SafeString
    seen: Seen


@dataclass(frozen=True, slots=True)
class OwnValue:
    """How a third value is typed (`line`, `text`, `day`) or picked (`choice`); what is here now."""

    field: str
    kind: str
    value: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One field in conflict; `field` names its radios."""

    field: str
    name: str
    was: str
    here: Cell
    jira: Cell
    own: OwnValue | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs and may."""

    name: str
    here: str
    jira: str


def compare_rows(entry: InboxEntry) -> tuple[CompareRow, ...]:
    """The fields of a conflict, in the order they were noticed."""
    words = Words(entry.link.binding)
    here, there = last_here(entry.link), last_there(entry.link)
    return tuple(_row(row, words, here, there) for row in entry.fields)


def _row(row: Conflict, words: Words, here: Mapping[str, Seen], there: Seen) -> CompareRow:
    slot = Slot(row.kind, row.key)
    base = (from_json(row.base_local), from_json(row.base_remote))
    field = activity_field(slot)
    return CompareRow(
        field=field_of(row),
        name=slot_name(row.kind, row.key),
        was="" if is_text(row.kind, row.key) else words.say(slot, base[0]),
        here=Cell(_shown(slot, words, base[0], row.now_local), here.get(field, Seen())),
        jira=Cell(_shown(slot, words, base[1], row.now_remote), there),
        own=_own_value(row, words),
    )


_TYPED: Final[Mapping[str, str]] = {"title": "line", "description": "text", "due_on": "day"}


def _own_value(row: Conflict, words: Words) -> OwnValue | None:
    """The third way for a field, where one can be said in a form."""
    field, now = f"own-{row.pk}", from_json(row.now_local)
    value = with_file_names(now) if isinstance(now, str) else ""
    if row.kind == "comment":
        return OwnValue(field, "text", value) if value else None
    if row.kind != "field":
        return None
    if row.key in _TYPED:
        return OwnValue(field, _TYPED[row.key], value)
    names = words.names_of(row.key)
    return OwnValue(field, "choice", value, tuple(names.items())) if names else None


def _shown(slot: Slot, words: Words, base: Value, stored: object) -> SafeString:
    now = from_json(stored)
    if is_text(slot.kind, slot.key) and isinstance(now, str) and isinstance(base, str):
        return marked_change(with_file_names(base), with_file_names(now))
    return mark_safe(escape(words.say(slot, now)))  # noqa: S308  # escaped right here


def field_of(row: Conflict) -> str:
    """The name of a conflict's radios."""
    return f"slot-{row.pk}"


def read_choices(entry: InboxEntry, posted: Mapping[str, str]) -> dict[str, Choice]:
    """The sides chosen, by the names the service knows the slots by."""
    chosen: dict[str, Choice] = {}
    for row in entry.fields:
        choice = posted.get(field_of(row), "")
        if choice == "own":
            chosen[name_of(row)] = {"value": _posted_value(row, posted.get(f"own-{row.pk}", ""))}
        elif choice in SIDES:
            chosen[name_of(row)] = SIDES[choice]
    return chosen


def _posted_value(row: Conflict, text: str) -> object:
    """A posted value as the item takes it: a status by its id, an emptied day as none."""
    if row.key == "status" and text.isdecimal():
        return int(text)
    return None if row.key == "due_on" and not text else text


def differences_of(link: Link) -> tuple[Difference, ...]:
    """What is not the same on both sides although nothing waits."""
    words = Words(link.binding)
    return tuple(
        Difference(
            slot_name(each["kind"], each["key"]),
            words.say(Slot(each["kind"], each["key"]), from_json(each["here"])),
            words.say(Slot(each["kind"], each["key"]), from_json(each["jira"])),
        )
        for each in link.differences
    )
