"""A form that is sent again, as its first answer got lost, makes one thing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from helpers.builders import an_item
from helpers.my_time import a_connection, an_issue

from duolog.people.models import ApiToken, Member, SentForm, Workplace
from duolog.people.once import KEPT, forget_sent_forms
from duolog.worklogs.models import WorklogTemplate
from duolog.workplace.models import Attachment, Comment, Project, Team, WorkItem

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


@pytest.mark.parametrize("kind", ["project", "solution"])
def test_a_project_is_made_once(client: Client, team: Team, kind: str) -> None:
    path = f"/w/{team.workplace.slug}/projects/new"
    form = {"kind": kind, "state": "active", "act": opened(client, path)}
    for _ in range(2):
        made = client.post(path, {**form, "name": "Roof"}, headers=HTMX)
        project = Project.objects.get()
        assert made.headers["HX-Redirect"] == f"/w/{team.workplace.slug}/projects/{project.pk}"
    other = client.post(path, {**form, "name": "Roof and walls"}, headers=HTMX)
    assert other.status_code == 422
    assert (
        f"Roof was made already, as it was first sent. Change that, or send this as another {kind}."
        in (other.content.decode())
    )
    again = {**form, "name": "Roof and walls", "act": number_in(other.content)}
    client.post(path, again, headers=HTMX)
    assert sorted(Project.objects.values_list("name", flat=True)) == ["Roof", "Roof and walls"]


def test_another_workplace_is_made_once(client: Client, team: Team) -> None:
    path = f"/w/{team.workplace.slug}/new-workplace"
    act = opened(client, path)
    before = Workplace.objects.count()
    for _ in range(2):
        made = client.post(path, {"name": "Second Home", "act": act})
        assert made.headers["Location"] == "/w/second-home/"
    other = client.post(path, {"name": "Third Home", "act": act})
    assert other.status_code == 422
    assert "/w/second-home/ was made already" in other.content.decode()
    assert 'value="Third Home"' in other.content.decode()
    assert Workplace.objects.count() == before + 1


def test_a_token_is_made_once_and_told_once(client: Client, team: Team) -> None:
    path = f"/w/{team.workplace.slug}/tokens"
    form = {"scope": "read", "act": opened(client, path)}
    first = client.post(path, {**form, "name": "Nightly"}).content.decode()
    assert 'id="plain-token"' in first
    again = client.post(path, {**form, "name": "Nightly"})
    assert again.status_code == 200
    assert 'id="plain-token"' not in again.content.decode()
    assert "Nightly was made already, as it was first sent." in again.content.decode()
    assert "revoke it below and make another" in again.content.decode()
    other = client.post(path, {**form, "name": "Weekly"})
    assert other.status_code == 422
    assert "Nightly was made already" in other.content.decode()
    assert 'value="Weekly"' in other.content.decode()
    assert [token.name for token in ApiToken.objects.all()] == ["Nightly"]
    client.post(path, {**form, "name": "Weekly", "act": number_in(other.content)})
    assert ApiToken.objects.filter(name="Weekly").exists()


def test_a_template_of_time_is_kept_once(client: Client, owner: Member) -> None:
    issue = an_issue(a_connection(owner))
    path = f"/w/{owner.workplace.slug}/time/templates"
    form = {"issue": issue.pk, "weekdays": ["0"], "clock": "09:00", "act": opened(client, path)}
    for _ in range(2):
        assert client.post(path, {**form, "time_spent": "15m"}, headers=HTMX).status_code == 200
    other = client.post(path, {**form, "time_spent": "30m"}, headers=HTMX)
    assert other.status_code == 409
    assert "Done already: FHP-418 at 09:00 is kept." in other.content.decode()
    assert 'value="30m"' in other.content.decode()
    assert [each.seconds for each in WorklogTemplate.objects.all()] == [900]
    client.post(path, {**form, "time_spent": "30m", "act": number_in(other.content)}, headers=HTMX)
    assert WorklogTemplate.objects.count() == 2


def test_files_are_attached_once_and_all_that_is_on_disk_is_theirs(
    client: Client, team: Team, settings: Any, tmp_path: Path
) -> None:
    """They bear no number: a file is known by its name and all of its content."""
    settings.MEDIA_ROOT = tmp_path / "files"
    item = an_item(team)
    path = f"/w/{team.workplace.slug}/items/{item.key}/attachments"
    for content in (b"one", b"one", b"other"):
        sent = [SimpleUploadedFile("a.txt", content), SimpleUploadedFile("b.txt", b"same")]
        answer = client.post(path, {"file": sent}, headers=HTMX)
        assert "2 files are attached" in answer.headers["HX-Trigger"]
    held = sorted(Attachment.objects.values_list("name", "sha256"))
    assert [name for name, _ in held] == ["a.txt", "a.txt", "b.txt"]
    stored = {each.name for each in settings.MEDIA_ROOT.rglob("*") if each.is_file()}
    assert stored == {sha256 for _, sha256 in held}


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
