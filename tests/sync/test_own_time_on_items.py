"""Time logged on an item's page becomes the member's own worklog in Jira, and comes back once."""

from __future__ import annotations

import pytest
from helpers.bound import Bound
from helpers.own_name import own_connection
from web.visitors import signed_in

from duolog.worklogs.models import OwnWorklog
from duolog.worklogs.queries import list_worklogs

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.both_deployments,
]
FORM = {"time_spent": "1h 30m", "day": "2026-03-02", "clock": "09:00", "zone": "Europe/Berlin"}


def test_it_is_written_once_under_their_account_and_shown_as_theirs(bound: Bound) -> None:
    bound.bind()
    item = bound.item()
    bound.run()
    me = bound.jira.people[0]
    own_connection(bound, me, allowed=False)
    client = signed_in(bound.owner)
    path = f"/w/{item.team.workplace.slug}/items/{item.key}/time"
    assert "It goes to Jira in your name" in client.get(path).content.decode()
    answer = client.post(path, FORM)
    assert "logged in Jira in your name" in answer["HX-Trigger"]
    bound.run()
    (own,) = OwnWorklog.objects.all()
    assert own.jira_id
    (here,) = list_worklogs(item)
    assert (here.seconds, here.author) == (5400, bound.owner.name)
    bound.poll()
    bound.run()
    assert len(list_worklogs(item)) == 1
