"""A site that lets little through: everything arrives, and people do not wait for the rest."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db.models import F
from helpers.bound import Bound, a_bound_team
from helpers.jirasim import Jira

from duolog.connections.models import Pace
from duolog.sync.binding.services import Rules, Wish, bind_team
from duolog.sync.handlers import HANDLERS
from duolog.sync.models import Link, LinkState
from duolog.work.models import Work
from duolog.worker.loop import Worker
from duolog.workplace.services.comments import add_comment

pytestmark = [
    pytest.mark.database,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]
EDITS = 5
PATIENCE = 120.0


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    with a_bound_team(jira) as bound:
        try:
            yield bound
        finally:
            jira.sim("POST", "limits", {"mode": "off"})


@contextmanager
def working() -> Iterator[None]:
    """A worker as the server has one."""
    worker = Worker(HANDLERS, 4, kept=1)
    worker.start()
    try:
        yield
    finally:
        assert worker.stop()


def wait_until(is_reached: Callable[[], bool]) -> None:
    pause, ends = threading.Event(), time.monotonic() + PATIENCE
    while not is_reached():
        waiting = Work.objects.exclude(error="").values_list("kind", "key", "error")
        assert time.monotonic() < ends, list(waiting[:9])
        pause.wait(0.1)


def items(jira: Jira) -> int:
    """As many as take some 20 seconds: the strict Server grants one call a second.

    The edits begin when a third is there: an issue just made waits for its own limit of writes,
    whatever else is sent.
    """
    return 18 if jira.is_cloud else 8


def is_sent() -> bool:
    """Whether all items are in step, and nothing waits that does not come by itself."""
    waiting = Work.objects.filter(want__gt=F("done"), every=None)
    return not (Link.objects.exclude(state=LinkState.IN_STEP).exists() or waiting.exists())


def begin(bound: Bound) -> None:
    """A first send that takes its time under these limits: each item has comments."""
    for number in range(items(bound.jira)):
        item = bound.item(f"Item {number}")
        for said in range(2):
            add_comment(item.pk, f"Said {said}", actor=bound.me)
    bound.run()
    bound.binding = bind_team(
        bound.owner, bound.team, Wish(bound.connection, bound.jira.project_key, Rules())
    )
    bound.jira.sim("POST", "limits", {"mode": "strict"})
    bound.jira.sim("POST", "limits/reset")


def clock(jira: Jira) -> datetime:
    return datetime.fromisoformat(jira.sim("GET", "clock")["now"])


def changed_at(jira: Jira, issue: str, title: str) -> datetime:
    """When an issue got a title, by the simulator's clock."""
    told = jira.ask("GET", f"issue/{issue}?expand=changelog")["changelog"]["histories"]
    (moment,) = [h["created"] for h in told for i in h["items"] if i.get("toString") == title]
    return datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S.%f%z")


@pytest.mark.both_deployments
def test_under_strict_limits_everything_arrives_and_people_do_not_wait_for_it(
    bound: Bound,
) -> None:
    begin(bound)
    edits: list[tuple[str, str, datetime]] = []
    with working():
        wait_until(lambda: Link.objects.filter(state="in_step").count() >= items(bound.jira) // 3)
        for number in range(EDITS):
            unedited = Link.objects.filter(state="in_step").exclude(
                issue_id__in=[issue for issue, *_ in edits]
            )
            wait_until(unedited.exists)
            link = unedited.order_by("pk")[0]
            item, title = link.work_item, f"Edited {number}"
            assert item is not None
            began = clock(bound.jira)
            bound.change(item, title=title)
            edits.append((str(link.issue_id), title, began))
        assert not is_sent(), "the edits were made while the send was running"
        wait_until(is_sent)
    told: dict[str, Any] = bound.jira.sim("GET", "limits")
    bound.jira.sim("POST", "limits", {"mode": "off"})
    waited = [
        (changed_at(bound.jira, issue, title) - began).total_seconds()
        for issue, title, began in edits
    ]
    issues = bound.jira.issues(bound.jira.project_key)
    assert [len(bound.jira.comments(i["id"])) for i in issues] == [2] * items(bound.jira)
    assert statistics.median(waited) < 3, waited
    for key, counts in told["writes"].items():
        assert counts["most_in_2s"] <= 4, key
        assert counts["most_in_30s"] <= 10, key
    pace = Pace.objects.get()
    if told["rejected"].keys() - {"jira-per-issue-on-write"}:
        assert pace.slowed_at or pace.per_second, "what the site said of its limits was kept"
