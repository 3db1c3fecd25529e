"""What kinds of properties there are, and how their values are written down.  Pure.

A property is a field that a workplace invents for its items.  The *canonical text* of a value is
what is stored, compared and kept in step: equal values have equal texts, whoever wrote them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeAlias

DIGITS_MAX: Final = 15
"""More digits than this do not survive a number of JavaScript's or Java's, which Jira keeps."""
CHECKED: Final = "true"
"""The one value of a checkbox; one that is not checked has none."""

Split: TypeAlias = Callable[[str], tuple[str, ...]]
Join: TypeAlias = Callable[[Iterable[str]], str | None]


class PropertyKind(StrEnum):
    """What a property holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    SELECT = "select"
    MULTI_SELECT = "multi_select"
    MEMBER = "member"
    URL = "url"
    CHECKBOX = "checkbox"
    PARAGRAPH = "paragraph"
    DATE_TIME = "date_time"
    MEMBERS = "members"
    LIST = "list"

    @property
    def has_options(self) -> bool:
        """Whether its values are chosen from options that the property lists."""
        return self in {PropertyKind.SELECT, PropertyKind.MULTI_SELECT}


def number_text(value: str) -> str:
    """The canonical text of a number; raises ValueError for what is none or has too many digits."""
    try:
        number = Decimal(value.strip())
    except InvalidOperation as error:
        raise ValueError(value) from error
    if not number.is_finite():
        raise ValueError(value)
    plain = number.normalize()
    exponent = int(plain.as_tuple().exponent)
    if len(plain.as_tuple().digits) + max(exponent, 0) > DIGITS_MAX or exponent < -DIGITS_MAX:
        raise ValueError(value)
    return format(plain, "f") if plain else "0"


def moment_text(value: str) -> str:
    """The canonical text of a moment: in UTC, to the second; raises ValueError for what is none.

    One written without a zone is in UTC.
    """
    moment = datetime.fromisoformat(value.strip())
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return f"{aware.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    except OverflowError as error:
        raise ValueError(value) from error


def join_options(ids: Iterable[str]) -> str | None:
    """The canonical text of a choice of several options, or people; None where nothing is chosen."""
    return ",".join(sorted(set(ids))) or None


def split_options(text: str) -> tuple[str, ...]:
    """The ids that `join_options` joined."""
    return tuple(text.split(",")) if text else ()


def join_lines(names: Iterable[str]) -> str | None:
    """The canonical text of a list of names: each once, one a line; None for an empty one."""
    return "\n".join(sorted({name.strip() for name in names} - {""})) or None


def split_lines(text: str) -> tuple[str, ...]:
    """The names that `join_lines` joined."""
    return tuple(text.split("\n")) if text else ()


_SEVERAL: Final[Mapping[PropertyKind, tuple[Split, Join]]] = {
    PropertyKind.MULTI_SELECT: (split_options, join_options),
    PropertyKind.MEMBERS: (split_options, join_options),
    PropertyKind.LIST: (split_lines, join_lines),
}
SEVERAL: Final = frozenset(_SEVERAL)
"""Kinds whose value is a set: of options, of people, of names."""


def merge_sets(kind: PropertyKind, base: str, here: str, there: str) -> str | None:
    """Two edits of one value of a kind of several, member by member; None for an empty set."""
    split, join = _SEVERAL[kind]
    return join(merge_members(split(base), split(here), split(there)))


def merge_members(base: Iterable[str], here: Iterable[str], there: Iterable[str]) -> frozenset[str]:
    """What either side added to a set is there, what either side took away is not."""
    before, ours, theirs = (frozenset(members) for members in (base, here, there))
    return (ours & theirs) | ((ours | theirs) - before)
