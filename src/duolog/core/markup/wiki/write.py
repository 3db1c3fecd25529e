"""The tree written as wiki markup; what is written is read back as the same tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duolog.core.markup.read_adf import Kept
from duolog.core.markup.tree import (
    Block,
    Blocks,
    Bullets,
    Code,
    Heading,
    Inlines,
    Locked,
    Numbers,
    Paragraph,
    Quote,
    Row,
    Rule,
    Table,
    Tasks,
)
from duolog.core.markup.wiki.code import write_code
from duolog.core.markup.wiki.lists import Entry, entries_of
from duolog.core.markup.wiki.notation import OWN
from duolog.core.markup.wiki.write_line import LineWriter, Where

BREAK = "\\\\"


@dataclass(frozen=True, slots=True)
class WikiWriter:
    """Writes blocks; what is behind chips comes from `kept`."""

    kept: Kept
    careful: bool = False

    def blocks(self, blocks: Blocks) -> str:
        """The blocks, a blank line between each two."""
        return "\n\n".join(map(self.block, blocks))

    def block(self, block: Block) -> str:
        """The block as wiki markup."""
        match block:
            case Paragraph(inlines=inlines):
                return self._line(inlines)
            case Heading(level=level, inlines=inlines):
                return f"h{level}. {self._line(inlines, Where.HEADING)}".rstrip(" ")
            case Bullets() | Numbers() | Tasks():
                return "\n".join(map(self.entry, entries_of(block)))
            case Table():
                return "\n".join(self._rows(block))
            case _:
                return self._other(block)

    def _other(self, block: Code | Quote | Rule | Locked) -> str:
        match block:
            case Code():
                return write_code(block)
            case Quote(blocks=()):
                return "{quote}{quote}"
            case Quote(blocks=blocks):
                return f"{{quote}}\n{self.blocks(blocks)}\n{{quote}}"
            case Rule():
                return "----"
            case Locked(chip=chip):
                return self._line((chip,))

    def _line(self, inlines: Inlines, where: Where = Where.PARAGRAPH) -> str:
        return LineWriter(self.kept, self.careful).line(inlines, where)

    def entry(self, entry: Entry) -> str:
        """The entry of a list with its signs."""
        content = "\n".join(self._entry_parts(entry.blocks)) or BREAK
        return f"{entry.signs} {own_anchor(entry)}{content}"

    def _entry_parts(self, blocks: Blocks) -> Iterator[str]:
        """Two paragraphs have an empty line between them that ends no list."""
        for index, block in enumerate(blocks):
            after = blocks[index + 1] if index + 1 < len(blocks) else None
            divided = isinstance(block, Paragraph) and isinstance(after, Paragraph)
            yield self.block(block) + (f"{BREAK}\n{BREAK}" if divided else "")

    def _rows(self, table: Table) -> Iterator[str]:
        head, *rows = table.rows
        cells = self.cells(head)
        aligned = zip(table.aligned, cells, strict=True)
        yield "||" + "||".join(f"{own_alignment(it)}{cell}" for it, cell in aligned) + "||"
        yield from (f"|{'|'.join(self.cells(row))}|" for row in rows)

    def cells(self, row: Row) -> Sequence[str]:
        """The cells of the row; an empty one is a blank."""
        return [self._line(cell, Where.CELL) or " " for cell in row.cells]


def own_anchor(entry: Entry) -> str:
    """What wiki markup cannot say of an entry, as an anchor nobody sees."""
    if entry.more:
        return f"{{anchor:{OWN}more}}"
    if entry.start != 1:
        return f"{{anchor:{OWN}start-{entry.start}}}"
    return f"{{anchor:{OWN}new}}" if entry.fresh else ""


def own_alignment(aligned: str) -> str:
    """How a column is aligned, as an anchor nobody sees."""
    return f"{{anchor:{OWN}{aligned}}}" if aligned else ""
