"""The REST API as a client of it sees it: requests with a member's token, answers as JSON."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from duolog.people.models import Member, Scope
from duolog.people.services import create_api_token


class Rest:
    """Requests to /api/v1 with one token, or with none."""

    def __init__(self, token: str = "") -> None:
        self._client = Client(raise_request_exception=False)
        self.token = token

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """One request; the answer's `json()` is what came back."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        return self._client.generic(
            method,
            f"/api/v1{path}",
            "" if body is None else json.dumps(body),
            content_type="application/json",
            headers=given,
        )

    def get(self, path: str, **headers: str) -> Any:
        """What a GET answers, which must be 200."""
        answer = self.ask("GET", path, **headers)
        assert answer.status_code == 200, (path, answer.status_code, answer.content)
        return answer.json()

    def post(self, path: str, body: object = None, *, status: int = 201, **headers: str) -> Any:
        """What a POST answers, which must have this status."""
        return self._written("POST", path, body, status, headers)

    def patch(self, path: str, body: object, *, status: int = 200, **headers: str) -> Any:
        """What a PATCH answers, which must have this status."""
        return self._written("PATCH", path, body, status, headers)

    def delete(self, path: str, *, status: int = 204, **headers: str) -> Any:
        """What a DELETE answers, which must have this status."""
        return self._written("DELETE", path, None, status, headers)

    def _written(
        self, method: str, path: str, body: object, status: int, headers: dict[str, str]
    ) -> Any:
        answer = self.ask(method, path, body, **headers)
        assert answer.status_code == status, (path, answer.status_code, answer.content)
        return answer.json() if answer.content else None


def rest_of(member: Member, scope: Scope = Scope.WRITE) -> Rest:
    """The API with a new token of this member."""
    _, token = create_api_token(member, name="Tests", scope=scope)
    return Rest(token)
