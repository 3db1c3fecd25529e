"""A worker stands still in the middle of a run, longer than its lease, and goes on when another took over.

As a process that is stopped, a machine that is short of memory, or one that was moved while it ran.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from helpers import filed, worklogs
from helpers.bound import Bound, a_bound_team
from helpers.interleaved import just_after, once_read
from helpers.jirasim import Jira

from duolog.connections.services import close_clients
from duolog.sync.marks import LINK
from duolog.work import queue
from duolog.work.clock import shifted
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.own.turns import take_turns
from duolog.worklogs.services import log_time
from duolog.workplace.models import WorkItem
from duolog.workplace.services.comments import add_comment

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
AWAY = 200.0
"""Seconds: the lease has ended by then, and nothing that was sent is waited for any more."""
A_TURN_IS_ASKED_FOR = 'FROM "connections_pace"'


@pytest.fixture
def bound(jira: Jira, settings: Any, tmp_path: Any) -> Iterator[Bound]:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    with a_bound_team(jira) as bound:
        yield bound


def others_take_over(bound: Bound, then: Callable[[], object] = lambda: None) -> Callable[[], None]:
    def take_over() -> None:
        with shifted(AWAY):
            bound.run(within=AWAY)
            then()
            bound.run(within=AWAY)

    return take_over


def say(bound: Bound, item: WorkItem, number: int) -> None:
    add_comment(item.pk, f"Said {number}", actor=bound.me)


def put(bound: Bound, item: WorkItem, number: int) -> None:
    filed.put(bound, item, f"shot-{number}.png", filed.PNG + bytes([number]))


def log(bound: Bound, item: WorkItem, number: int) -> None:
    log_time(item.pk, NewWorklog(started=NINE, seconds=60 * number), actor=bound.me)


@pytest.mark.parametrize(
    ("path", "make", "there"),
    [
        pytest.param("/comment", say, lambda b, i: b.jira.comments(i), id="comments"),
        pytest.param("/attachments", put, lambda b, i: b.jira.files(i), id="files"),
        pytest.param("/worklog", log, worklogs.there, id="worklogs"),
    ],
)
def test_what_others_have_made_meanwhile_is_not_made_again(
    bound: Bound,
    path: str,
    make: Callable[[Bound, WorkItem, int], None],
    there: Callable[[Bound, str], list[Any]],
) -> None:
    item, issue = filed.linked(bound)
    for number in (1, 2, 3):
        make(bound, item, number)
    with just_after("POST", path, others_take_over(bound)):
        bound.run()
    bound.run(within=filed.LONG)
    assert len(there(bound, issue)) == 3
    assert filed.at_rest(bound, item)


def test_what_others_have_changed_meanwhile_is_not_changed_back(bound: Bound) -> None:
    item, issue = filed.linked(bound)
    filed.put(bound, item)
    bound.change(item, title="Of before")

    def rename() -> None:
        bound.change(item, title="Of meanwhile")

    with just_after("POST", "/attachments", others_take_over(bound, rename)):
        bound.run()
    bound.run(within=filed.LONG)
    assert filed.at_rest(bound, item)
    assert bound.jira.get(issue)["summary"] == "Of meanwhile"


def test_an_issue_that_others_have_made_meanwhile_is_not_made_again(bound: Bound) -> None:
    binding = bound.bind()
    item = bound.item("Made once")
    close_clients()  # so that a turn for the first call is asked for in the database
    with once_read(A_TURN_IS_ASKED_FOR, others_take_over(bound)):
        bound.run()
    bound.run(within=filed.LONG)
    bound.poll()
    [there] = bound.jira.issues(binding.jira_project_key)
    assert str(there["id"]) == bound.link(item).issue_id
    assert filed.at_rest(bound, item)


def test_the_turn_that_others_have_at_the_issue_stays_theirs(bound: Bound) -> None:
    item, issue = filed.linked(bound)
    for number in (1, 2):
        log(bound, item, number)
    site = bound.connection.base_url

    def begin() -> None:
        with shifted(AWAY):
            (job,) = (it for it in queue.claim(9) if it.kind == LINK)
            assert take_turns(site, [issue], f"{LINK}:{job.key}")

    with just_after("POST", "/worklog", begin):
        bound.run()
    assert len(worklogs.there(bound, issue)) == 1
    assert not take_turns(site, [issue], "somebody else")
