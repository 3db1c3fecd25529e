"""However many bindings a workplace has, listing them asks the database as often."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from helpers.builders import a_team
from helpers.rest import Rest

from duolog.connections.models import Connection
from duolog.sync.models import Binding, Link, Run, RunKind, RunState
from duolog.workplace.models import Team

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def bound(team: Team, to: Connection) -> Binding:
    """A binding whose last comparison found one that had drifted."""
    binding = Binding.objects.create(
        team=team, connection=to, jira_project_id="1", jira_project_key="FHP",
        jira_project_name="Fernhill", direction="two_way",
    )  # fmt: skip
    link = Link.objects.create(
        binding=binding, issue_id="1", issue_key="FHP-1", token=str(binding.pk)
    )
    drift = [{"link_id": link.pk, "issue_key": "FHP-1", "slots": ["field/title"]}]
    for found in (0, 1):
        Run.objects.create(
            binding=binding, kind=RunKind.SWEEP, state=RunState.DONE, total=1, found=found,
            drift=drift if found else [], finished_at=timezone.now(),
        )  # fmt: skip
    return binding


def test_a_list_of_bindings_asks_no_more_for_more_of_them(rest: Rest, team: Team) -> None:
    to = Connection.objects.create(
        workplace=team.workplace, label="Jira", base_url="http://127.0.0.1:9", account_id="1"
    )
    bound(team, to)
    rest.get("/me")  # the first call with a token notes that it was used
    with CaptureQueriesContext(connection) as few:
        rest.get("/bindings")
    for number in range(3):
        bound(a_team(team.workplace, name=f"T{number}", key_prefix=f"TE{number}"), to)
    with CaptureQueriesContext(connection) as many:
        told = rest.get("/bindings")["items"]
    assert len(many) == len(few)
    assert [each["last_comparison"]["drift"] for each in told] == [1] * 4
    assert [len(each["last_comparison"]["items"]) for each in told] == [1] * 4
