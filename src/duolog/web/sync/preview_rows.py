"""Entries of a preview as their page shows them: what would be written where, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from duolog.core.values import ABSENT, Slot
from duolog.sync.link.baseline import from_json
from duolog.sync.link.words import Words, slot_name
from duolog.sync.models import Act, Binding, EntryState, PreviewEntry

ACTS: Final[Mapping[str, str]] = {
    Act.CREATE_ISSUE: "New in Jira",
    Act.CREATE_ITEM: "New here",
    Act.UPDATE: "Change",
}
SIDES: Final[Mapping[str, str]] = {"remote": "Jira", "local": "Here", "both": "Asks you"}
LONGEST: Final = 90


@dataclass(frozen=True, slots=True)
class Write:
    """One write: where, which slot, and both values in words; `was` is empty for a birth."""

    side: str
    where: str
    name: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One entry with its writes; `may_change` while it can still be set aside."""

    entry: PreviewEntry
    act: str
    writes: tuple[Write, ...]
    may_change: bool


def preview_rows(entries: Iterable[PreviewEntry], binding: Binding) -> tuple[PreviewRow, ...]:
    """The entries in the order given."""
    words = Words(binding)
    return tuple(
        PreviewRow(
            entry,
            ACTS[entry.act],
            tuple(_write(each, words) for each in entry.changes),
            entry.state in (EntryState.OPEN, EntryState.ASIDE),
        )
        for entry in entries
    )


def _write(change: list[object], words: Words) -> Write:
    side, kind, key = (str(part) for part in change[:3])
    before, after = (from_json(value) for value in change[3:])
    if kind == "jira":  # an issue nobody took in yet: its values by the names Jira gives them
        return Write(side, SIDES[side], slot_name("field", key), "", _short(str(after)))
    slot = Slot(kind, key)
    was = "" if before is ABSENT else _short(words.say(slot, before))
    becomes = _short(words.say(slot, after))
    return Write(side, SIDES[side], slot_name(kind, key), was, becomes)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
