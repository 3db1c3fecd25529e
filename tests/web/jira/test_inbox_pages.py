"""The Sync inbox and an item's own part in it: shown by names, settled by choice, told live."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client
from helpers.bound import Bound
from helpers.jirasim import Jira

from duolog.sync.binding.services import sweep_now
from duolog.sync.inbox.deletions import list_deletions
from duolog.sync.models import Conflict, Link
from duolog.sync.shown.news import moved_since
from duolog.sync.shown.queries import inbox
from duolog.workplace.models import WorkItem
from duolog.workplace.services.trash import delete_item

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def at(bound: Bound, rest: str = "") -> str:
    return f"/w/{bound.workplace.slug}/inbox{rest}"


def item_at(bound: Bound, item: WorkItem, rest: str = "") -> str:
    return f"/w/{bound.workplace.slug}/items/{item.key}{rest}"


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def conflicting(bound: Bound) -> tuple[WorkItem, str, str]:
    """An item whose title and status changed on both sides: its entry, and its issue."""
    item = bound.item("As it was")
    bound.bind()
    issue = str(bound.link(item).issue_id)
    bound.change(item, title="Ours <b>", priority="urgent")
    bound.jira.edit(issue, summary="Theirs & more", priority={"name": "Low"})
    bound.run()
    (entry,) = inbox(bound.workplace)
    return item, entry.id, issue


def sides(side: str, *keys: str) -> dict[str, str]:
    rows = Conflict.objects.filter(settled_at=None)
    return {f"slot-{row.pk}": side for row in rows if not keys or row.key in keys}


def test_many_deletions_are_named_and_decided_on_one_page(bound: Bound, admin: Client) -> None:
    items = [bound.item(f"Number {number}") for number in range(3)]
    bound.bind()
    for item in items:
        bound.jira.delete(str(bound.link(item).issue_id))
    sweep_now(bound.owner, bound.binding)
    bound.run()
    assert "3 issues deleted in Jira" in text(admin.get(at(bound)))
    (many,) = list_deletions(bound.workplace)
    page = text(admin.get(at(bound, f"/deletions/{many.id}")))
    assert all(item.key in page and item.title in page for item in items)
    assert "Delete all 3 items here" in page
    assert "Bring all" not in page, "Jira keeps no trash"
    assert "Create all 3 again in Jira" in page
    asked = {"choice": "unlink", "version": "another"}
    stale = admin.post(at(bound, f"/deletions/{many.id}/decide"), asked)
    assert (stale.status_code, "came or went" in text(stale)) == (409, True)
    asked["version"] = many.version
    done = admin.post(at(bound, f"/deletions/{many.id}/decide"), asked)
    assert done["HX-Redirect"] == at(bound)
    bound.run()
    assert {bound.link(item).state for item in items} == {"ended"}
    assert "issues deleted in Jira" not in text(admin.get(at(bound)))


def test_a_conflict_shows_both_sides_by_name_and_what_changed(bound: Bound, admin: Client) -> None:
    _, entry, _ = conflicting(bound)
    raw = admin.get(at(bound, f"/{entry}")).content.decode()
    assert "<del>As it was</del><ins>Ours &lt;b&gt;</ins>" in raw
    assert "<del>As it was</del><ins>Theirs &amp; more</ins>" in raw
    page = html.unescape(raw)
    assert "Urgent" in page
    assert "Low" in page
    assert "was None" in page
    assert bound.owner.name in page
    assert "Both sides changed the same 2 fields." in page


@pytest.mark.parametrize(
    ("side", "title"),
    [pytest.param("here", "Ours <b>", id="here"), pytest.param("jira", "Theirs & more", id="Jira")],
)
def test_settling_keeps_the_side_that_was_chosen(
    bound: Bound, admin: Client, side: str, title: str
) -> None:
    item, entry, issue = conflicting(bound)
    answer = admin.post(at(bound, f"/{entry}/settle"), sides(side))
    assert answer["HX-Redirect"] == at(bound)
    bound.run()
    item.refresh_from_db()
    assert (item.title, bound.jira.get(issue)["summary"]) == (title, title)
    settled = text(admin.get(at(bound), {"show": "settled"}))
    kept = {"here": "what was here was kept", "jira": "what Jira holds was kept"}[side]
    assert f"Title: {kept}, by {bound.owner.name}" in settled
    assert admin.get(at(bound, f"/{entry}")).status_code == 404


def test_one_field_can_be_settled_while_the_other_waits(bound: Bound, admin: Client) -> None:
    item, entry, _ = conflicting(bound)
    admin.post(at(bound, f"/{entry}/settle"), sides("jira", "title"))
    bound.run()
    item.refresh_from_db()
    assert (item.title, item.priority) == ("Theirs & more", "urgent")
    assert [f.key for f in inbox(bound.workplace)[0].fields] == ["priority"]


def test_settling_nothing_is_told_in_place(bound: Bound, admin: Client) -> None:
    _, entry, _ = conflicting(bound)
    answer = admin.post(at(bound, f"/{entry}/settle"), {"slot-999999": "here"})
    assert answer.status_code == 422
    assert "Choose a side for at least one field." in text(answer)
    assert 'id="inbox-detail"' in text(answer)


def test_what_jira_refused_is_shown_with_what_to_do_and_tried_again(
    bound: Bound, admin: Client
) -> None:
    item = bound.item("y" * 300)
    bound.bind()
    (entry,) = inbox(bound.workplace)
    page = text(admin.get(at(bound, f"/{entry.id}")))
    assert "300 characters; Jira allows 255" in page
    assert "What to do" in page
    assert "Tried 1 time" in page
    bound.change(item, title="Fits now")
    assert admin.post(at(bound, f"/{entry.id}/retry"))["HX-Redirect"] == at(bound)
    bound.run()
    assert bound.link(item).state == "in_step"
    assert "Nothing waits for you" in text(admin.get(at(bound)))


def test_everything_refused_is_tried_again_at_once(bound: Bound, admin: Client) -> None:
    items = [bound.item(letter * 300) for letter in "xy"]
    bound.bind()
    assert "Retry all errors" in text(admin.get(at(bound)))
    for item in items:
        bound.change(item, title="Fits now")
    assert admin.post(at(bound, "/retry-all")).status_code == 302
    bound.run()
    assert inbox(bound.workplace) == []


@pytest.mark.parametrize(
    ("choice", "is_left", "said"),
    [
        pytest.param("delete", False, "The item was to be deleted, too.", id="deleted too"),
        pytest.param("unlink", True, "The item was kept, unlinked.", id="kept"),
        pytest.param("restore", True, "The issue was to be made anew.", id="made anew in Jira"),
    ],
)
def test_a_deletion_in_jira_asks_what_is_to_follow(
    bound: Bound, admin: Client, choice: str, is_left: bool, said: str
) -> None:
    item = bound.item("Goes there")
    binding = bound.bind()
    bound.jira.delete(str(bound.link(item).issue_id))
    sweep_now(bound.owner, binding)
    bound.run()
    (entry,) = inbox(bound.workplace)
    page = text(admin.get(at(bound, f"/{entry.id}")))
    assert "Delete the item here too" in page
    assert "Restore" not in page
    assert "Create it again in Jira" in page
    admin.post(at(bound, f"/{entry.id}/deletion"), {"choice": choice})
    bound.run()
    assert said in text(admin.get(at(bound), {"show": "settled"}))
    item.refresh_from_db()
    assert (item.deleted_at is None) == is_left
    assert (bound.link(item).state == "in_step") == (choice == "restore")
    assert inbox(bound.workplace) == []


def test_what_was_deleted_here_can_be_restored(bound: Bound, admin: Client) -> None:
    item = bound.item("Goes here")
    bound.bind()
    delete_item(item.pk, actor=bound.me)
    bound.run()
    (entry,) = inbox(bound.workplace)
    assert "Restore the item here" in text(admin.get(at(bound, f"/{entry.id}")))
    admin.post(at(bound, f"/{entry.id}/deletion"), {"choice": "restore"})
    bound.run()
    item.refresh_from_db()
    assert item.deleted_at is None
    assert bound.link(item).state == "in_step"
    assert "Both are there again." in text(admin.get(at(bound), {"show": "settled"}))


def test_the_list_narrows_by_kind(bound: Bound, admin: Client) -> None:
    conflicting(bound)
    assert "As it was" not in text(admin.get(at(bound), {"show": "hold"}))
    assert "Ours <b>" in text(admin.get(at(bound), {"show": "conflict"}))


@pytest.mark.parametrize("act", [pytest.param(a, id=a) for a in ("settle", "retry", "deletion")])
def test_guests_read_and_may_not_settle(bound: Bound, reader: Client, act: str) -> None:
    _, entry, _ = conflicting(bound)
    page = text(reader.get(at(bound, f"/{entry}")))
    assert "Settle and sync" not in page
    answer = reader.post(at(bound, f"/{entry}/{act}"), sides("here"))
    assert answer.status_code in (403, 404)
    assert len(inbox(bound.workplace)) == 1


def test_another_workplace_sees_nothing_of_it(bound: Bound, client: Client, workplace: Any) -> None:
    _, entry, _ = conflicting(bound)
    path = f"/w/{workplace.slug}/inbox"
    assert "Nothing waits for you" in text(client.get(path))
    assert client.get(f"{path}/{entry}").status_code == 404
    assert client.post(f"{path}/{entry}/settle", sides("here")).status_code == 404


@pytest.mark.parametrize(
    "entry", [pytest.param(e, id=e) for e in ("conflict-0", "hold-x", "nonsense")]
)
def test_an_entry_that_is_none_is_not_found(bound: Bound, admin: Client, entry: str) -> None:
    assert admin.get(at(bound, f"/{entry}")).status_code == 404
    live = admin.get(at(bound, f"/{entry}"), headers={"X-Live": "1"})
    assert live.status_code == 200
    assert "This is settled by now" in text(live)


def test_the_item_says_what_differs_and_leads_to_the_choice(bound: Bound, admin: Client) -> None:
    item, entry, _ = conflicting(bound)
    page = text(admin.get(item_at(bound, item)))
    assert "Both sides changed: priority, title." in page
    assert page.count(at(bound, f"/{entry}")) == 2
    history = text(admin.get(item_at(bound, item, "/sync")))
    assert "Made the issue in Jira" in history
    assert "Settle" in history


def test_the_sync_tab_tells_both_ways_by_name(bound: Bound, admin: Client, jira: Jira) -> None:
    item = bound.item("As it was")
    bound.bind()
    bound.change(item, priority="urgent")
    bound.run()
    issue = str(bound.link(item).issue_id)
    jira.edit(issue, duedate="2027-03-01")
    bound.poll()
    tab = text(admin.get(item_at(bound, item, "/parts/activity?show=sync")))
    assert "Priority set to Urgent" in tab
    assert "Due date set to Mar 1, 2027" in tab


def test_sync_now_and_unlink_act_on_the_item(bound: Bound, admin: Client, plain: Client) -> None:
    item = bound.item("Alone soon")
    bound.bind()
    assert admin.post(item_at(bound, item, "/sync/now")).status_code == 204
    assert plain.post(item_at(bound, item, "/sync/unlink")).status_code == 403
    assert admin.post(item_at(bound, item, "/sync/unlink")).status_code == 204
    assert bound.link(item).state == "ended"
    assert "no longer follow each other" in text(admin.get(item_at(bound, item)))


def test_an_item_that_was_never_linked_has_nothing_to_look_at(bound: Bound, admin: Client) -> None:
    item = bound.item("Alone")
    assert admin.post(item_at(bound, item, "/sync/now")).status_code == 404
    assert "is not linked with Jira" in text(admin.get(item_at(bound, item, "/sync")))


def test_open_pages_hear_of_a_link_of_the_inbox_and_of_a_pause(bound: Bound, admin: Client) -> None:
    path = f"/w/{bound.workplace.slug}/changes"

    def since() -> str:
        page = admin.get(at(bound)).content.decode()
        return html.unescape(page.split('data-since="')[1].split('"')[0])

    def changed(cursor: str) -> set[str]:
        answer = admin.get(path, {"since": cursor})
        return set() if answer.status_code == 204 else set(answer.json()["changed"])

    item = bound.item("As it was")
    bound.bind()
    quiet = since()
    assert changed(quiet) == set()
    bound.change(item, title="Ours")
    bound.jira.edit(str(bound.link(item).issue_id), summary="Theirs")
    bound.run()
    assert changed(quiet) >= {f"item:{item.pk}", "items", "sync", "inbox"}
    before_pause = since()
    admin.post(f"/w/{bound.workplace.slug}/teams/PLAT/jira/act", {"act": "pause"})
    assert changed(before_pause) == {"items", "sync"}


def test_a_stamp_that_is_committed_late_is_told_all_the_same(bound: Bound) -> None:
    early, late = bound.item("Early"), bound.item("Late")
    bound.bind()
    cursor = moved_since(bound.workplace).cursor
    newest = bound.link(late)
    moved = Link.objects.filter(pk=bound.link(early).pk)
    assert newest.synced_at is not None
    moved.update(synced_at=None)
    without = moved_since(bound.workplace, cursor).cursor
    moved.update(synced_at=newest.synced_at)
    assert early.pk in moved_since(bound.workplace, without).item_ids


def test_a_value_of_ones_own_is_typed_or_picked(bound: Bound, admin: Client) -> None:
    item, entry, issue = conflicting(bound)
    title, priority = (
        Conflict.objects.get(key=key, settled_at=None) for key in ("title", "priority")
    )
    assert "Another value for Title" in text(admin.get(at(bound, f"/{entry}")))
    form = {f"slot-{title.pk}": "own", f"own-{title.pk}": "Agreed on",
            f"slot-{priority.pk}": "own", f"own-{priority.pk}": "medium"}  # fmt: skip
    admin.post(at(bound, f"/{entry}/settle"), form)
    bound.run()
    item.refresh_from_db()
    there = bound.jira.get(issue)
    assert (item.title, item.priority) == ("Agreed on", "medium")
    assert (there["summary"], there["priority"]["name"]) == ("Agreed on", "Medium")


@pytest.mark.parametrize("is_carried_out", [True, False])
def test_a_settlement_is_undone(bound: Bound, admin: Client, is_carried_out: bool) -> None:
    item, entry, issue = conflicting(bound)
    row = Conflict.objects.get(key="title", settled_at=None)
    admin.post(at(bound, f"/{entry}/settle"), sides("here", "title"))
    if is_carried_out:
        bound.run()
    assert "Undo" in text(admin.get(at(bound, "?show=settled")))
    assert admin.post(at(bound, f"/settled/{row.pk}/undo")).status_code == 204
    bound.run()
    item.refresh_from_db()
    there = bound.jira.get(issue)["summary"]
    if is_carried_out:
        assert item.title == there == "Theirs & more"
    else:
        assert (item.title, there) == ("Ours <b>", "Theirs & more")
        assert Conflict.objects.filter(key="title", settled_at=None).exists()
