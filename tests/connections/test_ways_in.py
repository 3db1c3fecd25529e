"""Every way into Jira, for a workplace and for a person, right and wrong, over a real connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest
from django.utils import timezone
from helpers.builders import a_member, a_workplace, the_owner
from helpers.ways_in import CLOUD, SERVER, WAYS, a_site, new_token, wish_for

from duolog.connections.models import Connection
from duolog.connections.services import (
    NewCredential,
    change_credential,
    check,
    client_for,
    connect,
    expect_end,
)
from duolog.connections.wishes import NewConnection
from duolog.core.errors import Disconnected, SyncError
from duolog.people.errors import Invalid

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
KINDS = ["workplace", "personal"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("site", "way"), WAYS)
def test_each_way_leads_in_and_the_client_works(
    site: Mapping[str, str], way: str, kind: str, settings: Any
) -> None:
    member = the_owner(a_workplace())
    with a_site(site, settings) as jira:
        made = connect(member, wish_for(jira, way, kind=kind))
        assert (made.health, made.account_name) == ("connected", "Duolog Sync")
        made = Connection.objects.get()
        assert made.report["missing"] == []
        assert made.report["deployment"] == site["deployment"]
        assert made.label == ("127.0.0.1/jira" if site is SERVER else "127.0.0.1")
        assert made.base_url == jira.url
        assert bool(made.rest_url) is (way == "scoped")
        client = client_for(Connection.objects.get())
        assert client.people.myself().account_id == made.account_id
        assert client.issues is client_for(Connection.objects.get()).issues, "one for all threads"


@pytest.mark.parametrize(("site", "way"), WAYS)
def test_a_wrong_secret_is_tried_once_said_in_words_and_not_kept(
    site: Mapping[str, str], way: str, settings: Any
) -> None:
    member = the_owner(a_workplace())
    with a_site(site, settings) as jira:
        wish = wish_for(jira, way, secret="wrong")
        with pytest.raises(Disconnected) as caught:
            connect(member, wish)
        assert str(caught.value)
        assert caught.value.hint
        assert not Connection.objects.exists()
        if site is SERVER:
            assert sum(row["failed"] for row in jira.sim("GET", "logins")) <= 1


@pytest.mark.parametrize(
    ("site", "way", "deployment", "sentence"),
    [
        pytest.param(SERVER, "pat", "cloud", "This site is Jira Server", id="Server for Cloud"),
        pytest.param(
            CLOUD, "api_token", "server", "This site is Jira Cloud", id="Cloud for Server"
        ),
    ],
)
def test_the_other_deployment_is_recognised_before_a_credential_is_sent(
    site: Mapping[str, str], way: str, deployment: str, sentence: str, settings: Any
) -> None:
    wrong = {"cloud": ("api_token", {"email": "a@b.example"}), "server": ("pat", {})}
    method, more = wrong[deployment]
    with a_site(site, settings) as jira:
        wish = wish_for(jira, way, deployment=deployment, method=method, **more)
        with pytest.raises(Invalid, match=sentence) as caught:
            connect(the_owner(a_workplace()), wish)
        assert set(caught.value.errors) == {"deployment"}
        assert not any("myself" in call for call in jira.calls())


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"deployment": "cloud", "method": "pat"}, "method", id="PAT on Cloud"),
        pytest.param({"deployment": "server", "method": "oauth"}, "method", id="OAuth on Server"),
        pytest.param({"method": "oauth"}, "method", id="OAuth without a browser"),
        pytest.param({"deployment": "server", "method": "basic"}, "username", id="no user name"),
        pytest.param(
            {"deployment": "server", "method": "pat", "secret": ""}, "secret", id="no PAT"
        ),
        pytest.param({"expires_on": date(2020, 1, 1)}, "expires_on", id="a day in the past"),
        pytest.param({"ca_certificate": "/etc/ca.pem"}, "ca_certificate", id="the name of a file"),
        pytest.param(
            {"deployment": "server", "address": "company"}, "deployment", id="a Cloud name"
        ),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(given: dict[str, Any], field: str) -> None:
    wish = NewConnection(
        **{"address": "http://127.0.0.1:9", "email": "a@b.example", "secret": "x", **given}
    )
    with pytest.raises(Invalid) as caught:
        connect(the_owner(a_workplace()), wish)
    assert set(caught.value.errors) == {field}


def test_a_token_without_the_scope_to_write_says_so_and_one_without_reading_is_refused(
    settings: Any,
) -> None:
    with a_site(CLOUD, settings) as jira:
        token = new_token(jira, jira.ready, scopes=["read:jira-work"])
        with pytest.raises(SyncError, match="scope"):
            connect(the_owner(a_workplace()), wish_for(jira, "api_token", secret=token))


def test_a_site_may_be_named_by_its_address_at_the_gateway(settings: Any) -> None:
    with a_site(CLOUD, settings) as jira:
        cloud_id = httpx2.get(f"{jira.url}/_edge/tenant_info").json()["cloudId"]
        address = f"https://api.atlassian.com/ex/jira/{cloud_id}"
        made = connect(the_owner(a_workplace()), wish_for(jira, "scoped", address=address))
        assert (made.base_url, made.cloud_id) == (jira.url, cloud_id)
        assert made.rest_url == f"{jira.url}/ex/jira/{cloud_id}"
        with pytest.raises(Invalid, match="connected already"):
            connect(the_owner(made.workplace), wish_for(jira, "scoped"))


def test_the_end_of_the_only_personal_access_token_is_read_from_jira(settings: Any) -> None:
    with a_site(SERVER, settings) as jira:
        end = timezone.now().replace(microsecond=0) + timedelta(days=40)
        jira.sim("POST", "tokens", {"api_token": jira.api_token, "expires_at": end.isoformat()})
        made = connect(the_owner(a_workplace()), wish_for(jira, "pat"))
        assert made.expires_at == end


def test_a_credential_whose_end_was_known_is_expired_once_jira_refuses_it(settings: Any) -> None:
    owner = the_owner(a_workplace())
    with a_site(SERVER, settings) as jira:
        made = connect(owner, wish_for(jira, "pat"))
        jira.sim("POST", "tokens", {"api_token": jira.api_token, "revoked": True})
        Connection.objects.update(expires_at=timezone.now() - timedelta(days=1))
        with pytest.raises(Disconnected):
            check(owner, Connection.objects.get())
        row = Connection.objects.get()
        assert (row.pk, row.health) == (made.pk, "expired")
        assert row.hint


def test_a_person_may_say_when_a_token_ends(settings: Any) -> None:
    member = the_owner(a_workplace())
    with a_site(CLOUD, settings) as jira:
        day = timezone.now().date() + timedelta(days=300)
        made = connect(member, wish_for(jira, "api_token", expires_on=day))
        assert made.expires_at == datetime(day.year, day.month, day.day, tzinfo=UTC)
        expect_end(member, made, None)
        assert Connection.objects.get().expires_at is None


def test_what_a_person_may_not_do_is_another_list_than_a_service_accounts(settings: Any) -> None:
    workplace = a_workplace()
    with a_site(CLOUD, settings) as jira:
        aiko = jira.ready["people"][1]
        service = connect(the_owner(workplace), wish_for(jira, "api_token", aiko))
        mine = connect(a_member(workplace), wish_for(jira, "api_token", aiko, kind="personal"))
        assert "Delete comments" in service.report["missing"]
        assert list(mine.report["missing"]) == []


@pytest.mark.parametrize(("site", "way"), WAYS)
def test_a_credential_is_replaced_once_the_new_one_is_proven(
    site: Mapping[str, str], way: str, settings: Any
) -> None:
    member = the_owner(a_workplace())
    with a_site(site, settings) as jira:
        made = connect(member, wish_for(jira, way))
        under_way = client_for(made)
        wish = wish_for(jira, way).credential()
        with pytest.raises(Disconnected):
            change_credential(member, made, replace(wish, secret="wrong"))
        assert client_for(Connection.objects.get()) is under_way, "the old one stays"
        change_credential(member, made, wish)
        fresh = client_for(Connection.objects.get())
        assert fresh is not under_way
        assert under_way.people.myself().display_name == "Duolog Sync", "calls under way go on"
        assert check(member, made).account_name == "Duolog Sync"


def test_another_method_may_take_over(settings: Any) -> None:
    member = the_owner(a_workplace())
    with a_site(SERVER, settings) as jira:
        made = connect(member, wish_for(jira, "basic"))
        assert made.secret_tail == "", "not even the end of a password is shown"
        token = NewCredential(secret=jira.api_token, method="pat")
        change_credential(member, made, token)
        row = Connection.objects.get()
        assert (row.method, row.username, row.secret_tail) == ("pat", "", jira.api_token[-4:])


def test_a_captcha_is_never_brought_about_by_us(settings: Any) -> None:
    """A password that stopped working is tried once; after that only a person makes us try."""
    member = the_owner(a_workplace())
    with a_site(SERVER, settings) as jira:
        connect(member, wish_for(jira, "basic"))
        site = jira.simulator.site
        with site.lock:
            site.state.passwords[str(jira.ready["account_id"])] = "another one"
        with pytest.raises(Disconnected):
            check(member, Connection.objects.get())
        for _ in range(5):
            with pytest.raises(Disconnected):
                client_for(Connection.objects.get())
        assert sum(row["failed"] for row in jira.sim("GET", "logins")) == 1
