"""The lists of a wiki text read as entries, each with the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duolog.core.markup.tree import Block, Paragraph
from duolog.core.markup.wiki.chips import excerpt, visible
from duolog.core.markup.wiki.code import code_of
from duolog.core.markup.wiki.lists import DEEPEST_LIST, Entry, lists_of
from duolog.core.markup.wiki.macros import VERBATIM
from duolog.core.markup.wiki.notation import OWN
from duolog.core.markup.wiki.scan import Line, Scan
from duolog.core.markup.wiki.tables import trimmed

_OWN_ANCHOR = re.compile(
    r"\{anchor:" + OWN + r"(?:start-(?P<start>\d{1,9})|(?P<fresh>new)|(?P<more>more))\}"
)
_NEXT_PARAGRAPH = re.compile(r"(?<=[^ \t\n])\\\\[ \t]*\n[ \t]*\\\\[ \t]*(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """An entry of a list, the signs it was written with, and where it stands."""

    entry: Entry
    signs: str
    start: int
    content: int
    end: int


def read_entries(scan: Scan, lines: Sequence[Line], index: int) -> tuple[int, list[PlacedEntry]]:
    """The entries that follow from the line on, and the index of the line behind them."""
    entries: list[PlacedEntry] = []
    while index < len(lines) and (found := scan.begins_entry(lines[index])):
        after = scan.run(lines, index)
        entries.append(_entry(scan, found, lines[index].start, lines[after - 1].end))
        index = after
    return index, entries


def lists_in(scan: Scan, entries: Sequence[PlacedEntry]) -> Iterator[tuple[Block | None, int, int]]:
    """The lists that the entries form, and where each begins and ends."""
    group: list[PlacedEntry] = []
    for placed in entries:
        if group and _begins_list(placed.entry, group[-1].entry):
            yield _list(scan, group)
            group = []
        group.append(placed)
    yield _list(scan, group)


def _begins_list(entry: Entry, before: Entry) -> bool:
    return entry.signs[0] != before.signs[0] or (entry.begins and len(entry.signs) == 1)


def _list(scan: Scan, group: Sequence[PlacedEntry]) -> tuple[Block | None, int, int]:
    start, end = trimmed(scan.text, group[0].start, group[-1].end)
    if max(len(placed.entry.signs) for placed in group) > DEEPEST_LIST:
        label = f"List: {excerpt(visible(scan.text[start : min(end, start + 1_000)]))}"
        return Paragraph((scan.inside.chip("list", label, start, end),)), start, end
    (block,) = lists_of([placed.entry for placed in group])
    return block, start, max(end, group[-1].content)


def _entry(scan: Scan, found: re.Match[str], start: int, end: int) -> PlacedEntry:
    content = found.end()
    own = _OWN_ANCHOR.match(scan.text, content, end)
    if own:
        content = own.end()
    entry = Entry(
        signs=found[1].replace("-", "*"),
        blocks=tuple(_blocks(scan, content, end)),
        start=int(own["start"]) if own and own["start"] else 1,
        fresh=bool(own and own["fresh"]),
        more=bool(own and own["more"]),
    )
    return PlacedEntry(entry, found[1], start, found.end(), end)


def _blocks(scan: Scan, start: int, end: int) -> Iterator[Block]:
    done = start
    for macro in scan.macros(start, end):
        if macro.name in VERBATIM:
            yield from _paragraphs(scan, done, macro.start)
            yield code_of(macro, scan.text)
            done = macro.end
    yield from _paragraphs(scan, done, end)


def _paragraphs(scan: Scan, start: int, end: int) -> Iterator[Block]:
    start, end = trimmed(scan.masked, start, end)
    for found in [*_NEXT_PARAGRAPH.finditer(scan.masked, start + 1, end), None]:
        inlines = scan.inside.line(start, found.start() if found else end)
        if inlines:
            yield Paragraph(inlines)
        start = found.end() if found else end
