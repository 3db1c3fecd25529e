"""The webhook in Jira, registered by us: on every kind of site, over sockets, there and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from django.utils import timezone
from helpers.builders import a_member, a_team, a_workplace, the_owner
from helpers.consents import an_app, sign_in
from helpers.receiver import receiving
from helpers.ways_in import CLOUD, a_site, wish_for

from duolog.connections.models import Connection
from duolog.connections.registration import WEBHOOK
from duolog.connections.services import client_for, connect, disconnect
from duolog.connections.webhook_services import (
    end_overlap,
    generate_address,
    register,
    remove,
    renew_address,
    set_secret,
)
from duolog.connections.webhooks import DYNAMIC_EVENTS, new_secret, webhook_is_signed, webhook_url
from duolog.core.errors import Refused, SyncError
from duolog.people.errors import Forbidden, Invalid
from duolog.people.models import Member
from duolog.sync.binding.services import Wish, bind_team, unbind
from duolog.sync.handlers import HANDLERS
from duolog.sync.models import Binding, Delivery
from duolog.sync.webhook_care import bound_projects
from duolog.work.models import Work
from duolog.worker.attempt import run_until_idle
from jirasim.testing import JiraSite

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(120),
]
DC10: Mapping[str, str] = {"deployment": "server", "version": "10.3", "context": "/jira"}
DC9: Mapping[str, str] = {"deployment": "server", "version": "9.12"}
SITES = [
    pytest.param(CLOUD, "api_token", True, id="Cloud, signed"),
    pytest.param(DC10, "pat", True, id="Data Center 10.3, signed"),
    pytest.param(DC9, "pat", False, id="Data Center 9.12, unsigned"),
]


@dataclass
class Ground:
    """A site whose webhooks reach us, and a connection to it."""

    site: JiraSite
    owner: Member
    connection: Connection

    def hooks(self) -> list[Any]:
        """The admin webhooks that Jira has."""
        return list(client_for(self.connection).webhooks.list())

    def dynamic(self) -> list[Any]:
        """The webhooks of our app that Jira has."""
        return list(client_for(self.connection).dynamic_webhooks.list())

    def fresh(self) -> Connection:
        """The connection as it is stored."""
        self.connection.refresh_from_db()
        return self.connection

    def act(self) -> str:
        """An issue more, made in Jira by a person; its id."""
        ready = self.site.ready
        person = ready["people"][0]
        on_cloud = ready["deployment"] == "cloud"
        made = httpx2.post(
            f"{self.site.url}/rest/api/2/issue",
            json={
                "fields": {
                    "project": {"key": ready["project_key"]},
                    "issuetype": {"name": "Task"},
                    "summary": "Said in Jira",
                }
            },
            auth=(person["email"], person["api_token"]) if on_cloud else None,
            headers={} if on_cloud else {"Authorization": f"Bearer {person['api_token']}"},
        )
        assert made.status_code == 201, made.text
        assert self.site.sim("POST", "webhooks/wait", {"seconds": 15})["idle"]
        return str(made.json()["id"])

    def statuses(self) -> list[int]:
        """What we answered, delivery by delivery."""
        return [each["status"] for each in self.site.sim("GET", "webhooks/sent")]

    def bind(self, key: str = "") -> Binding:
        """A team of its own, bound to the site's project."""
        team = a_team(self.owner.workplace)
        return bind_team(
            self.owner, team, Wish(self.connection, key or self.site.ready["project_key"])
        )

    def care(self) -> None:
        """Have the worker look after the webhook, as it does every day."""
        Work.objects.filter(kind=WEBHOOK).update(due_at=0)
        run_until_idle(HANDLERS)


@contextmanager
def a_ground(kind: Mapping[str, str], way: str, settings: Any) -> Iterator[Ground]:
    with a_site(kind, settings) as site, receiving() as address:
        settings.PUBLIC_URL = address
        owner = the_owner(a_workplace())
        if way == "oauth":
            an_app(site.sim, settings, site.url)
            connection = sign_in(owner, site.url, str(site.ready["account_id"]))
        else:
            connection = connect(owner, wish_for(site, way))
        yield Ground(site, owner, connection)


@pytest.fixture
def cloud(settings: Any) -> Iterator[Ground]:
    with a_ground(CLOUD, "api_token", settings) as ground:
        yield ground


@pytest.fixture
def app(settings: Any) -> Iterator[Ground]:
    with a_ground(CLOUD, "oauth", settings) as ground:
        yield ground


@pytest.mark.parametrize(("kind", "way", "signed"), SITES)
def test_registered_it_delivers_and_can_be_taken_away(
    kind: Mapping[str, str], way: str, signed: bool, settings: Any
) -> None:
    with a_ground(kind, way, settings) as ground:
        url = register(ground.owner, ground.connection)
        assert [hook.url for hook in ground.hooks()] == [url]
        assert webhook_is_signed(ground.fresh()) is signed
        ground.act()
        assert ground.statuses() == [202]
        assert Delivery.objects.get().event == "jira:issue_created"
        assert (ground.fresh().webhook_proven_at is not None) is signed
        remove(ground.owner, ground.connection)
        assert ground.hooks() == []
        assert webhook_url(ground.fresh()) is None


@pytest.mark.parametrize(("kind", "way", "signed"), SITES)
def test_another_secret_or_address_reaches_jira_without_a_gap(
    kind: Mapping[str, str], way: str, signed: bool, settings: Any
) -> None:
    with a_ground(kind, way, settings) as ground:
        register(ground.owner, ground.connection)
        if signed:
            set_secret(ground.owner, ground.connection, new_secret())
            until = ground.fresh().former_webhook_secret_until
            assert until is not None
            assert until - timezone.now() > timedelta(hours=23)
            ground.act()
            assert ground.fresh().webhook_proven_at is not None
            end_overlap(ground.owner, ground.connection)
        else:
            with pytest.raises(Invalid, match="signs no webhooks"):
                set_secret(ground.owner, ground.connection, new_secret())
        url = renew_address(ground.owner, ground.connection)
        assert [hook.url for hook in ground.hooks()] == [url]
        ground.act()
        assert set(ground.statuses()) == {202}


@pytest.mark.parametrize("times", [1, 2])
def test_a_lost_answer_leaves_one_webhook(cloud: Ground, times: int) -> None:
    path = "/rest/webhooks/1.0/webhook"
    fault = {"match": {"method": "POST", "path": path}, "fault": "cut_after", "times": 1}
    cloud.site.sim("POST", "faults", [fault])
    for _ in range(times):
        register(cloud.owner, cloud.connection)
    assert len(cloud.hooks()) == 1
    assert cloud.fresh().webhook_jira_id == cloud.hooks()[0].id


def test_what_jira_had_not_taken_the_worker_brings_to_an_end(cloud: Ground) -> None:
    register(cloud.owner, cloud.connection)
    fault = {
        "match": {"method": "PUT", "path": "/rest/webhooks/1.0/webhook/{id}"},
        "fault": "status_before",
    }
    cloud.site.sim("POST", "faults", [{**fault, "status": 503, "times": 9}])
    with pytest.raises(SyncError):
        set_secret(cloud.owner, cloud.connection, new_secret())
    cloud.act()
    assert cloud.statuses() == [202], "the former secret, which Jira still has, is accepted"
    assert cloud.fresh().former_webhook_secret_until is None
    cloud.site.sim("POST", "faults", [])
    cloud.care()
    assert cloud.fresh().former_webhook_secret_until is not None
    cloud.act()
    assert cloud.fresh().webhook_proven_at is not None


def test_one_that_was_pasted_is_taken_over_and_doubles_are_removed(cloud: Ground) -> None:
    url = generate_address(cloud.owner, cloud.connection)
    for name in ("by hand", "by hand again", "of somebody else"):
        httpx2.post(
            f"{cloud.site.url}/rest/webhooks/1.0/webhook",
            json={
                "name": name,
                "url": "http://127.0.0.1:9/" if "else" in name else url,
                "events": ["jira:issue_created"],
            },
            auth=(cloud.site.email, cloud.site.api_token),
        )
    register(cloud.owner, cloud.connection)
    found = {hook.url: hook for hook in cloud.hooks()}
    assert set(found) == {url, "http://127.0.0.1:9/"}
    assert len(cloud.hooks()) == 2
    assert found[url].is_signed
    assert "attachment_created" in found[url].events


def test_disconnecting_takes_it_out_of_jira(cloud: Ground) -> None:
    register(cloud.owner, cloud.connection)
    client = client_for(cloud.connection)
    disconnect(cloud.owner, cloud.connection)
    assert client.webhooks.list() == ()
    assert not Work.objects.filter(kind=WEBHOOK).exists()


def test_who_is_no_jira_administrator_reads_what_to_do(settings: Any) -> None:
    with a_site(CLOUD, settings) as site, receiving() as address:
        settings.PUBLIC_URL = address
        owner = the_owner(a_workplace())
        connection = connect(owner, wish_for(site, "api_token", site.ready["people"][0]))
        with pytest.raises(Refused) as refused:
            register(owner, connection)
        assert "dministrator" in refused.value.hint
        connection.refresh_from_db()
        assert webhook_url(connection) is None
        with pytest.raises(Forbidden):
            register(a_member(owner.workplace), connection)


def test_an_app_registers_for_what_is_bound_and_follows_it(app: Ground) -> None:
    register(app.owner, app.connection)
    assert app.dynamic() == [], "nothing is bound yet"
    binding = app.bind()
    app.care()
    [hook] = app.dynamic()
    assert hook.jql_filter == f"project in ({binding.jira_project_id})"
    assert set(hook.events) == set(DYNAMIC_EVENTS)
    assert app.fresh().webhook_expires_at == hook.expires_at
    issue = app.act()
    assert set(app.statuses()) == {202}
    assert Delivery.objects.filter(issue_id=issue, event="jira:issue_created").exists()
    assert not webhook_is_signed(app.fresh())
    unbind(app.owner, binding)
    app.care()
    assert app.dynamic() == []


def test_a_dynamic_webhook_lives_on_by_renewal_and_is_made_anew_where_it_ended(
    app: Ground,
) -> None:
    app.bind()
    register(app.owner, app.connection, bound_projects(app.connection))
    first = app.dynamic()[0]
    for days in (8, 16, 24, 32, 40):
        moment = app.connection.created_at + timedelta(days=days)
        app.site.sim("POST", "clock", {"now": moment.isoformat()})
        app.care()
        [hook] = app.dynamic()
        assert hook.id == first.id
        assert hook.expires_at > moment + timedelta(days=22)
    app.site.sim("POST", "clock", {"advance_seconds": 31 * 86_400})
    assert app.dynamic() == []
    app.care()
    assert len(app.dynamic()) == 1


def test_other_projects_make_another_webhook_before_the_old_one_goes(app: Ground) -> None:
    binding = app.bind()
    register(app.owner, app.connection, bound_projects(app.connection))
    [old] = app.dynamic()
    Binding.objects.filter(pk=binding.pk).update(jira_project_id="10999")
    with pytest.raises(SyncError):
        register(app.owner, app.connection, ["10999"])  # Jira knows no such project
    assert [hook.id for hook in app.dynamic()] == [old.id]
    app.care()
    assert "10999" in app.fresh().webhook_trouble


def test_a_lost_answer_leaves_one_dynamic_webhook(app: Ground) -> None:
    app.bind()
    fault = {"match": {"method": "POST", "path": "/rest/api/3/webhook"}, "fault": "cut_after"}
    app.site.sim("POST", "faults", [{**fault, "times": 1}])
    register(app.owner, app.connection, bound_projects(app.connection))
    assert len(app.dynamic()) == 1
    register(app.owner, app.connection, bound_projects(app.connection))
    assert len(app.dynamic()) == 1
    old = app.connection.webhook_hash
    url = renew_address(app.owner, app.connection, bound_projects(app.connection))
    assert old not in url
    assert [hook.url for hook in app.dynamic()] == [url]


def test_a_signed_address_never_becomes_an_unsigned_one(app: Ground) -> None:
    old = generate_address(app.owner, app.connection)
    set_secret(app.owner, app.connection, new_secret())
    register(app.owner, app.connection)
    assert webhook_url(app.fresh()) != old
    assert not webhook_is_signed(app.fresh())
    with pytest.raises(Invalid, match="no secret"):
        set_secret(app.owner, app.connection, new_secret())
