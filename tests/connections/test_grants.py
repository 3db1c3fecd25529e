"""One grant, many workers: renewed once for all, whatever happens to the one that renews."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.db import connections
from django.utils import timezone
from helpers.builders import a_workplace, the_owner
from helpers.consents import an_app, sign_in
from helpers.jirasim import Jira
from helpers.threads import all_at_once

from duolog.connections.grants import LEASE, access_token, renew_now
from duolog.connections.models import Connection
from duolog.connections.seal import unseal
from duolog.connections.services import client_for, close_clients, disconnect
from duolog.connections.traffic import listening
from duolog.core.errors import Disconnected, Retryable
from duolog.notifications.models import Notice
from duolog.people.models import Member
from duolog.work.clock import shifted
from duolog.work.models import Lane

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
RENEWAL = "POST /oauth/token"
WORKERS = 8


@pytest.fixture
def owner() -> Member:
    return the_owner(a_workplace())


@pytest.fixture
def granted(jira: Jira, owner: Member, settings: Any) -> Iterator[Connection]:
    """A connection whose access token ends now, so that whoever needs one must renew."""
    an_app(jira.sim, settings, jira.url)
    made = sign_in(owner, jira.url, jira.service.account_id)
    _let_it_end()
    jira.reset()
    yield made
    close_clients()


def _let_it_end() -> None:
    Connection.objects.update(access_until=timezone.now() - timedelta(seconds=1))


def _ask_jira() -> str:
    return client_for(Connection.objects.get()).people.myself().display_name


def at_once(action: Callable[[], object]) -> None:
    """Eight workers at the same moment: processes on PostgreSQL, threads on SQLite."""
    if database.vendor != "postgresql":
        all_at_once([action] * WORKERS)
        return
    connections.close_all()
    close_clients()
    gate, opener = os.pipe()
    children = [_child(gate, opener, action) for _ in range(WORKERS)]
    os.close(gate)
    os.close(opener)  # the end of file lets them all go at once
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert codes == [0] * WORKERS


def _child(gate: int, opener: int, action: Callable[[], object]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.close(opener)
        os.read(gate, 1)
        action()
        code = 0
    finally:
        os._exit(code)


def test_eight_workers_at_once_renew_once_and_none_fails(granted: Connection, jira: Jira) -> None:
    at_once(_ask_jira)
    assert jira.calls()[RENEWAL] == 1
    row = Connection.objects.get()
    assert (row.grant_number, row.renewing_until) == (granted.grant_number + 1, None)
    at_once(_ask_jira)
    assert jira.calls()[RENEWAL] == 1, "the new token serves everybody"


def test_a_lost_answer_is_asked_for_again_with_the_old_token_and_none_fails(
    granted: Connection, jira: Jira
) -> None:
    lost = {"match": {"method": "POST", "path": "/oauth/token"}, "fault": "cut_after", "times": 1}
    jira.sim("POST", "faults", [lost])
    at_once(_ask_jira)
    assert jira.calls()[RENEWAL] == 2
    assert Connection.objects.get().health == "connected"


@pytest.mark.parametrize("effect", [1, 2], ids=["before Atlassian answered", "before it is stored"])
def test_whoever_is_killed_while_renewing_is_followed_by_another_with_the_old_token(
    granted: Connection, jira: Jira, effect: int
) -> None:
    """SIGKILL after the lease was taken, and after Atlassian has given a new refresh token."""
    old = bytes(Connection.objects.get().sealed_secret)
    _killed_at(effect, _ask_jira)
    row = Connection.objects.get()
    assert (row.renewing_until is not None, bytes(row.sealed_secret)) == (True, old)
    with pytest.raises(Retryable, match="being renewed"):
        _ask_jira()  # the lease of the dead still holds: the work row waits
    with shifted(LEASE.total_seconds() + 1):
        at_once_in_threads(_ask_jira)
    assert jira.calls()[RENEWAL] == effect
    assert Connection.objects.get().health == "connected"


def at_once_in_threads(action: Callable[[], object]) -> None:
    all_at_once([action] * WORKERS)


def _killed_at(effect: int, work: Callable[[], object]) -> None:
    """Kill a child before the call to Atlassian, or before what it gave is stored."""
    connections.close_all()
    close_clients()
    child = os.fork()
    if child == 0:
        _die_at(effect, work)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


def _die_at(effect: int, work: Callable[[], object]) -> None:
    writes = 0

    def on_statement(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal writes
        writes += sql.startswith("UPDATE") and "renewing_until" in sql
        if writes == 2 and effect == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = execute(sql, *rest)
        if writes == 1 and effect == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    try:
        with database.execute_wrapper(on_statement):
            work()
    finally:
        os._exit(1)


def test_the_new_refresh_token_is_stored_before_the_access_token_is_used(
    granted: Connection, jira: Jira
) -> None:
    before = unseal(Connection.objects.get().sealed_secret)
    stored = []
    with listening(lambda *_: stored.append(unseal(Connection.objects.get().sealed_secret))):
        _ask_jira()
    assert stored
    assert before not in stored


def test_a_token_refused_before_its_time_is_renewed_once_for_all(
    granted: Connection, jira: Jira
) -> None:
    at_once_in_threads(_ask_jira)
    jira.reset()
    jira.sim("POST", "clock", {"advance_seconds": 3601})
    at_once_in_threads(_ask_jira)
    assert jira.calls()[RENEWAL] == 1


def test_a_grant_that_was_taken_back_stops_the_connection_and_is_not_tried_again(
    granted: Connection, jira: Jira, owner: Member
) -> None:
    with _revoked(jira):
        with pytest.raises(Disconnected, match="ended what you allowed") as caught:
            _ask_jira()
        assert "Connect again" in caught.value.hint
        row = Connection.objects.get()
        assert row.health == "attention"
        assert "ended what you allowed" in row.reason
        assert Lane.objects.get(pk=row.lane).blocked_until > 4e9
        assert Notice.objects.filter(member=owner, kind="connection").count() == 1
        jira.reset()
        for _ in range(3):
            with pytest.raises(Disconnected):
                _ask_jira()
        assert jira.calls() == {}
        assert Notice.objects.count() == 1, "told once"
    sign_in(owner, "", jira.service.account_id, connection=Connection.objects.get())
    assert _ask_jira() == "Duolog Sync"


def test_a_grant_is_kept_alive_by_renewing_it_unused(granted: Connection, jira: Jira) -> None:
    access_token(granted.pk)
    before = unseal(Connection.objects.get().sealed_secret)
    renew_now(granted.pk)
    assert unseal(Connection.objects.get().sealed_secret) != before
    assert jira.calls()[RENEWAL] == 2


def test_nothing_is_renewed_for_a_connection_that_was_disconnected(
    granted: Connection, jira: Jira, owner: Member
) -> None:
    disconnect(owner, Connection.objects.get())
    jira.reset()
    with pytest.raises(Disconnected, match="disconnected"):
        access_token(granted.pk)
    assert jira.calls() == {}


@contextmanager
def _revoked(jira: Jira) -> Iterator[None]:
    for grant in jira.sim("GET", "oauth/grants"):
        if not grant["revoked"]:
            jira.sim("POST", "oauth/grants/revoke", {"id": grant["id"]})
    yield
