"""A form that is sent again, as its first answer got lost, makes one thing."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from helpers.builders import an_item

from duolog.people.models import SentForm
from duolog.people.once import KEPT, forget_sent_forms
from duolog.workplace.models import Comment, Team, WorkItem

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HTMX = {"HX-Request": "true"}


def number_in(content: bytes) -> str:
    found = re.search(rb'name="act" value="([0-9a-f-]{36})"', content)
    assert found is not None
    return found[1].decode()


def opened(client: Client, path: str) -> str:
    return number_in(client.get(path, headers=HTMX).content)


def test_a_comment_is_said_once_and_other_words_are_kept(client: Client, team: Team) -> None:
    item = an_item(team)
    page = f"/w/{team.workplace.slug}/items/{item.key}"
    number = opened(client, page)
    for _ in range(2):
        said = client.post(f"{page}/comments", {"body": "Once", "act": number}, headers=HTMX)
        assert said.status_code == 200
    other = client.post(f"{page}/comments", {"body": "Other words", "act": number}, headers=HTMX)
    assert other.status_code == 422
    assert b"Other words" in other.content
    assert b"there already" in other.content
    again = {"body": "Other words", "act": number_in(other.content)}
    client.post(f"{page}/comments", again, headers=HTMX)
    assert list(Comment.objects.values_list("body", flat=True)) == ["Once", "Other words"]


def test_an_answer_is_said_once(client: Client, team: Team) -> None:
    item = an_item(team)
    page = f"/w/{team.workplace.slug}/items/{item.key}"
    client.post(f"{page}/comments", {"body": "A question"}, headers=HTMX)
    asked = Comment.objects.get()
    number = opened(client, f"{page}/comments/{asked.pk}/reply")
    for body in ("Yes", "Yes", "No"):
        sent = {"body": body, "act": number}
        answer = client.post(f"{page}/comments/{asked.pk}/answer", sent, headers=HTMX)
    assert answer.status_code == 422
    assert b"No" in answer.content
    assert [it.body for it in Comment.objects.filter(parent=asked)] == ["Yes"]


def test_an_item_is_made_once_and_a_refusal_is_not_remembered(client: Client, team: Team) -> None:
    path = f"/w/{team.workplace.slug}/new-item"
    form = {"team": str(team.pk), "act": opened(client, path)}
    assert client.post(path, {**form, "title": ""}, headers=HTMX).status_code == 422
    for _ in range(2):
        made = client.post(path, {**form, "title": "Made once"}, headers=HTMX)
        assert "is made" in made.headers["HX-Trigger"]
    other = client.post(path, {**form, "title": "Another"}, headers=HTMX)
    item = WorkItem.objects.get()
    assert other.status_code == 422
    assert f"{item.key} was made already".encode() in other.content


def test_what_was_sent_is_forgotten_after_a_day(client: Client, team: Team) -> None:
    path = f"/w/{team.workplace.slug}/new-item"
    form = {"team": str(team.pk), "title": "Made", "act": opened(client, path)}
    client.post(path, form, headers=HTMX)
    row = SentForm.objects.get()
    forget_sent_forms()
    assert SentForm.objects.exists()
    SentForm.objects.update(at=row.at - KEPT)
    forget_sent_forms()
    assert not SentForm.objects.exists()
