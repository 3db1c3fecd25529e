"""Lines of a wiki table to rows of cells.  Splits; does not read what is in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PART: Final = re.compile(
    r"\[[^\[\]\n]*\]|\{\{.*?\}\}|\\.|\|\|?|![^!\s][^!\n]*!|[^|\\\[{!]+|.", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Cell:
    """The source of one cell."""

    source: str
    header: bool


def rows(lines: Sequence[str]) -> Iterator[tuple[Cell, ...]]:
    """The rows that have any cell; a line without a bar in front belongs to the row above."""
    joined: list[str] = []
    for line in lines:
        if line.lstrip().startswith("|"):
            joined.append(line.lstrip())
        else:
            joined[-1] = f"{joined[-1]}\n{line}"
    for row in joined:
        if found := cells(row):
            yield found


def cells(row: str) -> tuple[Cell, ...]:
    """`||a|b|` to its cells: a double bar opens a header, and closes one."""
    found: list[Cell] = []
    header, source = False, ""
    opened = False
    for part in PART.findall(row):
        if part not in ("|", "||"):
            source += part
            continue
        if opened and source.strip():
            found.append(Cell(source.lstrip(" "), header))
        opened, header, source = True, part == "||", ""
    if source.strip():
        found.append(Cell(source.lstrip(" "), header))
    return tuple(found)
