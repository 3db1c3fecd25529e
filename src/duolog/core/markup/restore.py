"""Chips of a text set against the nodes that are there: known ones stand, others are words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from duolog.core.markup.inlines import canonical
from duolog.core.markup.read_adf import Kept
from duolog.core.markup.tree import (
    Block,
    Blocks,
    Bullets,
    Chip,
    Heading,
    Inline,
    Inlines,
    Item,
    Locked,
    Numbers,
    Paragraph,
    Quote,
    Row,
    Table,
    Task,
    Tasks,
    Text,
)

_IN_CELLS = frozenset(
    {
        "panel",
        "mediaSingle",
        "mediaGroup",
        "decisionList",
        "taskList",
        "blockCard",
        "embedCard",
        "extension",
        "nestedExpand",
    }
)


def restore(blocks: Blocks, kept: Kept) -> Blocks:
    """The blocks with only such chips as stand for a kept node with the very same label.

    A chip for a block stands alone, so it divides the paragraph it was put into.
    """
    return tuple(_restored(blocks, kept))


def _restored(blocks: Blocks, kept: Kept) -> Iterator[Block]:
    for block in blocks:
        match block:
            case Paragraph(inlines=inlines):
                yield from _divided(inlines, kept)
            case Heading(level=level, inlines=inlines):
                yield Heading(level, _line(inlines, kept, single_line=True))
            case Quote(blocks=inner):
                yield Quote(restore(inner, kept))
            case Bullets(items=items) | Numbers(items=items):
                yield replace(block, items=_items(items, kept))
            case Tasks(tasks=tasks):
                yield Tasks(_tasks(tasks, kept))
            case Table(aligned=aligned, rows=rows):
                yield Table(aligned, tuple(_row(row, kept) for row in rows))
            case _:
                yield block


def _divided(inlines: Inlines, kept: Kept) -> Iterator[Block]:
    part: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Chip) and inline in kept.blocks:
            yield from _paragraph(tuple(part), kept)
            yield Locked(inline)
            part.clear()
        else:
            part.append(inline)
    yield from _paragraph(tuple(part), kept)


def _paragraph(inlines: Inlines, kept: Kept) -> Iterator[Paragraph]:
    line = canonical(_line(inlines, kept))
    if line:
        yield Paragraph(line)


def _line(inlines: Inlines, kept: Kept, *, single_line: bool = False) -> Inlines:
    """The line with the words of unknown chips in their place."""
    if not any(isinstance(inline, Chip) for inline in inlines):
        return inlines
    runs = (
        Text(inline.label) if isinstance(inline, Chip) and inline not in kept.inlines else inline
        for inline in inlines
    )
    return canonical(runs, single_line=single_line)


def _items(items: tuple[Item, ...], kept: Kept) -> tuple[Item, ...]:
    return tuple(Item(restore(item.blocks, kept)) for item in items)


def _tasks(tasks: tuple[Task, ...], kept: Kept) -> tuple[Task, ...]:
    return tuple(
        Task(task.done, _line(task.inlines, kept), _tasks(task.tasks, kept)) for task in tasks
    )


def _row(row: Row, kept: Kept) -> Row:
    return Row(tuple(_cell(cell, kept) for cell in row.cells))


def _cell(cell: Inlines, kept: Kept) -> Inlines:
    match cell:
        case (Chip() as chip,) if chip in kept.cells:
            return cell
        case (Chip(kind=kind) as chip,) if chip in kept.blocks and kind in _IN_CELLS:
            return cell
        case _:
            return _line(cell, kept, single_line=True)
