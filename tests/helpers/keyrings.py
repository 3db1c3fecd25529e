"""A keyring of a test's own, by the library's own way of adding one: kept in memory."""

from __future__ import annotations

from typing import ClassVar

from keyring.backend import KeyringBackend


class KeptByTest(KeyringBackend):
    """Keeps secrets for as long as it lives."""

    priority: ClassVar[float] = 0

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, if it is kept."""
        return self._kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret."""
        self._kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Keep it no longer."""
        del self._kept[service, username]
