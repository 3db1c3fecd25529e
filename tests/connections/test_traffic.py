"""How many calls go out over a connection, whatever process makes them, and what that means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from helpers.bound import a_bound_team
from helpers.jirasim import Jira
from helpers.threads import all_at_once

from duolog.connections.budget import budget_of, share_in_use
from duolog.connections.models import CallCount, Connection
from duolog.connections.services import client_for, close_clients
from duolog.connections.traffic import Traffic, calls_in_the_last_hour, flush, note, traffic_of
from duolog.jira.call import Call
from duolog.jira.rates import Told
from duolog.jira.transport import CallMade
from duolog.work.marks import BACKGROUND
from duolog.work.urgency import running_at

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
READ = Call("GET", "/rest/api/3/myself")


@pytest.fixture
def connection(jira: Jira) -> Iterator[Connection]:
    close_clients()
    with a_bound_team(jira) as bound:
        yield bound.connection


def calls(connection: Connection, number: int, status: int = 200, *, near: bool = False) -> None:
    for _ in range(number):
        note(connection.pk, CallMade(READ, status, 0.1, Told(is_near=near)))


def test_ten_calls_cost_one_write_and_are_seen_at_once(connection: Connection) -> None:
    client = client_for(connection)
    with running_at(BACKGROUND):
        client.people.myself()  # learns who we are
        with CaptureQueriesContext(database) as asked:
            for _ in range(9):
                client.people.myself()
    assert len(asked) == 0
    assert calls_in_the_last_hour(connection.pk) == 10
    close_clients()
    client = client_for(connection)
    with CaptureQueriesContext(database) as asked:
        client.people.myself()
        client.people.myself()
    assert len(asked) == 4, "a person's call takes its turn by itself: one look, one write"
    assert calls_in_the_last_hour(connection.pk) == 12
    flush()
    assert CallCount.objects.get().calls == 12
    assert calls_in_the_last_hour(connection.pk) == 12


def test_the_counts_of_all_processes_are_put_together(connection: Connection) -> None:
    calls(connection, 3)
    flush()
    calls(connection, 2, 429)
    flush()
    calls(connection, 1, near=True)
    CallCount.objects.create(
        connection=connection, minute=timezone.now() - timedelta(minutes=59), calls=10
    )
    CallCount.objects.create(
        connection=connection, minute=timezone.now() - timedelta(minutes=61), calls=100
    )
    told = traffic_of(connection.pk)
    assert (told.calls, told.put_off, told.near_limit) == (16, 2, 1)


def test_processes_that_store_at_once_lose_nothing(connection: Connection) -> None:
    def process() -> None:
        calls(connection, 5)
        flush()

    all_at_once([process] * 6)
    flush()
    assert traffic_of(connection.pk).calls == 30


def test_what_cannot_be_stored_is_kept_and_a_removed_connection_does_no_harm(
    connection: Connection,
) -> None:
    calls(connection, 1)
    note(987_654, CallMade(READ, 200, 0.1))
    flush()
    assert CallCount.objects.get().connection_id == connection.pk


def test_the_last_success_is_kept_roughly_current(connection: Connection) -> None:
    long_ago = timezone.now() - timedelta(hours=5)
    Connection.objects.update(last_success_at=long_ago)
    calls(connection, 1, 503)
    flush()
    assert Connection.objects.get().last_success_at == long_ago
    calls(connection, 1)
    flush()
    row = Connection.objects.get()
    assert row.last_success_at is not None
    assert timezone.now() - row.last_success_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("deployment", "method", "traffic", "share"),
    [
        pytest.param("cloud", "oauth", Traffic(6500, 0, 0, 200), 0.1, id="points of an OAuth app"),
        pytest.param("cloud", "api_token", Traffic(900, 0, 0, 600), 0.1, id="the busiest minute"),
        pytest.param("cloud", "api_token", Traffic(9, 0, 1, 6), 0.8, id="Jira says it is near"),
        pytest.param("cloud", "oauth", Traffic(9, 2, 0, 6), 1.0, id="Jira puts us off"),
        pytest.param("server", "pat", Traffic(900, 0, 0, 90), None, id="a Server tells nothing"),
        pytest.param("server", "pat", Traffic(900, 1, 0, 90), 1.0, id="a Server refuses"),
    ],
)
def test_the_share_of_the_budget_is_what_is_known(
    deployment: str, method: str, traffic: Traffic, share: float | None
) -> None:
    assert share_in_use(Connection(deployment=deployment, method=method), traffic) == share


def test_health_tells_calls_and_budget(jira: Jira) -> None:
    close_clients()
    with a_bound_team(jira) as bound:
        bound.item()
        bound.jira.reset()  # the trial before there was a connection is nobody's
        bound.bind()
        told = budget_of(bound.connection)
        assert told.calls == sum(bound.jira.calls().values())
        assert told.share is not None
        assert 0 < told.share < 0.1
