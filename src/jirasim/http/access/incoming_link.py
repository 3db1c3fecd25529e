"""OAuth 2.0 of Server, since 8.22: `/rest/oauth2/latest` (jira.md 2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from starlette.routing import BaseRoute

from jirasim.http.access import (
    consent,
    tokens_office,
)
from jirasim.http.access.consent import Office
from jirasim.site.product import server_since

if TYPE_CHECKING:
    from jirasim.http.admin.sim import Controls

SCOPES: Final = frozenset({"READ", "WRITE", "ADMIN", "SYSTEM_ADMIN"})
SINCE: Final = server_since(8, 22)


def routes(controls: Controls) -> list[BaseRoute]:
    """The consent page and the address of tokens, under both names of the API."""
    if not SINCE(controls.site.product):
        return []
    return [
        route
        for base in ("/rest/oauth2/latest", "/rest/oauth2/1.0")
        for route in (
            *consent.routes(
                controls.site, Office(f"{base}/authorize", _check, SCOPES.__contains__)
            ),
            tokens_office.route(controls, f"{base}/token"),
        )
    ]


def _check(_: Mapping[str, str]) -> None:
    """Nothing more is asked for here."""
