"""What a route says it needs before it lets anybody in: kept on the view, where lists can read it.

Every page and every call of the API states a need; services still ask `rights` themselves, since
only they know the team and the author of a thing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from duolog.people.models import Member
from duolog.people.rights import Right, holds_somewhere, require

Route = TypeVar("Route", bound=Callable[..., Any])

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_STATED: Final = "need"


class Door(StrEnum):
    """Who is let in where no workplace, and so no right, is concerned."""

    ANYBODY = "anybody"
    SIGNED_IN = "whoever is signed in"
    ADDRESS = "whoever knows its secret address"
    METRICS = "the metrics token, unless only this machine is served"


@dataclass(frozen=True, slots=True)
class Need:
    """The right to read and the right to write; `own` is enough for what one made oneself."""

    to_read: Right | Door
    to_write: Right | Door
    own: Right | None = None

    def for_method(self, method: str) -> Right | Door:
        """What a request with this method needs."""
        return self.to_read if method in READING else self.to_write


def states(
    needed: Right | Door, *, to_write: Right | Door | None = None, own: Right | None = None
) -> Callable[[Route], Route]:
    """Have a view say what it needs.  Without `to_write` it needs the same for every method."""
    need = Need(needed, needed if to_write is None else to_write, own)

    def stated(view: Route) -> Route:
        setattr(view, _STATED, need)
        return view

    return stated


def find_need(view: Callable[..., Any]) -> Need | None:
    """What the view states; None where it was forgotten."""
    found = getattr(view, _STATED, None)
    return found if isinstance(found, Need) else None


def need_of(view: Callable[..., Any]) -> Need:
    """What the view states.  Raises TypeError where it states nothing, so that nothing starts."""
    found = find_need(view)
    if found is None:
        raise TypeError(f"{view.__module__}.{view.__qualname__} does not say what right it needs.")
    return found


def must_enter(member: Member, need: Need, method: str) -> None:
    """Raise `Forbidden` where the member could not have what the request needs of any thing."""
    right = need.own or need.for_method(method)
    if isinstance(right, Right) and not holds_somewhere(member, right):
        require(member, right)
