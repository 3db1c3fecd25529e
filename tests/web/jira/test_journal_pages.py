"""The Sync journal: every write with what was there before, narrowed, and undone at a click."""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from helpers.bound import Bound

from duolog.sync.models import JournalEntry, Run

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def at(bound: Bound, rest: str = "") -> str:
    return f"/w/{bound.workplace.slug}/journal{rest}"


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_a_write_is_shown_with_what_was_before_and_why(bound: Bound, admin: Client) -> None:
    item = bound.item("Before", status="To do")
    bound.bind()
    bound.change(item, title="After <b>", status="Done")
    bound.run()
    raw = admin.get(at(bound)).content.decode()
    assert "<del>Before</del><ins>After &lt;b&gt;</ins>" in raw
    assert "<del>To do</del> <ins>Done</ins>" in raw
    assert f"Edited here, {bound.owner.name}" in html.unescape(raw)
    only_theirs = text(admin.get(at(bound, "?side=local")))
    assert "Nothing like that was written" in only_theirs
    assert item.key in text(admin.get(at(bound, f"?item={item.key.lower()}")))


def test_a_click_undoes_and_a_second_one_is_told_so(bound: Bound, admin: Client) -> None:
    item = bound.item("Before")
    bound.bind()
    bound.change(item, title="After")
    bound.run()
    entry = JournalEntry.objects.get(key="title")
    assert admin.post(at(bound, f"/{entry.pk}/undo")).status_code == 204
    bound.run()
    item.refresh_from_db()
    assert item.title == "Before"
    again = admin.post(at(bound, f"/{entry.pk}/undo"))
    assert again.status_code == 409
    assert "undone already" in unquote(again["X-Reason"])
    assert f"by {bound.owner.name}" in text(admin.get(at(bound)))


def test_a_whole_run_is_undone_from_its_page(bound: Bound, admin: Client) -> None:
    bound.item("Sent")
    bound.bind()
    run = Run.objects.get(kind="send")
    assert "Undo the whole run" in text(admin.get(at(bound, f"?run={run.pk}")))
    assert admin.post(at(bound, f"/runs/{run.pk}/undo")).status_code == 422
    answer = admin.post(at(bound, f"/runs/{run.pk}/undo"), {"sure": "yes"})
    assert answer["HX-Redirect"].endswith(f"/journal?run={run.pk}")
    bound.run(within=60)
    assert not bound.jira.issues(bound.jira.project_key)
