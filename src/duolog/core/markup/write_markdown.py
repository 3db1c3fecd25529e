"""The tree written as canonical Markdown; what is written is read back as the same tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeGuard

from duolog.core.markup.escapes import (
    escape_closing_hashes,
    escape_line,
    info_string,
    protect_ends,
)
from duolog.core.markup.spans import write_line
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

_HIGHEST_NUMBER = 999_999_999
_RULERS = {"": "---", "center": ":-:", "end": "--:"}


def write_markdown(blocks: Blocks) -> str:
    """The blocks as Markdown, a blank line between each two, without a newline at the end."""
    return "\n".join(_lines(blocks, outer_sign=""))


def _lines(blocks: Blocks, *, outer_sign: str, tight: bool = False) -> Iterator[str]:
    sign = "-" if outer_sign != "-" else "*"
    for index, block in enumerate(blocks):
        before = blocks[index - 1] if index else None
        if before is not None:
            sign = _next_sign(before, block, sign)
            if not tight:
                yield ""
        yield from _block_lines(block, sign)


def _next_sign(before: Block, block: Block, sign: str) -> str:
    """Lists of one kind side by side stay two lists because their signs differ."""
    numbered = isinstance(block, Numbers)
    one_kind = _is_list(before) and _is_list(block) and isinstance(before, Numbers) is numbered
    return "*" if one_kind and sign == "-" else "-"


def _is_list(block: Block) -> TypeGuard[Bullets | Numbers | Tasks]:
    return isinstance(block, Bullets | Numbers | Tasks)


def _is_line(block: Block) -> bool:
    return isinstance(block, Paragraph | Locked)


def _block_lines(block: Block, sign: str) -> Iterator[str]:
    match block:
        case Bullets() | Numbers() | Tasks():
            yield from _list(block, sign)
        case Paragraph(inlines=inlines):
            yield from _paragraph(inlines)
        case Heading(level=level, inlines=inlines):
            yield _heading(level, inlines)
        case Code(language=language, text=text):
            yield from _code(language, text)
        case _:
            yield from _other_lines(block)


def _other_lines(block: Quote | Rule | Table | Locked) -> Iterator[str]:
    match block:
        case Quote(blocks=blocks):
            yield from (f"> {line}" if line else ">" for line in _quoted(blocks))
        case Rule():
            yield "---"
        case Table():
            yield from _table(block)
        case Locked(chip=chip):
            yield write_line((chip,))


def _list(block: Bullets | Numbers | Tasks, sign: str) -> Iterator[str]:
    match block:
        case Bullets(items=items):
            yield from _bullets(items, sign)
        case Numbers(start=start, items=items):
            yield from _numbers(start, items, "." if sign == "-" else ")")
        case Tasks(tasks=tasks):
            yield from _tasks(tasks, sign)


def _paragraph(inlines: Inlines) -> list[str]:
    return [escape_line(line) for line in protect_ends(write_line(inlines)).split("\n")]


def _heading(level: int, inlines: Inlines) -> str:
    line = protect_ends(write_line(inlines, line_break="<br>"))
    return f"{'#' * level} {escape_closing_hashes(line)}" if line else "#" * level


def _code(language: str, text: str) -> Iterator[str]:
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    yield fence + info_string(language)
    if text:
        yield from text.split("\n")
    yield fence


def _quoted(blocks: Blocks) -> list[str]:
    return list(_lines(blocks, outer_sign="")) or [""]


def _bullets(items: Sequence[Item], sign: str) -> Iterator[str]:
    loose = not all(map(_is_short, items))
    for index, item in enumerate(items):
        if index and loose:
            yield ""
        yield from _item(item, sign, f"{sign} ", loose=loose)


def _numbers(start: int, items: Sequence[Item], dot: str) -> Iterator[str]:
    loose = not all(map(_is_short, items))
    for index, item in enumerate(items):
        if index and loose:
            yield ""
        number = min(start + index, _HIGHEST_NUMBER)
        yield from _item(item, "", f"{number}{dot} ", loose=loose)


def _item(item: Item, sign: str, head: str, *, loose: bool) -> list[str]:
    lines = list(_lines(item.blocks, outer_sign=sign, tight=not loose))
    return _indented(lines, head)


def _indented(lines: Sequence[str], head: str) -> list[str]:
    if not lines:
        return [head.rstrip()]
    blank = " " * len(head)
    return [f"{head}{lines[0]}", *(f"{blank}{line}" if line else "" for line in lines[1:])]


def _is_short(item: Item) -> bool:
    """Whether the blocks of the entry need no blank lines between them."""
    first = not item.blocks or _is_line(item.blocks[0]) or _is_list(item.blocks[0])
    return first and all(_follows_tightly(*pair) for pair in pairwise(item.blocks))


def _follows_tightly(before: Block, block: Block) -> bool:
    """Whether the block is read as a block of its own right under the one before."""
    if not _is_list(block):
        return False
    if not _is_line(before):
        return True
    if isinstance(block, Numbers) and block.start != 1:
        return False
    return isinstance(block, Tasks) or bool(block.items[0].blocks)


def _tasks(tasks: Sequence[Task], sign: str) -> Iterator[str]:
    for task in tasks:
        box = "[x]" if task.done else "[ ]"
        first, *rest = protect_ends(write_line(task.inlines)).split("\n")
        below = _tasks(task.tasks, "-")
        lines = [f"{box} {first}" if first else box, *map(escape_line, rest), *below]
        yield from _indented(lines, f"{sign} ")


def _table(table: Table) -> Iterator[str]:
    head, *rows = table.rows
    yield _row(head)
    yield _piped([_RULERS[aligned] for aligned in table.aligned])
    yield from map(_row, rows)


def _row(row: Row) -> str:
    return _piped(
        [
            protect_ends(write_line(cell, line_break="<br>")).replace("|", "\\|")
            for cell in row.cells
        ]
    )


def _piped(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
