"""What a service of our own domain may refuse.  Messages are shown to people as they stand."""

from __future__ import annotations

from collections.abc import Mapping


class DomainError(Exception):
    """Base of the refusals: nothing was written."""


class Forbidden(DomainError):
    """The member lacks a right; the message says who has it."""


class NotFound(DomainError):
    """There is no such thing in the member's workplace; others' things look the same."""


class Invalid(DomainError):
    """What was asked cannot be stored: one sentence per field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors: Mapping[str, str] = dict(errors)


class Stale(DomainError):
    """Somebody else changed the thing since it was read; `version` is the present one."""

    def __init__(self, message: str, *, version: int | str) -> None:
        super().__init__(message)
        self.version = version


class Outdated(DomainError):
    """What was asked no longer fits what is there; the message says what moved."""
