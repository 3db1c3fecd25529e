"""The preview of a binding: listed, set aside, approved; nothing crosses before."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client
from helpers.bound import Bound

from duolog.sync.models import Binding, PreviewEntry

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_a_binding_works_once_its_preview_was_approved(bound: Bound, admin: Client) -> None:
    bound.item("Ours", priority="high")
    bound.item("Not this one")
    home = f"/w/{bound.workplace.slug}"
    bound.bind(preview=True)
    at = f"{home}/bindings/{Binding.objects.get().pk}/preview"
    page = text(admin.get(at))
    assert "Approve 2" in page
    assert "High" in page
    aside = PreviewEntry.objects.get(title="Not this one")
    row = admin.post(f"{home}/bindings/preview/{aside.pk}/aside", {"aside": "yes"})
    assert "Take back in" in text(row)
    assert "Approve 1, leave 1 out" in text(row)  # what the button says follows at once
    assert "Approve 1, leave 1 out" in text(admin.get(at))
    assert not bound.jira.issues(bound.jira.project_key)
    bound.change(bound.item("Ours, too late"), priority="low")
    said = admin.post(f"{at}/approve", {"choice": "all"}, follow=True)
    assert "Approved" in text(said)
    bound.run(within=60)
    made_there = [i["fields"]["summary"] for i in bound.jira.issues(bound.jira.project_key)]
    assert sorted(made_there) == ["Ours", "Ours, too late"], "what is new follows as always"
    assert "Left out" in text(admin.get(at))


def test_what_changed_since_is_said_and_offered_again(bound: Bound, admin: Client) -> None:
    item = bound.item("Ours")
    bound.bind(preview=True)
    bound.change(item, title="Ours, changed")
    at = f"/w/{bound.workplace.slug}/bindings/{Binding.objects.get().pk}/preview"
    answer = admin.post(f"{at}/approve", {"choice": "all"}, follow=True)
    page = text(answer)
    assert "One entry changed here since" in page
    assert "Ours, changed" in page
    assert not bound.jira.issues(bound.jira.project_key)


def test_a_team_is_linked_with_a_preview_first(bound: Bound, admin: Client) -> None:
    at = f"/w/{bound.workplace.slug}/teams/{bound.team.key_prefix}/jira"
    form = {"connection": bound.connection.pk, "space": bound.jira.project_key, "preview": "yes"}
    made = admin.post(f"{at}/link", form)
    page = made["Location"]
    assert page == f"/w/{bound.workplace.slug}/bindings/{Binding.objects.get().pk}/preview"
    assert "Nothing is written" in text(admin.get(page))
    assert "Waits for your approval" in text(admin.get(at))
