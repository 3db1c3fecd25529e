"""Accounts: who we are, who somebody is, and whom an issue can be assigned to."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from duolog.jira.client.api import Api
from duolog.jira.wire import Myself, PersonalToken, User
from duolog.jira.wire.parse import Many

MANY: Final = 50
PERSONAL_TOKENS: Final = "/rest/pat/latest/tokens"
_USERS: Final[TypeAdapter[tuple[User, ...]]] = TypeAdapter(Many[User])
_TOKENS: Final[TypeAdapter[tuple[PersonalToken, ...]]] = TypeAdapter(Many[PersonalToken])


class PeopleCalls:
    """Calls about accounts.  Operations are named as in the documents of Cloud and of Server."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def myself(self) -> Myself:
        """The account of the credential.  Raises Disconnected: the one sure test of it.

        Cloud `getCurrentUser`, Server `getUser`.
        """
        return self._api.get(Myself, self._api.path("myself"))

    def get(self, account_id: str) -> User:
        """One account.  Raises Unseen where it is unknown, or we may not look.

        Cloud `getUser` by account id, Server `getUser_1` by key.
        """
        params = {self._api.dialect.account_key: account_id}
        return self._api.get(User, self._api.path("user"), params)

    def called(self, login: str) -> User:
        """The account that signs in by this name.  Raises Unseen.

        Server `getUser_1`; Cloud has no login names.
        """
        return self._api.get(User, self._api.path("user"), {"username": login})

    def search(self, text: str) -> tuple[User, ...]:
        """Accounts whose name or e-mail begins like `text`; a suggestion, never complete.

        None also where we may not browse users.  Cloud and Server `findUsers`.
        """
        path = self._api.path("user", "search")
        params = {self._api.dialect.user_query: text, "maxResults": str(MANY)}
        return self._api.get(_USERS, path, params)

    def assignable(self, project_key: str, text: str = "") -> tuple[User, ...]:
        """Accounts that issues of the project can be assigned to; a suggestion, as `search` is.

        Cloud `findAssignableUsers`, Server `findAssignableUsers_1`.
        """
        path = self._api.path("user", "assignable", "search")
        asked = {self._api.dialect.user_query: text, "maxResults": str(MANY)}
        return self._api.get(_USERS, path, {"project": project_key, **asked})

    def personal_tokens(self) -> tuple[PersonalToken, ...]:
        """The personal access tokens of the account, without their secrets (Server 8.14 on).

        Raises Refused where the administrator has switched them off.  `/rest/pat` is in neither
        document; its shape is that of Atlassian's page on personal access tokens.
        """
        return self._api.get(_TOKENS, PERSONAL_TOKENS)


def end_of_token_in_use(tokens: tuple[PersonalToken, ...]) -> datetime | None:
    """When the token that listed these ends, as far as that can be known.

    The list does not say which of them asked, so only an end that all of them share is certain;
    None also for tokens without an end.
    """
    ends = {token.expiring_at for token in tokens}
    return ends.pop() if len(ends) == 1 else None
