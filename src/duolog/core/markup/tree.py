"""The rich-text tree that Markdown and ADF share; values only, no parsing and no rendering."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Mark(Enum):
    """Emphasis both sides can say.  The value is the ADF mark type."""

    EM = "em"
    STRONG = "strong"
    STRIKE = "strike"
    CODE = "code"


NO_MARKS: frozenset[Mark] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """Where a text leads; the address is kept to the letter."""

    href: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text in one style.  A newline in it is a soft break."""

    text: str
    marks: frozenset[Mark] = NO_MARKS
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """A hard line break."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture at an address outside Jira.  ADF can hold it only as a block of its own."""

    url: str
    alt: str = ""
    title: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Chip:
    """A locked node that Markdown cannot say, known by the digest of its content."""

    kind: str
    digest: str
    label: str


Inline: TypeAlias = Text | Break | Image | Chip
Inlines: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text."""

    inlines: Inlines


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` is 1 to 6."""

    level: int
    inlines: Inlines


@dataclass(frozen=True, slots=True)
class Code:
    """A code block; `text` has no newline at its end unless its last line is empty."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Blocks that somebody else said."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a bullet or numbered list."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without numbers."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A numbered list whose first entry carries the number `start`."""

    start: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """An entry with a check box, and the entries below it."""

    done: bool
    inlines: Inlines
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class Tasks:
    """A list of which each item can be ticked."""

    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A thematic break."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, a line of inlines in each cell."""

    cells: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equal length, the first being the head; `aligned` is "", "center" or "end"."""

    aligned: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Locked:
    """A chip that stands for a whole block."""

    chip: Chip


Block: TypeAlias = (
    Paragraph | Heading | Code | Quote | Bullets | Numbers | Tasks | Rule | Table | Locked
)
Blocks: TypeAlias = tuple[Block, ...]

DEEPEST = 40
"""Containers may nest so deep (a list counts twice); what is deeper is kept as one piece."""
