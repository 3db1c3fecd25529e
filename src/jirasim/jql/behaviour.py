"""The ways in which JQL fields behave.  Which field behaves how is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from jirasim.jql.context import Context
    from jirasim.jql.functions import Function
    from jirasim.site.model import Issue
    from jirasim.site.state import State

Ids = tuple[str, ...]
NO_VALUE: Final = "The value '{value}' does not exist for the field '{field}'."
NO_ISSUE: Final = "An issue with key '{value}' does not exist for field '{field}'."


@dataclass(frozen=True, slots=True)
class Choice:
    """A field whose values are things with ids.

    `resolve` gives the ids a written value names, or None when there is no such thing;
    `rank`, where values have an order, the sort key of an id.  `history` is the id under which
    the changelog knows the field, where WAS and CHANGED are supported; `functions` give ids, too,
    by their names in lower case; `index` is the name under which the search index keeps the
    field's values.
    """

    read: Callable[[Issue, State], Ids]
    resolve: Callable[[str, Context], frozenset[str] | None]
    rank: Callable[[str, State], float | tuple[str, int] | None] | None = None
    missing: str = NO_VALUE
    may_be_empty: bool = True
    functions: Mapping[str, Function] | None = None
    only_emptiness: bool = False
    history: str | None = None
    index: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A field searched by words; `order`: under which the index sorts it."""

    read: Callable[[Issue], str]
    may_be_empty: bool = True
    order: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, or a calendar day without a zone; `order`: under which the index sorts it."""

    read: Callable[[Issue], datetime | date | None]
    order: str | None = None


def as_float(text: str) -> float | None:
    """A number as people write it."""
    try:
        return float(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Number:
    """A field of numbers; `parse` gives the number that a value names, or None."""

    read: Callable[[Issue], float | None]
    parse: Callable[[str], float | None] = as_float
    wrong: str = "The value '{value}' for the field '{field}' is not a number."


@dataclass(frozen=True, slots=True)
class Days:
    """Instants of which an issue has many, compared by their day in the caller's zone."""

    read: Callable[[Issue], tuple[datetime, ...]]
    order: str


Behaviour = Choice | Text | Moment | Number | Days
