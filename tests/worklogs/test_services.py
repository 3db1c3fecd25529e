"""Time on work items: logged, edited, deleted, restored, each a change of the item."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from helpers.builders import FROM_JIRA, a_member, a_workplace, an_item

from duolog.core.worklogs import total
from duolog.people.errors import Forbidden, Invalid, NotFound, Stale
from duolog.people.models import Role
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.models import Worklog
from duolog.worklogs.queries import get_worklog, list_worklogs, time_of
from duolog.worklogs.services import (
    delete_worklog,
    edit_worklog,
    log_time,
    restore_worklog,
    take_in,
)
from duolog.workplace.actors import Actor
from duolog.workplace.models import WorkItem
from duolog.workplace.services import delete_item, update_item

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def item() -> WorkItem:
    return an_item()


@pytest.fixture
def ann(item: WorkItem) -> Actor:
    return Actor.of(a_member(item.team.workplace))


def version_of(item: WorkItem) -> int:
    return WorkItem.objects.get(pk=item.pk).version


def new(**parts: Any) -> NewWorklog:
    return NewWorklog(**{"started": NINE, "seconds": 1200, **parts})


def from_jira(item: WorkItem, **parts: Any) -> Worklog:
    return take_in(item.pk, new(**parts), author=None, author_name="Jo in Jira", actor=FROM_JIRA)


def test_an_entry_lives_and_each_change_counts(item: WorkItem, ann: Actor) -> None:
    entry = log_time(item.pk, new(seconds="1h 30m", zone="Europe/Berlin"), actor=ann)
    assert (entry.member, entry.seconds, version_of(item)) == (ann.member, 5400, 2)
    edit_worklog(entry.pk, {"comment": "A talk"}, actor=ann)
    edit_worklog(entry.pk, {"comment": "A talk", "seconds": 5400, "started": NINE}, actor=ann)
    assert version_of(item) == 3
    delete_worklog(entry.pk, actor=ann)
    assert (total(list_worklogs(item)), version_of(item)) == (0, 4)
    restored = restore_worklog(entry.pk, actor=ann)
    assert (restored.comment, total(list_worklogs(item))) == ("A talk", 5400)
    verbs = item.activity.exclude(verb="created").values_list("verb", flat=True)
    assert list(verbs) == ["time logged", "time edited", "time deleted", "time restored"]


def test_the_same_again_writes_nothing(item: WorkItem, ann: Actor) -> None:
    entry = log_time(item.pk, new(zone="Europe/Berlin", comment="A talk"), actor=ann)
    same = {"started": NINE, "zone": "", "seconds": "20m", "comment": " A talk\n"}
    assert edit_worklog(entry.pk, same, actor=ann).version == 1
    assert version_of(item) == 2


def test_the_zone_in_which_it_was_told_says_for_which_day_it_counts(
    item: WorkItem, ann: Actor
) -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    here = log_time(item.pk, new(started=late, zone="Europe/Berlin"), actor=ann)
    there = log_time(item.pk, new(started="2026-03-02T18:30:00-05:00"), actor=ann)
    assert (here.day.isoformat(), there.day.isoformat()) == ("2026-03-03", "2026-03-02")
    assert (there.zone, there.started_at) == ("-05:00", late)
    assert there.began_at.hour == 18


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        pytest.param({"seconds": 90}, "seconds", id="no whole minutes"),
        pytest.param({"seconds": 0}, "seconds", id="no time at all"),
        pytest.param({"seconds": 30}, "seconds", id="less than a minute"),
        pytest.param({"seconds": "a while"}, "seconds", id="no length of time"),
        pytest.param({"seconds": 10**12}, "seconds", id="longer than anybody works"),
        pytest.param({"started": NINE.replace(tzinfo=None)}, "started", id="no offset"),
        pytest.param({"started": "tomorrow"}, "started", id="no time"),
        pytest.param({"started": NINE.replace(year=2300)}, "started", id="not in our days"),
        pytest.param({"zone": "Mars"}, "zone", id="no zone"),
        pytest.param({"comment": "a\0b"}, "comment", id="what no database holds"),
    ],
)
def test_what_cannot_be_an_entry_is_refused_with_a_hint(
    item: WorkItem, ann: Actor, parts: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        log_time(item.pk, new(**parts), actor=ann)
    assert set(refused.value.errors) == {field}
    assert version_of(item) == 1


def test_an_entry_from_elsewhere_keeps_its_seconds_until_its_time_is_edited(
    item: WorkItem,
) -> None:
    bob = a_member(item.team.workplace)
    entry = take_in(item.pk, new(seconds=95), author=bob, actor=FROM_JIRA)
    assert (entry.author, entry.seconds) == (bob.name, 95)
    own = Actor.of(bob)
    assert edit_worklog(entry.pk, {"comment": "New", "seconds": 95}, actor=own).seconds == 95
    moved = edit_worklog(entry.pk, {"started": NINE + timedelta(days=1)}, actor=own)
    assert moved.seconds == 95
    with pytest.raises(Invalid):
        edit_worklog(entry.pk, {"seconds": 96}, actor=own)
    assert edit_worklog(entry.pk, {"seconds": 120}, actor=own).seconds == 120


def test_who_is_no_member_stands_with_a_name(item: WorkItem) -> None:
    entry = from_jira(item)
    assert (entry.member, entry.author) == (None, "Jo in Jira")


def test_one_edits_ones_own_and_admins_may_delete(item: WorkItem, ann: Actor) -> None:
    entry = log_time(item.pk, new(), actor=ann)
    bob = Actor.of(a_member(item.team.workplace))
    admin = Actor.of(a_member(item.team.workplace, role=Role.ADMIN))
    for other in (bob, admin):
        with pytest.raises(Forbidden, match="nobody else"):
            edit_worklog(entry.pk, {"comment": "Mine"}, actor=other)
    with pytest.raises(Forbidden, match="logged these 20m"):
        delete_worklog(entry.pk, actor=bob)
    delete_worklog(entry.pk, actor=admin)
    with pytest.raises(Forbidden):
        restore_worklog(entry.pk, actor=bob)
    restore_worklog(entry.pk, actor=ann)
    guest = Actor.of(a_member(item.team.workplace, role=Role.GUEST))
    with pytest.raises(Forbidden, match="log time"):
        log_time(item.pk, new(), actor=guest)


def test_nobody_reaches_into_another_workplace(item: WorkItem, ann: Actor) -> None:
    entry = log_time(item.pk, new(), actor=ann)
    stranger = Actor.of(a_member(a_workplace("Elsewhere"), role=Role.OWNER))
    for act in (
        lambda: log_time(item.pk, new(), actor=stranger),
        lambda: edit_worklog(entry.pk, {"comment": "Mine"}, actor=stranger),
        lambda: delete_worklog(entry.pk, actor=stranger),
        lambda: restore_worklog(entry.pk, actor=stranger),
    ):
        with pytest.raises(NotFound):
            act()


def test_an_item_in_the_trash_takes_no_time(item: WorkItem, ann: Actor) -> None:
    entry = log_time(item.pk, new(), actor=ann)
    delete_item(item.pk, actor=ann)
    with pytest.raises(NotFound, match="trash"):
        log_time(item.pk, new(), actor=ann)
    with pytest.raises(NotFound):
        delete_worklog(entry.pk, actor=ann)


def test_an_edit_of_what_was_changed_meanwhile_is_refused(item: WorkItem, ann: Actor) -> None:
    entry = log_time(item.pk, new(), actor=ann)
    edit_worklog(entry.pk, {"comment": "One"}, actor=ann, expected_version=1)
    with pytest.raises(Stale):
        edit_worklog(entry.pk, {"comment": "Two"}, actor=ann, expected_version=1)


def test_what_an_item_shows_of_its_time(item: WorkItem, ann: Actor) -> None:
    second = log_time(item.pk, new(started=NINE + timedelta(hours=1)), actor=ann)
    first = from_jira(item, seconds=95)
    gone = log_time(item.pk, new(), actor=ann)
    delete_worklog(gone.pk, actor=ann)
    assert list_worklogs(item) == (first, second)
    assert get_worklog(item, second.pk) == second
    with pytest.raises(NotFound):
        get_worklog(item, gone.pk)
    assert total(list_worklogs(item)) == 1295
    assert time_of(item, 1295).remaining is None
    item.estimate_seconds = 1000
    assert (time_of(item, 1295).remaining, time_of(item, 1295).over) == (0, 295)
    assert (time_of(item, 400).remaining, time_of(item, 400).over) == (600, 0)


def test_what_remains_of_the_estimate_follows_what_people_do(item: WorkItem, ann: Actor) -> None:
    def remaining() -> int | None:
        return WorkItem.objects.get(pk=item.pk).remaining_seconds

    log_time(item.pk, new(), actor=ann)
    assert remaining() is None
    update_item(item.pk, {"remaining_seconds": 3600}, actor=ann)
    entry = log_time(item.pk, new(), actor=ann)
    assert remaining() == 2400
    from_jira(item)
    edit_worklog(entry.pk, {"comment": "New"}, actor=ann)
    assert remaining() == 2400
    edit_worklog(entry.pk, {"seconds": 1800}, actor=ann)
    assert remaining() == 1800
    delete_worklog(entry.pk, actor=ann)
    assert remaining() == 3600
    restore_worklog(entry.pk, actor=ann)
    log_time(item.pk, new(seconds="2h"), actor=ann)
    assert remaining() == 0
    item.refresh_from_db()
    assert time_of(item, 9000).remaining == 0
