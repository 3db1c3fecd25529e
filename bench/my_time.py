"""A month of one's own time: calls and seconds, ours beside the plain way, on a distant site.

The plain way is what common tools do: search the issues by JQL, then ask each for its worklogs.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import httpx2
from django.conf import settings

from bench.ground import make_ground
from bench.report import tell
from duolog.connections.services import NewConnection, close_clients, connect
from duolog.people.models import Member
from duolog.sync.handlers import HANDLERS
from duolog.worker.attempt import run_until_idle
from duolog.worklogs.own.queries import own_range
from duolog.worklogs.own.refreshing import ask_to_refresh
from jirasim.site.model import Issue, Worklog
from jirasim.testing import JiraSite, running_site

ISSUES: Final = 500
MINE: Final = (12, 300)
LATENCY_MS: Final = 50
FIRST: Final = date(2026, 3, 1)
LAST: Final = date(2026, 3, 31)
BEGIN: Final = datetime(2026, 3, 1, 8, tzinfo=UTC)
LONG_AGO: Final = datetime(2026, 1, 5, tzinfo=UTC)
JQL: Final = (
    'worklogAuthor = currentUser() AND worklogDate >= "2026-02-28" AND worklogDate < "2026-04-02"'
)


def main() -> None:
    """One site where few of the busy issues are mine, and one where most are."""
    settings.ALLOW_PRIVATE_HOSTS = True
    for number, mine in enumerate(MINE, start=1):
        with running_site(issues=ISSUES) as site:
            _fill(site, mine)
            site.sim("POST", "settings", {"latency_ms": LATENCY_MS})
            _tell_of_month(site, mine, make_ground(number).owner)
            close_clients()


def _tell_of_month(site: JiraSite, mine: int, me: Member) -> None:
    person = site.ready["people"][0]
    given = NewConnection(site.url, person["email"], person["api_token"], kind="personal")
    connect(me, given)
    plain, sums = _counted(site, lambda: _plain(site, person))
    first, ours = _counted(site, lambda: _ours(me))
    idle, again = _counted(site, lambda: _ours(me))
    if not sums == ours == again:
        raise ValueError(f"the ways disagree: {sums}, {ours} and {again} seconds")
    tell(
        f"my time: a month, {mine} of {ISSUES} busy issues mine, {LATENCY_MS} ms away",
        ours=first,
        ours_idle=idle,
        plain_each_time=plain,
        hours_logged=ours / 3600,
    )


def _ours(me: Member) -> int:
    """The seconds of the month, once Jira was asked for what may have changed."""
    ask_to_refresh(me, FIRST, LAST, at_once=True)
    run_until_idle(HANDLERS, within=5)
    found = own_range(me, FIRST, LAST)
    if not found.is_complete:
        raise ValueError(f"not read: {found.connections}")
    return found.seconds


def _plain(site: JiraSite, person: dict[str, Any]) -> int:
    """The same by one search and one request for each issue that it names."""
    who, seconds, token = (person["email"], person["api_token"]), 0, None
    with httpx2.Client(base_url=f"{site.url}/rest/api/3", auth=who, timeout=60) as http:
        while True:
            asked: dict[str, Any] = {"jql": JQL, "fields": ["summary"], "maxResults": 100}
            page = http.post(
                "/search/jql", json=asked | ({"nextPageToken": token} if token else {})
            ).json()
            for issue in page["issues"]:
                told = http.get(f"/issue/{issue['id']}/worklog").json()
                seconds += sum(_counts(each, person["account_id"]) for each in told["worklogs"])
            token = page.get("nextPageToken")
            if not token:
                return seconds


def _counts(worklog: dict[str, Any], account: str) -> int:
    day = datetime.fromisoformat(worklog["started"]).astimezone(UTC).date()
    is_mine = worklog["author"]["accountId"] == account and FIRST <= day <= LAST
    return int(worklog["timeSpentSeconds"]) if is_mine else 0


def _counted(site: JiraSite, act: Callable[[], int]) -> tuple[dict[str, float], int]:
    site.sim("POST", "calls/reset")
    began = time.perf_counter()
    answer = act()
    took = time.perf_counter() - began
    return {"calls": sum(site.calls().values()), "seconds": float(f"{took:.3g}")}, answer


def _fill(site: JiraSite, mine: int) -> None:
    """On every issue others log through the month, on two of three more than a search shows."""
    state = site.simulator.site.state
    me, other = (
        next(u.account_id for u in state.users.values() if u.email == person["email"])
        for person in site.ready["people"][:2]
    )
    state.users[me] = replace(state.users[me], time_zone="Etc/UTC")
    for place, issue in enumerate(list(state.issues.values())):
        theirs = [(other, timedelta(hours=11 * n)) for n in range(5 + place * 7 % 60)]
        own = [(me, timedelta(days=place % 10 + 7 * n)) for n in range(3 if place < mine else 0)]
        _log(site, issue, [*theirs, *own])


def _log(site: JiraSite, issue: Issue, logs: list[tuple[str, timedelta]]) -> None:
    here = site.simulator.site
    rows = tuple(
        Worklog(
            here.next_id("worklog"), issue.id, author, author, BEGIN + ahead, 1800,
            created=LONG_AGO, updated=LONG_AGO,
        )
        for author, ahead in logs
    )  # fmt: skip
    here.store(replace(issue, worklogs=rows, updated=LONG_AGO))
