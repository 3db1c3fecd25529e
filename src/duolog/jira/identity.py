"""Whether an answer was given to the account we think we are, by the headers of each answer.

A credential that has stopped working can be answered as a visitor, with success and little
or nothing in it; believed, that would read as a mass deletion.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from duolog.core.errors import Disconnected
from duolog.jira.call import Answer, Call
from duolog.jira.dialect import Dialect
from duolog.jira.wire import JsonObject, read

TRUSTED_FOR: Final = 60.0  # seconds that one look at `/myself` stands in for missing headers
VISITOR: Final = "anonymous"


class IdentityGuard:
    """Refuses answers that were given to a visitor or to another account.

    Without an expected account, as while connecting, only visitors are refused.
    """

    def __init__(self, dialect: Dialect, account: str | None) -> None:
        self._dialect = dialect
        self._account = account
        self._trusted_until = float("-inf")

    def check(self, answer: Answer, ask: Callable[[Call], Answer]) -> None:
        """Raise Disconnected unless `answer` is ours; `ask` is used when its headers are mute."""
        said = unquote(answer.headers.get(self._dialect.identity_header, ""))
        if said == VISITOR:
            raise Disconnected(
                "Jira answered as to a visitor who has not signed in.",
                hint="Reconnect with a credential that Jira accepts.",
            )
        if self._account is None:
            return
        if not said:
            said = self._ask_who_we_are(ask)
        if said != self._account:
            raise Disconnected(
                f"Jira knows this credential as account {said}, not {self._account}.",
                hint="Reconnect with a credential of the account that was connected first.",
            )

    def _ask_who_we_are(self, ask: Callable[[Call], Answer]) -> str:
        if self._account is not None and time.monotonic() < self._trusted_until:
            return self._account
        answer = ask(Call("GET", f"{self._dialect.rest}/myself"))
        body = read(JsonObject, answer.json())
        self._trusted_until = time.monotonic() + TRUSTED_FOR
        return str(body.get(self._dialect.user_key, VISITOR))
