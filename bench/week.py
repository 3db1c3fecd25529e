"""My time: the week of a busy person over the wire, and how long the server takes for it."""

from datetime import timedelta
from itertools import product
from typing import Final
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db import connections
from django.utils import timezone

from bench.ground import Ground, make_ground
from bench.intake import serving
from bench.pages import FIRST_VISIT, LATER_VISIT, Browser, median_time, signed_in
from bench.report import milliseconds, tell
from duolog.connections.models import Connection, ConnectionKind
from duolog.connections.seal import seal
from duolog.work.lanes import ensure_lane
from duolog.worklogs.models import JiraIssue, OwnWorklog

ISSUES: Final = 40
DAYS: Final = 5
NODES: Final = 1_500


def main() -> None:
    """Look at a week of 200 worklogs on 40 issues, as it is before Jira is asked."""
    ground = make_ground()
    _fill(ground)
    path = f"/w/{ground.owner.workplace.slug}/time"
    cookie = signed_in(ground)
    connections.close_all()
    with serving("duolog.app", urlsplit(settings.PUBLIC_URL).port or 0):
        browser = Browser(cookie)
        weights = browser.first_visit(path)
        page = urljoin(settings.PUBLIC_URL, path)
        tell(
            f"my time: a week of {ISSUES * DAYS} worklogs",
            first_visit_bytes=sum(weights.values()),
            of_first_budget=sum(weights.values()) / FIRST_VISIT,
            later_bytes=weights[page],
            of_later_budget=weights[page] / LATER_VISIT,
            elements=browser.get(page, packed=False).count(b"</"),
            server_ms=milliseconds(median_time(browser, page)),
        )


def _fill(ground: Ground) -> None:
    owner = ground.owner
    connection = Connection.objects.create(
        workplace=owner.workplace,
        member=owner,
        kind=ConnectionKind.PERSONAL,
        label="Fernhill Cloud",
        base_url="http://127.0.0.1:9",
        sealed_secret=seal("nothing"),
        account_id="1",
    )
    ensure_lane(connection.lane, 1)
    issues = JiraIssue.objects.bulk_create(
        JiraIssue(
            connection=connection,
            issue_id=str(number),
            key=f"FHP-{number}",
            summary=f"An issue with a title of the usual length, number {number}",
        )
        for number in range(1, ISSUES + 1)
    )
    today = timezone.now().replace(hour=8, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    OwnWorklog.objects.bulk_create(
        OwnWorklog(
            connection=connection,
            issue=issue,
            jira_id=f"{number}-{day}",
            started_at=monday + timedelta(days=day, minutes=12 * number),
            seconds=720,
            comment="What was done in these twelve minutes",
        )
        for (number, issue), day in product(enumerate(issues), range(DAYS))
    )
