"""What ADF allows where: a tree from Markdown made one that ADF can hold; pure values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import Enum

from duolog.core.markup.inlines import canonical
from duolog.core.markup.tasks import tasks_of
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


class Place(Enum):
    """What directly holds a block."""

    DOCUMENT = "document"
    QUOTE = "quote"
    ITEM = "item"


_LOCKED_IN = {
    Place.QUOTE: frozenset({"mediaSingle", "mediaGroup", "extension"}),
    Place.ITEM: frozenset({"mediaSingle", "extension"}),
}


def fit(blocks: Blocks, place: Place = Place.DOCUMENT) -> Blocks:
    """The blocks so that each stands where ADF allows it.

    A quote in a quote is one quote, a heading in a quote or list is a strong line; what else
    may not stand in a quote or list stands behind the part before it.  A list whose entries
    all begin with a box is a task list, except in a quote, which holds none.
    """
    return tuple(_fitted(blocks, place))


def _fitted(blocks: Iterable[Block], place: Place) -> Iterator[Block]:
    for block in blocks:
        match block:
            case Paragraph(inlines=()):
                pass
            case Heading(inlines=inlines) if place is not Place.DOCUMENT:
                if inlines:
                    yield Paragraph(canonical(map(_strong, inlines)))
            case Quote(blocks=inner):
                yield from _fitted(inner, place) if place is Place.QUOTE else _quote(inner)
            case Bullets() | Numbers():
                yield from _list(block, place)
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
    for block in _fitted(inner, Place.QUOTE):
        if _stands_in(block, Place.QUOTE):
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


def _list(block: Bullets | Numbers, place: Place) -> Iterator[Block]:
    done: list[Item] = []
    passed = 0
    for item in block.items:
        held: list[Block] = []
        whole = True
        for part in _fitted(item.blocks, Place.ITEM):
            if _stands_in(part, Place.ITEM):
                held.append(part)
                continue
            whole = False
            if held:
                done.append(Item(tuple(held)))
                held.clear()
            if done:
                yield _part(block, done, passed, place)
                passed += len(done)
                done.clear()
            yield part
        if held or whole:
            done.append(Item(tuple(held)))
    if done:
        yield _part(block, done, passed, place)


def _part(block: Bullets | Numbers, items: list[Item], passed: int, place: Place) -> Block:
    if isinstance(block, Numbers):
        return Numbers(block.start + passed, tuple(items))
    tasks = None if place is Place.QUOTE else tasks_of(items)
    return Tasks(tasks) if tasks else Bullets(tuple(items))


def _stands_in(block: Block, place: Place) -> bool:
    match block:
        case Paragraph() | Bullets() | Numbers() | Code():
            return True
        case Tasks():
            return place is Place.ITEM
        case Locked(chip=chip):
            return chip.kind in _LOCKED_IN[place]
        case _:
            return False
