"""An OAuth app, and the person who lets it in, on a simulated Cloud site."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.testclient import TestClient

from jirasim.http.admin.sim import Controls

CALLBACK = "http://localhost:8000/callback"
SCOPES = "read:jira-work write:jira-work read:jira-user read:me offline_access"


class App:
    """A client with its id and secret, that can take a person through the whole of it."""

    def __init__(self, client: TestClient, controls: Controls) -> None:
        self.client, self.controls = client, controls
        [app] = controls.site.state.access.apps.values()
        self.key = {"client_id": app.client_id, "client_secret": app.secret}
        self.person = controls.site.state.people[0]

    def query(self, **changes: str | None) -> dict[str, str]:
        asked = {
            "audience": "api.atlassian.com",
            "client_id": self.key["client_id"],
            "scope": SCOPES,
            "redirect_uri": CALLBACK,
            "state": "s&t=1",
            "response_type": "code",
            "prompt": "consent",
            **changes,
        }
        return {name: value for name, value in asked.items() if value is not None}

    def decide(self, decision: str = "allow", **changes: str | None) -> dict[str, str]:
        form = {**self.query(**changes), "account_id": self.person, "decision": decision}
        answer = self.client.post("/authorize", data=form)
        assert answer.status_code == 302, answer.text
        goal = answer.headers["location"]
        assert goal.startswith(f"{CALLBACK}?")
        return dict(parse_qsl(urlsplit(goal).query))

    def token(self, **body: str) -> Any:
        return self.client.post("/oauth/token", json={**self.key, **body})

    def exchange(self, code: str, **more: str) -> Any:
        more = {"redirect_uri": CALLBACK, **more}
        return self.token(grant_type="authorization_code", code=code, **more)

    def refresh(self, token: str) -> Any:
        return self.token(grant_type="refresh_token", refresh_token=token)

    def tokens(self, **changes: str | None) -> dict[str, Any]:
        found: dict[str, Any] = self.exchange(self.decide(**changes)["code"]).json()
        return found

    def get(self, path: str, access: str) -> Any:
        return self.client.get(path, headers={"Authorization": f"Bearer {access}"})

    def myself(self, access: str) -> Any:
        cloud_id = self.controls.site.state.cloud_id
        return self.get(f"/ex/jira/{cloud_id}/rest/api/3/myself", access)

    def wait(self, seconds: float) -> None:
        self.client.post("/_sim/clock", json={"advance_seconds": seconds})
