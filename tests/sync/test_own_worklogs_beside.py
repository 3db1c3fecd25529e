"""One's own worklogs beside others: other writers, linked items, and what only Jira can say."""

from __future__ import annotations

import time as clock
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.builders import a_member
from helpers.jirasim import Jira
from helpers.own_writing import NINE, OwnTime, again, connect_own, own_time, without_permission

from duolog.connections.models import Connection
from duolog.connections.traffic import listening
from duolog.jira.transport import CallMade
from duolog.sync.handlers import HANDLERS
from duolog.worker.loop import Worker
from duolog.worklogs.models import IssueTurn, OwnWorklog
from duolog.worklogs.own.services import (
    NewOwn,
    delete,
    discard,
    edit,
    log,
    move,
    retry,
    settled,
    split,
    undo,
)
from duolog.worklogs.own.turns import give_turns_back, take_turns
from duolog.worklogs.queries import list_worklogs

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
PANEL = {
    "type": "panel",
    "attrs": {"panelType": "info"},
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Kept"}]}],
}
RICH = {"version": 1, "type": "doc", "content": [
    PANEL,
    {"type": "paragraph", "content": [
        {"type": "text", "text": "red", "marks": [
            {"type": "textColor", "attrs": {"color": "#ff5630"}}]}]},
]}  # fmt: skip
WIKI = "{panel:title=Kept}\nInside\n{panel}\n\n{color:red}red{color}"


@pytest.fixture
def time(jira: Jira) -> Iterator[OwnTime]:
    with own_time(jira, account=jira.people[1]) as time:
        yield time


def worked(time: OwnTime, **more: Any) -> OwnWorklog:
    """A worklog that was made in Jira by the same person, and is read here."""
    body = {"started": "2026-03-02T09:00:00.000+0000", "timeSpentSeconds": 3600, **more}
    made = time.jira.ask("POST", f"issue/{time.issue}/worklog", body, by=time.jira.people[1])
    time.refresh()
    return OwnWorklog.objects.get(jira_id=made["id"])


@pytest.mark.both_deployments
def test_formatting_that_markdown_cannot_say_is_kept_to_the_letter(time: OwnTime) -> None:
    rich: Any = RICH if time.jira.is_cloud else WIKI
    row = worked(time, comment=rich)
    kept = time.there()[0]["comment"]
    edit(time.member, row.pk, {"seconds": 1200})
    time.run()
    assert (time.there()[0]["comment"], time.seconds_there()) == (kept, [1200])
    edit(time.member, row.pk, {"comment": f"{again(row).comment}\n\nMore"})
    time.run()
    told = time.there()[0]["comment"]
    assert "More" in str(told)
    assert told["content"][:2] == kept["content"] if time.jira.is_cloud else told.startswith(WIKI)
    delete(time.member, row.pk)
    time.run()
    undo(time.member, row.pk)
    time.run()
    assert time.there()[0]["comment"] == told
    move(time.member, row.pk, time.other)
    time.run()
    assert time.there(time.other)[0]["comment"] == told
    assert time.there() == []


@pytest.mark.both_deployments
def test_what_is_restricted_stays_restricted_wherever_it_goes(time: OwnTime) -> None:
    role = {"type": "role", "value": "Member"}
    row = worked(time, visibility=role, comment=time.jira.text("Secret"))
    assert again(row).visibility["value"] == "Member"
    split(time.member, row.pk, 600)
    time.run()
    move(time.member, row.pk, time.other)
    time.run()
    told = [*time.there(by=1), *time.there(time.other, by=1)]
    assert len(told) == 2
    assert [each["visibility"]["value"] for each in told] == ["Member", "Member"]


def test_writes_to_one_issue_go_one_after_the_other_over_all_connections(time: OwnTime) -> None:
    other = a_member(time.workplace, name="Owen Other")
    theirs = connect_own(other, time.jira)
    spans: list[tuple[float, float]] = []

    def note(_connection: int, made: CallMade) -> None:
        if made.call.method == "POST":
            spans.append((clock.monotonic() - made.seconds, clock.monotonic()))

    match = {"method": "POST", "path": "*/worklog"}
    slow = {"match": match, "fault": "slow", "delay_ms": 120, "times": 6}
    time.jira.sim("POST", "faults", [slow])
    rows = [time.log(60 * n) for n in (1, 2, 3)]
    for n in (4, 5, 6):
        new = NewOwn(started=NINE, seconds=60 * n)
        rows.append(log(other, theirs.pk, time.issue, new))
    worker = Worker(HANDLERS, 4, poll=0.05)
    with listening(note):
        worker.start()
        try:
            done = settled(rows, within=20)
        finally:
            assert worker.stop()
    assert {row.state for row in done} == {"saved"}
    assert sorted(time.seconds_there()) == [60 * n for n in range(1, 7)]
    spans.sort()
    assert len(spans) == 6
    assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))


def test_a_turn_is_one_holders_until_it_is_given_back_or_ends(time: OwnTime) -> None:
    assert take_turns("https://a", ["1", "2"], "one")
    assert take_turns("https://a", ["1"], "one")
    assert not take_turns("https://a", ["2", "3"], "two")
    assert take_turns("https://a", ["3"], "two")
    assert take_turns("https://b", ["1"], "two")
    give_turns_back("one")
    assert take_turns("https://a", ["1", "2"], "two")
    IssueTurn.objects.update(held_until=0.0)
    assert take_turns("https://a", ["1"], "three")


@pytest.mark.both_deployments
def test_on_a_linked_issue_it_is_once_on_the_item_and_once_in_jira(jira: Jira) -> None:
    with a_bound_team(jira) as bound:
        item = bound.item()
        bound.bind()
        issue = str(bound.link(item).issue_id)
        own = connect_own(bound.maya, jira)
        row = log(bound.maya, own.pk, issue, NewOwn(started=NINE, seconds=5400, comment="Seen"))
        bound.run()
        bound.poll()
        _is_once(bound, own, issue, 5400)
        edit(bound.maya, row.pk, {"seconds": 600})
        bound.run()
        bound.poll()
        _is_once(bound, own, issue, 600)
        (entry,) = list_worklogs(item)
        assert entry.member == bound.maya
        delete(bound.maya, row.pk)
        bound.run()
        bound.poll()
        assert list_worklogs(item) == ()


def _is_once(bound: Bound, own: Connection, issue: str, seconds: int) -> None:
    told = bound.jira.ask("GET", f"issue/{issue}/worklog")["worklogs"]
    assert [each["timeSpentSeconds"] for each in told] == [seconds]
    (entry,) = list_worklogs(bound.item_of(issue))
    assert (entry.seconds, entry.comment) == (seconds, "Seen")
    assert OwnWorklog.objects.filter(connection=own, deleted_at=None).count() == 1


@pytest.mark.both_deployments
def test_what_jira_does_not_allow_says_so_and_can_be_given_up(time: OwnTime) -> None:
    row = time.saved(3600)
    with without_permission(time.jira, "DELETE_OWN_WORKLOGS"):
        delete(time.member, row.pk)
        time.run()
        row = again(row)
        assert (row.state, row.deleted_at, time.seconds_there()) == ("failed", None, [3600])
        assert "permission" in row.problem
        assert "Delete Own Worklogs" in row.hint
        discard(time.member, row.pk)
        assert again(row).state == "saved"
        move(time.member, row.pk, time.other)
        time.run()
    assert (time.seconds_there(), time.seconds_there(time.other)) == ([3600], [])
    assert "Delete Own Worklogs" in again(row).hint
    discard(time.member, row.pk)
    with without_permission(time.jira, "WORK_ON_ISSUES"):
        split(time.member, row.pk, 600)
        time.run()
    assert time.seconds_there() == [3600]
    (failed,) = OwnWorklog.objects.filter(state="failed")
    retry(time.member, failed.pk)
    time.run()
    assert sorted(time.seconds_there()) == [600, 3000]
    with without_permission(time.jira, "EDIT_OWN_WORKLOGS"):
        split(time.member, row.pk, 600)
        time.run()
    assert sorted(time.seconds_there()) == [600, 3000]
    assert "permission" in again(row).problem
    assert not OwnWorklog.objects.exclude(state="saved").exists()
