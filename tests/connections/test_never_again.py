"""After the first refusal nothing more is sent with a credential: not by work, not by pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from helpers.bound import Bound
from helpers.builders import a_member, a_team, a_workplace, the_owner
from helpers.jirasim import Jira
from helpers.ways_in import CLOUD, SERVER, a_site, wish_for

from duolog.connections.models import Connection
from duolog.connections.services import (
    change_credential,
    check,
    client_for,
    connect,
    note_disconnected,
)
from duolog.core.errors import Disconnected
from duolog.people.models import Member
from duolog.sync.binding.services import poll_now
from duolog.work.models import Lane
from jirasim.testing import JiraSite

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
WAYS = [
    pytest.param(CLOUD, "api_token", id="Cloud by API token"),
    pytest.param(SERVER, "pat", id="Server by personal access token"),
    pytest.param(SERVER, "basic", id="Server by password"),
]


def spoil(site: JiraSite) -> None:
    """End every credential of the service account."""
    who = site.ready["account_id"]
    site.sim("POST", "tokens", {"api_token": site.api_token, "revoked": True})
    site.simulator.site.state.passwords[who] = "changed by its owner"


def failed_logins(site: JiraSite) -> int:
    return sum(row["failed"] for row in site.sim("GET", "logins"))


def look_at_every_page(member: Member, connection: Connection) -> None:
    """The pages that show a connection, as an admin opens them."""
    home = f"/w/{member.workplace.slug}"
    browser = Client()
    browser.force_login(member.user)
    for path in ("/integrations/jira", f"/integrations/jira/{connection.pk}"):
        assert browser.get(f"{home}{path}", follow=True).status_code == 200


@pytest.mark.parametrize(("site", "way"), WAYS)
def test_a_refused_credential_is_left_alone(
    site: Mapping[str, str], way: str, settings: Any
) -> None:
    owner = the_owner(a_workplace())
    with a_site(site, settings) as jira:
        connection = connect(owner, wish_for(jira, way))
        under_way = client_for(connection)
        spoil(jira)
        with pytest.raises(Disconnected) as refused:
            under_way.projects.get("FHP")
        note_disconnected(connection.lane, refused.value)
        jira.sim("POST", "calls/reset")

        connection.refresh_from_db()
        assert connection.health != "connected"
        assert Lane.objects.get(name=connection.lane).blocked_until > 0, "no work starts"
        for _ in range(4):
            with pytest.raises(Disconnected):
                client_for(connection)
            with pytest.raises(Disconnected):
                under_way.projects.get("FHP")
        look_at_every_page(owner, connection)
        assert jira.calls() == {}

        for _ in range(4):
            with pytest.raises(Disconnected) as again:
                check(owner, connection)
            assert again.value.hint
        if way == "basic":
            assert jira.calls() == {}, "a password is entered anew, not tried again"
            assert failed_logins(jira) == 1
        else:
            assert sum(jira.calls().values()) == 4, "once each time that a person asks for it"


@pytest.mark.parametrize("way", ["pat", "basic"])
def test_what_another_process_found_well_is_tried_again_but_never_a_password(
    way: str, settings: Any
) -> None:
    """Pages and background work are two processes, each with a client of its own."""
    owner = the_owner(a_workplace())
    with a_site(SERVER, settings) as jira:
        connection = connect(owner, wish_for(jira, way))
        of_the_worker = client_for(connection)
        spoil(jira)
        with pytest.raises(Disconnected) as refused:
            of_the_worker.people.myself()
        note_disconnected(connection.lane, refused.value)
        jira.sim("POST", "tokens", {"api_token": jira.api_token, "revoked": False})
        connection.refresh_from_db()
        found_well = {"health": "connected", "checked_at": timezone.now()}
        Connection.objects.filter(pk=connection.pk).update(**found_well)
        connection.refresh_from_db()
        if way == "pat":
            assert client_for(connection).people.myself().name == jira.ready["username"]
        else:
            with pytest.raises(Disconnected):
                client_for(connection).people.myself()
            assert failed_logins(jira) == 1


def test_the_right_password_entered_anew_lets_the_work_go_on(settings: Any) -> None:
    owner = the_owner(a_workplace())
    with a_site(SERVER, settings) as jira:
        wish = wish_for(jira, "basic")
        connection = connect(owner, wish)
        spoil(jira)
        with pytest.raises(Disconnected):
            check(owner, connection)
        jira.simulator.site.state.passwords[jira.ready["account_id"]] = wish.secret
        jira.sim("POST", "logins/forgive", {"account_id": jira.ready["account_id"]})

        change_credential(owner, connection, wish.credential())

        connection.refresh_from_db()
        assert connection.health == "connected"
        assert client_for(connection).people.myself().name == wish.username


def test_work_and_polling_stop_at_the_first_refusal_of_a_password(settings: Any) -> None:
    workplace = a_workplace()
    owner, maya = the_owner(workplace), a_member(workplace, name="Maya Lind")
    with a_site(SERVER, settings) as site:
        connection = connect(owner, wish_for(site, "basic"))
        jira = Jira(site.ready)
        bound = Bound(jira, workplace, owner, maya, a_team(workplace), connection)
        bound.bind()
        items = [bound.item(f"Item {number}") for number in range(6)]
        bound.run()
        assert len(jira.issues(jira.project_key)) == len(items)

        spoil(site)
        for item in items:
            bound.change(item, title=f"{item.title}, changed")
        poll_now(owner, bound.binding)
        bound.run()
        assert failed_logins(site) == 1

        jira.reset()
        for item in items:
            bound.change(item, title=f"{item.title}, again")
        poll_now(owner, bound.binding)
        bound.run()
        assert jira.calls() == {}
        assert failed_logins(site) == 1
        jira.close()
