"""What ADF allows where: a tree from Markdown made one that ADF can hold; pure values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import Enum

from duolog.core.markup.inlines import canonical
from duolog.core.markup.tree import (
    Block,
    Blocks,
    Bullets,
    Chip,
    Code,
    Heading,
    Image,
    Inline,
    Inlines,
    Item,
    Locked,
    Mark,
    Numbers,
    Paragraph,
    Quote,
    Table,
    Tasks,
    Text,
)


class _Place(Enum):
    """What directly holds a block."""

    DOCUMENT = "document"
    QUOTE = "quote"
    ITEM = "item"


_LOCKED_IN = {
    _Place.QUOTE: frozenset({"mediaSingle", "mediaGroup", "extension"}),
    _Place.ITEM: frozenset({"mediaSingle", "extension"}),
}


def fit(blocks: Blocks) -> Blocks:
    """The blocks so that each stands where ADF allows it.

    A quote in a quote is one quote, a heading in a quote or list is a strong line; what else
    may not stand in a quote or list stands behind the part before it.
    """
    return tuple(_fitted(blocks, _Place.DOCUMENT))


def _fitted(blocks: Iterable[Block], place: _Place) -> Iterator[Block]:
    for block in blocks:
        match block:
            case Paragraph(inlines=()):
                pass
            case Heading(inlines=inlines) if place is not _Place.DOCUMENT:
                if inlines:
                    yield Paragraph(canonical(map(_strong, inlines)))
            case Quote(blocks=inner) if place is _Place.QUOTE:
                yield from _fitted(inner, place)
            case Quote(blocks=inner):
                yield from _quote(inner)
            case Bullets() | Numbers():
                yield from _list(block)
            case Table():
                yield _table(block)
            case _:
                yield block


def _strong(inline: Inline) -> Inline:
    if isinstance(inline, Text):
        return replace(inline, marks=inline.marks | {Mark.STRONG})
    return inline


def _quote(inner: Blocks) -> Iterator[Block]:
    held: list[Block] = []
    whole = True
    for block in _fitted(inner, _Place.QUOTE):
        if _stands_in(block, _Place.QUOTE):
            held.append(block)
            continue
        whole = False
        if held:
            yield Quote(tuple(held))
            held.clear()
        yield block
    if held or whole:
        yield Quote(tuple(held))


def _table(block: Table) -> Table:
    """Only lines of text can be aligned, so a column without any is not."""
    columns = zip(*(row.cells for row in block.rows), strict=True)
    aligned = tuple(
        "" if all(map(_is_no_text, column)) else aligned
        for aligned, column in zip(block.aligned, columns, strict=True)
    )
    return replace(block, aligned=aligned)


def _is_no_text(cell: Inlines) -> bool:
    return len(cell) == 1 and isinstance(cell[0], Image | Chip)


def _list(block: Bullets | Numbers) -> Iterator[Block]:
    done: list[Item] = []
    passed = 0
    for item in block.items:
        held: list[Block] = []
        whole = True
        for part in _fitted(item.blocks, _Place.ITEM):
            if _stands_in(part, _Place.ITEM):
                held.append(part)
                continue
            whole = False
            if held:
                done.append(Item(tuple(held)))
                held.clear()
            if done:
                yield _part(block, done, passed)
                passed += len(done)
                done.clear()
            yield part
        if held or whole:
            done.append(Item(tuple(held)))
    if done:
        yield _part(block, done, passed)


def _part(block: Bullets | Numbers, items: list[Item], passed: int) -> Block:
    if isinstance(block, Numbers):
        return Numbers(block.start + passed, tuple(items))
    return Bullets(tuple(items))


def _stands_in(block: Block, place: _Place) -> bool:
    match block:
        case Paragraph() | Bullets() | Numbers() | Code():
            return True
        case Tasks():
            return place is _Place.ITEM
        case Locked(chip=chip):
            return chip.kind in _LOCKED_IN[place]
        case _:
            return False
