"""Disconnecting stops and says so; connecting the same site again goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from helpers.bound import Bound, a_bound_team, a_new_connection
from helpers.builders import a_workplace, the_owner
from helpers.consents import an_app, sign_in
from helpers.jirasim import Jira, running_jirasim
from helpers.threads import all_at_once

from duolog.connections.models import Connection
from duolog.connections.queries import list_connections, list_disconnected
from duolog.connections.services import (
    NewConnection,
    client_for,
    connect,
    disconnect,
)
from duolog.connections.webhook_services import register
from duolog.core.errors import Disconnected
from duolog.people.errors import Invalid
from duolog.sync.binding.services import retry
from duolog.sync.models import Hold, Link
from duolog.sync.shown.overview import has_stopped, trouble_of, what_stops
from duolog.sync.shown.progress import progress
from duolog.sync.shown.queries import badge_of, issue_url
from duolog.work.models import Work

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    with a_bound_team(jira) as bound:
        yield bound


@pytest.fixture
def jira(request: pytest.FixtureRequest, jira: Jira) -> Iterator[Jira]:
    """The Cloud site that all tests share, or a Server of this test alone."""
    if getattr(request, "param", "cloud") == "cloud":
        yield jira
        return
    with running_jirasim("--deployment", "server", "--context", "/jira") as server:
        yield server


def again(bound: Bound, way: str = "") -> Connection:
    """Connect the same site, by the service account or in another way."""
    jira = bound.jira
    who = jira.people[1] if way == "another account who sees less" else jira.service
    who = jira.people[0] if way == "another account" else who
    wish = replace(a_new_connection(jira), email=who.email, secret=who.api_token)
    if way == "another method":
        wish = replace(wish, method="basic", username=who.username, secret=who.password)
    return connect(bound.owner, wish)


def stop(bound: Bound) -> None:
    disconnect(bound.owner, Connection.objects.get())
    bound.jira.reset()


def test_it_says_first_what_would_stop(bound: Bound) -> None:
    bound.item()
    bound.bind()
    stops = what_stops(bound.connection)
    assert (stops.items, stops.webhook) == (1, "none")
    assert [each.binding.team.name for each in stops.shared] == ["Platform"]
    register(bound.owner, Connection.objects.get())
    assert what_stops(Connection.objects.get()).webhook == "removed"


def test_what_was_kept_in_step_stops_keeps_its_links_and_says_so(bound: Bound) -> None:
    item = bound.item("Before")
    binding = bound.bind()
    url = register(bound.owner, Connection.objects.get())
    stop(bound)
    row = Connection.objects.get()
    assert bytes(row.sealed_secret) == b""
    assert (row.secret_tail, row.webhook_hash, row.sealed_webhook_secret) == ("", None, None)
    assert url not in [hook["url"] for hook in bound.jira.webhooks()]
    assert list_connections(bound.workplace) == []
    assert [each.pk for each in list_disconnected(bound.workplace)] == [row.pk]
    binding.refresh_from_db()
    binding.connection.refresh_from_db()
    assert (binding.state, has_stopped(binding)) == ("active", True)
    assert "disconnected" in trouble_of(binding)
    bound.change(item, title="After")
    bound.jira.edit(str(bound.link(item).issue_id), summary="Theirs")
    bound.jira.reset()
    bound.run()
    assert bound.jira.calls() == {}, "nothing is tried"
    told = progress(binding)
    assert (told.waiting, told.is_running, told.is_stopped) == (1, False, True)
    assert bound.link(item).state == "in_step", "nothing is unlinked"
    badge = badge_of(item)
    assert badge is not None
    assert (badge.state, "disconnected" in badge.reason) == ("due", True)
    with pytest.raises(Disconnected, match="disconnected"):
        client_for(row)


@pytest.mark.parametrize(
    ("jira", "way"),
    [
        pytest.param("cloud", "", id="Cloud by the same account"),
        pytest.param("cloud", "another account", id="Cloud by another account"),
        pytest.param("server", "another account", id="Server by another account"),
        pytest.param("server", "another method", id="Server by another method"),
    ],
    indirect=["jira"],
)
def test_the_same_site_again_goes_on_and_nothing_is_lost_or_made_twice(
    bound: Bound, way: str
) -> None:
    ours, theirs, both = bound.item("Ours"), bound.item("Theirs"), bound.item("Both")
    bound.bind()
    stop(bound)
    bound.change(ours, title="Ours, changed here")
    bound.jira.edit(str(bound.link(theirs).issue_id), summary="Theirs, changed there")
    bound.change(both, title="Both, changed here")
    bound.jira.edit(str(bound.link(both).issue_id), duedate="2027-01-31")
    fresh_here = bound.item("New here")
    fresh_there = bound.jira.create("New there")
    bound.run()
    made = again(bound, way)
    assert made.pk == bound.connection.pk
    bound.run()
    titles = sorted(
        str(it["fields"]["summary"]) for it in bound.jira.issues(bound.jira.project_key)
    )
    assert titles == [
        "Both, changed here", "New here", "New there", "Ours, changed here", "Theirs, changed there",
    ]  # fmt: skip
    theirs.refresh_from_db()
    both.refresh_from_db()
    assert theirs.title == "Theirs, changed there"
    assert str(both.due_on) == "2027-01-31"
    assert bound.item_of(fresh_there).title == "New there"
    assert bound.link(fresh_here).state == "in_step"
    assert Link.objects.count() == 5
    assert set(Link.objects.values_list("state", flat=True)) == {"in_step"}


def test_an_issue_deleted_meanwhile_is_noticed(bound: Bound) -> None:
    item = bound.item("Gone there")
    bound.bind()
    stop(bound)
    bound.jira.delete(str(bound.link(item).issue_id))
    again(bound)
    bound.run()
    hold = Hold.objects.get(released_at=None)
    assert (hold.slot_kind, hold.slot_key) == ("deletion", "remote")


def test_another_label_is_still_the_same_connection(bound: Bound) -> None:
    stop(bound)
    who = bound.jira.service
    made = connect(
        bound.owner, NewConnection(bound.jira.url, who.email, who.api_token, "Another label")
    )
    assert (made.pk, made.label, made.health) == (bound.connection.pk, "Another label", "connected")
    assert not Work.objects.filter(lane=made.lane, lane__blocked_until__gt=0).exists()


def test_an_account_that_sees_less_deletes_nothing(bound: Bound) -> None:
    """What the new account may not look at is not gone: every link stays and says why."""
    items = [bound.item(f"Number {n}") for n in range(3)]
    bound.bind()
    stop(bound)
    issue = str(bound.link(items[0]).issue_id)
    levels = bound.jira.ask("GET", f"issue/{issue}/editmeta", by=bound.jira.service)
    level = levels["fields"]["security"]["allowedValues"][1]
    bound.jira.ask(
        "PUT",
        f"issue/{issue}",
        {"fields": {"security": {"id": level["id"]}}},
        by=bound.jira.service,
    )
    again(bound, "another account who sees less")
    bound.run()
    for item in items:
        item.refresh_from_db()
        assert item.deleted_at is None
    hidden = Hold.objects.get(link=bound.link(items[0]), released_at=None)
    retry(bound.owner, hidden)
    bound.run()
    link = bound.link(items[0])
    assert link.state == "held", link.reason
    assert "may see" in link.reason
    assert not Hold.objects.filter(slot_kind="deletion").exists()


def test_signing_in_with_atlassian_takes_over_and_work_goes_on_by_the_gateway(
    bound: Bound, settings: Any
) -> None:
    item = bound.item("By token")
    bound.bind()
    an_app(bound.jira.sim, settings, bound.jira.url)
    made = sign_in(
        bound.owner, "", bound.jira.service.account_id, connection=Connection.objects.get()
    )
    assert (made.method, made.pk) == ("oauth", bound.connection.pk)
    link = bound.link(item)
    bound.change(item, title="By consent")
    bound.jira.edit(str(link.issue_id), duedate="2027-01-31")
    bound.run()
    bound.poll()
    item.refresh_from_db()
    assert bound.jira.get(str(link.issue_id))["summary"] == "By consent"
    assert str(item.due_on) == "2027-01-31"
    assert issue_url(bound.link(item)) == f"{bound.jira.url}/browse/{link.issue_key}"


def test_two_who_connect_the_same_site_at_once_make_one_connection(jira: Jira) -> None:
    owner = the_owner(a_workplace())

    def try_it() -> str:
        try:
            return str(connect(owner, a_new_connection(jira)).pk)
        except Invalid as invalid:
            return str(invalid)

    told = all_at_once([try_it] * 3)
    assert Connection.objects.count() == 1
    assert sum(each.isdecimal() for each in told) == 1
    assert sum("connected already" in each for each in told) == 2
