"""Commands that speak to a server: one call of its REST API, refusals in its own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Protocol, TypeAlias

import httpx2
import typer

from duolog.cli.errors import NotDone
from duolog.cli.profile import Profile, load_profile

Server: TypeAlias = Annotated[
    str, typer.Option(help="Address of the server; the one of `duolog login` where left out.")
]
Token: TypeAlias = Annotated[str, typer.Option(help="API token for it.")]


class Caller(Protocol):
    """Who answers the calls of the REST API: a server, or what stands for it."""

    def get(self, path: str, **params: str) -> Any:
        """What is there."""
        ...

    def post(self, path: str, body: Mapping[str, object] | None = None) -> Any:
        """What the call answers; None where it answers nothing."""
        ...

    def patch(self, path: str, body: Mapping[str, object]) -> Any:
        """What is there once it was changed."""
        ...

    def delete(self, path: str) -> Any:
        """Have it gone; what it became, where it became something."""
        ...

    def every(self, path: str, **params: str) -> Iterator[dict[str, Any]]:
        """All rows of a list."""
        ...


_PATIENCE_SECONDS: Final = 60.0  # a test of a connection asks Jira


class Remote:
    """A server's REST API v1, with a token."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def get(self, path: str, **params: str) -> Any:
        """What is there."""
        return self._ask("GET", path, params={k: v for k, v in params.items() if v})

    def post(self, path: str, body: Mapping[str, object] | None = None) -> Any:
        """What the call answers; None where it answers nothing."""
        return self._ask("POST", path, json=dict(body or {}))

    def patch(self, path: str, body: Mapping[str, object]) -> Any:
        """What is there once it was changed."""
        return self._ask("PATCH", path, json=dict(body))

    def delete(self, path: str) -> Any:
        """Have it gone; what it became, where it became something."""
        return self._ask("DELETE", path)

    def every(self, path: str, **params: str) -> Iterator[dict[str, Any]]:
        """All rows of a list, page after page."""
        cursor = ""
        while True:
            page = self.get(path, **params, cursor=cursor)
            yield from page["items"]
            cursor = page["next_cursor"] or ""
            if not cursor:
                return

    def _open(self) -> httpx2.Client:
        return httpx2.Client(
            base_url=f"{self._profile.server}/api/v1",
            headers={"Authorization": f"Bearer {self._profile.token}"},
            timeout=_PATIENCE_SECONDS,
        )

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        try:
            with self._open() as http:
                answer = http.request(method, path, **options)
        except httpx2.InvalidURL as error:
            raise NotDone(f"{self._profile.server} is not an address: {error}.") from error
        except httpx2.TransportError as error:
            raise NotDone(f"{self._profile.server} does not answer: {error}.") from error
        if answer.is_error:
            raise NotDone(_reason(answer))
        try:
            return answer.json() if answer.content else None
        except ValueError as error:
            raise NotDone(f"{self._profile.server} is no Duolog server.") from error


def open_remote(server: str, token: str) -> Remote:
    """The server of the options, or of `duolog login`."""
    return Remote(load_profile(server, token))


def _reason(answer: httpx2.Response) -> str:
    """What the server says, field by field where it names fields."""
    try:
        problem = answer.json()
        errors = [f"{each['field']}: {each['message']}" for each in problem["errors"]]
        return "\n".join(errors) or str(problem["detail"])
    except (ValueError, KeyError, TypeError):
        return f"The server answered {answer.status_code}, and not in words of Duolog."
