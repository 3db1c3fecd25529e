"""A person at Atlassian's consent page, as the simulator has it, and the app that sent them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from duolog.connections.models import Connection
from duolog.connections.oauth import begin_sign_in, callback_url, finish_sign_in
from duolog.people.models import Member

Sim = Callable[..., Any]


def an_app(sim: Sim, settings: Any, url: str) -> None:
    """Have the installation sign in by the app that the simulator has from the start."""
    [app] = sim("GET", "oauth/apps")
    sim(
        "POST",
        "oauth/apps",
        {"client_id": app["client_id"], "redirect_uris": [callback_url()]},
    )
    settings.ATLASSIAN_CLIENT_ID = app["client_id"]
    settings.ATLASSIAN_CLIENT_SECRET = app["client_secret"]
    settings.ATLASSIAN_AUTH_URL = settings.ATLASSIAN_API_URL = url
    settings.ALLOW_PRIVATE_HOSTS = True


def consent(
    address: str, account_id: str, *, decision: str = "allow", **changes: str
) -> Mapping[str, str]:
    """What the person brings back from the page at this address, by `state` and `code`."""
    parts = urlsplit(address)
    form = {**dict(parse_qsl(parts.query)), "account_id": account_id, "decision": decision}
    answer = httpx2.post(f"{parts.scheme}://{parts.netloc}{parts.path}", data={**form, **changes})
    assert answer.status_code == 302, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def sign_in(by: Member, site: str, account_id: str, **asked: Any) -> Connection:
    """From the first press of the button to the connection."""
    back = consent(begin_sign_in(by, address=site, **asked), account_id)
    return finish_sign_in(by, back["state"], back["code"])
