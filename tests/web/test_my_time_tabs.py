"""Two tabs, or a tab and Jira, on one worklog: what was not shown is never overwritten."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from helpers.my_time import a_connection, a_worklog, an_issue

from duolog.people.errors import Stale
from duolog.people.models import Member
from duolog.worklogs.models import JiraIssue, OwnWorklog, WorklogState, WorklogWrite
from duolog.worklogs.own.services import edit
from duolog.worklogs.own.there import spent_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MONDAY = date(2026, 3, 2)
FORM = {"day": str(MONDAY), "clock": "09:00", "time_spent": "1h", "comment": "Ours"}
SEEN = {f"seen_{name}": shown for name, shown in FORM.items()}
Post = Callable[..., Any]


@pytest.fixture
def issue(owner: Member) -> JiraIssue:
    return an_issue(a_connection(owner))


@pytest.fixture
def post(client: Client, owner: Member) -> Post:
    def send(path: str, **form: Any) -> Any:
        at = f"/w/{owner.workplace.slug}/time/{path}?view=week&day={MONDAY}"
        return client.post(at, form)

    return send


def live() -> list[OwnWorklog]:
    return list(OwnWorklog.objects.filter(deleted_at=None))


def test_another_tab_loses_nothing_to_a_dialog_opened_before(issue: JiraIssue, post: Post) -> None:
    row = a_worklog(issue, MONDAY, comment="Ours")
    opened = {**FORM, **SEEN}
    OwnWorklog.objects.filter(pk=row.pk).update(comment="Theirs", version=7)
    assert post(str(row.pk), **{**opened, "time_spent": "2h"}).status_code == 200
    row.refresh_from_db()
    assert (row.seconds, row.comment) == (7200, "Theirs")
    answer = post(str(row.pk), **{**opened, "comment": "Mine", "time_spent": "2h"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "says “Theirs” now" in page
    assert ">\nMine</textarea>" in page
    assert 'name="seen_comment" value="Theirs"' in page
    row.refresh_from_db()
    assert row.comment == "Theirs"
    again = {**opened, "comment": "Mine", "time_spent": "2h", "seen_time_spent": "2h"}
    post(str(row.pk), **{**again, "seen_comment": "Theirs"})
    row.refresh_from_db()
    assert (row.seconds, row.comment) == (7200, "Mine")


def test_a_cell_and_a_drag_overwrite_nothing_they_did_not_show(
    issue: JiraIssue, post: Post
) -> None:
    row = a_worklog(issue, MONDAY)
    cell = {"issue": issue.pk, "day": MONDAY, "worklog": row.pk, "seen": "30m"}
    for typed in ("45m", ""):
        answer = post("cell", **cell, time_spent=typed)
        assert answer.status_code == 422
        assert "It says 1h by now" in answer.content.decode()
    drag = {"seen_day": MONDAY, "seen_begins": 480, "seen_minutes": 60}
    assert "Not changed: it says 09:00" in post(f"{row.pk}/shift", begins=600, **drag)["HX-Trigger"]
    assert [(each.seconds, each.started_at.hour) for each in live()] == [(3600, 9)]
    post(f"{row.pk}/shift", minutes=90, **drag)
    assert live()[0].seconds == 5400
    OwnWorklog.objects.update(deleted_at=timezone.now())
    assert "Press Enter to log this anew" in post("cell", **cell, time_spent="45m").content.decode()
    post("cell", **{**cell, "worklog": "", "seen": "", "many": 0}, time_spent="45m")
    assert [each.seconds for each in live()] == [2700]


def test_a_cell_that_another_tab_filled_meanwhile_gets_no_second_worklog_unasked(
    issue: JiraIssue, post: Post
) -> None:
    empty = {"issue": issue.pk, "day": MONDAY, "worklog": "", "seen": "", "many": 0}
    post("cell", **empty, time_spent="1h")
    answer = post("cell", **empty, time_spent="45m")
    page, (row,) = answer.content.decode(), live()
    assert answer.status_code == 422
    assert "It says 1h by now. Press Enter to have it say what you typed." in page
    assert 'value="45m"' in page
    assert f'data-worklog="{row.pk}"' in page
    assert row.seconds == 3600
    a_worklog(issue, MONDAY, "15:00")
    answer = post("cell", **empty, time_spent="45m")
    page = answer.content.decode()
    assert "It says 2h by now. Press Enter to log what you typed beside that." in page
    post("cell", **{**empty, "seen": "2h", "many": 2}, time_spent="45m")
    assert sorted(each.seconds for each in live()) == [2700, 3600, 3600]


def test_a_cell_sent_twice_after_a_lost_answer_logs_once(issue: JiraIssue, post: Post) -> None:
    form = {"issue": issue.pk, "day": MONDAY, "worklog": "", "seen": "", "many": 0, "act": "a" * 32}
    for _ in range(2):
        assert post("cell", **form, time_spent="1h").status_code == 200
    assert [each.seconds for each in live()] == [3600]


def test_a_way_back_leads_back_from_what_it_was_offered_for(
    client: Client, issue: JiraIssue, post: Post
) -> None:
    row = a_worklog(issue, MONDAY)
    offered = json.loads(post(f"{row.pk}/shift", minutes=90)["HX-Trigger"])["toast"]["undo"]
    post(f"{row.pk}/shift", minutes=95)
    all_saved()
    assert client.post(offered).status_code == 409
    row.refresh_from_db()
    assert row.seconds == 5700


def test_removing_a_connection_names_what_jira_does_not_have_yet(
    client: Client, issue: JiraIssue, post: Post
) -> None:
    over = issue.connection
    at = reverse("web:remove-own", args=[over.workplace.slug, over.pk])
    a_worklog(issue, MONDAY)
    assert "not saved in Jira yet" not in client.get(at).content.decode()
    post("new", **FORM, issue=issue.pk)
    page = client.get(at).content.decode()
    assert "1 worklog not saved in Jira yet:</b> FHP-418, 1h on 2 March." in page


def all_saved() -> None:
    """As if Jira had taken everything."""
    WorklogWrite.objects.update(done_at=timezone.now())
    OwnWorklog.objects.update(state=WorklogState.SAVED)


def test_that_jira_has_saved_it_meanwhile_stands_in_nobodys_way(issue: JiraIssue) -> None:
    row = a_worklog(issue, MONDAY, comment="Ours")
    said = spent_of(row)
    OwnWorklog.objects.filter(pk=row.pk).update(version=7)
    member = issue.connection.member
    assert edit(member, row.pk, {"seconds": 7200}, expected=said).seconds == 7200
    with pytest.raises(Stale):
        edit(member, row.pk, {"seconds": 60}, expected=said)
