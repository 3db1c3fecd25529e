"""By whose hand what people here made is written in Jira: their own, where they let us use it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from duolog.connections.models import Connection
from duolog.connections.queries import find_for_writing
from duolog.connections.services import client_for, note_disconnected
from duolog.core.errors import Disconnected
from duolog.jira.client import JiraClient
from duolog.jira.wire import User as Account
from duolog.sync.basis.ground import Ground
from duolog.sync.link.authors import owner_of
from duolog.sync.models import ChildLink


class Hands:
    """The own connections of those who made the children of one link; `row` finds one by its key."""

    def __init__(self, ground: Ground, row: Callable[[str], ChildLink]) -> None:
        self._ground = ground
        self._row = row

    def writers(self, key: str) -> Collection[str]:
        """The accounts under which the child behind a slot key may have been written."""
        author, own = owner_of(self._row(key)), self._own_connection(key)
        accounts = {self._ground.binding.connection.account_id}
        if own is not None:
            accounts.add(own.account_id)
        if author is not None and author.member is not None:
            accounts.add(self._ground.account_there(str(author.member.pk)) or "")
        return accounts - {""}

    def is_hand_of(self, key: str, account: Account) -> bool:
        """Whether an account is the one that the author's own connection signs in as."""
        own = self._own_connection(key)
        return own is not None and own.account_id == account.account_id

    def hand_of_author(self, key: str) -> JiraClient | None:
        """The client of the author's own connection to this site, where they let us use it."""
        connection = self._own_connection(key)
        return None if connection is None else client_for(connection)

    def hand_is_lame(self, key: str, error: Disconnected) -> None:
        """Stop the author's own connection and tell them; the binding's goes on."""
        connection = self._own_connection(key)
        if connection is not None:
            note_disconnected(connection.lane, error)

    def _own_connection(self, key: str) -> Connection | None:
        author = owner_of(self._row(key))
        if author is None or author.member is None:
            return None
        return find_for_writing(author.member, self._ground.binding.connection)
