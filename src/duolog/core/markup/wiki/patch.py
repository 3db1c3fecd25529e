"""An edited text put into the wiki markup that is there: what did not change keeps its bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duolog.core.markup.align import align
from duolog.core.markup.read_adf import Kept
from duolog.core.markup.tree import Block, Blocks
from duolog.core.markup.wiki.read import Page, read_wiki
from duolog.core.markup.wiki.write import WikiWriter


@dataclass(frozen=True, slots=True)
class _Part:
    """The markup of one block; `place` is the segment that it was or took the place of."""

    wiki: str
    place: int | None


@dataclass(frozen=True, slots=True)
class Patcher:
    """Writes blocks over the segments they were read from; chips come from `kept`."""

    kept: Kept

    def fresh(self, blocks: Blocks) -> str:
        """The blocks written anew."""
        return "\n\n".join(map(self._fresh, blocks))

    def _fresh(self, block: Block) -> str:
        """The block written anew: as tidy as can be read back as it is meant."""
        tidy = WikiWriter(self.kept).block(block)
        if self._says(tidy, (block,)):
            return tidy
        return WikiWriter(self.kept, careful=True).block(block)

    def _says(self, wiki: str, blocks: Blocks) -> bool:
        return read_wiki(wiki).blocks == blocks

    def patched(self, blocks: Blocks, page: Page) -> str:
        """The blocks: those of equal segments to the letter, others written anew."""
        parts = list(self._parts(blocks, page))
        for close in (True, False):
            wiki = _joined(parts, page, close=close)
            if self._says(wiki, blocks):
                return wiki
        return self.fresh(blocks).replace("\n", page.source.newline)

    def _parts(self, blocks: Blocks, page: Page) -> Iterator[_Part]:
        read = [segment.block for segment in page.segments]
        for step in align(blocks, read, _alike):
            block = None if step.new is None or step.same else blocks[step.new]
            if block is None:
                segment = page.segments[step.old or 0]
                yield _Part(page.source.as_held(segment.start, segment.end), step.old)
            else:
                yield _Part(self._fresh(block).replace("\n", page.source.newline), step.old)


def _joined(parts: Sequence[_Part], page: Page, *, close: bool) -> str:
    """The parts, between those that stood side by side what stood there."""
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
