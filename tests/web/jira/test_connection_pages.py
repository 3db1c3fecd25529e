"""Settings, Integrations, Jira: every way to connect that fails says so at the right field."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from helpers.bound import Bound
from helpers.jirasim import Jira

from duolog.connections.models import Connection
from duolog.connections.services import client_for, disconnect
from duolog.sync.models import Delivery

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def home(bound: Bound, rest: str = "") -> str:
    return f"/w/{bound.workplace.slug}/integrations/jira{rest}"


def one(bound: Bound, rest: str = "") -> str:
    return home(bound, f"/{bound.connection.pk}{rest}")


def text(answer: Any) -> str:
    content: str = answer.content.decode()
    return content


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        pytest.param("", "The address is empty.", id="nothing"),
        pytest.param("my jira", "An address has no spaces.", id="words"),
        pytest.param("me@example.com", "is an e-mail address.", id="an e-mail address"),
        pytest.param(
            "https://id.atlassian.com", "is not your Jira site", id="Atlassian's own page"
        ),
        pytest.param("<script>alert(1)</script>", "is not an address", id="markup"),
    ],
)
def test_a_wrong_address_is_told_at_its_field(
    bound: Bound, admin: Client, address: str, sentence: str
) -> None:
    answer = admin.get(home(bound, "/connect"), {"address": address})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert 'aria-describedby="j-understood j-address-error"' in text(answer)
    assert "<script>alert" not in text(answer)
    live = admin.get(home(bound, "/understood"), {"address": address})
    assert live.status_code == 200
    assert "Understood as" not in text(live)


def test_an_address_is_understood_while_it_is_typed(bound: Bound, admin: Client) -> None:
    answer = admin.get(home(bound, "/understood"), {"address": "company"})
    assert "https://company.atlassian.net" in text(answer)


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        pytest.param({"email": ""}, "email", "Enter the e-mail address", id="no e-mail"),
        pytest.param({"secret": " "}, "secret", "Paste the API token", id="no token"),
        pytest.param(
            {"secret": "x"}, "secret", "Jira did not accept these details", id="a wrong token"
        ),
    ],
)
def test_a_wrong_account_is_told_at_its_field_and_nothing_is_stored(
    bound: Bound, admin: Client, jira: Jira, given: dict[str, str], field: str, sentence: str
) -> None:
    answer = admin.post(home(bound, "/connect"), entered(jira) | given)
    assert answer.status_code == 422
    assert sentence in text(answer).split(f'id="j-{field}-error"')[1].split("</span>")[0]
    assert Connection.objects.count() == 1
    assert jira.service.api_token not in text(answer)


def entered(jira: Jira) -> dict[str, str]:
    """The same site under another name."""
    return {
        "address": jira.url.replace("127.0.0.1", "localhost"),
        "email": jira.service.email,
        "secret": jira.service.api_token,
        "label": "<b>Second</b>",
    }


def test_an_address_where_no_jira_is_brings_the_address_back(
    bound: Bound, admin: Client, jira: Jira
) -> None:
    answer = admin.post(home(bound, "/connect"), entered(jira) | {"address": "http://127.0.0.1:9"})
    assert answer.status_code == 422
    assert "Jira could not be reached" in text(answer)
    assert 'id="j-address-error"' in text(answer)


def test_a_private_address_is_refused_where_the_administrator_did_not_allow_it(
    bound: Bound, admin: Client, jira: Jira, settings: Any
) -> None:
    settings.ALLOW_PRIVATE_HOSTS = False
    answer = admin.post(home(bound, "/connect"), entered(jira))
    assert answer.status_code == 422
    assert "is not reached over https" in text(answer).split('id="j-address-error"')[1]


def test_the_same_site_is_not_connected_twice(bound: Bound, admin: Client, jira: Jira) -> None:
    answer = admin.post(home(bound, "/connect"), entered(jira) | {"address": jira.url})
    assert answer.status_code == 422
    assert "This site is connected already" in text(answer)


def test_connecting_shows_who_and_what_it_may_with_its_label_escaped(
    bound: Bound, admin: Client, jira: Jira
) -> None:
    disconnect(bound.owner, bound.connection)
    answer = admin.post(home(bound, "/connect"), entered(jira), follow=True)
    page = text(answer)
    assert answer.status_code == 200
    assert "Duolog Sync" in page
    assert "Move issues through the workflow" in page
    assert "&lt;b&gt;Second&lt;/b&gt;" in page
    assert "<b>Second</b>" not in page
    assert jira.service.api_token not in page
    assert jira.service.api_token[-4:] in page


def test_testing_tells_a_token_that_ended_and_one_that_works_again(
    bound: Bound, admin: Client, jira: Jira
) -> None:
    assert "Signed in as Duolog Sync" in text(admin.post(one(bound, "/test")))
    refused = {"match": {"path": "/rest/api/3/myself"}, "fault": "status_before", "status": 401}
    jira.sim("POST", "faults", [refused | {"times": 1}])
    answer = text(admin.post(one(bound, "/test")))
    assert "Jira did not accept these details" in answer
    assert "Needs attention" in answer
    assert "Connected" in text(admin.post(one(bound, "/test")))


def test_a_new_token_is_taken_only_once_jira_accepts_it(
    bound: Bound, admin: Client, jira: Jira
) -> None:
    before = bytes(bound.connection.sealed_secret)
    wrong = admin.post(one(bound, "/credential"), {"email": jira.service.email, "secret": "no"})
    assert wrong.status_code == 422
    assert "Jira did not accept these details" in text(wrong).split('id="c-secret-error"')[1]
    bound.connection.refresh_from_db()
    assert bytes(bound.connection.sealed_secret) == before
    right = {"email": jira.service.email, "secret": jira.service.api_token}
    assert admin.post(one(bound, "/credential"), right).status_code == 302


@pytest.mark.parametrize(
    ("label", "status"), [pytest.param("Ours", 302, id="a word"), pytest.param(" ", 422, id="none")]
)
def test_a_label_is_changed_unless_it_is_empty(
    bound: Bound, admin: Client, label: str, status: int
) -> None:
    assert admin.post(one(bound, "/label"), {"label": label}).status_code == status
    bound.connection.refresh_from_db()
    assert (bound.connection.label == "Ours") == (status == 302)


def test_disconnecting_names_the_teams_that_stop(bound: Bound, admin: Client) -> None:
    bound.bind()
    dialog = text(admin.get(one(bound, "/disconnect")))
    assert "Platform" in dialog
    assert "What stops" in dialog
    assert admin.post(one(bound, "/disconnect")).status_code == 200
    team = text(admin.get(f"/w/{bound.workplace.slug}/teams/PLAT/jira"))
    assert "Connect the site again" in team


def test_disconnecting_says_what_stops_and_stays_then_forgets_the_credential(
    bound: Bound, admin: Client
) -> None:
    dialog = text(admin.get(one(bound, "/disconnect")))
    assert "What stops" in dialog
    assert "What stays" in dialog
    assert admin.post(one(bound, "/disconnect"))["HX-Redirect"] == home(bound)
    bound.connection.refresh_from_db()
    assert bytes(bound.connection.sealed_secret) == b""


def test_the_webhook_goes_from_not_set_up_to_receiving(bound: Bound, admin: Client) -> None:
    assert "Not set up" in text(admin.get(one(bound)))
    made = admin.post(one(bound, "/webhook/set"), {"act": "make"})
    bound.connection.refresh_from_db()
    assert f"/api/pms/webhook/jira/{bound.connection.webhook_hash}" in text(made)
    assert "Waiting for the first delivery" in text(made)
    assert "this address itself is the secret" in text(made)
    admin.post(
        f"/api/pms/webhook/jira/{bound.connection.webhook_hash}",
        b'{"webhookEvent": "comment_deleted", "timestamp": 1763800000000, "comment": {"id": "9"}}',
        content_type="application/json",
    )
    now = text(admin.get(one(bound, "/webhook")))
    assert "Receiving" in now
    (delivery,) = Delivery.objects.all()
    assert f"<code>{delivery.event}</code>" in now


def test_a_new_secret_is_shown_this_once_and_kept_by_no_cache(bound: Bound, admin: Client) -> None:
    admin.post(one(bound, "/webhook/set"), {"act": "make"})
    made = admin.post(one(bound, "/webhook/set"), {"act": "new"})
    secret = text(made).split('id="w-plain" readonly value="')[1].split('"')[0]
    assert len(secret) > 30
    assert made["Cache-Control"] == "no-store"
    assert secret not in text(admin.get(one(bound)))


def test_a_delivery_with_a_wrong_signature_is_counted_and_explained(
    bound: Bound, admin: Client
) -> None:
    admin.post(one(bound, "/webhook/set"), {"act": "save", "secret": "s3cret"})
    bound.connection.refresh_from_db()
    path = f"/api/pms/webhook/jira/{bound.connection.webhook_hash}"
    wrong = admin.post(
        path, b"{}", content_type="application/json", headers={"X-Hub-Signature": "sha256=00"}
    )
    assert wrong.status_code == 401
    now = text(admin.get(one(bound, "/webhook")))
    assert "1 delivery was refused" in now
    assert "Enter the same secret here and in Jira" in now


def test_an_empty_secret_is_told_at_its_field(bound: Bound, admin: Client) -> None:
    admin.post(one(bound, "/webhook/set"), {"act": "make"})
    answer = admin.post(one(bound, "/webhook/set"), {"act": "save", "secret": " "})
    assert answer.status_code == 422
    assert "Paste the secret of Jira" in text(answer).split('id="w-secret-error"')[1]


def test_a_new_address_ends_the_old_one(bound: Bound, admin: Client) -> None:
    admin.post(one(bound, "/webhook/set"), {"act": "make"})
    bound.connection.refresh_from_db()
    old = bound.connection.webhook_hash
    admin.post(one(bound, "/webhook/set"), {"act": "renew"})
    bound.connection.refresh_from_db()
    assert bound.connection.webhook_hash != old
    gone = admin.post(f"/api/pms/webhook/jira/{old}", b"{}", content_type="application/json")
    assert gone.status_code == 404


def test_registering_makes_one_webhook_in_jira_however_often(bound: Bound, admin: Client) -> None:
    for _ in range(2):
        assert "Registered by us" in text(admin.post(one(bound, "/webhook/register")))
    hooks = client_for(bound.connection).webhooks.list()
    bound.connection.refresh_from_db()
    mine = [hook for hook in hooks if str(bound.connection.webhook_hash) in hook.url]
    assert len(mine) == 1


def test_registering_without_being_an_administrator_says_what_to_do(
    bound: Bound, admin: Client, jira: Jira
) -> None:
    plain = jira.people[0]
    taken = admin.post(one(bound, "/credential"), {"email": plain.email, "secret": plain.api_token})
    assert taken.status_code == 302
    answer = admin.post(one(bound, "/webhook/register"))
    assert answer.status_code == 422
    assert "Registering needs a Jira administrator" in text(answer)


ACTS = ("/test", "/credential", "/label", "/disconnect", "/webhook/set", "/webhook/register")


@pytest.mark.parametrize("act", [pytest.param(act, id=act) for act in ACTS])
def test_members_read_and_may_not_act(bound: Bound, plain: Client, act: str) -> None:
    assert plain.post(one(bound, act)).status_code == 403
    page = plain.get(one(bound))
    assert page.status_code == 200
    assert "Test connection" not in text(page)
    assert "Replace the token" not in text(page)
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
