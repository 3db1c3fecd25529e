"""Where pictures and links of a text lead, made to lead elsewhere; for files of either side.  Pure.

Files are named by addresses of their own: `attachment:42` is a file here by its id, and
`attachment:plan.png` one of the issue (or item) by its name, which is how wiki text names them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias
from urllib.parse import quote, unquote

from duolog.core.markup.read_markdown import read_markdown
from duolog.core.markup.tree import (
    Block,
    Blocks,
    Bullets,
    Code,
    Heading,
    Image,
    Inline,
    Inlines,
    Item,
    Link,
    Locked,
    Numbers,
    Paragraph,
    Quote,
    Row,
    Rule,
    Table,
    Task,
    Tasks,
    Text,
)
from duolog.core.markup.write_markdown import write_markdown

FILE: Final = "attachment:"
_LINK_SIGNS: Final = ("](", "]:", "<", "://")

PICTURE: Final = "Picture"
"""Stands for a picture that nobody described."""

Renaming: TypeAlias = Callable[[str], str | None]
Changing: TypeAlias = Callable[[Inline], Inline]


def file_address(name: str) -> str:
    """The address of a file by its id or its name."""
    return FILE + quote(name, safe="")


def named_file(address: str) -> str | None:
    """The id or the name in an address of a file; None for any other address."""
    return unquote(address.removeprefix(FILE)) if address.startswith(FILE) else None


def repoint(text: str, rename: Renaming) -> str:
    """Canonical Markdown whose pictures and links lead where `rename` says; None leaves them.

    Chips are locked and stay; so does the text itself where nothing leads elsewhere.
    """

    def change(inline: Inline) -> Inline:
        match inline:
            case Image(url=url, link=link):
                return replace(inline, url=rename(url) or url, link=link and _link(link, rename))
            case Text(link=Link() as link):
                return replace(inline, link=_link(link, rename))
            case _:
                return inline

    return _changed(text, change)


def without_files(text: str) -> str:
    """Canonical Markdown in which words stand for what leads to files."""

    def change(inline: Inline) -> Inline:
        match inline:
            case Image(url=url, alt=alt) if named_file(url) is not None:
                return Text(alt or PICTURE)
            case Text(text=words, marks=marks, link=Link(href=href)) if named_file(href):
                return Text(words, marks)
            case _:
                return inline

    return _changed(text, change)


def _link(link: Link, rename: Renaming) -> Link:
    return replace(link, href=rename(link.href) or link.href)


def _changed(text: str, change: Changing) -> str:
    if not any(sign in text for sign in _LINK_SIGNS):
        return text
    blocks = read_markdown(text)
    changed = _blocks(blocks, change)
    return text if changed == blocks else normal(changed)


def normal(blocks: Blocks) -> str:
    """The blocks as canonical Markdown: words beside each other become one run."""
    return write_markdown(read_markdown(write_markdown(blocks)))


def _blocks(blocks: Blocks, change: Changing) -> Blocks:
    return tuple(_block(block, change) for block in blocks)


def _block(block: Block, change: Changing) -> Block:
    match block:
        case Paragraph(inlines=inlines) | Heading(inlines=inlines):
            return replace(block, inlines=_line(inlines, change))
        case Quote(blocks=blocks):
            return Quote(_blocks(blocks, change))
        case Bullets(items=items) | Numbers(items=items):
            return replace(block, items=tuple(Item(_blocks(it.blocks, change)) for it in items))
        case Tasks(tasks=tasks):
            return Tasks(_tasks(tasks, change))
        case Table(rows=rows):
            return replace(
                block,
                rows=tuple(Row(tuple(_line(cell, change) for cell in row.cells)) for row in rows),
            )
        case Code() | Rule() | Locked():
            return block


def _tasks(tasks: tuple[Task, ...], change: Changing) -> tuple[Task, ...]:
    return tuple(
        Task(task.done, _line(task.inlines, change), _tasks(task.tasks, change)) for task in tasks
    )


def _line(inlines: Inlines, change: Changing) -> Inlines:
    return tuple(map(change, inlines))
