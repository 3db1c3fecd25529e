"""The calls of OAuth 2.0 (3LO), through the same guarded transport as all others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from pydantic import TypeAdapter

from duolog.core.errors import Refused, Retryable, Scope, SyncError
from duolog.jira.auth import Credential, Nobody, Renewed
from duolog.jira.call import Answer, Call
from duolog.jira.oauth import (
    ATLASSIAN,
    App,
    Complaint,
    Grant,
    GrantedSite,
    Hosts,
    exchange_refused,
    renewal_refused,
)
from duolog.jira.transport import DEFAULTS, JiraTransport, Options, open_http
from duolog.jira.wire import read
from duolog.jira.wire.parse import Many

T = TypeVar("T")

TOKENS_AT: Final = "/oauth/token"
SITES_AT: Final = "/oauth/token/accessible-resources"
COMPLAINTS: Final = frozenset({400, 401, 403})
ITS_OWN: Final = COMPLAINTS | {200}
"""What the token address answers when no proxy does."""
_SITES: Final[TypeAdapter[tuple[GrantedSite, ...]]] = TypeAdapter(Many[GrantedSite])


class Atlassian:
    """Atlassian's sign-in and gateway, for one app."""

    def __init__(self, app: App, *, hosts: Hosts = ATLASSIAN, options: Options = DEFAULTS) -> None:
        self._app = app
        self._hosts = hosts
        self._options = options

    def exchange(self, code: str, verifier: str) -> Grant:
        """The grant for a code, once.

        Raises Refused where the code is no good, or may be used up by an answer that was lost:
        the person signs in again.  Raises Disconnected where the app itself is not accepted.
        """
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._app.redirect_uri,
            "code_verifier": verifier,
        }
        try:
            return self._grant(asked, exchange_refused, repeatable=False)
        except Retryable as error:
            raise Refused(
                f"Atlassian's answer did not come: {error}",
                hint="Nothing was connected. Start the sign-in again.",
            ) from error

    def renew(self, refresh_token: str) -> Grant:
        """A new grant for a refresh token, which is used up by that.

        Raises Disconnected once the grant has ended.  Raises Retryable where no answer came: the
        same token may be used again within ten minutes of its first use, so trying again is safe.
        """
        asked = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        try:
            return self._grant(asked, renewal_refused, repeatable=True)
        except Retryable as error:
            raise Retryable(
                f"Access could not be renewed: {error}",
                scope=Scope.CONNECTION,
                retry_after=error.retry_after,
                hint="We try again; nothing is lost. For ten minutes Atlassian takes the same "
                "refresh token once more.",
            ) from error

    def sites(self, access_token: str) -> tuple[GrantedSite, ...]:
        """The sites that the grant is good for, `accessible-resources`.  Raises SyncError."""

        def given(*, force: bool) -> str:
            del force  # there is no other
            return access_token

        answer = self._send(self._hosts.api, Renewed(given), Call("GET", SITES_AT))
        return read(_SITES, answer.json())

    def _grant(
        self,
        asked: Mapping[str, str],
        refusal: Callable[[int, Complaint], SyncError],
        *,
        repeatable: bool,
    ) -> Grant:
        app = {"client_id": self._app.client_id, "client_secret": self._app.client_secret}
        body = {**app, **asked}
        call = Call("POST", TOKENS_AT, body=body, reads_only=repeatable, expected=ITS_OWN)
        answer = self._send(self._hosts.auth, Nobody(), call)
        if answer.status in COMPLAINTS:
            raise refusal(answer.status, _complaint(answer))
        grant = read(Grant, answer.json())
        if not grant.refresh_token:
            raise Refused(
                "Atlassian gave no refresh token, so access would end within an hour.",
                hint="Have offline_access allowed for the app, then sign in again.",
            )
        return grant

    def _send(self, host: str, credential: Credential, call: Call) -> Answer:
        http = open_http(host, credential, self._options)
        with JiraTransport(http, method=credential.method, options=self._options) as transport:
            return transport.send(call)


def _complaint(answer: Answer) -> Complaint:
    try:
        return read(Complaint, answer.json())
    except (Refused, Retryable):
        raise Retryable(
            f"Atlassian's sign-in gave an answer that is none of its own ({answer.status}).",
            scope=Scope.CONNECTION,
            hint="A proxy may stand between. We try again.",
        ) from None
