"""The Jira client of each connection, shared by the threads of a process.  Stores nothing."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from duolog.connections.grants import TokenOf
from duolog.connections.models import Connection, Health, Method
from duolog.connections.pacing import Pacer
from duolog.connections.reaching import options_for
from duolog.connections.seal import unseal
from duolog.connections.traffic import flush, flush_if_due, note
from duolog.connections.wishes import NewCredential, signer
from duolog.core.errors import Disconnected
from duolog.jira.auth import Credential, Renewed
from duolog.jira.client import JiraClient, open_client
from duolog.jira.dialect import DIALECTS
from duolog.jira.transport import UNWATCHED, CallMade, Watch
from duolog.work.urgency import urgency

LET_GO_AFTER: Final = 600.0
"""Seconds that a replaced client stays open, for the calls that are under way with it."""


@dataclass(slots=True)
class _Kept:
    """A client with all that it depends on, and when its connection had been checked last."""

    fingerprint: str
    client: JiraClient
    checked_at: datetime | None

    def catch_up(self, connection: Connection) -> None:
        """Where the connection was found well since, by whatever process, it is tried again."""
        if connection.health == Health.CONNECTED and connection.checked_at != self.checked_at:
            self.client.forget_refusal()
            self.checked_at = connection.checked_at


_clients: Final[dict[int, _Kept]] = {}
_replaced: Final[list[tuple[float, JiraClient]]] = []
_lock: Final = threading.Lock()


def client_for(connection: Connection) -> JiraClient:
    """The client of a connection.

    Raises Disconnected where it has stopped: a credential that was refused is not tried again
    before a person acts, so that no account is ever locked by us.
    """
    if connection.health != Health.CONNECTED:
        sentence = connection.reason or "This connection has stopped."
        raise Disconnected(sentence, hint=connection.hint or "Check it, or connect again.")
    return client_to_check(connection)


def client_to_check(connection: Connection) -> JiraClient:
    """The same for a person who wants to know whether it works by now.  Raises Disconnected."""
    if connection.health == Health.ENDED:
        raise Disconnected(connection.reason, hint=connection.hint)
    flush_if_due()
    name = _fingerprint(connection)
    with _lock:
        _let_go()
        known = _clients.get(connection.pk)
        if known is not None and known.fingerprint == name:
            known.catch_up(connection)
            return known.client
        if known is not None:
            _replaced.append((time.monotonic(), known.client))
        client = _open(connection)
        _clients[connection.pk] = _Kept(name, client, connection.checked_at)
        return client


def close_clients() -> None:
    """Let go of every client of this process, at its end."""
    with _lock:
        for kept in _clients.values():
            kept.client.close()
        for _, client in _replaced:
            client.close()
        _clients.clear()
        _replaced.clear()
    flush()


def open_site(
    rest_url: str,
    deployment: str,
    credential: Credential,
    *,
    ca_certificate: str = "",
    account: str | None = None,
    watch: Watch = UNWATCHED,
) -> JiraClient:
    """A client of its own, for the caller to close."""
    return open_client(
        rest_url,
        credential,
        dialect=DIALECTS[deployment],
        account=account,
        options=options_for(ca_certificate),
        watch=watch,
    )


def credential_of(connection: Connection) -> Credential:
    """What signs the requests of a connection."""
    if connection.method == Method.OAUTH:
        return Renewed(TokenOf(connection.pk))
    return signer(
        NewCredential(
            secret=unseal(connection.sealed_secret),
            method=connection.method,
            email=connection.email,
            username=connection.username,
        )
    )


def _open(connection: Connection) -> JiraClient:
    pace = Pacer(connection.pk, connection.base_url)

    def observe(made: CallMade) -> None:
        note(connection.pk, made)
        pace.heed(made)

    return open_site(
        connection.rest_url or connection.base_url,
        connection.deployment,
        credential_of(connection),
        ca_certificate=connection.ca_certificate,
        account=connection.account_id,
        watch=Watch(observe, pace.admit, lambda: urgency().insist()),
    )


def _fingerprint(connection: Connection) -> str:
    """A name for all that the client depends on; a refresh token is not of it."""
    sealed = b"" if connection.method == Method.OAUTH else bytes(connection.sealed_secret)
    parts = (
        connection.method, connection.base_url, connection.rest_url, connection.email,
        connection.username, connection.ca_certificate, connection.account_id,
    )  # fmt: skip
    return hashlib.sha256(repr((*parts, sealed)).encode()).hexdigest()


def _let_go() -> None:
    limit = time.monotonic() - LET_GO_AFTER
    while _replaced and _replaced[0][0] < limit:
        _replaced.pop(0)[1].close()
