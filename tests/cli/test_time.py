"""One's own time on the command line: through a server, in a simulated Jira."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from helpers.jirasim import Jira
from helpers.own_writing import OwnTime, own_time
from helpers.rest import rest_of

from duolog.cli.days import Clocks, month_of, week_of
from duolog.cli.mytime import show_worklogs
from duolog.core.worklogs import read_zone
from duolog.sync.handlers import HANDLERS
from duolog.worker.loop import Worker

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MARCH = ("--from", "2026-03-01", "--to", "2026-03-31")


@pytest.fixture
def own(live_server: Any, duolog: Any, jira: Jira) -> Iterator[OwnTime]:
    with own_time(jira) as own:
        own.member.user.zone = "Europe/Berlin"
        own.member.user.save()
        token = rest_of(own.member).token
        assert duolog("login", "--server", live_server.url, "--token", token).code == 0
        worker = Worker(HANDLERS, 2, poll=0.05)
        worker.start()
        try:
            yield own
        finally:
            assert worker.stop()


def test_time_is_logged_shown_changed_and_brought_back(own: OwnTime, duolog: Any) -> None:
    where = ("--day", "2026-03-02", "--at", "9:30")
    made = duolog("log", own.issue, "1h30m", "A *talk*", *where, "--json").json
    assert (made["time_spent_seconds"], made["day"]) == (5400, "2026-03-02")
    (there,) = own.there()
    assert there["started"].startswith("2026-03-02T08:30:00")
    shown = duolog("time", *MARCH)
    assert shown.code == 0
    for words in (made["issue_key"], "09:30", "1h 30m", "Mon 2026-03-02", "Total: 1h 30m"):
        assert words in shown.out
    number = made["id"]
    assert "20m" in duolog("worklog", "edit", number, "--time", "20m").out
    assert duolog("worklog", "edit", number, "--day", "2026-03-03", "--at", "10:00").code == 0
    assert own.there()[0]["started"].startswith("2026-03-03T09:00:00")
    assert duolog("worklog", "move", number, own.other).code == 0
    assert (own.seconds_there(), own.seconds_there(own.other)) == ([], [1200])
    assert duolog("worklog", "split", number, "5m").code == 0
    assert duolog("worklog", "undo", number).code == 0
    assert duolog("worklog", "delete", number).code == 0
    assert own.seconds_there(own.other) == []
    assert duolog("worklog", "undo", number).code == 0
    assert duolog("worklog", "copy", "2026-03-03", "2026-03-04").code == 0
    listed = duolog("worklog", "list", *MARCH, "--json").json
    assert [row["day"] for row in listed["items"]] == ["2026-03-03", "2026-03-04"]
    assert listed["complete"]


def test_the_timer_is_started_looked_at_and_stopped(own: OwnTime, duolog: Any) -> None:
    assert duolog("timer", "status").code == 1
    assert duolog("timer", "start", own.issue, "Thought").code == 0
    assert "since" in duolog("timer", "status").out
    twice = duolog("timer", "start", own.other)
    assert (twice.code, "stop or discard" in twice.err) == (1, True)
    assert "rounded up" in duolog("timer", "stop").out
    assert own.seconds_there() == [60]


def test_what_is_refused_ends_with_one_and_what_is_wrong_with_two(
    own: OwnTime, duolog: Any
) -> None:
    assert "No worklogs of yours" in duolog("time", *MARCH).out
    unknown = duolog("log", "NONE-1", "1h")
    assert (unknown.code, "shows no issue" in unknown.err) == (1, True)
    other = duolog("log", own.issue, "1h", "--connection", "Nowhere")
    assert (other.code, "--connection" in other.err) == (1, True)
    own.jira.sim("POST", "settings", {"time_tracking": False})
    try:
        refused = duolog("log", own.issue, "1h")
    finally:
        own.jira.sim("POST", "settings", {"time_tracking": True})
    assert (refused.code, "duolog worklog retry" in refused.err) == (1, True)
    for wrong in (
        ("log", own.issue, "soon"),
        ("log", own.issue, "1h", "--estimate", "half"),
        ("time", "--week", "--month"),
        ("time", "--from", "someday"),
        ("worklog", "edit", "1"),
    ):
        assert duolog(*wrong).code == 2


@pytest.mark.parametrize(
    ("day", "at", "began"),
    [
        pytest.param("", "", datetime(2026, 3, 2, 6, 30, tzinfo=UTC), id="done just now"),
        pytest.param("yesterday", "", datetime(2026, 3, 1, 8, tzinfo=UTC), id="at nine"),
        pytest.param("", "7:15", datetime(2026, 3, 2, 6, 15, tzinfo=UTC), id="as said"),
    ],
)
def test_work_began_when_it_is_likely_to_have(day: str, at: str, began: datetime) -> None:
    clocks = Clocks(datetime(2026, 3, 2, 8, 0, 31, tzinfo=UTC), read_zone("Europe/Berlin"))
    assert clocks.begin(day, at, 5400) == began
    early = Clocks(datetime(2026, 3, 2, 0, 10, tzinfo=UTC), UTC)
    assert early.begin("", "", 5400).time() == time(0)


def test_a_table_shows_the_beginning_of_a_comment_and_obeys_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = {"started": "2026-03-02T09:00:00Z", "comment": "a\n\nb\x1b[31m \u202e" + "y" * 30_000}
    show_worklogs([{**said, "day": "2026-03-02", "issue_summary": "\x9b2Jx"}], "UTC")
    told = capsys.readouterr().out
    assert not set(told) & {"\x1b", "\x9b", "\u202e"}
    assert len(told) < 1_000
    assert "2Jx" in told


def test_weeks_and_months_have_first_and_last_days() -> None:
    assert week_of(date(2026, 3, 4)) == (date(2026, 3, 2), date(2026, 3, 8))
    assert month_of(date(2028, 2, 10)) == (date(2028, 2, 1), date(2028, 2, 29))
