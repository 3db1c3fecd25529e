"""The API keeps what its OpenAPI document says, whatever it is sent and whoever sends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from helpers.asked import ELSEWHERE
from helpers.builders import a_member
from helpers.places import make_places, own_places
from helpers.rest import rest_of
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from duolog.app.routes import list_routes
from duolog.connections.services import close_clients
from duolog.people.models import Role
from duolog.workplace.models import Team

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
HERE: Final = "https://127.0.0.1:9"
"""Instead of made-up addresses, which would be looked up in the network."""


@pytest.fixture
def places(team: Team) -> Iterator[dict[str, str]]:
    yield make_places(team)
    close_clients()


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """As Django's own test client does: a request must not close what the test rolls back."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.timeout(600)
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # files sent stay open
@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADMIN])
def test_no_call_breaks_or_answers_what_is_not_documented(
    team: Team, places: dict[str, str], role: Role
) -> None:
    member = a_member(team.workplace, name="Tess Tester", role=role)
    token, known = rest_of(member).token, {**places, **own_places(member)}
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    tried = set()
    for found in document.get_all_operations():
        operation = found.ok()
        name = operation.definition.raw["operationId"]
        here = {**known, **{to: known[of] for to, of in ELSEWHERE.get(name, {}).items()}}
        _try(operation, token, here)
        tried.add(name)
    assert tried == {route.name for route in list_routes() if route.method}


def _try(operation: Any, token: str, places: Mapping[str, str]) -> None:
    """Send made-up requests, mostly to rows that are there; what they change is taken back."""
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}

    @settings(
        max_examples=6,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def sends(case: Any) -> None:
        known = {name: places[name] for name in case.path_parameters if name in places}
        case.path_parameters = {**case.path_parameters, **known}
        if isinstance(case.body, dict) and "address" in case.body:
            case.body["address"] = HERE
        with transaction.atomic():
            case.call_and_validate(checks=CHECKS, headers=headers)
            transaction.set_rollback(True)

    sends()
