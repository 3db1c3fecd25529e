"""Settings, Integrations, Jira: a connection as it is shown, changed, ended and brought back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from helpers.bound import Bound
from helpers.jirasim import Jira

from duolog.connections.standing import note_disconnected
from duolog.core.errors import Disconnected
from duolog.sync.binding.projects import ProjectWish, bind_project
from duolog.workplace.services import create_project

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def home(bound: Bound, rest: str = "") -> str:
    return f"/w/{bound.workplace.slug}/integrations/jira{rest}"


def one(bound: Bound, rest: str = "") -> str:
    return home(bound, f"/{bound.connection.pk}{rest}")


def text(answer: Any) -> str:
    content: str = answer.content.decode()
    return content


def test_testing_tells_a_token_that_ended_and_one_that_works_again(
    bound: Bound, admin: Client, jira: Jira
) -> None:
    assert "Signed in as Duolog Sync" in text(admin.post(one(bound, "/test")))
    refused = {"match": {"path": "/rest/api/3/myself"}, "fault": "status_before", "status": 401}
    jira.sim("POST", "faults", [refused | {"times": 1}])
    answer = text(admin.post(one(bound, "/test")))
    assert "Jira did not accept" in answer
    assert "Needs attention" in answer
    assert "Connected" in text(admin.post(one(bound, "/test")))


def test_a_new_token_is_taken_only_once_jira_accepts_it(
    bound: Bound, admin: Client, jira: Jira
) -> None:
    before = bytes(bound.connection.sealed_secret)
    right = {
        "method": "api_token",
        "email": jira.service.email,
        "secret": jira.service.api_token,
        "expires_on": "2099-01-31",
    }
    wrong = admin.post(one(bound, "/credential"), right | {"secret": "no"})
    assert wrong.status_code == 422
    assert "Jira did not accept" in text(wrong).split('id="j-secret-error"')[1]
    assert 'id="credential" open' in text(wrong)
    bound.connection.refresh_from_db()
    assert bytes(bound.connection.sealed_secret) == before
    assert admin.post(one(bound, "/credential"), right).status_code == 302
    assert "Jan 31, 2099" in text(admin.get(one(bound)))


@pytest.mark.parametrize(
    ("label", "status"), [pytest.param("Ours", 302, id="a word"), pytest.param(" ", 422, id="none")]
)
def test_a_label_is_changed_unless_it_is_empty(
    bound: Bound, admin: Client, label: str, status: int
) -> None:
    assert admin.post(one(bound, "/label"), {"label": label}).status_code == status
    bound.connection.refresh_from_db()
    assert (bound.connection.label == "Ours") == (status == 302)


@pytest.mark.parametrize(
    ("days", "tone", "words"),
    [
        pytest.param(40, "", "in 40 days", id="far"),
        pytest.param(30, "warn", "in 30 days", id="a month"),
        pytest.param(7, "bad", "in 7 days", id="a week"),
        pytest.param(1, "bad", "tomorrow", id="a day"),
        pytest.param(-1, "bad", "has ended", id="over"),
    ],
)
def test_the_end_of_a_token_is_told_the_louder_the_nearer_it_is(
    bound: Bound, admin: Client, days: int, tone: str, words: str
) -> None:
    bound.connection.expires_at = timezone.now() + timedelta(days=days)
    bound.connection.save()
    page = text(admin.get(one(bound)))
    assert words in page
    assert ('class="note ' + tone + '"' in page.split('id="health"')[1]) == bool(tone)
    assert ("Replace it</a> before" in page) == bool(tone)


def test_the_day_a_token_ends_is_entered_later_and_must_be_a_day(
    bound: Bound, admin: Client
) -> None:
    given = {"label": "Ours", "expires_on": "2099-01-31"}
    assert admin.post(one(bound, "/label"), given).status_code == 302
    assert "Jan 31, 2099" in text(admin.get(one(bound)))
    wrong = admin.post(one(bound, "/label"), given | {"expires_on": "soon"})
    assert wrong.status_code == 422
    assert "Enter a day, such as" in text(wrong).split('id="c-expires_on-error"')[1]


def test_a_connection_that_stopped_says_why_and_where_to_put_it_right(
    bound: Bound, admin: Client
) -> None:
    bound.bind()
    note_disconnected(bound.connection.lane, Disconnected("Jira said no.", hint="Make another."))
    page = text(admin.get(one(bound)))
    assert "Needs attention" in page
    assert "<b>Jira said no.</b> Make another." in page
    assert "Replace the credential</a>" in page
    assert "Stopped" in page.split('id="c-shared"')[1]


def test_what_is_shared_is_named_as_it_is_called_here(bound: Bound, admin: Client) -> None:
    bound.bind()
    project = create_project(bound.workplace, "Lantern", {"kind": "solution"}, actor=bound.me)
    bind_project(bound.owner, project, ProjectWish(bound.connection, "FHP"))
    page = text(admin.get(one(bound))).split('id="c-shared"')[1]
    assert 'Platform</a> <span class="dim">team' in page
    assert 'Lantern</a> <span class="dim">solution' in page
    assert "Lantern</b> with FHP" in text(admin.get(one(bound, "/disconnect")))


def test_disconnecting_names_what_stops_and_connecting_again_brings_it_back(
    bound: Bound, admin: Client, plain: Client, jira: Jira
) -> None:
    bound.item("Write it down")
    bound.bind()
    dialog = text(admin.get(one(bound, "/disconnect")))
    assert "no longer follow each other" in dialog
    assert "Platform</b> with FHP" in dialog
    assert admin.post(one(bound, "/disconnect"))["HX-Redirect"] == home(bound)
    page = text(admin.get(home(bound, "/connect")))
    assert "Connect again" in page
    assert "1 item of Platform" in page
    assert "Disconnected from" in text(plain.get(home(bound)))
    again = {
        "deployment": "cloud",
        "address": jira.url,
        "method": "api_token",
        "email": jira.service.email,
        "secret": jira.service.api_token,
    }
    made = admin.post(home(bound, "/connect"), again)
    assert made["Location"] == one(bound, "/set-up")
    assert "Connect again" not in text(admin.get(one(bound)))


def test_disconnecting_says_what_stops_and_stays_then_forgets_the_credential(
    bound: Bound, admin: Client
) -> None:
    dialog = text(admin.get(one(bound, "/disconnect")))
    assert "Nothing is kept in step over it at present" in dialog
    assert "What is deleted" in dialog
    assert "What stays" in dialog
    assert admin.post(one(bound, "/disconnect"))["HX-Redirect"] == home(bound)
    bound.connection.refresh_from_db()
    assert bytes(bound.connection.sealed_secret) == b""


ACTS = (
    "/test",
    "/credential",
    "/label",
    "/disconnect",
    "/webhook/set",
    "/webhook/register",
    "/webhook/rotate",
    "/webhook/renew",
    "/webhook/remove",
)


@pytest.mark.parametrize("act", [pytest.param(act, id=act) for act in ACTS])
def test_members_read_and_may_not_act(bound: Bound, plain: Client, act: str) -> None:
    assert plain.post(one(bound, act)).status_code == 403
    page = plain.get(one(bound))
    assert page.status_code == 200
    assert "Test connection" not in text(page)
    assert "Replace the credential" not in text(page)
    assert plain.get(home(bound, "/connect")).status_code == 403


def test_another_workplace_has_no_such_connection(
    bound: Bound, client: Client, workplace: Any
) -> None:
    path = f"/w/{workplace.slug}/integrations/jira/{bound.connection.pk}"
    assert client.get(path).status_code == 404


def test_an_admin_without_a_connection_is_led_to_one_and_a_guest_is_told(
    client: Client, guest: Client, workplace: Any
) -> None:
    path = f"/w/{workplace.slug}/integrations/jira"
    assert client.get(path)["Location"] == f"{path}/connect"
    assert "Not connected to Jira" in text(guest.get(path))
