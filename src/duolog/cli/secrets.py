"""Where a secret of the person's own is kept: in the keyring of their system, nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import keyring
from keyring.errors import KeyringError

from duolog.cli.errors import NotDone

SERVICE: Final = "duolog"


def keep_secret(name: str, secret: str) -> None:
    """Keep a secret under a name, in place of the one before."""
    with _in_words():
        keyring.set_password(SERVICE, name, secret)


def find_secret(name: str) -> str | None:
    """The secret kept under a name."""
    with _in_words():
        return keyring.get_password(SERVICE, name)


def forget_secret(name: str) -> None:
    """Keep it no longer."""
    with _in_words():
        if keyring.get_password(SERVICE, name) is not None:
            keyring.delete_password(SERVICE, name)


@contextmanager
def _in_words() -> Iterator[None]:
    """What the keyring says where there is none, or where it stays locked."""
    try:
        yield
    except KeyringError as error:
        raise NotDone(
            "Your token is kept in the keyring of your system, which is not there or locked: start "
            f"or unlock it (GNOME Keyring, KWallet, Keychain), and try again. It says: {error}"
        ) from error
