"""Complaints about tools of this kind, each a test with its name.

Which test answers which of the 22 is told by docs/reference/complaints.md; the others lie with
their subjects.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from helpers.bound import Bound
from helpers.crashes import LONGEST_LAG
from helpers.jirasim import Jira
from helpers.receiver import receiving

from duolog.connections.budget import budget_of
from duolog.connections.webhooks import EVENTS, make_webhook
from duolog.core.lifecycle import OnDelete
from duolog.sync.binding.services import Rules, sweep_now
from duolog.sync.models import Conflict, Hold, JournalEntry, Link
from duolog.sync.shown.queries import badges
from duolog.work.clock import shifted
from duolog.workplace.models import Comment, WorkItem
from duolog.workplace.services.comments import add_comment
from duolog.workplace.services.trash import delete_item

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]
TESTS = Path(__file__).parents[1]
INDEX = TESTS.parent / "docs/reference/complaints.md"
COMPLAINTS = 22
FOREVER = "9223372036854775807"


def fault(jira: Jira, kind: str, method: str, path: str, **more: object) -> None:
    match = {"method": method, "path": path}
    jira.sim("POST", "faults", [{"match": match, "fault": kind, **more}])


def titles(jira: Jira) -> Counter[str]:
    return Counter(i["fields"]["summary"] for i in jira.issues(jira.project_key))


def writes(jira: Jira) -> dict[str, int]:
    """Calls that change something, since the last reset."""
    asks = ("search", "jql", "bulkfetch", "comment/list", "approximate-count", "myself")
    return {
        name: count
        for name, count in jira.calls().items()
        if not name.startswith("GET") and not name.endswith(asks)
    }


@pytest.mark.parametrize("kind", ["cut_after", "status_after"])
def test_duplicates_after_a_lost_answer(bound: Bound, kind: str) -> None:
    bound.bind()
    items = [bound.item(f"Only once {number}") for number in range(3)]
    fault(bound.jira, kind, "POST", "*/issue/bulk")
    bound.run(within=LONGEST_LAG)
    add_comment(items[0].pk, "Said only once", actor=bound.me)
    fault(bound.jira, kind, "POST", "*/comment")
    bound.run(within=LONGEST_LAG)
    bound.poll()
    assert titles(bound.jira) == Counter(item.title for item in items)
    assert len(bound.jira.comments(str(bound.link(items[0]).issue_id))) == 1
    assert {bound.link(item).state for item in items} == {"in_step"}
    assert WorkItem.objects.count() == Link.objects.count() == 3


def test_a_label_with_a_blank(bound: Bound) -> None:
    item = bound.item("Labelled", labels=["needs review", "a"])
    bound.bind()
    issue = str(bound.link(item).issue_id)
    assert bound.jira.get(issue)["labels"] == ["a", "needs-review"]
    bound.poll()
    bound.jira.edit(issue, labels=["a", "needs-review", "b"])
    bound.poll()
    item.refresh_from_db()
    assert {label.name for label in item.labels.all()} == {"needs review", "a", "b"}
    bound.change(item, labels=["a", "b"])
    bound.run()
    assert bound.jira.get(issue)["labels"] == ["a", "b"]
    assert bound.link(item).state == "in_step"


def test_a_text_over_the_limit(bound: Bound) -> None:
    item = bound.item("Long", description="short")
    bound.bind()
    issue = str(bound.link(item).issue_id)
    bound.change(item, title="x" * 256, description="y" * 32_768, labels=["a"])
    bound.run()
    held = {hold.slot_key: hold for hold in Hold.objects.filter(released_at=None)}
    assert set(held) == {"title", "description"}
    assert all(hold.reason for hold in held.values())
    assert badges([item.pk])[item.pk].state == "held"
    assert bound.jira.get(issue)["labels"] == ["a"], "all else went there"
    assert bound.jira.get(issue)["summary"] == "Long"
    bound.change(item, title="Short again", description="y")
    bound.run()
    assert bound.jira.get(issue)["summary"] == "Short again"
    assert bound.link(item).state == "in_step"


def test_the_search_lags_after_our_own_create(bound: Bound) -> None:
    bound.bind()
    bound.jira.sim("POST", "settings", {"index_lag_seconds": 60})
    try:
        lost, told = bound.item("Its answer was lost"), None
        fault(bound.jira, "cut_after", "POST", "*/issue/bulk")
        bound.run(within=1)
        told = bound.item("Its answer came")
        bound.run(within=10)
        bound.poll()
        assert bound.link(told).state == "in_step", "a known id is read without the search"
        bound.jira.sim("POST", "clock", {"advance_seconds": 61})
        bound.run(within=LONGEST_LAG)
        bound.poll()
    finally:
        bound.jira.sim("POST", "settings", {"index_lag_seconds": 0})
        bound.jira.sim("POST", "clock", {"advance_seconds": 61})
    assert titles(bound.jira) == Counter([lost.title, told.title])
    assert WorkItem.objects.count() == 2
    assert {bound.link(lost).state, bound.link(told).state} == {"in_step"}


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(FOREVER, id="Long.MAX"),
        pytest.param("86400", id="a day"),
        pytest.param("-5", id="negative"),
        pytest.param("Thu, 01 Jan 2099 00:00:00 GMT", id="a date far away"),
        pytest.param("soon", id="a word"),
    ],
)
def test_a_retry_after_beyond_reason(bound: Bound, said: str) -> None:
    item = bound.item("Patient")
    bound.bind()
    bound.change(item, title="At last")
    fault(bound.jira, "status_before", "GET", "*/issue/*", status=429,
          headers={"Retry-After": said})  # fmt: skip
    bound.run()
    badge = badges([item.pk])[item.pk]
    assert badge.state == "due"
    assert badge.next_try_in is not None
    assert badge.next_try_in <= 3601, "it is bounded"
    is_long = said.isdecimal()
    assert bool(budget_of(bound.connection).closed_minutes > 50) == (is_long or "2099" in said)
    bound.run(within=3700)
    assert titles(bound.jira) == Counter(["At last"])
    with shifted(3700):
        assert bound.link(item).state == "in_step"


def test_a_storm_of_mails_because_nothing_changed(bound: Bound) -> None:
    items = [bound.item(f"Quiet {number}", description="*As it is*") for number in range(5)]
    add_comment(items[0].pk, "Said", actor=bound.me)
    with receiving() as address:
        bound.bind()
        make_webhook(bound.connection, secret="between us")
        hook = f"{address}/{bound.connection.webhook_hash}"
        bound.jira.register_webhook(hook, EVENTS, "between us")
        theirs = bound.jira.create("Theirs", description=bound.jira.text("As *they* wrote"))
        bound.jira.wait_for_deliveries()
        bound.run(within=10)
        bound.jira.reset()
        journal = JournalEntry.objects.count()
        for item in items:
            bound.change(item, title=item.title, description=item.description)
        bound.jira.edit(theirs, summary="Theirs")
        edits = writes(bound.jira)
        bound.jira.wait_for_deliveries()
        bound.run(within=10)
        bound.poll()
        assert bound.binding is not None
        sweep_now(bound.owner, bound.binding)
        bound.run(within=LONGEST_LAG)
        assert writes(bound.jira) == edits, "but for the edit of a person, nobody wrote"
    assert JournalEntry.objects.count() == journal
    assert not Conflict.objects.exists()


def rename_project(jira: Jira, key: str) -> None:
    jira.ask("PUT", f"project/{jira.project_key}", {"key": key}, by=jira.service)


def test_a_moved_issue_stays_one(bound: Bound) -> None:
    item = bound.item("Moves on")
    bound.bind()
    issue = str(bound.link(item).issue_id)
    key = bound.jira.ask("GET", f"issue/{issue}?fields=summary")["key"]
    move = {"issue": key, "project": "LIN"}
    bound.jira.sim("POST", "issues/move", move)
    bound.change(item, title="Moved on")
    bound.run(within=LONGEST_LAG)
    bound.poll()
    assert bound.binding is not None
    sweep_now(bound.owner, bound.binding)
    bound.run(within=LONGEST_LAG)
    assert not titles(bound.jira), "no second issue was made where it was"
    assert len(bound.jira.issues("LIN")) == 1
    item.refresh_from_db()
    assert item.deleted_at is None, "moved is not deleted"
    assert WorkItem.objects.count() == 1


def test_a_renamed_project_key(bound: Bound) -> None:
    item = bound.item("Under its old key")
    bound.bind()
    issue, old = str(bound.link(item).issue_id), bound.jira.project_key
    rename_project(bound.jira, "NEWKEY")
    bound.jira.project_key = "NEWKEY"
    try:
        bound.change(item, title="Under its new key")
        late = bound.item("Made afterwards")
        bound.jira.edit(issue, labels=["theirs"])
        bound.run(within=LONGEST_LAG)
        bound.poll()
        assert titles(bound.jira) == Counter(["Under its new key", "Made afterwards"])
        item.refresh_from_db()
        assert [label.name for label in item.labels.all()] == ["theirs"]
        assert {bound.link(it).state for it in (item, late)} == {"in_step"}
        assert bound.link(item).issue_key.startswith("NEWKEY-")
    finally:
        rename_project(bound.jira, old)
        bound.jira.project_key = old


def test_the_owner_of_the_service_account_edits_too(bound: Bound) -> None:
    item = bound.item("Theirs and ours")
    with receiving() as address:
        bound.bind()
        make_webhook(bound.connection, secret="between us")
        hook = f"{address}/{bound.connection.webhook_hash}"
        bound.jira.register_webhook(hook, EVENTS, "between us")
        issue = str(bound.link(item).issue_id)
        bound.change(item, title="Ours")
        bound.run()
        by = bound.jira.service
        bound.jira.ask("PUT", f"issue/{issue}", {"fields": {"summary": "Theirs"}}, by=by)
        bound.jira.ask("POST", f"issue/{issue}/comment", {"body": bound.jira.text("Said")}, by=by)
        bound.jira.wait_for_deliveries()
        bound.run(within=10)
        bound.jira.reset()
        bound.jira.wait_for_deliveries()
        bound.run(within=10)
        assert not writes(bound.jira), "and nothing comes back"
    item.refresh_from_db()
    assert item.title == "Theirs", "an edit by the account we use is an edit all the same"
    assert [c.body for c in Comment.objects.filter(work_item=item)] == ["Said"]


@pytest.mark.parametrize("here", [True, False], ids=["here", "in Jira"])
def test_a_deleted_item_does_not_come_back(bound: Bound, here: bool) -> None:
    item = bound.item("Gone")
    follow = Rules(on_delete_here=OnDelete.DELETE, on_delete_jira=OnDelete.DELETE)
    with receiving() as address:
        bound.bind(follow)
        make_webhook(bound.connection, secret="between us")
        hook = f"{address}/{bound.connection.webhook_hash}"
        bound.jira.register_webhook(hook, EVENTS, "between us")
        issue = str(bound.link(item).issue_id)
        bound.jira.comment(issue, "Goes with it")
        bound.jira.wait_for_deliveries()
        bound.run(within=10)
        if here:
            delete_item(item.pk, actor=bound.me)
        else:
            bound.jira.delete(issue)
        bound.jira.wait_for_deliveries()
        bound.run(within=LONGEST_LAG)
        bound.poll()
        assert bound.binding is not None
        sweep_now(bound.owner, bound.binding)
        bound.jira.wait_for_deliveries()
        bound.run(within=LONGEST_LAG)
    assert not titles(bound.jira)
    assert not WorkItem.objects.filter(deleted_at=None).exists()
    assert bound.link(item).state == "ended"


def test_a_visitor_is_told_that_nothing_is_there(bound: Bound) -> None:
    items = [bound.item(f"Still there {number}") for number in range(3)]
    bound.bind(Rules(on_delete_jira=OnDelete.DELETE))
    fault(
        bound.jira, "status_before", "POST", "*/search*", status=200, times=9,
        headers={"X-AUSERNAME": "anonymous", "X-Seraph-LoginReason": "AUTHENTICATED_FAILED"},
        body={"issues": [], "isLast": True, "startAt": 0, "maxResults": 100, "total": 0},
    )  # fmt: skip
    assert bound.binding is not None
    sweep_now(bound.owner, bound.binding)
    bound.run(within=60)
    bound.jira.reset()
    bound.connection.refresh_from_db()
    assert bound.connection.health != "connected", "it stops, and says so"
    assert WorkItem.objects.filter(deleted_at=None).count() == len(items)
    assert {bound.link(item).state for item in items} == {"in_step"}


def test_the_index_of_complaints_names_tests_that_are_there() -> None:
    rows = re.findall(r"^\| (\d+) \| .+? \| (.+?) \|$", INDEX.read_text(), re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, COMPLAINTS + 1))
    for number, cell in rows:
        named = re.findall(r"`(\S+?\.py)::(\w+)`", cell)
        assert named, f"no test is named for {number}"
        for path, name in named:
            assert f"def {name}(" in (TESTS / path).read_text(), f"{path} has no {name}"
