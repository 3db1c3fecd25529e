"""Credentials and how each signs a request.  Never shown, never part of an address."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import ClassVar, Final, Protocol

import httpx2

UNAUTHORIZED: Final = 401


class Method(StrEnum):
    """How an account signs in."""

    OAUTH = auto()
    API_TOKEN = auto()
    PAT = auto()
    BASIC = auto()


class Credential(Protocol):
    """Something that can sign requests to one site."""

    @property
    def method(self) -> Method | None:
        """How it signs in, if it does."""
        ...

    def auth(self) -> httpx2.Auth:
        """A signer for one HTTP client."""
        ...


class AskForToken(Protocol):
    """Gives the access token to sign with, from any thread.

    With `force` the one it gave was refused: it gives a newer one, asking for it if nobody has
    yet.  Raises SyncError where there is none to be had.
    """

    def __call__(self, *, force: bool) -> str:
        """The token."""
        ...


@dataclass(frozen=True, slots=True)
class ApiToken:
    """An Atlassian account's e-mail with one of its API tokens (Cloud)."""

    method: ClassVar[Method] = Method.API_TOKEN
    email: str
    token: str = field(repr=False)

    def auth(self) -> httpx2.Auth:
        """Basic authentication, as Atlassian asks for API tokens."""
        return Signed(httpx2.BasicAuth(self.email.strip(), self.token.strip()))


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A personal access token (Server 8.14 and later)."""

    method: ClassVar[Method] = Method.PAT
    token: str = field(repr=False)

    def auth(self) -> httpx2.Auth:
        """The token as a bearer."""
        return Signed(Bearer(self.token.strip()))


@dataclass(frozen=True, slots=True)
class Basic:
    """A user name, not an e-mail address, with its password (Server).

    Both are sent as UTF-8.  A password may begin or end with a space, so it is left as it is.
    """

    method: ClassVar[Method] = Method.BASIC
    username: str
    password: str = field(repr=False)

    def auth(self) -> httpx2.Auth:
        """Basic authentication with each request; no session is opened."""
        return Signed(httpx2.BasicAuth(self.username.strip(), self.password))


@dataclass(frozen=True, slots=True)
class Renewed:
    """An OAuth 2.0 access token that is asked for with each request, and anew when refused."""

    method: ClassVar[Method] = Method.OAUTH
    ask: AskForToken = field(repr=False)

    def auth(self) -> httpx2.Auth:
        """The token of the moment as a bearer."""
        return Signed(RenewedBearer(self.ask))


@dataclass(frozen=True, slots=True)
class Nobody:
    """No credential: for what is told to anybody, and where the body of a request has its own."""

    method: ClassVar[None] = None

    def auth(self) -> httpx2.Auth:
        """Signs nothing."""
        return httpx2.Auth()


class Bearer(httpx2.Auth):
    """One bearer token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        """Add the token to `request`."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class RenewedBearer(httpx2.Auth):
    """The bearer of the moment; after a 401 a newer one, once.

    What was refused with 401 was not carried out, so sending it again does nothing twice.
    """

    def __init__(self, ask: AskForToken) -> None:
        self._ask = ask

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        """Sign `request`, and once more with a newer token where there is one."""
        token = self._ask(force=False)
        request.headers["Authorization"] = f"Bearer {token}"
        answer = yield request
        if answer.status_code != UNAUTHORIZED:
            return
        newer = self._ask(force=True)
        if newer != token:
            request.headers["Authorization"] = f"Bearer {newer}"
            yield request


class Signed(httpx2.Auth):
    """Signs with `scheme`, and is silent about it when printed."""

    def __init__(self, scheme: httpx2.Auth) -> None:
        self._scheme = scheme

    def __repr__(self) -> str:
        return "Signed(…)"

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        """Add the signature to `request`."""
        yield from self._scheme.auth_flow(request)
