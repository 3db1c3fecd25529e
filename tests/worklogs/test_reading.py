"""A person's own worklogs, read whole from Jira in few calls, against a look at all of the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from helpers.builders import a_member, a_workplace
from helpers.jirasim import adf
from helpers.own_time import Logged, held, refreshed, spread
from helpers.ways_in import CLOUD, SERVER, a_site

from duolog.connections.models import Connection
from duolog.core.worklog_days import Days
from duolog.core.worklogs import read_zone
from duolog.people.models import Member
from duolog.sync.handlers import HANDLERS
from duolog.work.clock import present, shifted
from duolog.worker.attempt import run_until_idle
from duolog.worklogs.models import JiraIssue, OwnWorklog, ReadRange, WorklogState
from duolog.worklogs.own.queries import OwnRange, own_range
from duolog.worklogs.own.refreshing import ask_to_refresh

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
BEGIN = datetime(2026, 2, 28, 20, 30, tzinfo=UTC)
LOGS = (0, 1, 19, 20, 21, 100, 5_000, 5_001)


@pytest.fixture(params=[CLOUD, SERVER], ids=["cloud", "server"])
def logged(request: Any, settings: Any) -> Iterator[Logged]:
    with a_site({**request.param, "issues": len(LOGS)}, settings) as site:
        yield Logged(site)


@pytest.fixture
def maya() -> Member:
    member = a_member(a_workplace())
    member.user.zone = "Europe/Berlin"
    member.user.save()
    return member


DAYS = Days(FIRST, LAST, read_zone("Europe/Berlin"))


def test_equal_to_a_look_at_every_worklog_in_the_calls_of_ruling_17(
    logged: Logged, maya: Member
) -> None:
    for issue, count in zip(logged.issues, LOGS, strict=True):
        mine, rest = max(1, count // 9) if count else 0, count - max(1, count // 9)
        step = timedelta(minutes=max(7, 45_000 // (mine + 1)))
        logged.put(issue, spread(BEGIN, rest, timedelta(minutes=8), logged.their_id))
        logged.put(issue, spread(BEGIN, mine, step, logged.my_id))
    logged.connect(maya)
    logged.calls()
    found = refreshed(maya, FIRST, LAST)
    asked = logged.calls()
    assert found.is_complete
    assert held(found) == logged.of_all(DAYS)
    assert len(held(found)) > 500
    is_cloud = logged.site.ready["deployment"] == "cloud"
    pages = 5 if is_cloud else 4  # Server lists all at once
    assert asked.pop("myself", 0) <= 1, "once, where answers do not tell who asks"
    assert asked == {"search": 1, "worklog": pages}
    found = refreshed(maya, FIRST, LAST)
    assert logged.calls() == {"search": 1}, "idle"
    assert held(found) == logged.of_all(DAYS)


WEEK = (date(2026, 3, 2), date(2026, 3, 8))
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
LATE = datetime(2026, 1, 6, tzinfo=UTC)


@pytest.fixture
def small(request: Any, settings: Any) -> Iterator[Logged]:
    """A site, of Cloud unless said, with three issues: two worklogs of mine on the first."""
    with a_site({**getattr(request, "param", CLOUD), "issues": 3}, settings) as site:
        logged = Logged(site)
        logged.put(logged.issues[0], [(logged.my_id, NOON, 600), (logged.their_id, NOON, 60)])
        logged.put(logged.issues[0], [(logged.my_id, NOON + timedelta(hours=1), 1200)])
        yield logged


def week_of(member: Member) -> OwnRange:
    return refreshed(member, *WEEK)


@pytest.mark.parametrize("small", [CLOUD, SERVER], ids=["cloud", "server"], indirect=True)
def test_what_others_delete_move_and_edit_is_noticed(small: Logged, maya: Member) -> None:
    first, second, third = small.issues
    is_cloud = small.site.ready["deployment"] == "cloud"
    small.connect(maya, "" if is_cloud else "basic")  # passwords go out one call at a time
    found = week_of(maya)
    assert [(each.issue.key, each.seconds) for each in found.issues] == [(first.key, 1800)]
    assert found.issues[0].issue.url == f"{small.site.url}/browse/{first.key}"
    assert [each.seconds for each in found.days] == [0, 1800, 0, 0, 0, 0, 0]
    gone, kept = (each.jira_id for each in found.worklogs)
    said = adf("It *was* long") if is_cloud else "It *was* long"
    small.change(first, kept, LATE, seconds=1260, comment=said)
    small.take_away(first, gone, LATE)
    (other,) = small.put(second, [(small.my_id, NOON, 3600)], LATE)
    found = week_of(maya)
    assert {each.jira_id for each in found.worklogs} == {kept, other}
    edited = OwnWorklog.objects.get(jira_id=kept)
    assert (edited.seconds, edited.body, edited.version) == (1260, said, 2)
    assert edited.comment == (r"It \*was\* long" if is_cloud else "It **was** long")
    OwnWorklog.objects.filter(pk=edited.pk).update(updated_at=LATE + timedelta(1), seconds=60)
    assert week_of(maya).issues[1].seconds == 60, "what Jira told later stands"
    assert OwnWorklog.objects.get(jira_id=gone).deleted_at is not None
    small.take_away(first, kept, LATE)  # now the search does not find the first issue at all
    small.calls()
    found = week_of(maya)
    assert {each.jira_id for each in found.worklogs} == {other}
    assert small.calls() == {"search": 1, "worklog": 1}, "and that is looked at in the database"
    assert found.hidden == ()
    assert third.worklogs == ()


@pytest.mark.parametrize("small", [CLOUD, SERVER], ids=["cloud", "server"], indirect=True)
def test_worklogs_on_issues_that_jira_hides_are_told_of_and_not_counted(
    small: Logged, maya: Member
) -> None:
    first = small.issues[0]
    small.connect(maya)
    assert week_of(maya).seconds == 1800
    small.calls()
    small.show_projects(shown=False)
    found = week_of(maya)
    assert (found.seconds, found.is_complete) == (0, True)
    (hidden,) = found.hidden
    assert (hidden.issue.key, hidden.seconds, len(hidden.worklogs)) == (first.key, 1800, 2)
    assert small.calls() == {"search": 1, "worklog": 1}
    since = hidden.issue.hidden_since
    assert week_of(maya).hidden[0].issue.hidden_since == since
    assert small.calls() == {"search": 1}, "it is not asked for at every look"
    small.show_projects(shown=True)
    found = week_of(maya)
    assert (found.seconds, found.hidden) == (1800, ())
    small.show_projects(shown=False)
    assert len(week_of(maya).hidden) == 1
    small.show_projects(shown=True)
    for row in found.worklogs:
        small.take_away(first, row.jira_id, LATE)
    with shifted(timedelta(days=2).total_seconds()):
        assert week_of(maya).hidden == (), "it is there again, and the time on it is not"


def test_nothing_of_ours_under_way_is_overwritten(small: Logged, maya: Member) -> None:
    mine = small.connect(maya)
    week_of(maya)
    one, two = OwnWorklog.objects.order_by("started_at")
    OwnWorklog.objects.filter(pk=one.pk).update(seconds=60, state=WorklogState.PENDING)
    OwnWorklog.objects.filter(pk=two.pk).update(comment="Mine", state=WorklogState.FAILED)
    sent = OwnWorklog.objects.create(
        connection=mine, issue=one.issue, started_at=NOON + timedelta(hours=3), seconds=300,
        state=WorklogState.PENDING,
    )  # fmt: skip
    small.put(small.issues[0], [(small.my_id, sent.started_at, 300)], LATE)  # it has arrived
    small.take_away(small.issues[0], two.jira_id, LATE)
    found = week_of(maya)
    assert [(each.pk, each.seconds) for each in found.worklogs] == [
        (one.pk, 60), (two.pk, 1200), (sent.pk, 300),
    ]  # fmt: skip
    assert OwnWorklog.objects.get(pk=two.pk).comment == "Mine"


def test_a_search_that_lags_behind_our_writes_takes_nothing_away(
    small: Logged, maya: Member
) -> None:
    small.connect(maya)
    week_of(maya)
    first, second, _ = small.issues
    small.site.sim("POST", "settings", {"index_lag_seconds": 600})
    now = present() - timedelta(minutes=1)
    (made,) = small.put(second, [(small.my_id, NOON, 300)], now)  # as a write of ours
    (more,) = small.put(first, [(small.my_id, NOON + timedelta(hours=2), 120)], now)
    deleted = OwnWorklog.objects.get(seconds=600)
    small.take_away(first, deleted.jira_id, now)
    mine = deleted.connection
    issue = JiraIssue.objects.create(connection=mine, issue_id=second.id, key=second.key)
    for jira_id, where, seconds, started in (
        (made, issue, 300, NOON),
        (more, deleted.issue, 120, NOON + timedelta(hours=2)),
    ):
        OwnWorklog.objects.create(
            connection=mine, issue=where, jira_id=jira_id, started_at=started, seconds=seconds,
            updated_at=now, written_at=now,
        )  # fmt: skip
    OwnWorklog.objects.filter(pk=deleted.pk).update(deleted_at=now, written_at=now)
    found = week_of(maya)
    assert sorted(each.seconds for each in found.worklogs) == [120, 300, 1200]


def troubles(small: Logged, fault: dict[str, Any], maya: Member) -> Any:
    """How the connection stands after a reading that met this."""
    small.site.sim("POST", "faults", [{"match": {"path": "*search*"}, **fault}])
    ask_to_refresh(maya, *WEEK, at_once=True)
    run_until_idle(HANDLERS)
    (stands,) = own_range(maya, *WEEK).connections
    return stands


def test_a_range_that_was_not_read_whole_says_so_and_why(small: Logged, maya: Member) -> None:
    mine = small.connect(maya)
    assert not own_range(maya, *WEEK).is_complete, "nothing was asked yet"
    ask_to_refresh(maya, *WEEK)
    (stands,) = own_range(maya, *WEEK).connections
    assert (stands.is_reading, stands.is_complete, stands.waiting) == (True, False, 0)
    put_off = {"fault": "status_before", "status": 429, "headers": {"Retry-After": "30"}}
    stands = troubles(small, put_off, maya)
    assert stands.is_reading
    assert 20 < stands.waiting <= 40
    assert stands.problem
    run_until_idle(HANDLERS, within=120)
    found = own_range(maya, *WEEK)
    assert (found.is_complete, found.is_reading) == (True, False), found.connections
    assert found.seconds == 1800
    read = found.read_at
    with shifted(120):
        stands = troubles(small, {"fault": "status_before", "status": 403}, maya)
        assert (stands.read_at, stands.is_reading) == (read, False), "it is as old as it was"
        assert stands.problem
        assert week_of(maya).connections[0].problem == ""
        stands = troubles(small, {"fault": "status_before", "status": 401, "times": 9}, maya)
    assert (stands.is_complete, stands.is_reading, stands.waiting) == (True, False, None)
    assert "API token" in stands.problem + stands.hint
    assert Connection.objects.get(pk=mine.pk).health == "attention"


def test_what_is_fresh_is_not_asked_for_again_and_shorter_days_come_with_longer(
    small: Logged, maya: Member
) -> None:
    small.connect(maya)
    small.calls()
    ask_to_refresh(maya, *WEEK)
    ask_to_refresh(maya, FIRST, LAST)
    run_until_idle(HANDLERS)
    assert small.calls() == {"search": 1}
    ask_to_refresh(maya, *WEEK)
    ask_to_refresh(maya, date(2026, 3, 10), date(2026, 3, 12))
    run_until_idle(HANDLERS)
    assert small.calls() == {}
    assert own_range(maya, date(2026, 3, 10), date(2026, 3, 12)).is_complete
    with shifted(20):
        ask_to_refresh(maya, *WEEK)
        run_until_idle(HANDLERS)
    assert small.calls() == {"search": 1}


def test_a_busy_month_is_read_again_in_one_call_that_asks_for_changes(
    settings: Any, maya: Member
) -> None:
    with a_site({**CLOUD, "issues": 130}, settings) as site:
        logged = Logged(site)
        issues = logged.issues
        for issue in issues[:120]:
            logged.put(issue, [(logged.my_id, NOON, 600)])
        logged.put(issues[0], spread(NOON, 30, timedelta(minutes=1), logged.their_id))
        logged.connect(maya)
        logged.calls()
        assert week_of(maya).seconds == 120 * 600
        assert logged.calls() == {"search": 2, "worklog": 1}
        assert week_of(maya).seconds == 120 * 600
        assert logged.calls() == {"search": 1}
        now = present()
        logged.put(issues[125], [(logged.my_id, NOON, 60)], now)
        logged.put(issues[0], [(logged.my_id, NOON, 120)], now)
        logged.take_away(issues[1], logged.issues[1].worklogs[-1].id, now)
        assert week_of(maya).seconds == 119 * 600 + 180
        assert logged.calls() == {"search": 1, "worklog": 1}
        site.simulator.site.remove(site.simulator.site.state.issues[issues[2].id])
        with shifted(3700):
            assert week_of(maya).seconds == 118 * 600 + 180
        assert held(week_of(maya)) == logged.of_all(Days(*WEEK, read_zone("Europe/Berlin")))


def test_a_page_that_fails_leaves_the_days_unread_and_is_read_later(
    small: Logged, maya: Member
) -> None:
    mine = small.connect(maya)
    found = week_of(maya)
    assert found.seconds == 1800
    for issue in small.issues[1:]:
        small.put(issue, spread(NOON, 25, timedelta(minutes=1), small.my_id), LATE)
    small.take_away(small.issues[0], OwnWorklog.objects.get(seconds=600).jira_id, LATE)
    small.calls()
    cut = {"match": {"path": "*worklog", "nth": 2}, "fault": "status_before", "status": 503}
    small.site.sim("POST", "faults", [{**cut, "times": 3}])
    ask_to_refresh(maya, *WEEK, at_once=True)
    run_until_idle(HANDLERS)
    broken = own_range(maya, *WEEK)
    assert broken.read_at == found.read_at, "it is as old as it was"
    assert {1800, 1800 + 25 * 600} >= {broken.seconds}, "an issue is shown whole or as before"
    run_until_idle(HANDLERS, within=120)
    found = own_range(maya, *WEEK)
    assert held(found) == small.of_all(Days(*WEEK, read_zone("Europe/Berlin")))
    assert found.seconds == 1200 + 50 * 600
    assert Connection.objects.get(pk=mine.pk).time_zone == "Europe/Berlin"


def test_the_profile_s_zone_and_long_forgotten_days_are_kept_up(
    small: Logged, maya: Member
) -> None:
    mine = small.connect(maya)
    week_of(maya)
    state = small.site.simulator.site.state
    state.users[small.my_id] = replace(state.users[small.my_id], time_zone="Asia/Kolkata")
    assert not own_range(maya, *WEEK).connections[0].zone_differs
    assert week_of(maya).connections[0].zone_differs
    assert Connection.objects.get(pk=mine.pk).time_zone == "Asia/Kolkata"
    with shifted(100 * 86_400):
        refreshed(maya, FIRST, FIRST)
    assert [(row.first, row.last) for row in ReadRange.objects.all()] == [(FIRST, FIRST)]


CLOCKS = [
    ("Asia/Kathmandu", "Europe/Berlin"), ("Pacific/Kiritimati", "Pacific/Pago_Pago"),
    ("Australia/Lord_Howe", "Asia/Kolkata"), ("America/St_Johns", "Europe/Berlin"),
]  # fmt: skip
"""A person's zone and that of their profile in Jira; the server's is another."""


def test_days_are_the_person_s_whatever_zone_jira_reads_them_in(settings: Any) -> None:
    with a_site({**CLOUD, "issues": 2}, settings) as site:
        logged, state = Logged(site), site.simulator.site.state
        one, two = logged.issues
        around = datetime(2026, 3, 28, tzinfo=UTC)  # Berlin puts its clocks on, the night after
        logged.put(one, spread(around, 96, timedelta(minutes=45), logged.my_id))
        logged.put(two, [(logged.my_id, around - timedelta(days=9), 60)])
        logged.put(two, spread(around, 30, timedelta(hours=2), logged.their_id))
        member, day = a_member(a_workplace()), date(2026, 3, 29)
        logged.connect(member)
        for zone, profile in CLOCKS:
            member.user.zone = zone
            state.users[logged.my_id] = replace(state.users[logged.my_id], time_zone=profile)
            found = refreshed(member, day, day)
            assert held(found) == logged.of_all(Days(day, day, read_zone(zone))), (zone, profile)
            assert found.worklogs
            member.user.save()


def test_what_another_account_had_read_is_not_shown(small: Logged, maya: Member) -> None:
    mine = small.connect(maya)
    assert week_of(maya).seconds == 1800
    with shifted(5):
        Connection.objects.filter(pk=mine.pk).update(
            account_since=present(), account_id=small.site.ready["people"][1]["account_id"]
        )
        assert not own_range(maya, *WEEK).is_complete
    assert ReadRange.objects.filter(read_at__isnull=False).count() == 1
