"""My time: the days as they are known here, at once, and never a part as if it were the whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from helpers.builders import a_member
from helpers.my_time import a_connection, a_worklog, an_issue, read_whole
from helpers.rest import rest_of
from web.visitors import signed_in

from duolog.connections.models import Connection, Health
from duolog.people.models import Member
from duolog.worklogs.models import JiraIssue, ReadRange, WorkingHours
from duolog.worklogs.own.habits import keep_at_hand

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 8)
Show = Callable[..., str]


@pytest.fixture
def at(owner: Member) -> str:
    return f"/w/{owner.workplace.slug}/time"


@pytest.fixture
def cloud(owner: Member) -> Connection:
    return a_connection(owner)


@pytest.fixture
def issue(cloud: Connection) -> JiraIssue:
    return an_issue(cloud, summary="Retry <it>")


@pytest.fixture
def show(client: Client, at: str) -> Show:
    def page(query: str = f"view=week&day={MONDAY}", part: str = "") -> str:
        return client.get(f"{at}{part}?{query}").content.decode()

    return page


def test_who_has_no_connection_is_told_what_to_do(show: Show) -> None:
    assert "Connect your Jira to see and log your time" in show("")


def test_time_on_an_issue_that_jira_hides_is_told_of_and_not_counted(
    owner: Member, issue: JiraIssue, show: Show
) -> None:
    a_worklog(issue, MONDAY, seconds=5400)
    a_worklog(issue, MONDAY, "13:00", 1800)
    read_whole(owner, MONDAY, SUNDAY)
    JiraIssue.objects.update(hidden_since=datetime(2026, 3, 5, 14, 20, tzinfo=UTC))
    for page in (show(), show(f"from={MONDAY}&to={SUNDAY}", "/reports")):
        assert "2 worklogs (2h) on FHP-418 are not counted." in page
        assert "Since 5 March 2026, 14:20 Fernhill Cloud shows you no such issue" in page
    told = rest_of(owner).ask("GET", f"/worklogs?from={MONDAY}&to={SUNDAY}&refresh=false").json()
    assert (told["items"], told["time_spent_seconds"]) == ([], 0)
    (hidden,) = told["hidden"]
    assert (hidden["issue_key"], hidden["worklogs"], hidden["time_spent_seconds"]) == (
        "FHP-418", 2, 7200,
    )  # fmt: skip
    assert hidden["since"].startswith("2026-03-05T14:20")


def test_a_week_shows_issues_days_and_sums(owner: Member, issue: JiraIssue, show: Show) -> None:
    a_worklog(issue, MONDAY, seconds=5400, comment="Paired")
    a_worklog(issue, MONDAY, "13:00", 1800)
    read_whole(owner, MONDAY, SUNDAY)
    page = show()
    assert "Retry &lt;it&gt;" in page
    assert f'href="{issue.url}" target="_blank" rel="noopener noreferrer"' in page
    assert "of 40h" in page
    assert "2h, 2 worklogs, show them" in page
    assert "6h missing" in page
    assert "09:00" in page
    assert "Paired" in page


def test_what_was_not_read_whole_is_never_shown_as_whole(
    owner: Member, issue: JiraIssue, show: Show
) -> None:
    a_worklog(issue, MONDAY)
    page = show()
    assert "so far" in page
    assert "may lack worklogs" in page
    assert "of 40h" not in page
    assert "missing" not in page
    refused = show(f"from={MONDAY}&to={SUNDAY}", "/reports/worklogs.csv")
    assert "not read whole yet" in refused
    read_whole(owner, MONDAY, SUNDAY)
    assert "of 40h" in show()
    assert "FHP-418" in show(f"from={MONDAY}&to={SUNDAY}", "/reports/worklogs.csv")


def test_opening_a_page_has_jira_asked_and_does_not_wait(cloud: Connection, show: Show) -> None:
    page = show()
    asked = ReadRange.objects.get(connection=cloud)
    assert (asked.first, asked.last) == (MONDAY, SUNDAY)
    assert "Reading Fernhill Cloud for the first time" in page
    assert "load delay:1000ms" in page
    asked.delete()
    show(f"view=week&day={MONDAY}", "/parts")
    assert not ReadRange.objects.exists()


def test_a_poll_brings_the_days_only_when_there_is_news(
    owner: Member, issue: JiraIssue, client: Client, at: str
) -> None:
    read_whole(owner, MONDAY, SUNDAY)
    query = f"view=week&day={MONDAY}"
    seen = client.get(f"{at}/parts?{query}").context["page"].seen
    assert b"time-rows" not in client.get(f"{at}/parts?{query}&seen={seen}").content
    a_worklog(issue, MONDAY)
    assert b"time-rows" in client.get(f"{at}/parts?{query}&seen={seen}").content


def test_a_report_opens_again_once_its_days_are_read(
    cloud: Connection, client: Client, at: str
) -> None:
    report = f"{at}/reports?from={MONDAY}&to={SUNDAY}"
    assert b"every 2s" in client.get(report).content
    assert client.get(report, headers={"HX-Request": "true"}).status_code == 204
    cloud.health = Health.EXPIRED
    cloud.save()
    over = client.get(report, headers={"HX-Request": "true"})
    assert over.headers["HX-Redirect"] == report
    assert b"every 2s" not in client.get(report).content


def test_a_trouble_says_what_to_do_and_hides_nothing(
    owner: Member, cloud: Connection, issue: JiraIssue, show: Show
) -> None:
    a_worklog(issue, MONDAY)
    read_whole(owner, MONDAY, SUNDAY)
    cloud.health, cloud.reason, cloud.hint = Health.EXPIRED, "Jira said no.", "Make a new token."
    cloud.save()
    page = show()
    assert "Fernhill Cloud: Jira said no." in page
    assert "Make a new token." in page
    assert "1h" in page


def test_jira_counting_by_other_clocks_is_said(owner: Member, show: Show) -> None:
    owner.user.zone = "Europe/Berlin"
    owner.user.save()
    a_connection(owner, "Halden DC", zone="America/New_York")
    page = show()
    assert "Days here are those of Europe/Berlin; Halden DC counts them by America/New_York" in page


def test_the_day_decides_by_the_members_own_clocks(
    owner: Member, issue: JiraIssue, show: Show
) -> None:
    owner.user.zone = "Asia/Kolkata"
    owner.user.save()
    a_worklog(issue, MONDAY, "19:00", 1800)  # half past midnight, on Tuesday
    read_whole(owner, MONDAY, SUNDAY)
    assert "00:30" in show(f"view=day&day={MONDAY + timedelta(1)}")
    assert "No worklogs found" in show(f"view=day&day={MONDAY}")


def test_days_on_which_clocks_are_set_lie_right_on_the_axis(
    owner: Member, client: Client, at: str, issue: JiraIssue, show: Show
) -> None:
    owner.user.zone = "Europe/Berlin"
    owner.user.save()
    forward, back = date(2026, 3, 29), date(2026, 10, 25)
    a_worklog(issue, forward, "00:30", 7200)
    a_worklog(issue, back, "00:30", 3600)
    again = a_worklog(issue, back, "01:30", 3600)  # half past two, for the second time
    for day in (forward, back):
        read_whole(owner, day, day)
    assert "01:30 to 04:30" in show(f"view=day&day={forward}")
    page = show(f"view=day&day={back}")
    assert page.count('data-begins="150" data-minutes="60"') == 2
    assert page.count('data-lanes="2"') == 2, "they lie beside each other, not one on the other"
    assert "02:30 to 02:30" in page
    assert "02:30 to 03:30" in page
    client.post(f"{at}/{again.pk}/shift?view=day&day={back}", {"begins": 165})
    again.refresh_from_db()
    assert again.started_at == datetime(2026, 10, 25, 1, 45, tzinfo=UTC)
    form = {"day": str(back), "clock": "02:50", "time_spent": "1h", "comment": ""}
    client.post(f"{at}/{again.pk}?view=day&day={back}", form)
    again.refresh_from_db()
    assert again.started_at == datetime(2026, 10, 25, 1, 50, tzinfo=UTC)


def test_one_connection_can_be_looked_at_alone(
    owner: Member, cloud: Connection, issue: JiraIssue, show: Show
) -> None:
    other = an_issue(a_connection(owner, "Halden DC"), "SUP-1", "A call")
    a_worklog(issue, MONDAY)
    a_worklog(other, MONDAY)
    read_whole(owner, MONDAY, SUNDAY)
    both, one = show(), show(f"view=week&day={MONDAY}&connection={cloud.pk}")
    assert "SUP-1" in both
    assert "SUP-1" not in one
    assert f"connection={cloud.pk}" in one
    assert show(f"connection={cloud.pk + 1000}").count("There is nothing here") >= 1


def test_a_comment_is_shown_as_it_reads(owner: Member, issue: JiraIssue, show: Show) -> None:
    a_worklog(issue, MONDAY, comment="\\<b> **so**\n\n[Panel info: in](jira:panel/339006af8e63)")
    read_whole(owner, MONDAY, SUNDAY)
    for view in ("week", "day"):
        assert "&lt;b&gt; so Panel info: in<" in show(f"view={view}&day={MONDAY}")


def test_a_day_lies_on_its_axis_with_what_is_not_told(
    owner: Member, issue: JiraIssue, show: Show
) -> None:
    a_worklog(issue, MONDAY, "09:00", 3600)
    a_worklog(issue, MONDAY, "09:30", 3600)
    a_worklog(issue, MONDAY, "12:00", 1800)
    read_whole(owner, MONDAY, SUNDAY)
    page = show(f"view=day&day={MONDAY}")
    assert 'data-begins="540" data-minutes="60" data-lane="0" data-lanes="2"' in page
    assert 'data-begins="570" data-minutes="60" data-lane="1" data-lanes="2"' in page
    assert "1h 30m not told" in page


def test_a_month_counts_its_own_days_and_knows_holidays(
    owner: Member, issue: JiraIssue, show: Show
) -> None:
    WorkingHours.objects.create(member=owner, seconds=[28800] * 5 + [0, 0], region="DE")
    a_worklog(issue, date(2026, 4, 1))
    a_worklog(issue, date(2026, 3, 31))
    read_whole(owner, date(2026, 3, 30), date(2026, 5, 3))
    page = show("view=month&day=2026-04-15")
    assert "Good Friday" in page
    assert "of 160h" in page  # twenty working days: two of 22 are holidays
    assert "<b>1h</b>" in page


def test_favourites_stand_in_the_week_without_time(
    owner: Member, issue: JiraIssue, show: Show
) -> None:
    assert "Retry &lt;it&gt;" not in show()
    keep_at_hand(owner, issue.pk, kept=True)
    assert "Retry &lt;it&gt;" in show()


def test_nobody_sees_the_time_of_another(
    owner: Member, issue: JiraIssue, at: str, client: Client
) -> None:
    row = a_worklog(issue, MONDAY, comment="Mine alone")
    other = a_member(owner.workplace)
    a_connection(other, "Theirs")
    read_whole(owner, MONDAY, SUNDAY)
    theirs = signed_in(other)
    assert b"Mine alone" not in theirs.get(f"{at}?view=day&day={MONDAY}").content
    for path in (f"/{row.pk}", f"/{row.pk}/menu", f"/{row.pk}/move", f"/{row.pk}/split"):
        assert theirs.get(f"{at}{path}").status_code == 404
    for act in ("delete", "undo", "shift", "again", "retry", "discard"):
        assert theirs.post(f"{at}/{row.pk}/{act}").status_code == 404
    cell = {"issue": issue.pk, "day": MONDAY, "time_spent": "1h"}
    assert theirs.post(f"{at}/cell", cell).status_code == 404


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("view=day&day=2019-03-04", "Monday 4 March 2019"),
        ("view=week&day=2019-03-04", "4 to 10 March 2019"),
        ("view=week&day=2018-12-31", "31 Dec 2018 to 6 Jan 2019"),
        ("view=month&day=2019-03-04", "March 2019"),
    ],
)
def test_days_of_another_year_say_which(show: Show, query: str, title: str) -> None:
    assert f"<h2>{title}</h2>" in show(query)


@pytest.mark.parametrize("query", ["view=year&day=no", "day=9999-01-01", "connection=x", ""])
def test_what_cannot_be_read_of_an_address_shows_this_week(
    query: str, cloud: Connection, show: Show
) -> None:
    page = show(query)
    today = timezone.now().date()
    assert f"day={today.isoformat()}" in page
    assert 'aria-current="page">Week' in page
