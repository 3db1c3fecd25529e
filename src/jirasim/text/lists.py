"""List items with their markers (`*`, `##`, `*#`) to nested ADF lists."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from jirasim.text.nodes import Node, block

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its marker, one sign for each level, and its own blocks."""

    marker: str
    content: list[Node]


def nested(items: Sequence[Item], depth: int = 1) -> Iterator[Node]:
    """The lists that these items form at this depth; deeper ones hang under the item before."""
    for numbered, group in groupby(items, key=lambda item: item.marker[depth - 1] == "#"):
        yield one_list([*group], depth, numbered=numbered)


def one_list(items: Sequence[Item], depth: int, *, numbered: bool) -> Node:
    entries: list[Node] = []
    position = 0
    while position < len(items):
        end = position + 1
        own = items[position].content if len(items[position].marker) == depth else []
        if not own:
            end = position
        while end < len(items) and len(items[end].marker) > depth:
            end += 1
        deeper = items[position + bool(own) : end]
        entries.append(block("listItem", [*own, *nested(deeper, depth + 1)]))
        position = end
    if numbered:
        return block("orderedList", entries, order=1)
    return block("bulletList", entries)
