"""A Jira that answers from a script, and the official documents where they lie beside us."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
import stamina

from duolog.jira.auth import ApiToken
from duolog.jira.client import JiraClient
from duolog.jira.transport import JiraTransport, Options

SHARED = Path(os.environ.get("DUOLOG_SHARED", Path(__file__).parents[3] / "shared")) / "jira"
ACCOUNT = "5b10a2844c20165700ede21g"
TOKEN = "ATATT-very-secret"


@pytest.fixture(scope="session")
def shared_jira() -> Path:
    """The folder of recordings and official documents.  Skips where it is not at hand."""
    if not SHARED.is_dir():
        pytest.skip(f"the shared recordings of Jira are not at {SHARED}")
    return SHARED


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """Repeat at once: tests do not wait."""
    with stamina.set_testing(True, attempts=3):
        yield


class ScriptedJira:
    """Answers each request with the next of its script, and remembers the requests."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []
        self._script: list[Callable[[httpx2.Request], httpx2.Response]] = []

    def answers(
        self,
        status: int = 200,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        text: str | None = None,
    ) -> ScriptedJira:
        """Say this next; `body` as JSON, or `text` as a page."""
        sent = {"X-AAccountId": ACCOUNT, **(headers or {})}
        sent = {name: value for name, value in sent.items() if value}

        def say(_request: httpx2.Request) -> httpx2.Response:
            if text is not None:
                return httpx2.Response(status, headers=sent, html=text)
            if body is None:
                return httpx2.Response(status, headers=sent)
            return httpx2.Response(status, headers=sent, content=json.dumps(body).encode())

        self._script.append(say)
        return self

    def breaks(self, error: Exception) -> ScriptedJira:
        """Lose the next request in this way."""

        def fail(_request: httpx2.Request) -> httpx2.Response:
            raise error

        self._script.append(fail)
        return self

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        assert self._script, f"unexpected {request.method} {request.url}"
        return self._script.pop(0)(request)

    def body(self, place: int = -1) -> object:
        """The JSON that was sent."""
        return json.loads(self.requests[place].content)

    @property
    def said_everything(self) -> bool:
        return not self._script

    def transport(self, *, account: str | None = ACCOUNT, **more: Any) -> JiraTransport:
        http = httpx2.Client(
            base_url="https://company.atlassian.net",
            auth=ApiToken("bot@example.com", TOKEN).auth(),
            transport=httpx2.MockTransport(self.handle),
        )
        return JiraTransport(http, account=account, **more)


@pytest.fixture
def jira() -> Iterator[ScriptedJira]:
    """A scripted Jira, all of whose script must be used."""
    site = ScriptedJira()
    yield site
    assert site.said_everything


@pytest.fixture
def client(jira: ScriptedJira) -> JiraClient:
    """A client of the scripted Jira."""
    return JiraClient(jira.transport(options=Options(calls_per_second=1000)))
