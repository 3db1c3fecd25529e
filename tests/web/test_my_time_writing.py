"""Changing one's own time: by cell, by dialog, by drag; what is wrong is said and stays typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from helpers.my_time import a_connection, a_worklog, an_issue, read_whole

from duolog.people.models import Member
from duolog.worklogs.models import (
    JiraIssue,
    OwnWorklog,
    Timer,
    WorklogState,
    WorklogTemplate,
    WorklogWrite,
)

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


def live() -> list[OwnWorklog]:
    return list(OwnWorklog.objects.filter(deleted_at=None))


def test_a_cell_logs_after_what_is_there_edits_and_deletes(issue: JiraIssue, post: Post) -> None:
    cell = {"issue": issue.pk, "day": MONDAY}
    answer = post("cell", **cell, time_spent="1,5")
    (made,) = live()
    assert (made.started_at, made.seconds) == (datetime(2026, 3, 2, 9, tzinfo=UTC), 5400)
    assert made.state == WorklogState.PENDING
    assert f'id="rt-{issue.pk}"' in answer.content.decode()
    assert f"/{made.pk}/undo?" in answer["HX-Trigger"]
    another = an_issue(issue.connection, "FHP-2")
    post("cell", issue=another.pk, day=MONDAY, time_spent="30m")
    assert live()[1].started_at == datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
    post("cell", **cell, worklog=made.pk, time_spent="45m")
    made.refresh_from_db()
    assert made.seconds == 2700
    post("cell", **cell, worklog=made.pk, time_spent="")
    assert [each.issue_id for each in live()] == [another.pk]


def test_what_cannot_be_read_stays_in_the_cell_with_a_reason(issue: JiraIssue, post: Post) -> None:
    answer = post("cell", issue=issue.pk, day=MONDAY, time_spent="a <while>")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="a &lt;while&gt;"' in page
    assert "no length of time" in page
    assert live() == []


def test_a_cell_that_says_what_it_said_writes_nothing(issue: JiraIssue, post: Post) -> None:
    row = a_worklog(issue, MONDAY, seconds=95)
    answer = post("cell", issue=issue.pk, day=MONDAY, worklog=row.pk, time_spent="1m 35s")
    assert answer.status_code == 200
    assert not WorklogWrite.objects.exists()


def test_the_dialog_logs_with_all_that_jira_offers(issue: JiraIssue, post: Post) -> None:
    more = {"estimate": "new", "estimate_value": "4h", "notify": "yes"}
    answer = post("new", **FORM, issue=issue.pk, **more)
    assert answer.status_code == 200
    assert "close-dialog" in answer["HX-Trigger"]
    (made,) = live()
    assert (made.seconds, made.comment) == (5400, "Paired")
    write = WorklogWrite.objects.get()
    assert write.estimate == {"adjusting": "new", "minutes": 240}
    assert write.notify


def test_a_dialog_sent_twice_logs_and_copies_once(
    owner: Member, issue: JiraIssue, client: Client, at: str, post: Post
) -> None:
    opened = client.get(f"{at}/new?{QUERY}").context["act"]
    for _ in range(2):
        assert post("new", **FORM, issue=issue.pk, act=opened).status_code == 200
    assert len(live()) == 1
    OwnWorklog.objects.update(state=WorklogState.SAVED)
    read_whole(owner, MONDAY, MONDAY)
    copying = client.get(f"{at}/copy?{QUERY}").context["act"]
    days = {"what": "day", "from": str(MONDAY), "to": str(SUNDAY), "act": copying}
    for _ in range(2):
        assert post("copy", **days).status_code == 200
    assert len(live()) == 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param({"issue": ""}, "Pick the issue", id="no issue"),
        pytest.param({"time_spent": "soon"}, "no length of time", id="no time"),
        pytest.param({"day": ""}, "on which day", id="no day"),
        pytest.param({"clock": "late"}, "when it began", id="no start"),
        pytest.param({"estimate": "new"}, "no length of time", id="no estimate"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    issue: JiraIssue, post: Post, changed: dict[str, str], words: str
) -> None:
    answer = post("new", **{**FORM, "issue": issue.pk, **changed})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Paired" in answer.content.decode()
    assert live() == []


def test_an_edit_names_only_what_was_changed(
    issue: JiraIssue, client: Client, at: str, post: Post
) -> None:
    row = a_worklog(issue, MONDAY, seconds=95, comment="Was")
    shown = {"day": MONDAY, "clock": "09:00", "time_spent": "1m 35s", "comment": "Was"}
    assert 'value="1m 35s"' in client.get(f"{at}/{row.pk}?{QUERY}").content.decode()
    post(f"{row.pk}", **shown)
    assert not WorklogWrite.objects.exists()
    post(f"{row.pk}", **{**shown, "comment": ""})
    assert set(WorklogWrite.objects.get().wanted) == {"comment"}
    row.refresh_from_db()
    assert (row.seconds, row.comment) == (95, "")
    post(f"{row.pk}", **{**shown, "comment": "", "day": MONDAY + timedelta(1)})
    row.refresh_from_db()
    assert row.started_at == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert row.seconds == 95


def test_a_drag_changes_the_start_or_the_length(issue: JiraIssue, post: Post) -> None:
    row = a_worklog(issue, MONDAY, seconds=95)
    post(f"{row.pk}/shift", begins=615)
    row.refresh_from_db()
    assert (row.started_at, row.seconds) == (datetime(2026, 3, 2, 10, 15, tzinfo=UTC), 95)
    post(f"{row.pk}/shift", minutes=40)
    row.refresh_from_db()
    assert row.seconds == 2400
    assert [set(each.wanted) for each in WorklogWrite.objects.all()] == [{"started"}, {"seconds"}]


def test_a_worklog_stays_on_its_own_site(
    issue: JiraIssue, client: Client, at: str, post: Post
) -> None:
    """Two sites number their issues alike: an id of one is another issue on the other."""
    row = a_worklog(issue, MONDAY)
    beyond = an_issue(a_connection(issue.connection.member, "Halden DC"), "SUP-1")
    namesake = an_issue(issue.connection, "FHP-2")
    JiraIssue.objects.filter(pk=namesake.pk).update(issue_id=beyond.issue_id)
    for act in ("move", "split"):
        opened = client.get(f"{at}/{row.pk}/{act}?{QUERY}").content.decode()
        assert f"issues?connection={issue.connection_id}" in opened, "only its site is offered"
        answer = post(f"{row.pk}/{act}", issue=beyond.pk, time_spent="20m")
        assert answer.status_code == 422
        assert "Pick an issue of Fernhill Cloud." in answer.content.decode()
    assert not WorklogWrite.objects.exists()


def test_a_worklog_is_moved_split_repeated_and_deleted(
    owner: Member, issue: JiraIssue, post: Post
) -> None:
    row, other = a_worklog(issue, MONDAY), an_issue(issue.connection, "FHP-2")
    elsewhere = an_issue(a_connection(owner, "Halden DC"), "SUP-1")
    refused = post(f"{row.pk}/move", issue=elsewhere.pk)
    assert "Pick an issue of Fernhill Cloud" in refused.content.decode()
    assert post(f"{row.pk}/move", issue=other.pk).status_code == 200
    assert WorklogWrite.objects.get().wanted == {"issue": other.pk}
    third = a_worklog(issue, MONDAY, "13:00")
    assert post(f"{third.pk}/split", time_spent="3h", issue=issue.pk).status_code == 422
    post(f"{third.pk}/split", time_spent="20m", issue=issue.pk, comment="")
    third.refresh_from_db()
    assert third.seconds == 2400
    post(f"{third.pk}/again")
    assert OwnWorklog.objects.latest("pk").started_at == datetime(2026, 3, 3, 13, tzinfo=UTC)
    answer = post(f"{third.pk}/delete")
    assert f"/{third.pk}/undo?" in answer["HX-Trigger"]
    assert third not in live()


def test_a_week_is_copied_once_it_is_read_whole(
    owner: Member, issue: JiraIssue, post: Post
) -> None:
    a_worklog(issue, MONDAY)
    form = {"what": "week", "from": MONDAY, "to": MONDAY + timedelta(7)}
    assert "not read whole" in post("copy", **form).content.decode()
    read_whole(owner, MONDAY, SUNDAY)
    assert "One worklog copied" in post("copy", **form)["HX-Trigger"]
    assert live()[1].started_at == datetime(2026, 3, 9, 9, tzinfo=UTC)


def test_a_week_copied_again_gets_only_what_is_not_there(
    owner: Member, issue: JiraIssue, post: Post
) -> None:
    for seconds in (3600, 3600, 1800):  # two of them alike
        a_worklog(issue, MONDAY, seconds=seconds)
    read_whole(owner, MONDAY, SUNDAY)
    form = {"what": "week", "from": MONDAY, "to": MONDAY + timedelta(7)}
    assert "3 worklogs copied" in post("copy", **form)["HX-Trigger"]
    assert "logged there already" in post("copy", **form).content.decode()
    a_worklog(issue, MONDAY, comment="Said later")
    assert "One worklog copied" in post("copy", **form)["HX-Trigger"]
    assert Counter(row.comment for row in live()) == {"": 6, "Said later": 2}


def test_a_failed_save_says_why_and_is_retried_or_given_up(
    issue: JiraIssue, client: Client, at: str, post: Post
) -> None:
    post("cell", issue=issue.pk, day=MONDAY, time_spent="1h")
    (row,) = live()
    WorklogWrite.objects.update(failed_at=timezone.now(), problem="No.", hint="Ask.")
    OwnWorklog.objects.update(state="failed", problem="Jira said no.", hint="Ask an admin.")
    page = client.get(f"{at}?{QUERY}").content.decode()
    assert "Not saved. Jira said no. Ask an admin." in page
    assert "1h, not saved" in page
    post(f"{row.pk}/retry")
    row.refresh_from_db()
    assert row.state == WorklogState.PENDING
    WorklogWrite.objects.update(failed_at=timezone.now())
    post(f"{row.pk}/discard")
    assert live() == []


def test_templates_are_logged_once_and_not_on_holidays(
    owner: Member, issue: JiraIssue, post: Post
) -> None:
    owner.user.zone = "Europe/Berlin"
    owner.user.save()
    form = {"issue": issue.pk, "clock": "09:30", "time_spent": "15m", "comment": "Stand-up"}
    assert "at least one weekday" in post("templates", **form).content.decode()
    post("templates", **form, weekdays=["0", "2"])
    assert WorklogTemplate.objects.get().weekdays == [0, 2]
    assert "2 worklogs made" in post("templates/apply")["HX-Trigger"]
    assert "logged already" in post("templates/apply")["HX-Trigger"]
    starts = [each.started_at for each in live()]
    assert starts == [datetime(2026, 3, day, 8, 30, tzinfo=UTC) for day in (2, 4)]
    post("hours", monday="8h", country="DE")
    post(f"templates/{WorklogTemplate.objects.get().pk}/drop")
    assert not WorklogTemplate.objects.exists()


def test_the_timer_runs_in_the_frame_and_becomes_a_worklog(
    issue: JiraIssue, client: Client, at: str, post: Post
) -> None:
    assert "Pick the issue" in post("timer", issue="").content.decode()
    assert "The timer runs on FHP-418" in post("timer", issue=issue.pk)["HX-Trigger"]
    assert "data-running" in client.get(at).content.decode()
    assert "A timer runs on" in post("timer", issue=issue.pk).content.decode()
    answer = post("timer/stop")
    assert "1m logged, rounded up" in answer["HX-Trigger"]
    assert not Timer.objects.exists()
    post("timer", issue=issue.pk)
    post("timer/discard")
    assert not Timer.objects.exists()
    assert len(live()) == 1


def test_hours_holidays_and_the_zone_are_kept(
    owner: Member, issue: JiraIssue, client: Client, at: str, post: Post
) -> None:
    page = post("hours", monday="eight", tuesday="25h", country="XX", zone="Europe/Berlin")
    said = page.content.decode()
    assert said.count('aria-invalid="true"') == 2
    assert 'value="eight"' in said
    assert "of the list" in said
    post("hours", monday="7:30", friday="0", country="DE", part="DE-BY", zone="Asia/Kolkata")
    owner.user.refresh_from_db()
    assert owner.user.zone == "Asia/Kolkata"
    page = client.get(f"{at}/hours").content.decode()
    assert "7h 30m a week" in page
    assert "Bayern" in page
    assert "Bayern" in client.get(f"{at}/hours/parts?country=DE").content.decode()
    assert post("hours", zone="Mars").status_code == 422
    read_whole(owner, MONDAY, MONDAY)
    assert "of 7h 30m" in client.get(f"{at}?view=day&day={MONDAY}").content.decode()


def test_a_report_sums_by_day_project_and_issue(
    owner: Member, issue: JiraIssue, client: Client, at: str
) -> None:
    a_worklog(issue, MONDAY, seconds=5400, comment="=1+1")
    a_worklog(an_issue(issue.connection, "MOB-7", "Offline"), SUNDAY, seconds=1800)
    read_whole(owner, MONDAY, SUNDAY)
    query = f"from={MONDAY}&to={SUNDAY}"
    page = client.get(f"{at}/reports?{query}").content.decode()
    assert "Project MOB" in page
    assert "Mon 2 Mar" in page
    assert "2h" in page
    csv = client.get(f"{at}/reports/worklogs.csv?{query}")
    assert "'=1+1" in csv.content.decode()
    assert "worklogs-2026-03-02-to-2026-03-08.csv" in csv["Content-Disposition"]
    assert client.get(f"{at}/reports/worklogs.xlsx?{query}").content.startswith(b"PK")
    year = client.get(f"{at}/reports?from=2026-01-01&to=2026-12-31").content.decode()
    assert "Time per week" in year
