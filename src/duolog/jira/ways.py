"""How Jira tells a link between issues from one of its ends, as a value.  Pure.

A *way* is the id of a link's type and the direction in which it is told: outward words, inward
words, or the same words at both ends, which Jira keeps in a direction all the same (jira.md 6.7).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from duolog.jira.wire import IssueLink, LinkType

_OUT: Final = "out"
_IN: Final = "in"
_BOTH: Final = "both"


class Way(NamedTuple):
    """A way with its words and the name of its type."""

    id: str
    words: str
    type_name: str


def ways_of(kind: LinkType) -> Iterator[Way]:
    """The ways to tell links of a type; one where both ends tell it alike."""
    if _is_symmetric(kind):
        yield Way(f"{kind.id}:{_BOTH}", kind.outward, kind.name)
    else:
        yield Way(f"{kind.id}:{_OUT}", kind.outward, kind.name)
        yield Way(f"{kind.id}:{_IN}", kind.inward, kind.name)


def way_of(link: IssueLink) -> Way:
    """How the issue that the link was read of tells it."""
    ways = tuple(ways_of(link.type))
    return ways[0] if link.is_outward else ways[-1]


def possible_ways(type_id: str, *, is_source: bool) -> tuple[str, str]:
    """How an end of a link of this type may tell it, where the type's words are not known."""
    return f"{type_id}:{_OUT if is_source else _IN}", f"{type_id}:{_BOTH}"


def inverse_way(way: str) -> str:
    """How the other end tells it."""
    kind, direction = _parts(way)
    return f"{kind}:{ {_OUT: _IN, _IN: _OUT}.get(direction, _BOTH) }"


class Ends(NamedTuple):
    """A link to be created: its type, and which issue is told by the outward words."""

    type_id: str
    source: str
    target: str


def ends_of(way: str, issue: str, other: str) -> Ends:
    """The link that the issue so tells of the other.

    What both ends tell alike goes from the older issue to the younger, so that both ends create
    the same link, which Jira keeps once.
    """
    kind, direction = _parts(way)
    is_turned = direction == _IN or (direction == _BOTH and _age(other) < _age(issue))
    return Ends(kind, other, issue) if is_turned else Ends(kind, issue, other)


def _is_symmetric(kind: LinkType) -> bool:
    return kind.outward.casefold() == kind.inward.casefold()


def _parts(way: str) -> tuple[str, str]:
    kind, _, direction = way.rpartition(":")
    return kind, direction


def _age(issue: str) -> tuple[int, str]:
    return len(issue), issue
