"""Changing an item on its page: parts, refusals, and two people at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from django.test import Client
from helpers.builders import FROM_JIRA, a_member, an_item, the_owner
from web.visitors import signed_in

from duolog.people.models import Member
from duolog.workplace.actors import Actor
from duolog.workplace.models import Comment, Team, WorkItem
from duolog.workplace.queries import get_item, item_detail
from duolog.workplace.services import add_comment, edit_comment, update_item

pytestmark = [pytest.mark.django_db, pytest.mark.database]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def item(team: Team) -> WorkItem:
    return an_item(team, title="Mend it", description="As it was")


@pytest.fixture
def at(item: WorkItem) -> Callable[[str], str]:
    """The address of something of the item."""
    return lambda rest: f"/w/{item.team.workplace.slug}/items/{item.key}{rest}"


def now(item: WorkItem) -> WorkItem:
    return get_item(item.team.workplace, item.pk)


def top_ids(content: bytes) -> list[str]:
    """The ids of parts, in the order they stand."""
    return re.findall(r'<\w+ id="(item-\w+)"[^>]*hx-swap-oob', content.decode())


def test_the_parts_are_those_of_the_page(client: Client, at: Callable[[str], str]) -> None:
    page = client.get(at(""))
    parts = client.get(at("/parts"))
    assert sorted(top_ids(parts.content)) == sorted(top_ids(page.content))
    assert parts.content.count(b'hx-swap-oob="true"') == len(top_ids(parts.content))


def test_there_is_no_part_of_another_name(client: Client, at: Callable[[str], str]) -> None:
    assert client.get(at("/parts/page")).status_code == 404


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        pytest.param("priority", "urgent", "urgent", id="a priority"),
        pytest.param("type", "bug", "bug", id="a type"),
        pytest.param("due_on", "2027-02-01", "2027-02-01", id="a date"),
        pytest.param("due_on", "", "None", id="no date"),
        pytest.param("assignee", "", "None", id="nobody"),
    ],
)
def test_one_property_is_set_and_the_others_stay(
    name: str,
    value: str,
    expected: str,
    client: Client,
    item: WorkItem,
    at: Callable[[str], str],
) -> None:
    answer = client.post(at("/set"), {name: value}, headers=HTMX)
    assert answer.status_code == 200
    assert {"item-properties", "item-activity"} <= set(top_ids(answer.content))
    assert str(getattr(now(item), name)) == expected
    assert now(item).title == "Mend it"


def test_labels_are_separated_by_commas(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    client.post(at("/set"), {"labels": " data, sync ,, data"}, headers=HTMX)
    assert sorted(label.name for label in now(item).labels.all()) == ["data", "sync"]


def test_labels_that_somebody_else_changed_meanwhile_are_kept(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    update_item(item.pk, {"labels": ["data", "old", "theirs"]}, actor=FROM_JIRA)
    seen = {"labels": "data, mine", "was": "data, old"}
    assert client.post(at("/set"), seen, headers=HTMX).status_code == 200
    assert sorted(label.name for label in now(item).labels.all()) == ["data", "mine", "theirs"]


@pytest.mark.parametrize(
    ("name", "theirs", "was", "mine", "said"),
    [
        pytest.param("due_on", "2027-03-01", "", "2027-02-01", "“2027-02-01”", id="a date"),
        pytest.param("priority", "urgent", "none", "low", "“Low”", id="a choice"),
        pytest.param("due_on", "2027-03-01", "2027-01-01", "", "to empty it", id="emptied"),
    ],
)
def test_a_property_that_changed_meanwhile_is_not_overwritten_unseen(
    client: Client, item: WorkItem, at: Callable[[str], str],
    name: str, theirs: str, was: str, mine: str, said: str,
) -> None:  # fmt: skip
    update_item(item.pk, {name: theirs}, actor=FROM_JIRA)
    answer = client.post(at("/set"), {name: mine, "was": was}, headers=HTMX)
    assert answer.status_code == 409
    assert f"You wanted {said}." in answer.content.decode()
    assert str(getattr(now(item), name)) == theirs
    again = client.post(at("/set"), {name: mine, "was": theirs}, headers=HTMX)
    assert again.status_code == 200
    assert str(getattr(now(item), name) or "") == mine


def test_a_parent_is_named_by_its_key(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    parent = an_item(item.team, title="Above")
    client.post(at("/set"), {"parent": parent.key.lower()}, headers=HTMX)
    assert now(item).parent == parent
    refused = client.post(
        f"/w/{item.team.workplace.slug}/items/{parent.key}/set", {"parent": item.key}, headers=HTMX
    )
    assert refused.status_code == 422
    assert "cannot be its parent" in unquote(refused["X-Reason"])


def test_a_field_that_is_no_property_is_not_written(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    client.post(at("/set"), {"rank": "1", "team": "1", "title": "Sly"}, headers=HTMX)
    assert now(item).version == item.version


def test_a_guest_may_not_change_and_is_told_who_can(
    guest: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    for path, body in (
        ("/set", {"priority": "low"}),
        ("/comments", {"body": "x"}),
        ("/delete", {}),
    ):
        answer = guest.post(at(path), body, headers=HTMX)
        assert answer.status_code == 403
        assert "Ask Olive Owner" in unquote(answer["X-Reason"])
    assert now(item).version == item.version


@pytest.mark.parametrize("field", ["title", "description"])
def test_a_text_that_changed_meanwhile_is_shown_and_not_overwritten(
    field: str, client: Client, owner: Member, item: WorkItem, at: Callable[[str], str]
) -> None:
    was = getattr(item, field)
    update_item(item.pk, {field: "Theirs"}, actor=FROM_JIRA)
    answer = client.post(at(f"/{field}"), {field: "Mine", "was": was}, headers=HTMX)
    assert answer.status_code == 409
    assert b"changed meanwhile" in answer.content
    assert b"Theirs" in answer.content
    assert b"Mine" in answer.content
    assert getattr(now(item), field) == "Theirs"
    client.post(at(f"/{field}"), {field: "Mine", "was": "Theirs"}, headers=HTMX)
    assert getattr(now(item), field) == "Mine"


def test_a_change_of_another_field_is_no_reason_to_ask(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    update_item(item.pk, {"priority": "low"}, actor=FROM_JIRA)
    add_comment(item.pk, "Hello", actor=FROM_JIRA, author_name="Ann Lee")
    answer = client.post(
        at("/description"), {"description": "Mine", "was": "As it was"}, headers=HTMX
    )
    assert answer.status_code == 200
    assert now(item).description == "Mine"
    assert now(item).priority == "low"


def test_lines_of_a_form_are_stored_as_lines(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    body = {"description": "one\r\ntwo\r\n", "was": "As it was"}
    client.post(at("/description"), body, headers=HTMX)
    assert now(item).description == "one\ntwo\n"
    form = client.get(at("/description")).content.decode()
    assert "\none\ntwo\n</textarea>" in form


def test_an_empty_title_is_refused_with_what_was_written(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    answer = client.post(at("/title"), {"title": " ", "was": "Mend it"}, headers=HTMX)
    assert answer.status_code == 422
    assert b"Write a title." in answer.content
    assert b'aria-invalid="true"' in answer.content


def test_a_comment_is_said_answered_changed_and_deleted(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    said = client.post(at("/comments"), {"body": "**Yes**"}, headers=HTMX)
    assert b"<strong>Yes</strong>" in said.content
    comment = item_detail(item.team.workplace, item.pk).comments[0]
    client.post(at(f"/comments/{comment.pk}/answer"), {"body": "No"}, headers=HTMX)
    client.post(at(f"/comments/{comment.pk}"), {"body": "Perhaps"}, headers=HTMX)
    first, answer = item_detail(item.team.workplace, item.pk).comments
    assert (first.body, answer.body, answer.parent_id) == ("Perhaps", "No", first.pk)
    gone = client.post(at(f"/comments/{answer.pk}/delete"), headers=HTMX)
    assert b"Perhaps" in gone.content
    assert len(item_detail(item.team.workplace, item.pk).comments) == 1


def test_a_comment_that_changed_meanwhile_is_not_overwritten_unseen(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    said = add_comment(item.pk, "As it was", actor=Actor.of(the_owner(item.team.workplace)))
    form = client.get(at(f"/comments/{said.pk}"), headers=HTMX)
    assert form.context["was"] == "As it was"
    edit_comment(said.pk, "As Jira has it", actor=FROM_JIRA)
    mine = {"body": "As I have it", "was": "As it was"}
    answer = client.post(at(f"/comments/{said.pk}"), mine, headers=HTMX)
    assert answer.status_code == 409
    assert (answer.context["theirs"], answer.context["given"]) == ("As Jira has it", "As I have it")
    assert Comment.objects.get().body == "As Jira has it"
    seen = {"body": "As I have it", "was": answer.context["was"]}
    assert client.post(at(f"/comments/{said.pk}"), seen, headers=HTMX).status_code == 200
    assert Comment.objects.get().body == "As I have it"


def test_an_empty_comment_is_refused(client: Client, at: Callable[[str], str]) -> None:
    answer = client.post(at("/comments"), {"body": "  "}, headers=HTMX)
    assert answer.status_code == 422
    assert b"Write something first." in answer.content


def test_a_member_changes_only_their_own_comments(item: WorkItem, at: Callable[[str], str]) -> None:
    owners = add_comment(item.pk, "Mine", actor=Actor.of(the_owner(item.team.workplace)))
    ann = signed_in(a_member(item.team.workplace))
    assert b"Edit the comment" not in ann.get(at("")).content
    answer = ann.post(at(f"/comments/{owners.pk}"), {"body": "Theirs"}, headers=HTMX)
    assert answer.status_code == 403


def test_a_comment_is_found_only_at_its_own_item(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    other = an_item(item.team)
    comment = add_comment(other.pk, "There", actor=FROM_JIRA, author_name="Ann Lee")
    assert client.post(at(f"/comments/{comment.pk}"), {"body": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("view", "comment", "change", "sync"),
    [
        pytest.param("all", True, True, True, id="all"),
        pytest.param("comments", True, False, False, id="comments only"),
        pytest.param("sync", False, False, True, id="sync only"),
    ],
)
def test_the_activity_is_shown_in_three_ways(
    view: str,
    comment: bool,
    change: bool,
    sync: bool,
    client: Client,
    owner: Member,
    item: WorkItem,
    at: Callable[[str], str],
) -> None:
    add_comment(item.pk, "A word", actor=Actor.of(owner))
    update_item(item.pk, {"priority": "low"}, actor=Actor.of(owner))
    update_item(item.pk, {"due_on": "2027-01-31"}, actor=FROM_JIRA)
    content = client.get(at(f"/parts/activity?show={view}")).content.decode()
    assert ("A word" in content) == comment
    assert ("changed the priority from None to Low" in content) == change
    assert ("set the due date to 2027-01-31" in content) == sync


def test_deleting_offers_undo_and_undo_restores(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    answer = client.post(at("/delete"), headers=HTMX)
    assert answer["HX-Redirect"] == f"/w/{item.team.workplace.slug}/teams/PLAT"
    page = client.get(answer["HX-Redirect"]).content.decode()
    assert f'data-undo="{at("/restore")}"' in page
    assert client.get(at("")).status_code == 404
    assert client.post(at("/restore"), headers=HTMX).status_code == 204
    assert client.get(at("")).status_code == 200


def test_a_form_without_its_token_is_refused(owner: Member, at: Callable[[str], str]) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner.user, "allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(at("/set"), {"priority": "low"}).status_code == 403
