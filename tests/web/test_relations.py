"""Links on the item page: the picker, both ends, web links; and the estimate."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from helpers.builders import an_item

from duolog.connections.models import Connection
from duolog.sync.models import Binding, Link, OutsideLink
from duolog.workplace.models import OWN_READINGS, Reading, Relation, Team, WebLink, WorkItem
from duolog.workplace.queries import get_item, list_related

pytestmark = [pytest.mark.django_db, pytest.mark.database]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def item(team: Team) -> WorkItem:
    return an_item(team, title="Mend the pump")


@pytest.fixture
def other(item: WorkItem) -> WorkItem:
    return an_item(item.team, title="Order the pump")


@pytest.fixture
def at(item: WorkItem) -> Callable[[str], str]:
    """The address of something of the item."""
    return lambda rest: f"/w/{item.team.workplace.slug}/items/{item.key}{rest}"


def triggered(answer: Any) -> dict[str, Any]:
    return dict(json.loads(answer["HX-Trigger"]))


def test_the_picker_finds_others_and_relates_them(
    client: Client, item: WorkItem, other: WorkItem, at: Callable[[str], str]
) -> None:
    dialog = client.get(at("/relations")).content.decode()
    assert all(f'value="{each.value}"' in dialog for each in OWN_READINGS)
    found = client.get(at("/relations/find?q=pump")).content.decode()
    assert (other.key in found, f">{item.key}<" in found) == (True, False)
    asked = {"type": "is_blocked_by", "work_item": other.key}
    answer = client.post(at("/relations"), asked, headers=HTMX)
    assert {"close-dialog", "refresh", "toast"} <= triggered(answer).keys()
    (related,) = list_related(item)
    assert (related.reading, related.other) == (Reading.IS_BLOCKED_BY, other)
    part = client.get(at("/parts/relations")).content.decode()
    assert "is blocked by" in part
    assert other.title in part
    gone = client.post(at(f"/relations/{related.relation.pk}/remove"), headers=HTMX)
    assert triggered(gone)["toast"]["text"] == f"{other.key} is no longer linked"
    assert list_related(item) == ()
    words = client.get(at("/parts/activity")).content.decode()
    assert f"linked this item: it is blocked by {other.key}" in words
    assert f"removed a link: it no longer is blocked by {other.key}" in words


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        pytest.param({"type": "blocks", "work_item": "{item}"}, 422, "itself", id="itself"),
        pytest.param({"type": "likes", "work_item": "{other}"}, 422, "how the items", id="no type"),
        pytest.param({"type": "blocks", "work_item": "NO-1"}, 404, "no such", id="nobody's item"),
        pytest.param({}, 404, "no such", id="nothing"),
    ],
)
def test_what_cannot_be_related_is_said_in_the_dialog(
    client: Client,
    item: WorkItem,
    other: WorkItem,
    at: Callable[[str], str],
    asked: dict[str, str],
    status: int,
    words: str,
) -> None:
    keys = {"item": item.key, "other": other.key}
    body = {name: value.format(**keys) for name, value in asked.items()}
    answer = client.post(at("/relations"), body, headers=HTMX)
    assert answer.status_code == status
    assert words in answer.content.decode() + unquote(answer.headers.get("X-Reason", ""))
    assert not Relation.objects.exists()


def test_an_address_is_added_and_removed(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    assert b"Add a web link" in client.get(at("/web-links")).content
    refused = client.post(at("/web-links"), {"url": "javascript:alert(1)", "title": "kept"})
    assert refused.status_code == 422
    assert b"begins with https" in refused.content
    assert b'value="kept"' in refused.content
    answer = client.post(at("/web-links"), {"url": "https://example.com/a?b=1&c=2", "title": ""})
    assert "close-dialog" in triggered(answer)
    part = client.get(at("/parts/relations")).content.decode()
    assert 'href="https://example.com/a?b=1&amp;c=2"' in part
    assert 'rel="noopener noreferrer"' in part
    client.post(at(f"/web-links/{WebLink.objects.get().pk}/remove"), headers=HTMX)
    assert not WebLink.objects.exists()


def test_a_guest_sees_links_and_changes_none(
    client: Client, guest: Client, item: WorkItem, other: WorkItem, at: Callable[[str], str]
) -> None:
    client.post(at("/relations"), {"type": "blocks", "work_item": other.key})
    client.post(at("/web-links"), {"url": "https://example.com"})
    page = guest.get(at("")).content.decode()
    assert other.title in page
    assert "example.com" in page
    assert "Remove" not in page
    for path in ("/relations", "/web-links"):
        assert guest.get(at(path)).status_code == 403
    relation, link = Relation.objects.get(), WebLink.objects.get()
    for path in (f"/relations/{relation.pk}/remove", f"/web-links/{link.pk}/remove"):
        assert guest.post(at(path)).status_code == 403


@pytest.mark.parametrize(
    ("text", "seconds", "shown"),
    [
        pytest.param("1h 30m", 5400, "1h 30m", id="hours and minutes"),
        pytest.param("1,5", 5400, "1h 30m", id="a comma"),
        pytest.param("2", 7200, "2h", id="a bare number"),
        pytest.param(" ", None, "", id="none"),
    ],
)
def test_an_estimate_is_written_as_people_do(
    client: Client,
    item: WorkItem,
    at: Callable[[str], str],
    text: str,
    seconds: int | None,
    shown: str,
) -> None:
    client.post(at("/set"), {"estimate": "45m"}, headers=HTMX)
    answer = client.post(at("/set"), {"estimate": text}, headers=HTMX).content.decode()
    assert get_item(item.team.workplace, item.pk).estimate_seconds == seconds
    assert f'id="p-estimate" value="{shown}"' in answer
    assert "set the estimate to 45m" in answer


def test_an_estimate_that_is_none_is_refused_in_words(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    answer = client.post(at("/set"), {"estimate": "soon"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Write it as 1h 30m" in unquote(answer["X-Reason"])
    assert get_item(item.team.workplace, item.pk).estimate_seconds is None


def test_admins_add_rename_and_remove_kinds_of_links(
    client: Client, team: Team, item: WorkItem, other: WorkItem, at: Callable[[str], str]
) -> None:
    base = f"/w/{team.workplace.slug}/settings"
    client.post(f"{base}/relations", {"name": "Causes", "inverse_name": "is caused by"})
    kind = team.workplace.relation_kinds.get()
    page = client.get(base).content.decode()
    assert 'value="is caused by"' in page
    assert 'value="causes"' in client.get(at("/relations")).content.decode()
    asked = {"type": "is_caused_by", "work_item": other.key}
    client.post(at("/relations"), asked, headers=HTMX)
    client.post(f"{base}/relations/{kind.pk}", {"inverse_name": "follows from", "act": "save"})
    assert "follows from" in client.get(at("/parts/relations")).content.decode()
    refused = client.post(f"{base}/relations/{kind.pk}", {"act": "remove"})
    assert refused.status_code == 422
    assert "Remove those links first" in refused.content.decode()
    twice = client.post(f"{base}/relations", {"name": "causes"})
    assert "already" in twice.content.decode()
    Relation.objects.all().delete()
    client.post(f"{base}/relations/{kind.pk}", {"act": "remove"})
    assert not team.workplace.relation_kinds.exists()


def test_links_of_the_issue_to_others_are_shown_beside(
    client: Client, team: Team, item: WorkItem, at: Callable[[str], str]
) -> None:
    connection = Connection.objects.create(
        workplace=team.workplace, label="Jira", base_url="https://jira.example", report={},
        sealed_secret=b"x", account_id="1",
    )  # fmt: skip
    binding = Binding.objects.create(
        team=team, connection=connection, jira_project_id="1", jira_project_key="FHP",
        jira_project_name="Fernhill", direction="two_way",
    )  # fmt: skip
    link = Link.objects.create(binding=binding, work_item=item, issue_id="1", token="t")
    OutsideLink.objects.create(link=link, issue_id="9", issue_key="FHP-9", words="is cloned by")
    part = client.get(at("/parts/relations")).content.decode()
    assert "is cloned by" in part
    assert 'href="https://jira.example/browse/FHP-9"' in part
    link.state = "ended"
    link.save()
    assert "FHP-9" not in client.get(at("/parts/relations")).content.decode()
