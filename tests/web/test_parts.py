"""What templates draw with: badges, ages, dates, dialogs, lists of many, settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client
from helpers.builders import a_member, an_item

from duolog.notifications.digest import digest_of
from duolog.notifications.models import Kind
from duolog.people.models import Member
from duolog.web.icons import OWN
from duolog.web.sync.badges import LOOKS
from duolog.web.templatetags.duolog import hours, spoken_age
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team
from duolog.workplace.queries import get_item, list_items

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class Linked:
    state: str
    issue_key: str = "FHP-1"
    issue_url: str = "https://jira.example.com/browse/FHP-1"
    reason: str = ""


def draw(source: str, **context: object) -> str:
    return Template("{% load duolog %}" + source).render(Context(context))


@pytest.mark.parametrize("state", LOOKS)
def test_a_badge_says_its_state_in_shape_and_words(state: str) -> None:
    html = draw("{% sync_badge badge %}", badge=Linked(state, reason="Because"))
    look = LOOKS[state]
    assert f"#s-{look.glyph}" in html
    assert f"FHP-1, {look.word}, Because" in html
    assert f"s-{look.glyph}" in OWN


def test_the_states_that_need_somebody_do_not_look_alike() -> None:
    shapes = [LOOKS[state].glyph for state in ("in_step", "due", "conflict", "held", "differs")]
    shapes += [LOOKS[state].glyph for state in ("paused", "ended")]
    assert len(set(shapes)) == len(shapes)


def test_an_item_that_was_never_linked_has_no_key() -> None:
    assert "Not linked" in draw("{% sync_badge badge %}", badge=None)


def test_an_icon_that_does_not_exist_is_found_at_once() -> None:
    with pytest.raises(TemplateSyntaxError, match="not in the sprite"):
        draw("{% icon 'nonesuch' %}")


@pytest.mark.parametrize(
    ("age", "words"),
    [
        pytest.param(timedelta(seconds=3), "just now", id="seconds"),
        pytest.param(timedelta(seconds=38), "38 s ago", id="under a minute"),
        pytest.param(timedelta(minutes=12), "12 min ago", id="under an hour"),
        pytest.param(timedelta(hours=23, minutes=59), "23 h ago", id="under a day"),
        pytest.param(timedelta(days=2), "Nov 20", id="older"),
    ],
)
def test_an_age_is_said_in_words(age: timedelta, words: str) -> None:
    assert spoken_age(NOW - age, NOW) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (0, ""), (5400, "1h 30m"), (7200, "2h"), (900, "15m")],
    ids=["none", "zero", "both", "hours", "minutes"],
)
def test_a_duration_is_written_as_people_do(seconds: int | None, words: str) -> None:
    assert hours(seconds) == words


@pytest.mark.django_db
@pytest.mark.database
def test_the_dialog_makes_an_item_with_all_it_asks_for(client: Client, team: Team) -> None:
    ann = a_member(team.workplace)
    path = f"/w/{team.workplace.slug}/new-item"
    assert client.get(f"{path}?team={team.pk}").status_code == 200
    body: Mapping[str, str] = {
        "team": str(team.pk),
        "title": "New",
        "description": "a\r\nb",
        "type": "bug",
        "priority": "high",
        "assignee": str(ann.pk),
        "due_on": "2027-01-31",
        "labels": "x, y",
        "project": "",
    }
    made = client.post(path, body, headers=HTMX)
    assert made.status_code == 204
    assert "close-dialog" in made["HX-Trigger"]
    item = list_items(team.workplace).items[0]
    assert (item.title, item.description, item.type, item.assignee) == ("New", "a\nb", "bug", ann)


@pytest.mark.django_db
@pytest.mark.database
def test_the_dialog_keeps_what_was_written_when_it_refuses(client: Client, team: Team) -> None:
    body = {"team": team.pk, "title": "", "description": "kept", "due_on": "soon"}
    answer = client.post(f"/w/{team.workplace.slug}/new-item", body, headers=HTMX)
    assert answer.status_code == 422
    assert b"Write a title." in answer.content
    assert b"Write the date as" in answer.content
    assert b"kept" in answer.content


@pytest.mark.django_db
@pytest.mark.database
def test_many_items_are_changed_at_once_or_none(client: Client, team: Team) -> None:
    one, two = an_item(team), an_item(team)
    path = f"/w/{team.workplace.slug}/bulk"
    body = {"item": [one.pk, two.pk], "priority": "none", "status": "", "assignee": "none"}
    assert client.post(path, {**body, "priority": "urgent"}, headers=HTMX).status_code == 204
    assert get_item(team.workplace, two.pk).priority == "urgent"
    assert client.post(path, body, headers=HTMX).status_code == 204
    assert get_item(team.workplace, two.pk).priority == "none"
    lost = client.post(path, {**body, "item": [one.pk, 999_999]}, headers=HTMX)
    assert lost.status_code == 404


@pytest.mark.django_db
@pytest.mark.database
def test_a_card_is_put_before_another(client: Client, team: Team) -> None:
    one, two = an_item(team), an_item(team)
    path = f"/w/{team.workplace.slug}/items/{two.key}/move"
    moved = client.post(path, {"status": one.status_id, "before": one.pk})
    assert moved.status_code == 204
    assert get_item(team.workplace, two.pk).rank < get_item(team.workplace, one.pk).rank


@pytest.mark.django_db
@pytest.mark.database
def test_statuses_are_added_moved_renamed_and_removed(client: Client, team: Team) -> None:
    path = f"/w/{team.workplace.slug}/teams/PLAT/statuses"
    client.post(path, {"name": "Ready", "stage": "to_do"})
    ready = team.statuses.get(name="Ready")
    client.post(f"{path}/{ready.pk}", {"act": "up"})
    assert [each.name for each in team.statuses.all()][-2] == "Ready"
    client.post(f"{path}/{ready.pk}", {"name": "Set", "stage": "to_do"})
    item = an_item(team, status="Set")
    heir = team.statuses.get(name="To do")
    assert b"Move them to" in client.get(f"{path}/{ready.pk}").content
    client.post(f"{path}/{ready.pk}", {"act": "remove", "to": heir.pk})
    assert get_item(team.workplace, item.pk).status == heir
    refused = client.post(f"{path}/{heir.pk}", {"act": "save", "name": "To do", "stage": "done"})
    assert refused.status_code == 422
    assert b"A team needs a status in the stage To do" in refused.content


@pytest.mark.django_db
@pytest.mark.database
def test_notices_are_followed_read_and_muted(client: Client, team: Team, owner: Member) -> None:
    colleague = Actor.of(a_member(team.workplace, name="Bea Roth"))
    item = an_item(team, actor=colleague, assignee=owner)
    path = f"/w/{team.workplace.slug}/notices"
    assert f"{item.key} is yours now".encode() in client.get(path).content
    notice = owner.notices.get()
    assert client.get(f"{path}/{notice.pk}")["Location"].endswith(f"/items/{item.key}")
    assert b"(unread)" not in client.get(path).content
    told = {"bell": ["commented"], "mail": ["commented"]}
    client.post(f"{path}/preferences", {**told, "rhythm": "never", "hour": "7", "zone": "UTC"})
    an_item(team, actor=colleague, assignee=owner)
    assert owner.notices.count() == 1


@pytest.mark.django_db
@pytest.mark.database
def test_mails_are_chosen_and_ended_by_the_link_in_them(client: Client, owner: Member) -> None:
    path = f"/w/{owner.workplace.slug}/notices/preferences"
    wanted = {"bell": list(Kind), "mail": list(Kind), "rhythm": "daily", "hour": "6"}
    refused = client.post(path, {**wanted, "zone": "Mars/Olympus"})
    assert refused.status_code == 422
    assert b"Choose a time zone from the list" in refused.content
    client.post(path, {**wanted, "zone": "Asia/Kathmandu"})
    assert b"<option selected>Asia/Kathmandu" in client.get(path).content
    stop = f"/digest/stop/{signing.dumps(owner.pk, salt='duolog.digest.stop')}"
    stranger = Client(enforce_csrf_checks=True)
    assert b"End the e-mails" in stranger.get(stop).content
    assert b"no more notices" in stranger.post(stop).content
    assert digest_of(owner).rhythm == "never"
    assert stranger.post(f"{stop}x").status_code == 404
