"""The webhook section: what it says in each state, and what its buttons bring about."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from helpers.bound import Bound
from helpers.delivered import signature, told
from helpers.jirasim import Jira

from duolog.connections.models import Connection
from duolog.connections.services import client_for
from duolog.sync.models import Delivery

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
SECRET = "between Jira and us"


def one(bound: Bound, rest: str = "") -> str:
    return f"/w/{bound.workplace.slug}/integrations/jira/{bound.connection.pk}{rest}"


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def act(bound: Bound, admin: Client, **form: str) -> str:
    """Press a button of the section; what it says then."""
    answer = admin.post(one(bound, "/webhook/set"), form)
    bound.connection.refresh_from_db()
    return text(answer)


def deliver(bound: Bound, body: bytes, **headers: str) -> int:
    path = f"/api/pms/webhook/jira/{bound.connection.webhook_hash}"
    answer = Client().post(path, body, content_type="application/json", headers=headers)
    return answer.status_code


def test_by_hand_the_steps_come_in_the_seeds_order(bound: Bound, admin: Client) -> None:
    page = text(admin.get(one(bound)))
    order = ["Not set up", "Register it for me", "1 Secret", "2 Webhook URL", "3 In Jira"]
    assert sorted(order, key=page.index) == order
    for words in ("System", "WebHooks", "Create a WebHook", "Exclude body", "Advanced"):
        assert words in page
    assert "in the list on the left" in page


def test_the_webhook_goes_from_not_set_up_to_receiving(bound: Bound, admin: Client) -> None:
    made = admin.post(one(bound, "/webhook/set"), {"act": "make"})
    bound.connection.refresh_from_db()
    url = f"/api/pms/webhook/jira/{bound.connection.webhook_hash}"
    assert url in made.content.decode()
    assert "Waiting for the first delivery" in text(made)
    assert "this address itself is the secret" in text(made)
    assert "Worklog created optional" in text(made)
    assert deliver(bound, told("10001", "comment_deleted")) == 202
    now = admin.get(one(bound, "/webhook"))
    assert "Receiving" in text(now)
    assert "Comment deleted not seen yet" not in text(now)
    (delivery,) = Delivery.objects.all()
    assert f"<code>{delivery.event}</code>" in now.content.decode()


def test_a_new_secret_is_shown_this_once_and_kept_by_no_cache(bound: Bound, admin: Client) -> None:
    made = admin.post(one(bound, "/webhook/set"), {"act": "new"})
    secret = made.content.decode().split('id="w-plain" readonly value="')[1].split('"')[0]
    assert len(secret) > 30
    assert made["Cache-Control"] == "no-store"
    assert secret not in admin.get(one(bound)).content.decode()


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        pytest.param(" ", "Paste the secret of Jira", id="none"),
        pytest.param("short", "16 to 200 letters", id="too short"),
    ],
)
def test_a_wrong_secret_is_told_at_its_field(
    bound: Bound, admin: Client, secret: str, words: str
) -> None:
    answer = admin.post(one(bound, "/webhook/set"), {"act": "save", "secret": secret})
    assert answer.status_code == 422
    assert words in answer.content.decode().split('id="w-secret-error"')[1]


@pytest.mark.parametrize(
    ("headers", "body", "words"),
    [
        pytest.param({"X-Hub-Signature": "sha256=00"}, b"{}", "did not match", id="forged"),
        pytest.param({}, b"{}", "There was no signature", id="unsigned"),
        pytest.param(
            {"X-Hub-Signature": signature(b"", SECRET)}, b"", "Exclude body", id="without a body"
        ),
    ],
)
def test_a_refused_delivery_is_counted_with_its_reason_and_what_to_do(
    bound: Bound, admin: Client, headers: dict[str, str], body: bytes, words: str
) -> None:
    act(bound, admin, act="make")
    act(bound, admin, act="save", secret=SECRET)
    assert deliver(bound, body, **headers) >= 400
    now = text(admin.get(one(bound, "/webhook")))
    assert "1 delivery was refused" in now
    assert words in now


def test_the_overlap_says_until_when_and_whether_the_new_secret_came(
    bound: Bound, admin: Client
) -> None:
    act(bound, admin, act="make")
    act(bound, admin, act="save", secret=SECRET)
    body = told("10001")
    assert deliver(bound, body, **{"X-Hub-Signature": signature(body, SECRET)}) == 202
    page = act(bound, admin, act="save", secret="another long secret")
    assert "Both secrets are accepted until" in page
    assert "No delivery signed with the new one has come yet" in page
    body = told("10001")
    signed = {"X-Hub-Signature": signature(body, "another long secret")}
    assert deliver(bound, body, **signed) == 202
    assert "A delivery signed with the new one came" in text(admin.get(one(bound)))
    assert "Both secrets" not in act(bound, admin, act="end")
    body = told("10001")
    assert deliver(bound, body, **{"X-Hub-Signature": signature(body, SECRET)}) == 401


def test_a_new_address_is_confirmed_first_and_ends_the_old_one(bound: Bound, admin: Client) -> None:
    act(bound, admin, act="make")
    old = str(bound.connection.webhook_hash)
    assert "refused from then on" in text(admin.get(one(bound, "/webhook/renew")))
    assert admin.post(one(bound, "/webhook/renew"))["HX-Redirect"] == one(bound)
    bound.connection.refresh_from_db()
    assert bound.connection.webhook_hash != old
    gone = admin.post(f"/api/pms/webhook/jira/{old}", b"{}", content_type="application/json")
    assert gone.status_code == 404


def test_registering_makes_one_webhook_in_jira_and_removing_takes_it_out(
    bound: Bound, admin: Client
) -> None:
    for _ in range(2):
        assert "Registered by us" in text(admin.post(one(bound, "/webhook/register")))
    hooks = client_for(bound.connection).webhooks.list()
    bound.connection.refresh_from_db()
    mine = [hook for hook in hooks if str(bound.connection.webhook_hash) in hook.url]
    assert len(mine) == 1
    assert "until Jira" not in text(admin.post(one(bound, "/webhook/rotate")))
    assert "takes the webhook out of Jira" in text(admin.get(one(bound, "/webhook/remove")))
    assert admin.post(one(bound, "/webhook/remove"))["HX-Redirect"] == one(bound)
    assert mine[0].id not in [hook.id for hook in client_for(bound.connection).webhooks.list()]


def test_registering_without_being_an_administrator_says_what_to_do(
    bound: Bound, admin: Client, jira: Jira
) -> None:
    plain = jira.people[0]
    other = {"method": "api_token", "email": plain.email, "secret": plain.api_token}
    taken = admin.post(one(bound, "/credential"), other)
    assert taken.status_code == 302
    answer = admin.post(one(bound, "/webhook/register"))
    assert answer.status_code == 422
    assert "administrator" in text(answer)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param(
            {"deployment": "server", "report": {"version": "9.12.0"}},
            "cannot sign; show the address to nobody",
            id="Server that cannot sign",
        ),
        pytest.param(
            {"base_url": "https://fernhill.atlassian.net"},
            "Jira Cloud cannot reach",
            id="Cloud that cannot reach us",
        ),
        pytest.param(
            {"method": "oauth", "report": {"missing_scopes": ["manage:jira-webhook"]}},
            "leaves out manage:jira-webhook",
            id="consent without webhooks",
        ),
        pytest.param(
            {"report": {"is_administrator": False}},
            "is no Jira administrator",
            id="no administrator",
        ),
        pytest.param(
            {"webhook_kind": "dynamic", "method": "oauth", "webhook_jira_id": "1000"},
            "Attachments, issue links and worklogs. Duolog finds these by looking",
            id="registered by an app",
        ),
        pytest.param(
            {"webhook_kind": "dynamic", "method": "oauth"},
            "As soon as a team or project is linked",
            id="registered by an app before anything is linked",
        ),
        pytest.param(
            {"webhook_kind": "admin", "webhook_trouble": "Ask a Jira admin."},
            "Ask a Jira admin.",
            id="trouble",
        ),
        pytest.param(
            {"last_delivery_at": timezone.now() - timedelta(days=4)},
            "No webhook has come from Jira for 4 days",
            id="silent",
        ),
    ],
)
def test_each_standing_is_said_in_words(
    bound: Bound, admin: Client, changes: dict[str, Any], words: str
) -> None:
    act(bound, admin, act="make")
    Connection.objects.filter(pk=bound.connection.pk).update(**changes)
    assert words in text(admin.get(one(bound)))


def test_only_who_may_connect_sees_the_address_which_may_be_the_secret(
    bound: Bound, admin: Client, plain: Client, reader: Client
) -> None:
    act(bound, admin, act="make")
    bound.connection.refresh_from_db()
    name = str(bound.connection.webhook_hash)
    assert name in admin.get(one(bound)).content.decode()
    for visitor in (plain, reader):
        page = visitor.get(one(bound)).content.decode()
        assert "Signed in as" in page
        assert name not in page
