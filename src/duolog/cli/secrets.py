"""Where a secret of the person's own is kept: in the keyring of their system, nowhere else."""

from __future__ import annotations

from importlib import import_module
from typing import Final, Protocol, cast

from duolog.cli.errors import NotDone

SERVICE: Final = "duolog"
NO_KEYRING: Final = (
    "Your token is kept in the keyring of your system, and the library for it is not installed: "
    "`pip install keyring` beside Duolog."
)


class Keyring(Protocol):
    """What the library `keyring` offers, or a keyring of a test."""

    def get_password(self, service: str, username: str, /) -> str | None: ...
    def set_password(self, service: str, username: str, password: str, /) -> None: ...
    def delete_password(self, service: str, username: str, /) -> None: ...


def system_keyring() -> Keyring:
    """The one of this system.  Raises NotDone where the library is not installed."""
    try:
        return cast("Keyring", import_module("keyring"))
    except ModuleNotFoundError as error:
        raise NotDone(NO_KEYRING) from error
