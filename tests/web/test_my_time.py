"""My time: the days as they are known here, at once, and never a part as if it were the whole."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from helpers.my_time import a_connection, a_worklog, an_issue, read_whole

from duolog.people.models import Member

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 8)


@pytest.fixture
def at(owner: Member) -> str:
    return f"/w/{owner.workplace.slug}/time"


def test_who_has_no_connection_is_told_what_to_do(client: Client, at: str) -> None:
    assert "Connect your Jira to see and log your time" in client.get(at).content.decode()


def test_a_week_shows_issues_days_and_sums(client: Client, owner: Member, at: str) -> None:
    issue = an_issue(a_connection(owner), summary="Retry <it>")
    a_worklog(issue, MONDAY, seconds=5400, comment="Paired")
    a_worklog(issue, MONDAY, "13:00", 1800)
    read_whole(owner, MONDAY, SUNDAY)
    page = client.get(f"{at}?view=week&day={MONDAY}").content.decode()
    assert "Retry &lt;it&gt;" in page
    assert f'href="{issue.url}"' in page
    assert 'rel="noopener noreferrer"' in page
    assert "of 40h" in page
    assert page.count(">2h<") >= 2
    assert "6h missing" in page
