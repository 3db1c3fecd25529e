"""A simulated site of any deployment, and every credential that opens it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from duolog.connections.services import close_clients
from duolog.connections.wishes import NewConnection
from jirasim.testing import JiraSite, running_site

SCOPES = ["read:jira-work", "write:jira-work", "read:jira-user"]
SERVER = {"deployment": "server", "version": "9.12", "context": "/jira"}
CLOUD = {"deployment": "cloud"}

WAYS = [
    pytest.param(CLOUD, "api_token", id="Cloud by API token"),
    pytest.param(CLOUD, "scoped", id="Cloud by a token with scopes"),
    pytest.param(SERVER, "pat", id="Server by personal access token"),
    pytest.param(SERVER, "basic", id="Server by password"),
]


@contextmanager
def a_site(kind: Mapping[str, str], settings: Any) -> Iterator[JiraSite]:
    """A new site of this kind that we may reach, Atlassian's gateway being itself."""
    with running_site(**kind) as site:
        settings.ALLOW_PRIVATE_HOSTS = True
        root = site.url.removesuffix("/jira")
        settings.ATLASSIAN_API_URL = settings.ATLASSIAN_AUTH_URL = root
        try:
            yield site
        finally:
            close_clients()


def wish_for(
    site: JiraSite, way: str, who: Mapping[str, Any] | None = None, **more: Any
) -> NewConnection:
    """What this person (the service account, where none is named) enters to come in this way."""
    person = who or site.ready
    given: dict[str, Any] = {"deployment": site.ready["deployment"]}
    match way:
        case "api_token":
            given |= {"email": person["email"], "secret": person["api_token"]}
        case "scoped":
            made = new_token(site, person, scopes=SCOPES)
            given |= {"email": person["email"], "secret": made}
        case "pat":
            given |= {"secret": person["api_token"]}
        case _:
            given |= {"username": person["username"], "secret": person["password"]}
    method = "api_token" if way == "scoped" else way
    return NewConnection(**{"address": site.url, "method": method, **given, **more})


def new_token(site: JiraSite, person: Mapping[str, Any], **more: Any) -> str:
    """Another token of this person."""
    asked = {"account_id": person["account_id"], **more}
    return str(site.sim("POST", "tokens/new", asked)["api_token"])
