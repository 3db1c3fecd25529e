"""Secrets at rest: sealed with the installation's keys, opened only where they are used."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SealBroken(Exception):
    """The keys of this installation do not open what is stored."""


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def seal(secret: str) -> bytes:
    """The secret, encrypted with the first key."""
    return _box().encrypt(secret.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """The secret again.  Raises SealBroken when no key fits."""
    try:
        return _box().decrypt(bytes(sealed)).decode()
    except InvalidToken:
        raise SealBroken(
            "A stored credential cannot be opened: DUOLOG_ENCRYPTION_KEYS has changed. "
            "Add the key it was sealed with, or enter the credential again."
        ) from None


def reseal(sealed: bytes) -> bytes:
    """The same secret, sealed with the newest key."""
    return _box().rotate(bytes(sealed))
