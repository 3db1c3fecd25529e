"""Credentials and how each signs a request.  Never shown, never part of an address."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Protocol

import httpx2


class Credential(Protocol):
    """Something that can sign requests to one site."""

    def auth(self) -> httpx2.Auth:
        """A signer for one HTTP client."""
        ...


@dataclass(frozen=True, slots=True)
class ApiToken:
    """An Atlassian account's e-mail with one of its API tokens (Cloud)."""

    email: str
    token: str = field(repr=False)

    def auth(self) -> httpx2.Auth:
        """Basic authentication, as Atlassian asks for API tokens."""
        return Signed(httpx2.BasicAuth(self.email.strip(), self.token.strip()))


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
