"""Journal entries as their page shows them: what changed, why, and whether it can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from duolog.core.values import ABSENT, Slot
from duolog.sync.inbox.history import whole_words
from duolog.sync.link.baseline import from_json
from duolog.sync.link.causes import WriteCause
from duolog.sync.link.file_names import with_file_names
from duolog.sync.link.words import Words, is_text, slot_name
from duolog.sync.models import JournalEntry
from duolog.sync.undo.writes import may_be_undone
from duolog.web.textdiff import marked_change

CAUSES: Final[Mapping[str, str]] = {
    WriteCause.HERE: "Edited here",
    WriteCause.JIRA: "Edited in Jira",
    WriteCause.RUN: "First sent or fetched",
    WriteCause.POLICY: "Both changed, the rule chose",
    WriteCause.MERGED: "Both changed, and were merged",
    WriteCause.SETTLED: "Both changed, settled",
    WriteCause.UNDO: "Undo",
}
LONG: Final = 160
"""A longer text is folded."""


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One entry; `change` is safe HTML with what was lost and what is new."""

    entry: JournalEntry
    is_sent: bool
    name: str
    change: SafeString
    is_long: bool
    cause: str
    may_undo: bool
    warning: str


def rows_of(entries: Iterable[JournalEntry]) -> tuple[JournalRow, ...]:
    """The entries in the order given; the words of each binding are read once."""
    words: dict[int, Words] = {}
    rows = []
    for entry in entries:
        known = words.setdefault(entry.binding_id, Words(entry.binding))
        rows.append(_row(entry, known))
    return tuple(rows)


def _row(entry: JournalEntry, words: Words) -> JournalRow:
    is_whole = entry.kind == "link"
    return JournalRow(
        entry=entry,
        is_sent=entry.side == "remote",
        name=whole_words(entry) if is_whole else slot_name(entry.kind, entry.key),
        change=mark_safe("") if is_whole else _change(entry, words),  # empty
        is_long=len(f"{entry.before}{entry.after}") > LONG,
        cause=CAUSES.get(entry.cause, ""),
        may_undo=may_be_undone(entry),
        warning=_warning(entry),
    )


def _change(entry: JournalEntry, words: Words) -> SafeString:
    slot = Slot(entry.kind, entry.key)
    before, after = from_json(entry.before), from_json(entry.after)
    if is_text(entry.kind, entry.key):
        was, now = ("" if value in (ABSENT, None) else str(value) for value in (before, after))
        return marked_change(with_file_names(was), with_file_names(now))
    lost, new = words.say(slot, before), words.say(slot, after)
    if before is ABSENT:
        return format_html("<ins>{}</ins>", new)
    if after is ABSENT:
        return format_html("<del>{}</del>", lost)
    return format_html("<del>{}</del> <ins>{}</ins>", escape(lost), escape(new))


def _warning(entry: JournalEntry) -> str:
    """What a person is asked before an undo."""
    if entry.kind == "link" and entry.verb == "created" and entry.side == "remote":
        return "Delete the issue in Jira again? Jira keeps no trash. The item stays here."
    if entry.kind == "link" and entry.verb == "created":
        return "Put the item into the trash again? The issue stays in Jira."
    if entry.kind == "link":
        return "Take the item out of the trash? Its issue is gone, so it stands alone."
    return "Undo this? Both sides get back what was there before."
