"""Time on the page of an item: the plan, the entries, and the form."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from helpers.builders import FROM_JIRA, a_member, an_item
from web.visitors import signed_in

from duolog.people.models import Member
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.models import Worklog
from duolog.worklogs.queries import list_worklogs
from duolog.worklogs.services import log_time, take_in
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team, WorkItem

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FORM = {"time_spent": "1h 30m", "day": "2026-03-02", "clock": "09:00", "zone": "Europe/Berlin"}
NINE = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def item(team: Team) -> WorkItem:
    return an_item(team, estimate_seconds=3600)


@pytest.fixture
def at(item: WorkItem) -> Callable[[str], str]:
    return lambda rest: f"/w/{item.team.workplace.slug}/items/{item.key}/time{rest}"


@pytest.fixture
def mine(item: WorkItem, owner: Member) -> Worklog:
    new = NewWorklog(started=NINE, seconds=1800, comment="A *talk*", zone="Europe/Berlin")
    return log_time(item.pk, new, actor=Actor.of(owner))


def test_time_is_logged_as_people_write_it(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    answer = client.post(at(""), {**FORM, "comment": "One\r\nTwo"})
    assert answer.status_code == 200
    (entry,) = list_worklogs(item)
    assert (entry.started_at, entry.seconds, entry.comment) == (NINE, 5400, "One\nTwo")
    shown = answer.content.decode()
    assert "30m over" in shown
    assert "Mar 2, 09:00" in shown.replace(", 2026", "")


def test_a_form_whose_answer_got_lost_is_sent_again_and_logs_once(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    form = {**FORM, "act": client.get(at("")).context["act"]}
    for _ in range(2):
        assert client.post(at(""), form).status_code == 200
    assert [each.seconds for each in list_worklogs(item)] == [5400]
    other = client.post(at(""), {**form, "time_spent": "2h"})
    assert other.status_code == 409
    assert "Done already: time was logged here." in other.content.decode()
    assert 'value="2h"' in other.content.decode()
    assert [each.seconds for each in list_worklogs(item)] == [5400]
    client.post(at(""), {**form, "time_spent": "2h", "act": other.context["act"]})
    assert [each.seconds for each in list_worklogs(item)] == [5400, 7200]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        pytest.param("time_spent", "a while", "no length of time", id="no length of time"),
        pytest.param("time_spent", "", "no length of time", id="none"),
        pytest.param("day", "", "on which day", id="no day"),
        pytest.param("clock", "late", "when it began", id="no time of the day"),
        pytest.param("zone", "Mars", "Name the zone", id="no zone"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, item: WorkItem, at: Callable[[str], str], field: str, value: str, words: str
) -> None:
    answer = client.post(at(""), {**FORM, "comment": "Typed", field: value})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Typed" in answer.content.decode()
    assert list_worklogs(item) == ()


def test_an_edit_changes_what_was_changed_and_nothing_else(
    client: Client, item: WorkItem, owner: Member, at: Callable[[str], str]
) -> None:
    odd = datetime(2026, 3, 2, 8, 0, 30, 500_000, tzinfo=UTC)
    new = NewWorklog(started=odd, seconds=95, comment="There", zone="Europe/Berlin")
    entry = take_in(item.pk, new, author=owner, actor=FROM_JIRA)
    shown = {**FORM, "time_spent": "1m 35s", "comment": "There"}
    assert "1m 35s" in client.get(at(f"/{entry.pk}")).content.decode()
    client.post(at(f"/{entry.pk}"), shown)
    entry.refresh_from_db()
    assert entry.version == 1
    client.post(at(f"/{entry.pk}"), {**shown, "day": "2026-03-30"})
    entry.refresh_from_db()
    assert entry.started_at == odd.replace(day=30, hour=7)  # nine o'clock, by summer time
    assert entry.seconds == 95
    client.post(at(f"/{entry.pk}"), {**shown, "day": "2026-03-30", "time_spent": "2m"})
    entry.refresh_from_db()
    assert (entry.seconds, entry.comment) == (120, "There")


def test_what_changed_since_the_form_was_opened_is_not_overwritten(
    client: Client, at: Callable[[str], str], mine: Worklog
) -> None:
    form = client.get(at(f"/{mine.pk}")).content.decode()
    seen = dict(re.findall(r'name="(seen_[a-z_]+)" value="([^"]*)"', form))
    opened = {name.removeprefix("seen_"): shown for name, shown in seen.items()}
    Worklog.objects.filter(pk=mine.pk).update(comment="Theirs", version=5)
    client.post(at(f"/{mine.pk}"), {**opened, **seen, "time_spent": "3h"})
    mine.refresh_from_db()
    assert (mine.seconds, mine.comment) == (10800, "Theirs")
    answer = client.post(at(f"/{mine.pk}"), {**opened, **seen, "comment": "Mine"})
    assert answer.status_code == 409
    assert "says “Theirs” now" in answer.content.decode()
    mine.refresh_from_db()
    assert mine.comment == "Theirs"


def test_a_deleted_entry_is_brought_back(
    client: Client, item: WorkItem, at: Callable[[str], str], mine: Worklog
) -> None:
    answer = client.post(at(f"/{mine.pk}/delete"))
    assert at(f"/{mine.pk}/restore") in answer["HX-Trigger"]
    assert list_worklogs(item) == ()
    client.post(at(f"/{mine.pk}/restore"))
    assert list_worklogs(item) == (mine,)


def test_others_see_it_and_cannot_change_it(
    item: WorkItem, at: Callable[[str], str], mine: Worklog
) -> None:
    other = signed_in(a_member(item.team.workplace))
    page = other.get(at("").removesuffix("/time")).content.decode()
    assert "30m" in page
    assert at(f"/{mine.pk}/delete") not in page
    assert other.get(at(f"/{mine.pk}")).status_code == 403
    assert other.post(at(f"/{mine.pk}"), FORM).status_code == 403
    assert other.post(at(f"/{mine.pk}/delete")).status_code == 403


def test_who_only_reads_is_offered_no_form(
    guest: Client, at: Callable[[str], str], mine: Worklog
) -> None:
    page = guest.get(at("").removesuffix("/time")).content.decode()
    assert "time-heading" in page
    assert "Log time" not in page
    assert guest.post(at(""), FORM).status_code == 403


def test_many_entries_are_folded(
    client: Client, item: WorkItem, owner: Member, at: Callable[[str], str]
) -> None:
    for _ in range(12):
        log_time(item.pk, NewWorklog(started=NINE, seconds=60), actor=Actor.of(owner))
    assert "Show 4 earlier" in client.get(at("").removesuffix("/time")).content.decode()
