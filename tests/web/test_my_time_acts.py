"""What logs time is done once, however often it is sent; other words on the way are not lost."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from helpers.my_time import a_connection, a_worklog, an_issue, read_whole

from duolog.connections.gate import GATE
from duolog.people.models import Member
from duolog.worklogs.models import JiraIssue, OwnWorklog, WorklogState, WorklogWrite
from duolog.worklogs.own.services import undo

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 8)
QUERY = f"view=week&day={MONDAY}"
FORM = {"day": str(MONDAY), "clock": "09:00", "time_spent": "1h 30m", "comment": "Paired"}
Post = Callable[..., Any]


@pytest.fixture
def issue(owner: Member) -> JiraIssue:
    return an_issue(a_connection(owner))


@pytest.fixture
def at(owner: Member) -> str:
    return f"/w/{owner.workplace.slug}/time"


@pytest.fixture
def post(client: Client, at: str) -> Post:
    def send(path: str, **form: Any) -> Any:
        return client.post(f"{at}/{path}?{QUERY}", form)

    return send


def lengths() -> list[int]:
    return [each.seconds for each in OwnWorklog.objects.filter(deleted_at=None).order_by("pk")]


def all_saved() -> None:
    """As if Jira had taken everything."""
    for write in WorklogWrite.objects.filter(done_at=None):
        write.done_at = write.asked_at
        write.save()
    OwnWorklog.objects.update(state=WorklogState.SAVED)


def test_a_cell_whose_answer_got_lost_is_typed_again_and_logged_once(
    issue: JiraIssue, post: Post
) -> None:
    typed = {"issue": issue.pk, "day": MONDAY, "worklog": "", "act": uuid.uuid4()}
    for _ in range(2):
        assert post("cell", **typed, time_spent="1h").status_code == 200
    assert lengths() == [3600]
    other = post("cell", **typed, time_spent="2h")
    assert other.status_code == 422
    page = other.content.decode()
    assert 'value="2h"' in page
    assert "1h was logged already. Press Enter" in page
    assert f'data-worklog="{OwnWorklog.objects.get().pk}"' in page
    assert lengths() == [3600]


def test_repeating_for_another_day_under_the_same_number_is_refused_in_words(
    issue: JiraIssue, post: Post
) -> None:
    row, act = a_worklog(issue, MONDAY), uuid.uuid4()
    post(f"{row.pk}/again", act=act, to=MONDAY + timedelta(days=1))
    other = post(f"{row.pk}/again", act=act, to=MONDAY + timedelta(days=2))
    assert other.status_code == 409
    assert other.headers["X-Reason"].startswith("This%20was%20done%20already")
    assert OwnWorklog.objects.count() == 2


def test_repeating_and_templates_are_done_once_too(
    owner: Member, issue: JiraIssue, post: Post
) -> None:
    row, act = a_worklog(issue, MONDAY), uuid.uuid4()
    for _ in range(2):
        assert post(f"{row.pk}/again", act=act).status_code == 200
    assert lengths() == [3600, 3600]
    kept = {"issue": issue.pk, "clock": "11:00", "time_spent": "15m", "weekdays": ["0", "2"]}
    assert post("templates", **kept).status_code == 200
    applied = uuid.uuid4()
    for _ in range(2):
        answer = post("templates/apply", act=applied)
        assert "2 worklogs made of templates" in answer["HX-Trigger"]
    assert lengths() == [3600, 3600, 900, 900]
    all_saved()
    last = OwnWorklog.objects.latest("pk")
    assert f"/{last.pk - 1}/undo?" in answer["HX-Trigger"]
    assert len(undo(owner, last.pk)) == 2
    assert lengths() == [3600, 3600]


def test_what_jira_has_not_answered_to_yet_can_be_undone_in_a_moment(
    owner: Member, issue: JiraIssue, client: Client, post: Post
) -> None:
    a_worklog(issue, MONDAY)
    a_worklog(issue, MONDAY, "11:00")
    read_whole(owner, MONDAY, MONDAY)
    form = {"what": "day", "from": MONDAY, "to": MONDAY + timedelta(1)}
    told = json.loads(post("copy", **form)["HX-Trigger"])["toast"]
    made = OwnWorklog.objects.order_by("pk")[2]
    WorklogWrite.objects.filter(worklog=made).update(done_at=timezone.now())
    OwnWorklog.objects.filter(pk=made.pk).update(state=WorklogState.SAVED)
    with contextlib.ExitStack() as others:
        while others.enter_context(GATE.passed_at_once()):
            pass  # who finds the gate full does not wait
        early = client.post(told["undo"])
    again = json.loads(early["HX-Trigger"])["toast"]
    assert (early.status_code, again["undo"]) == (200, told["undo"])
    assert "still on its way" in again["text"]
    assert lengths() == [3600] * 4
    all_saved()
    assert "Undone" in client.post(again["undo"])["HX-Trigger"]
    assert lengths() == [3600] * 2


def test_a_dialog_sent_again_with_other_words_says_what_was_logged_and_keeps_them(
    issue: JiraIssue, client: Client, at: str, post: Post
) -> None:
    opened = client.get(f"{at}/new?{QUERY}").context["act"]
    assert post("new", **FORM, issue=issue.pk, act=opened).status_code == 200
    said = {**FORM, "issue": issue.pk, "comment": "Paired & reviewed"}
    other = post("new", **said, act=opened)
    assert other.status_code == 409
    page = other.content.decode()
    assert "Done already: FHP-418, 1h 30m on 2 March." in page
    assert "Paired &amp; reviewed" in page
    assert lengths() == [5400]
    assert post("new", **said, act=other.context["act"]).status_code == 200
    assert lengths() == [5400, 5400]


def test_splitting_and_copying_again_in_other_words_is_not_done_unseen(
    owner: Member, issue: JiraIssue, client: Client, at: str, post: Post
) -> None:
    row = a_worklog(issue, MONDAY)
    opened = client.get(f"{at}/{row.pk}/split?{QUERY}").context["act"]
    halved = {"issue": issue.pk, "comment": "", "act": opened}
    assert post(f"{row.pk}/split", **halved, time_spent="20m").status_code == 200
    other = post(f"{row.pk}/split", **halved, time_spent="30m")
    assert other.status_code == 409
    assert "was not split off" in other.content.decode()
    assert 'value="30m"' in other.content.decode()
    all_saved()
    read_whole(owner, MONDAY, SUNDAY)
    copying = {"what": "day", "from": MONDAY, "act": uuid.uuid4()}
    assert post("copy", **copying, to=SUNDAY).status_code == 200
    other = post("copy", **copying, to=SUNDAY - timedelta(1))
    assert other.status_code == 409
    assert "Done already: FHP-418, 40m on 8 March; FHP-418, 20m on 8 March" in (
        other.content.decode()
    )
    assert lengths() == [2400, 1200, 2400, 1200]
