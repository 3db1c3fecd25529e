"""Lists of wiki markup: entries with their signs (`*`, `##`, `*#`), and the tree they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from duolog.core.markup.inlines import canonical
from duolog.core.markup.tree import (
    Block,
    Blocks,
    Bullets,
    Inlines,
    Item,
    Numbers,
    Paragraph,
    Task,
    Tasks,
    Text,
)

DEEPEST_LIST = 18
"""Lists may nest so deep; what is deeper is kept as one piece."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it stands in the text: a sign for each level, and its own blocks.

    `start` is the number a list begins with, where it is not 1.  Two things wiki markup cannot
    say itself: that an entry begins a `fresh` list, and that it has `more` of the entry above.
    """

    signs: str
    blocks: Blocks
    start: int = 1
    fresh: bool = False
    more: bool = False

    @property
    def begins(self) -> bool:
        """Whether a list begins here in any case."""
        return self.fresh or self.start != 1


def lists_of(entries: Sequence[Entry], depth: int = 1) -> Iterator[Bullets | Numbers]:
    """The lists that the entries form; deeper ones hang under the entry before them."""
    part: list[Entry] = []
    for entry in entries:
        own = len(entry.signs) == depth
        new_kind = part and entry.signs[depth - 1] != part[0].signs[depth - 1]
        if part and (new_kind or (own and entry.begins)):
            yield _list(part, depth)
            part = []
        part.append(entry)
    if part:
        yield _list(part, depth)


def _list(entries: Sequence[Entry], depth: int) -> Bullets | Numbers:
    items: list[list[Block]] = []
    for deeper, group in groupby(entries, key=lambda entry: len(entry.signs) > depth):
        if deeper:
            if not items:
                items.append([])
            items[-1].extend(lists_of(list(group), depth + 1))
            continue
        for entry in group:
            if entry.more and items:
                items[-1].extend(entry.blocks)
            else:
                items.append(list(entry.blocks))
    made = tuple(Item(tuple(blocks)) for blocks in items)
    first = entries[0]
    if first.signs[depth - 1] != "#":
        return Bullets(made)
    return Numbers(first.start if len(first.signs) == depth else 1, made)


def entries_of(block: Bullets | Numbers | Tasks, above: str = "") -> Iterator[Entry]:
    """The entries that say the list."""
    yield from _entries(block, above, fresh=False)


def _entries(block: Bullets | Numbers | Tasks, above: str, *, fresh: bool) -> Iterator[Entry]:
    signs = above + ("#" if isinstance(block, Numbers) else "*")
    start = block.start if isinstance(block, Numbers) else 1
    items = _items_of(block.tasks) if isinstance(block, Tasks) else block.items
    for index, item in enumerate(items):
        own_start, own_fresh = (1, False) if index else (start, fresh)
        yield from _item_entries(item, signs, own_start, fresh=own_fresh, opening=not index)


def _item_entries(
    item: Item, signs: str, start: int, *, fresh: bool, opening: bool
) -> Iterator[Entry]:
    """The entry and those below it; one that opens a list may have nothing of its own."""
    first = True
    before: Bullets | Numbers | Tasks | None = None
    for is_list, group in groupby(item.blocks, key=_is_list):
        if not is_list:
            yield Entry(signs, tuple(group), start, fresh, more=not first)
            first, before, start, fresh = False, None, 1, False
            continue
        if first and not (opening and start == 1 and not fresh):
            yield Entry(signs, (), start, fresh)
        first, start, fresh = False, 1, False
        for block in group:
            if isinstance(block, Bullets | Numbers | Tasks):
                alike = before is not None and _is_numbered(before) == _is_numbered(block)
                yield from _entries(block, signs, fresh=alike)
                before = block
    if first:
        yield Entry(signs, (), start, fresh)


def _is_list(block: Block) -> bool:
    return isinstance(block, Bullets | Numbers | Tasks)


def _is_numbered(block: Block) -> bool:
    return isinstance(block, Numbers)


def _items_of(tasks: Sequence[Task]) -> tuple[Item, ...]:
    """Tasks as entries that begin with a box."""
    return tuple(Item((Paragraph(_boxed(task)), *_below(task))) for task in tasks)


def _boxed(task: Task) -> Inlines:
    box = "[x] " if task.done else "[ ] "
    return canonical((Text(box), *task.inlines), picture=False)


def _below(task: Task) -> Blocks:
    return (Tasks(task.tasks),) if task.tasks else ()
