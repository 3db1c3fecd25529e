"""An edited text put into the wiki markup that is there: what did not change keeps its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from duolog.core.markup.align import align
from duolog.core.markup.fit import Place
from duolog.core.markup.read_adf import Kept
from duolog.core.markup.tree import Block, Blocks, Break, Paragraph, Quote
from duolog.core.markup.wiki.macros import macros_of
from duolog.core.markup.wiki.mend import Mender
from duolog.core.markup.wiki.read import Page, read_wiki
from duolog.core.markup.wiki.source import source_of
from duolog.core.markup.wiki.tables import trimmed
from duolog.core.markup.wiki.write import WikiWriter
from duolog.core.markup.wiki.write_line import LineWriter, Where

_QUOTED_LINE = re.compile(r"bq\.[ \t]*")


@dataclass(frozen=True, slots=True)
class _Part:
    """The markup of one block; `place` is the segment that it was or took the place of."""

    wiki: str
    place: int | None
    same: bool = False


@dataclass(frozen=True, slots=True)
class Patcher:
    """Writes blocks over the segments they were read from; chips come from `kept`."""

    kept: Kept

    def fresh(self, blocks: Blocks, place: Place = Place.DOCUMENT) -> str:
        """The blocks written anew."""
        return "\n\n".join(self._fresh(block, place) for block in blocks)

    def _fresh(self, block: Block, place: Place) -> str:
        """The block written anew: as tidy as can be read back as it is meant."""
        tidy = WikiWriter(self.kept).block(block)
        if _says(tidy, (block,), place):
            return tidy
        return WikiWriter(self.kept, careful=True).block(block)

    def patched(self, blocks: Blocks, page: Page) -> str:
        """The blocks: those of equal segments to the letter, others mended or written anew."""
        parts = list(self._parts(blocks, page))
        for close, tried in ((True, parts), (False, parts), (False, self._closed(parts, page))):
            wiki = _joined(tried, page, close=close)
            if _says(wiki, blocks, page.place):
                return wiki
        return page.source.in_its_lines(self.fresh(blocks, page.place))

    def _closed(self, parts: Sequence[_Part], page: Page) -> list[_Part]:
        """The parts, those written anew in which a macro begins or ends that is none.

        A macro written before or behind them would make it one.
        """
        closed: list[_Part] = []
        for part in parts:
            block = page.segments[part.place or 0].block if part.same else None
            fresh = self._fresh(block, page.place) if block is not None else ""
            loose = "\\{" in fresh
            closed.append(replace(part, wiki=page.source.in_its_lines(fresh)) if loose else part)
        return closed

    def _parts(self, blocks: Blocks, page: Page) -> Iterator[_Part]:
        read = [segment.block for segment in page.segments]
        for step in align(blocks, read, _alike):
            block = None if step.new is None or step.same else blocks[step.new]
            segment = page.segments[step.old or 0] if step.old is not None else None
            held = page.source.as_held(segment.start, segment.end) if segment else ""
            if block is None:
                yield _Part(held, step.old, same=True)
            else:
                mended = self._mended(block, held, page) if segment else None
                fresh = mended or page.source.in_its_lines(self._fresh(block, page.place))
                yield _Part(fresh, step.old)

    def _mended(self, block: Block, held: str, page: Page) -> str | None:
        """The block in the markup of another, if it is read back as it is meant."""
        over = self._quote(block, held) if isinstance(block, Quote) else None
        mended = over or Mender(self.kept).over(block, held)
        return mended if mended and _says(mended, (block,), page.place) else None

    def _quote(self, block: Quote, held: str) -> str | None:
        match block.blocks:
            case (Paragraph(inlines=inlines),) if found := _QUOTED_LINE.match(held):
                breaks = any(isinstance(inline, Break) for inline in inlines)
                line = LineWriter(self.kept).line(inlines, Where.HEADING)
                return None if breaks else found.group() + line
        source = source_of(held)
        macro = next(iter(macros_of(source.text)), None)
        if macro is None or macro.name != "quote":
            return None
        first, last = trimmed(source.text, macro.body, macro.body_end)
        inside = read_wiki(source.as_held(first, last), place=Place.QUOTE)
        written = self.patched(block.blocks, inside)
        return source.as_held(0, first) + written + source.as_held_from(last)


def _says(wiki: str, blocks: Blocks, place: Place) -> bool:
    return read_wiki(wiki, place=place).blocks == blocks


def _joined(parts: Sequence[_Part], page: Page, *, close: bool) -> str:
    """The parts, between those that stood side by side what stood there.

    Unless they may stand `close`, there is an empty line between any two.
    """
    if not parts:
        return ""
    segments, source = page.segments, page.source
    out: list[str] = []
    before = -1
    for index, part in enumerate(parts):
        gap = "" if not index else source.newline * 2
        if part.place is not None and part.place == before + 1:
            start = segments[before].end if before >= 0 else 0
            there = source.as_held(start, segments[part.place].start)
            gap = there if close or not index or there.count("\n") > 1 else gap
        out.extend((gap, part.wiki))
        before = len(segments) + 1 if part.place is None else part.place
    if before == len(segments) - 1:
        out.append(source.as_held_from(segments[before].end))
    return "".join(out)


def _alike(new: Block, old: Block) -> bool:
    """Whether the new block may stand in the place of the old one."""
    return type(new) is type(old)
