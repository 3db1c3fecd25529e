"""A keyring of a test's own, in place of the library of this name: kept for one process."""

from __future__ import annotations

_KEPT: dict[tuple[str, str], str] = {}


def get_password(service: str, username: str) -> str | None:
    """The secret, if it is kept."""
    return _KEPT.get((service, username))


def set_password(service: str, username: str, password: str) -> None:
    """Keep a secret."""
    _KEPT[service, username] = password


def delete_password(service: str, username: str) -> None:
    """Keep it no longer."""
    del _KEPT[service, username]
