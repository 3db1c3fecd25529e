"""A long send whose workers are killed: nothing twice, nothing missing, memory within bounds.

`make bench` does the same with 10,000 items.
"""

from __future__ import annotations

import pytest
from django.db import connections
from helpers.bound import Bound
from helpers.databases import process_environment

from bench.killing import send_under_fire
from duolog.connections.services import close_clients
from duolog.sync.binding.services import Rules, Wish, bind_team
from duolog.sync.models import Direction, Link
from duolog.workplace.services.comments import add_comment

pytestmark = [
    pytest.mark.database,
    pytest.mark.kill,
    pytest.mark.timeout(900),
    pytest.mark.django_db(transaction=True),
]
ITEMS = 300
MOST_MIB = 300


def test_a_send_of_300_items_with_comments_survives_kills_without_a_duplicate(
    bound: Bound,
) -> None:
    for number in range(ITEMS):
        item = bound.item(f"Item {number:03}")
        add_comment(item.pk, f"Said of {number}", actor=bound.me)
    bound.run()
    rules = Rules(direction=Direction.ONE_WAY)
    bind_team(bound.owner, bound.team, Wish(bound.connection, bound.jira.project_key, rules))
    close_clients()
    connections.close_all()
    sent = send_under_fire(
        ITEMS, kills=4, seed=7, env={**process_environment(), "DUOLOG_ALLOW_PRIVATE_HOSTS": "true"}
    )
    issues = bound.jira.issues(bound.jira.project_key)
    assert sorted(i["fields"]["summary"] for i in issues) == [f"Item {n:03}" for n in range(ITEMS)]
    assert {i["fields"]["comment"]["total"] for i in issues} == {1}
    assert Link.objects.filter(state="in_step").count() == Link.objects.count() == ITEMS
    assert sent.kills == 4
    assert sent.most_kib < MOST_MIB * 1024
