"""The connection manager: everybody's own, seen and changed by nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from helpers.bound import Bound
from helpers.builders import a_member
from helpers.jirasim import Jira
from web.visitors import signed_in

from duolog.connections.models import Connection, ConnectionKind

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

OPEN = ("label", "credential", "remove")
ACTS = ("test", "in-my-name", *OPEN)


def mine(bound: Bound, rest: str = "") -> str:
    return f"/w/{bound.workplace.slug}/connections{rest}"


def text(answer: Any) -> str:
    content: str = answer.content.decode()
    return content


def entered(jira: Jira, **changes: str) -> dict[str, str]:
    me = jira.people[0]
    return {
        "deployment": "cloud",
        "address": jira.url,
        "method": "api_token",
        "email": me.email,
        "secret": me.api_token,
        **changes,
    }


@pytest.fixture
def own(bound: Bound, plain: Client, jira: Jira) -> Connection:
    """One of the member's own."""
    made = plain.post(mine(bound, "/add"), entered(jira, label="My Jira"))
    assert made["HX-Redirect"] == mine(bound)
    return Connection.objects.get(kind=ConnectionKind.PERSONAL)


def test_without_one_the_page_says_what_it_is_good_for(bound: Bound, plain: Client) -> None:
    page = text(plain.get(mine(bound)))
    assert "Connect your Jira to write there in your own name" in page
    assert "Add connection" in page


def test_the_dialog_asks_where_and_then_how(bound: Bound, plain: Client) -> None:
    assert "Address of your Jira" in text(plain.get(mine(bound, "/add")))
    where = {"deployment": "server", "address": "jira.company.com"}
    assert "Personal access token" in text(plain.get(mine(bound, "/add"), where))
    wrong = plain.get(mine(bound, "/add"), where | {"address": "company"})
    assert wrong.status_code == 422
    assert "is Jira Cloud" in text(wrong).split('id="j-address-error"')[1]


def test_without_an_app_a_member_is_told_who_can_set_it_up(bound: Bound, plain: Client) -> None:
    where = {"deployment": "cloud", "address": "company", "method": "oauth"}
    dialog = text(plain.get(mine(bound, "/add"), where))
    assert "An admin can set it up" in dialog
    assert "Client ID" not in dialog


def test_a_wrong_token_is_told_at_its_field_and_nothing_is_stored(
    bound: Bound, plain: Client, jira: Jira
) -> None:
    answer = plain.post(mine(bound, "/add"), entered(jira, secret="not-it"))
    assert answer.status_code == 422
    assert "Jira did not accept" in text(answer).split('id="j-secret-error"')[1]
    assert "not-it" not in text(answer)
    assert not Connection.objects.filter(kind=ConnectionKind.PERSONAL).exists()


def test_a_card_says_who_and_never_the_secret(
    bound: Bound, plain: Client, own: Connection, jira: Jira
) -> None:
    page = text(plain.get(mine(bound)))
    assert "My Jira" in page
    assert jira.people[0].name in page
    assert jira.people[0].api_token not in page
    assert "Connected" in page


def test_a_test_answers_on_the_card(
    bound: Bound, plain: Client, own: Connection, jira: Jira
) -> None:
    answer = text(plain.post(mine(bound, f"/{own.pk}/test")))
    assert f"Signed in as {jira.people[0].name}" in answer
    refused = {"match": {"path": "/rest/api/3/myself"}, "fault": "status_before", "status": 401}
    jira.sim("POST", "faults", [refused | {"times": 1}])
    answer = text(plain.post(mine(bound, f"/{own.pk}/test")))
    assert "Jira did not accept" in answer
    assert "Needs attention" in answer


def test_writing_in_my_name_is_allowed_and_taken_back(
    bound: Bound, plain: Client, own: Connection
) -> None:
    for given, is_allowed in (({"allowed": "yes"}, True), ({}, False)):
        assert plain.post(mine(bound, f"/{own.pk}/in-my-name"), given).status_code == 204
        own.refresh_from_db()
        assert own.writes_in_my_name is is_allowed


def test_label_and_end_are_edited(bound: Bound, plain: Client, own: Connection) -> None:
    path = mine(bound, f"/{own.pk}/label")
    given = {"label": "The old one", "expires_on": "2099-01-31"}
    assert plain.post(path, given)["HX-Redirect"] == mine(bound)
    page = text(plain.get(mine(bound)))
    assert "The old one" in page
    assert "Jan 31, 2099" in page
    assert plain.post(path, {"label": " "}).status_code == 422


def test_a_credential_is_replaced_once_jira_takes_it(
    bound: Bound, plain: Client, own: Connection, jira: Jira
) -> None:
    path = mine(bound, f"/{own.pk}/credential")
    before = bytes(own.sealed_secret)
    assert plain.post(path, entered(jira, secret="not-it")).status_code == 422
    own.refresh_from_db()
    assert bytes(own.sealed_secret) == before
    assert plain.post(path, entered(jira))["HX-Redirect"] == mine(bound)


def test_removing_says_what_stops_and_forgets_the_credential(
    bound: Bound, plain: Client, own: Connection
) -> None:
    path = mine(bound, f"/{own.pk}/remove")
    dialog = text(plain.get(path))
    assert "What stops" in dialog
    assert "until you revoke it" in dialog
    assert plain.post(path)["HX-Redirect"] == mine(bound)
    own.refresh_from_db()
    assert bytes(own.sealed_secret) == b""
    assert f'id="own-{own.pk}"' not in text(plain.get(mine(bound)))


@pytest.mark.parametrize("act", [pytest.param(act, id=act) for act in ACTS])
@pytest.mark.parametrize("who", ["another member", "the owner"])
def test_it_is_nobody_elses_not_even_the_owners(
    bound: Bound, own: Connection, admin: Client, act: str, who: str
) -> None:
    other = admin if who == "the owner" else signed_in(a_member(bound.workplace, name="Dario"))
    assert "My Jira" not in text(other.get(mine(bound)))
    assert other.post(mine(bound, f"/{own.pk}/{act}")).status_code == 404
    if act in OPEN:
        assert other.get(mine(bound, f"/{own.pk}/{act}")).status_code == 404


def test_guests_have_none_and_see_no_way_to_one(bound: Bound, reader: Client) -> None:
    assert reader.get(mine(bound)).status_code == 403
    assert reader.get(mine(bound, "/add")).status_code == 403
    assert reader.post(mine(bound, "/add"), {"address": "company"}).status_code == 403
    assert "/connections" not in text(reader.get(f"/w/{bound.workplace.slug}/profile"))
