"""The API keeps what its OpenAPI document says, whatever it is sent."""

from __future__ import annotations

from typing import Any, Final

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from helpers.builders import a_member, an_item, the_owner
from helpers.rest import rest_of
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from duolog.workplace.actors import Actor
from duolog.workplace.models import Team
from duolog.workplace.services import add_comment, create_project

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ASKS_ANY_HOST: Final = {"create_connection"}
"""Made-up addresses would be looked up in the network; see test_jira for this one."""
KEEPS_US_IN: Final = {"update_member", "remove_member", "archive_team"}
"""With made-up ids only, or the calls after it would find nobody and nothing."""


@pytest.mark.timeout(600)
def test_no_call_breaks_or_answers_what_is_not_documented(team: Team) -> None:
    places = _places(team)
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    tried = 0
    for found in document.get_all_operations():
        operation = found.ok()
        name = operation.definition.raw["operationId"]
        if name not in ASKS_ANY_HOST:
            _try(operation, team, {} if name in KEEPS_US_IN else places)
            tried += 1
    assert tried > 60


def _try(operation: Any, team: Team, places: dict[str, str]) -> None:
    token = rest_of(the_owner(team.workplace)).token

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
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        case.call_and_validate(checks=CHECKS, headers=headers)

    sends()


def _places(team: Team) -> dict[str, str]:
    """Rows that paths may name."""
    actor = Actor.of(the_owner(team.workplace))
    item = an_item(team)
    rows = {
        "team_id": team,
        "status_id": team.statuses.all()[1],
        "project_id": create_project(team.workplace, "Project", actor=actor),
        "item_id": item,
        "comment_id": add_comment(item.pk, "Said", actor=actor),
        "member_id": a_member(team.workplace),
    }
    return {name: str(row.pk) for name, row in rows.items()}
