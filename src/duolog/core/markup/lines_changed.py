"""A text with the insides of its blocks changed, line by line; the blocks stay.  Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias

from duolog.core.markup.read_markdown import read_markdown
from duolog.core.markup.tree import (
    Block,
    Blocks,
    Bullets,
    Code,
    Heading,
    Inlines,
    Item,
    Locked,
    Numbers,
    Paragraph,
    Quote,
    Row,
    Rule,
    Table,
    Task,
    Tasks,
)
from duolog.core.markup.write_markdown import write_markdown

_LINK_SIGNS: Final = ("](", "]:", "<", "://")

Changing: TypeAlias = Callable[[Inlines], Inlines]


def changed(text: str, change: Changing) -> str:
    """Canonical Markdown with each of its lines changed; the text itself where none was.

    Only lines of texts that hold a link or a picture are looked at; chips are locked.
    """
    if not any(sign in text for sign in _LINK_SIGNS):
        return text
    blocks = read_markdown(text)
    after = _blocks(blocks, change)
    return text if after == blocks else normal(after)


def normal(blocks: Blocks) -> str:
    """The blocks as canonical Markdown: words beside each other become one run."""
    return write_markdown(read_markdown(write_markdown(blocks)))


def _blocks(blocks: Blocks, change: Changing) -> Blocks:
    return tuple(_block(block, change) for block in blocks)


def _block(block: Block, change: Changing) -> Block:
    match block:
        case Paragraph(inlines=inlines) | Heading(inlines=inlines):
            return replace(block, inlines=change(inlines))
        case Quote(blocks=blocks):
            return Quote(_blocks(blocks, change))
        case Bullets(items=items) | Numbers(items=items):
            return replace(block, items=tuple(Item(_blocks(it.blocks, change)) for it in items))
        case Tasks(tasks=tasks):
            return Tasks(_tasks(tasks, change))
        case Table(rows=rows):
            return replace(
                block,
                rows=tuple(Row(tuple(change(cell) for cell in row.cells)) for row in rows),
            )
        case Code() | Rule() | Locked():
            return block


def _tasks(tasks: tuple[Task, ...], change: Changing) -> tuple[Task, ...]:
    return tuple(
        Task(task.done, change(task.inlines), _tasks(task.tasks, change)) for task in tasks
    )
