"""Reading what a test sends to `/_sim`.  Changes nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime


class BadRequest(Exception):
    """The body cannot be used; the message says why."""


def as_object(body: object, names: set[str]) -> Mapping[str, object]:
    """An object with no other names than these."""
    if not isinstance(body, Mapping):
        raise BadRequest("The body is an object.")
    if unknown := body.keys() - names:
        raise BadRequest(f"Unknown: {', '.join(sorted(map(str, unknown)))}.")
    return body


def number(given: Mapping[str, object], name: str) -> float:
    """A number, nothing below zero; zero when left out."""
    value = given.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise BadRequest(f"{name} is a number, not negative.")
    return float(value)


def chance(given: Mapping[str, object], name: str) -> float:
    """A number from 0 to 1."""
    found = number(given, name)
    if found > 1:
        raise BadRequest(f"{name} is a chance from 0 to 1.")
    return found


def instant(raw: object) -> datetime:
    """An instant; UTC where no zone is said."""
    try:
        found = datetime.fromisoformat(str(raw))
    except ValueError:
        raise BadRequest(f"{raw} is no instant; write it as 2026-03-01T09:30:00Z.") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
