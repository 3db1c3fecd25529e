"""Where pictures and links of a text lead, made to lead elsewhere; for files of either side.  Pure.

Files are named by addresses of their own: `attachment:42` is a file here by its id, and
`attachment:plan.png` one of the issue (or item) by its name, which is how wiki text names them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import quote, unquote

from duolog.core.markup.read_markdown import read_markdown
from duolog.core.markup.tree import (
    Block,
    Blocks,
    Break,
    Bullets,
    Chip,
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

Renaming = Callable[[str], str | None]


def file_address(name: str) -> str:
    """The address of a file by its id or its name."""
    return FILE + quote(name, safe="")


def named_file(address: str) -> str | None:
    """The id or the name in an address of a file; None for any other address."""
    return unquote(address.removeprefix(FILE)) if address.startswith(FILE) else None


def addresses(text: str) -> frozenset[str]:
    """Where the pictures and links of a text lead."""
    found: set[str] = set()

    def note(address: str) -> None:
        found.add(address)

    repoint(text, note)
    return frozenset(found)


def repoint(text: str, rename: Renaming) -> str:
    """Canonical Markdown whose pictures and links lead where `rename` says; None leaves them.

    Chips are locked and stay; so does the text itself where nothing leads elsewhere.
    """
    if not any(sign in text for sign in _LINK_SIGNS):
        return text
    blocks = read_markdown(text)
    renamed = _blocks(blocks, rename)
    return text if renamed == blocks else write_markdown(renamed)


def _blocks(blocks: Blocks, rename: Renaming) -> Blocks:
    return tuple(_block(block, rename) for block in blocks)


def _block(block: Block, rename: Renaming) -> Block:
    match block:
        case Paragraph(inlines=inlines) | Heading(inlines=inlines):
            return replace(block, inlines=_line(inlines, rename))
        case Quote(blocks=blocks):
            return Quote(_blocks(blocks, rename))
        case Bullets(items=items) | Numbers(items=items):
            return replace(block, items=tuple(Item(_blocks(it.blocks, rename)) for it in items))
        case Tasks(tasks=tasks):
            return Tasks(_tasks(tasks, rename))
        case Table(rows=rows):
            return replace(
                block,
                rows=tuple(Row(tuple(_line(cell, rename) for cell in row.cells)) for row in rows),
            )
        case Code() | Rule() | Locked():
            return block


def _tasks(tasks: tuple[Task, ...], rename: Renaming) -> tuple[Task, ...]:
    return tuple(
        Task(task.done, _line(task.inlines, rename), _tasks(task.tasks, rename)) for task in tasks
    )


def _line(inlines: Inlines, rename: Renaming) -> Inlines:
    return tuple(_inline(inline, rename) for inline in inlines)


def _inline(inline: Inline, rename: Renaming) -> Inline:
    match inline:
        case Image(url=url, link=link):
            return replace(inline, url=rename(url) or url, link=link and _link(link, rename))
        case Text(link=Link() as link):
            return replace(inline, link=_link(link, rename))
        case Text() | Break() | Chip():
            return inline


def _link(link: Link, rename: Renaming) -> Link:
    return replace(link, href=rename(link.href) or link.href)
