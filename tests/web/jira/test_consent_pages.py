"""Signing in with Atlassian: on the way there, back again, and every way it can go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from helpers.builders import a_member
from helpers.consents import an_app, consent
from helpers.jirasim import Jira
from web.visitors import signed_in

from duolog.connections.models import Connection, OAuthApp, PendingSignIn
from duolog.people.models import Workplace

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

CALLBACK = "/connect/atlassian/callback"
SITE = {"id": "11111111-2222-3333-4444-555555555555", "name": "Other", "scopes": []}


@pytest.fixture
def atlassian(jira: Jira, settings: Any) -> Jira:
    """The simulator, standing for Atlassian too; the installation has its app."""
    an_app(jira.sim, settings, jira.url)
    jira.sim("POST", "oauth/resources", {"resources": None})
    return jira


def text(answer: Any) -> str:
    content: str = answer.content.decode()
    return content


def begin(client: Client, workplace: Workplace, jira: Jira, **more: str) -> str:
    """Where the browser is sent to."""
    given = {"address": jira.url, **more}
    answer = client.post(f"/w/{workplace.slug}/connections/consent", given)
    assert answer.status_code == 200, answer.content
    return str(answer["HX-Redirect"])


def come_back(client: Client, brought: Mapping[str, str]) -> Any:
    return client.get(CALLBACK, brought)


def test_a_workplace_is_connected_and_the_report_shown(
    client: Client, workplace: Workplace, atlassian: Jira
) -> None:
    there = begin(client, workplace, atlassian, label="Ours")
    back = come_back(client, consent(there, atlassian.service.account_id))
    made = Connection.objects.get()
    assert back["Location"] == f"/w/{workplace.slug}/integrations/jira/{made.pk}/set-up"
    report = text(client.get(back["Location"]))
    assert "Duolog Sync" in report
    assert "Create and manage issues" in report
    assert "Renewed by itself" in text(client.get(back["Location"].removesuffix("/set-up")))


def test_a_personal_connection_leads_back_to_the_manager(
    workplace: Workplace, atlassian: Jira
) -> None:
    ann = signed_in(a_member(workplace, name="Ann"))
    there = begin(ann, workplace, atlassian, kind="personal")
    back = come_back(ann, consent(there, atlassian.people[0].account_id))
    assert back["Location"] == f"/w/{workplace.slug}/connections"
    assert atlassian.people[0].name in text(ann.get(back["Location"]))


def test_a_consent_is_renewed_on_the_same_connection(
    client: Client, workplace: Workplace, atlassian: Jira
) -> None:
    come_back(client, consent(begin(client, workplace, atlassian), atlassian.service.account_id))
    made = Connection.objects.get()
    there = begin(client, workplace, atlassian, connection=str(made.pk))
    back = come_back(client, consent(there, atlassian.service.account_id))
    assert back["Location"] == f"/w/{workplace.slug}/integrations/jira/{made.pk}"
    assert Connection.objects.count() == 1


def test_a_refused_consent_is_told_and_leads_back_to_where_it_began(
    client: Client, workplace: Workplace, atlassian: Jira
) -> None:
    there = begin(client, workplace, atlassian)
    answer = come_back(client, consent(there, atlassian.service.account_id, decision="deny"))
    assert answer.status_code == 422
    assert "You did not let Duolog in" in text(answer)
    back = answer.context["back"]
    assert "method=oauth" in back
    assert "How Duolog signs in" in text(client.get(back))
    assert not Connection.objects.exists()


def test_another_site_is_told_with_those_that_were_granted(
    client: Client, workplace: Workplace, atlassian: Jira
) -> None:
    there = begin(client, workplace, atlassian)
    atlassian.sim(
        "POST", "oauth/resources", {"resources": [SITE | {"url": "https://other.atlassian.net"}]}
    )
    answer = come_back(client, consent(there, atlassian.service.account_id))
    assert answer.status_code == 422
    assert "You let us into other.atlassian.net" in text(answer)
    assert not Connection.objects.exists()


@pytest.mark.parametrize("case", ["never begun", "begun long ago", "used already", "another's"])
def test_a_state_that_is_not_good_is_told(
    case: str, client: Client, workplace: Workplace, atlassian: Jira
) -> None:
    brought = consent(begin(client, workplace, atlassian), atlassian.service.account_id)
    who = client
    match case:
        case "never begun":
            brought = {**brought, "state": "made-up"}
        case "begun long ago":
            old = timezone.now() - timedelta(hours=2)
            PendingSignIn.objects.update(created_at=old)
        case "used already":
            come_back(client, brought)
        case _:
            who = signed_in(a_member(workplace, name="Ann"))
    answer = come_back(who, brought)
    assert answer.status_code == 422
    assert "Begin it again" in text(answer)
    assert Connection.objects.count() == (1 if case == "used already" else 0)


def test_whoever_is_signed_out_signs_in_first(workplace: Workplace, atlassian: Jira) -> None:
    answer = Client().get(CALLBACK, {"state": "s", "code": "c"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/connect/atlassian/callback")


def test_an_admin_enters_the_app_and_goes_on_with_it(
    client: Client, workplace: Workplace, jira: Jira
) -> None:
    path = f"/w/{workplace.slug}/integrations/jira/app"
    wrong = client.post(path, {"address": jira.url, "client_id": "abc"})
    assert wrong.status_code == 422
    assert "Copy the secret" in text(wrong).split('id="j-client_secret-error"')[1]
    given = {"address": jira.url, "client_id": "abc", "client_secret": "very-secret-1"}
    saved = text(client.post(path, given))
    assert "Connect with Atlassian" in saved
    assert "very-secret-1" not in saved
    assert OAuthApp.objects.get().client_id == "abc"
    assert "Remove this app" in saved
    left = text(client.post(path, {"address": jira.url, "act": "remove"}))
    assert "Remove this app" not in left
    assert not OAuthApp.objects.exists()


def test_a_member_cannot_enter_the_app_and_a_guest_cannot_begin(
    workplace: Workplace, guest: Client, atlassian: Jira
) -> None:
    ann = signed_in(a_member(workplace, name="Ann"))
    given = {"client_id": "abc", "client_secret": "x"}
    assert ann.post(f"/w/{workplace.slug}/integrations/jira/app", given).status_code == 403
    path = f"/w/{workplace.slug}/connections/consent"
    assert ann.post(path, {"address": atlassian.url}).status_code == 403
    personal = {"address": atlassian.url, "kind": "personal"}
    assert guest.post(path, personal).status_code == 403


def test_what_cannot_begin_says_so_in_words(
    client: Client, workplace: Workplace, jira: Jira
) -> None:
    path = f"/w/{workplace.slug}/connections/consent"
    answer = client.post(path, {"address": jira.url})
    assert answer.status_code == 422
    assert "There is no OAuth app yet" in text(answer)
