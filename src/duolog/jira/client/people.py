"""Accounts: who we are and whom an issue can be assigned to."""

from __future__ import annotations

from typing import Final

from pydantic import TypeAdapter

from duolog.jira.client.api import Api
from duolog.jira.wire import Myself, User
from duolog.jira.wire.parse import Many

MANY: Final = 50
_USERS: Final[TypeAdapter[tuple[User, ...]]] = TypeAdapter(Many[User])


class PeopleCalls:
    """Calls about accounts."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def myself(self) -> Myself:
        """The account of the credential.  Raises Disconnected: the one sure test of it."""
        return self._api.get(Myself, self._api.path("myself"))

    def search(self, text: str) -> tuple[User, ...]:
        """Accounts whose name or e-mail begins like `text`; a suggestion, never complete.

        None also where we may not browse users.
        """
        path = self._api.path("user", "search")
        return self._api.get(_USERS, path, {"query": text, "maxResults": str(MANY)})

    def assignable(self, project_key: str, text: str = "") -> tuple[User, ...]:
        """Accounts that issues of the project can be assigned to; a suggestion, as `search` is."""
        path = self._api.path("user", "assignable", "search")
        params = {"project": project_key, "query": text, "maxResults": str(MANY)}
        return self._api.get(_USERS, path, params)
