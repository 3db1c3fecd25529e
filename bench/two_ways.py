"""Both sides edited, with all parts and faults on, on Cloud and on Server; ends in a sweep.

Printed: how long it took and how many calls, what the sweep found, and what differs without a
reason or is there twice, of which there must be nothing.  BENCH_ITEMS says how many items.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any, Final

from django.core.management import call_command
from django.db.models import F
from helpers.bound import Bound, a_bound_team
from helpers.filed import put
from helpers.held import held_here, held_there
from helpers.jirasim import Jira, running_jirasim
from helpers.machine import explained, live_pairs
from helpers.receiver import receiving

from bench.report import tell
from duolog.app.serve import prepare
from duolog.connections.webhooks import EVENTS, make_webhook
from duolog.demo.background import working
from duolog.sync.binding.services import Rules, Wish, bind_team, poll_now, sweep_now
from duolog.sync.handlers import HANDLERS
from duolog.sync.models import Conflict, Hold, Link, Run, RunKind
from duolog.sync.shown.progress import progress
from duolog.work.models import Work
from duolog.worker.attempt import run_until_idle
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.services import log_time
from duolog.workplace.models import Reading, WorkItem
from duolog.workplace.services import add_comment, add_relation, update_item

ITEMS: Final = int(os.environ.get("BENCH_ITEMS", "2000"))
EPIC_OF: Final = 50
FAULTS: Final = ("cut_after", "status_before", "cut_before", "status_after", "truncate")
EVERY: Final = 60
"""Of so many requests one goes wrong."""
MOST_FAULTS: Final = 400
SECRET: Final = "between Jira and us"
NINE: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
PATIENCE: Final = 3 * 3600.0


def main() -> None:
    """The same on either deployment."""
    prepare()
    for deployment in ("cloud", "server"):
        with (
            running_jirasim("--deployment", deployment) as jira,
            receiving() as address,
            a_bound_team(jira) as bound,
        ):
            _run(bound, address)
        call_command("flush", verbosity=0, interactive=False)


def _run(bound: Bound, address: str) -> None:
    jira = bound.jira
    jira.sim("POST", "faults", [])
    _fill_here(bound, ITEMS // 2)
    _fill_there(jira, ITEMS - ITEMS // 2)
    run_until_idle(HANDLERS)
    make_webhook(bound.connection, secret=SECRET)
    jira.register_webhook(f"{address}/{bound.connection.webhook_hash}", EVENTS, SECRET)
    jira.sim(
        "POST", "webhooks/policy", {"loss": 0.05, "duplicate": 0.05, "reorder": 0.05, "seed": 1}
    )
    jira.reset()
    with working():
        _break(jira)
        bound.binding = bind_team(
            bound.owner, bound.team, Wish(bound.connection, jira.project_key, Rules())
        )
        first = _timed(lambda: _wait(bound))
        calls_of_first = sum(jira.calls().values())
        struck = _mend(jira)  # people's own calls go well
        _edit_here(bound)
        _edit_there(bound)
        _break(jira)
        edits = _timed(lambda: _wait(bound))
        struck += _mend(jira)
        poll_now(bound.owner, bound.binding)
        _wait(bound)
        found = [_sweep(bound) for _ in range(2)]
    _tell(bound, first, edits, calls_of_first, struck, found)


def _tell(
    bound: Bound, first: float, edits: float, calls_of_first: int, struck: int, found: list[int]
) -> None:
    apart, twice, pairs = 0, 0, 0
    for link, item, issue in live_pairs(bound):
        here, there = held_here(item), held_there(issue)
        pairs += 1
        apart += not {slot for slot in here if here[slot] != there[slot]} <= explained(link)
        names = [it for slot in ("comment", "attachment") for it in there[slot].split("|") if it]
        twice += len(names) - len(set(names))
    tell(
        f"two ways: {ITEMS} items on {bound.jira.deployment}, one of {EVERY} requests goes wrong",
        pairs=pairs,
        items=WorkItem.objects.count(),
        links=Link.objects.count(),
        seconds_of_first=first,
        calls_of_first=calls_of_first,
        seconds_of_edits=edits,
        faults_struck=struck,
        found_by_first_sweep=found[0],
        drift=found[-1],
        apart_without_a_reason=apart,
        children_twice=twice,
        conflicts=Conflict.objects.filter(settled_at=None).count(),
        holds=Hold.objects.filter(released_at=None).count(),
    )


def _fill_here(bound: Bound, number: int) -> None:
    epics = [bound.item(f"Epic {n}", type="epic") for n in range(max(1, number // EPIC_OF))]
    before: WorkItem | None = None
    for n, epic in zip(range(number - len(epics)), cycle(epics)):
        status = ("To do", "In progress", "Done")[n % 3]
        item = bound.item(f"Here {n}", parent=epic, status=status, labels=[f"l{n % 7}"],
                          description=f"# Head {n}\n\n* one\n* **two**", priority="high")  # fmt: skip
        add_comment(item.pk, f"Said here of {n}", actor=bound.me)
        if n % 5 == 0:
            put(bound, item, f"here-{n}.txt", b"x" * 100)
        if n % 4 == 0 and before is not None:
            add_relation(item.pk, Reading.BLOCKS, before.pk, actor=bound.me)
        if n % 6 == 0:
            new = NewWorklog(
                started=NINE + timedelta(minutes=n), seconds=600, comment=f"Worked here on {n}"
            )
            log_time(item.pk, new, actor=bound.me)
        before = item


def _fill_there(jira: Jira, number: int) -> None:
    before = ""
    for n in range(number):
        issue = jira.create(f"There {n}", kind=("Task", "Bug", "Story")[n % 3],
                            description=jira.text(f"Written there {n}"), labels=[f"l{n % 5}"])  # fmt: skip
        jira.comment(issue, f"Said there of {n}")
        if n % 5 == 0:
            jira.attach(issue, f"there-{n}.txt", b"y" * 100)
        if n % 4 == 0 and before:
            ends = {"inwardIssue": {"id": issue}, "outwardIssue": {"id": before}}
            jira.ask("POST", "issueLink", {"type": {"name": "Blocks"}, **ends})
        if n % 6 == 0:
            _log_there(jira, issue, n)
        before = issue


def _log_there(jira: Jira, issue: str, n: int) -> None:
    started = f"{NINE + timedelta(minutes=n):%Y-%m-%dT%H:%M:%S}.000+0000"
    told = {"started": started, "timeSpentSeconds": 600, "comment": jira.text(f"Worked on {n}")}
    jira.ask("POST", f"issue/{issue}/worklog", told)


def _edit_here(bound: Bound) -> None:
    for n, item in enumerate(WorkItem.objects.order_by("pk")):
        if n % 3 == 0:
            changes: dict[str, Any] = {"title": f"{item.title} again", "due_on": NINE.date()}
            update_item(item.pk, changes, actor=bound.me)
            add_comment(item.pk, f"Added here to {n}", actor=bound.me)


def _edit_there(bound: Bound) -> None:
    for n, link in enumerate(_linked()):
        if n % 4 == 0:
            bound.jira.edit(str(link.issue_id), labels=[f"n{n}"], priority={"name": "Low"})
            bound.jira.comment(str(link.issue_id), f"Added there to {n}")


def _linked() -> Iterator[Link]:
    yield from Link.objects.exclude(issue_id=None).order_by("pk")


def _break(jira: Jira) -> None:
    """From now on one request of so many goes wrong, in turn in each of the ways."""
    places = range(EVERY, EVERY * MOST_FAULTS + 1, EVERY)
    jira.sim("POST", "faults", [
        {"match": {"path": "/rest/api/*", "nth": nth}, "fault": kind}
        for nth, kind in zip(places, cycle(FAULTS))
    ])  # fmt: skip


def _mend(jira: Jira) -> int:
    """All goes well again; how often something went wrong."""
    left = len(jira.sim("GET", "faults"))
    jira.sim("POST", "faults", [])
    return MOST_FAULTS - left


def _sweep(bound: Bound) -> int:
    """What a complete comparison finds to differ from what is believed."""
    assert bound.binding is not None
    before = Run.objects.filter(kind=RunKind.SWEEP).count()
    sweep_now(bound.owner, bound.binding)
    _wait(bound, lambda: Run.objects.filter(kind=RunKind.SWEEP).count() > before)
    return Run.objects.filter(kind=RunKind.SWEEP).latest("pk").found


def _wait(bound: Bound, is_reached: Callable[[], bool] = lambda: True) -> None:
    pause, ends = threading.Event(), time.monotonic() + PATIENCE
    assert bound.binding is not None
    while time.monotonic() < ends:
        waiting = Work.objects.filter(want__gt=F("done"), every=None)
        if not waiting.exists() and not progress(bound.binding).is_running and is_reached():
            return
        pause.wait(0.2)
    raise TimeoutError(list(waiting.values_list("kind", "key", "error")[:9]))


def _timed(work: Callable[[], None]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began
