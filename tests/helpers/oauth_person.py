"""Somebody who lets Duolog into a simulated Cloud site, by OAuth 2.0 (3LO)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import httpx2

from duolog.jira.guard import HostPolicy
from duolog.jira.oauth import App, Grant, Hosts, Pkce, authorize_address
from duolog.jira.oauth_calls import Atlassian
from duolog.jira.transport import Options
from jirasim.testing import JiraSite

CALLBACK = "https://duolog.example/connect/atlassian/callback"
STATE = "a&b=c d"
LOCAL = Options(HostPolicy(allow_private=True, allow_http=True))


class Person:
    """Somebody with a browser, the app they are asked about, and what Duolog does meanwhile."""

    def __init__(self, site: JiraSite, *, callback: str = CALLBACK) -> None:
        self.site = site
        made = site.sim("POST", "oauth/apps", {"name": "Duolog", "redirect_uris": [callback]})
        self.app = App(made["client_id"], made["client_secret"], callback)
        self.pkce = Pkce.new()
        self.hosts = Hosts(site.url, site.url)
        self.atlassian = Atlassian(self.app, hosts=self.hosts, options=LOCAL)

    def decide(self, decision: str = "allow", **changes: str) -> Mapping[str, str]:
        """Go to our own address, press a button, and come back with this query."""
        address = authorize_address(
            self.app, state=STATE, challenge=self.pkce.challenge, hosts=self.hosts
        )
        return self.follow(address, decision, **changes)

    def follow(self, address: str, decision: str = "allow", **changes: str) -> Mapping[str, str]:
        """Go to an address, press a button, and come back with this query."""
        query = {**dict(parse_qsl(urlsplit(address).query)), **changes}
        account = self.site.ready["people"][0]["account_id"]
        form = {**query, "account_id": account, "decision": decision}
        answer = httpx2.post(f"{self.site.url}/authorize", data=form)
        goal = answer.headers["location"]
        assert goal.startswith(self.app.redirect_uri)
        return dict(parse_qsl(urlsplit(goal).query))

    def grant(self) -> Grant:
        return self.atlassian.exchange(self.decide()["code"], self.pkce.verifier)

    def wait(self, **how_long: int) -> None:
        units = {"minutes": 60, "days": 86_400}
        seconds = sum(units[unit] * number for unit, number in how_long.items())
        self.site.sim("POST", "clock", {"advance_seconds": seconds})
