"""Whether an answer was given to the account we think we are, by the headers of each answer.

A credential that has stopped working can be answered as a visitor, with success and little
or nothing in it; believed, that would read as a mass deletion.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from duolog.core.errors import Refused
from duolog.jira.auth import Method
from duolog.jira.call import Answer, Call
from duolog.jira.dialect import Deployment, Dialect
from duolog.jira.troubles import Barred, Trouble, barred
from duolog.jira.wire import Myself, read

TRUSTED_FOR: Final = 60.0  # seconds that one look at `/myself` stands in for missing headers
VISITOR: Final = "anonymous"


class IdentityGuard:
    """Refuses answers that were given to a visitor or to another account.

    The header of Cloud says the account itself.  That of Server says a login name, which an
    administrator may change while the account's key stays: a name that is new to us is looked up
    once at `/myself`, and known from then on if the key there is the account's.

    Without an expected account, as while connecting, only visitors are refused; where `VISITOR`
    is expected, because nobody signs in, any answer will do.
    """

    def __init__(self, dialect: Dialect, account: str | None, method: Method | None = None) -> None:
        self._dialect = dialect
        self._method = method
        self._account = account
        self._known_as = account if dialect.deployment is Deployment.CLOUD else None
        self._trusted_until = float("-inf")

    def check(self, answer: Answer, ask: Callable[[Call], Answer]) -> None:
        """Raise Barred unless `answer` is ours; `ask` is used when its headers leave it open."""
        if self._account == VISITOR:
            return
        said = unquote(answer.headers.get(self._dialect.identity_header, ""))
        if said == VISITOR:
            raise barred(Trouble.VISITOR, self._method, status=answer.status)
        if self._account is None or said == self._known_as:
            return
        if not said and time.monotonic() < self._trusted_until:
            return
        if said and self._dialect.deployment is Deployment.CLOUD:
            raise self._other()
        self._look(said, answer.status, ask)

    def _look(self, said: str, status: int, ask: Callable[[Call], Answer]) -> None:
        try:
            answer = ask(Call("GET", f"{self._dialect.rest}/myself"))
        except Refused as error:  # a visitor may also be told that there is no such thing
            raise barred(Trouble.VISITOR, self._method, status=status) from error
        myself = read(Myself, answer.json())
        if myself.account_id != self._account:
            raise self._other()
        if said:
            self._known_as = said
        else:
            self._trusted_until = time.monotonic() + TRUSTED_FOR

    def _other(self) -> Barred:
        return barred(Trouble.OTHER_ACCOUNT, self._method)
