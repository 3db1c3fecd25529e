"""Reading and writing one's own time at once, by chance and under faults: nothing lost or doubled."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from helpers.builders import a_member, a_workplace
from helpers.own_time import Logged
from helpers.ways_in import CLOUD, SERVER, a_site

from duolog.connections.models import Connection
from duolog.core.errors import SyncError
from duolog.core.worklog_days import Days
from duolog.core.worklogs import read_zone
from duolog.people.errors import DomainError
from duolog.people.models import Member
from duolog.sync.handlers import HANDLERS
from duolog.work.clock import present, shifted
from duolog.worker.attempt import run_until_idle
from duolog.worklogs.models import OwnWorklog
from duolog.worklogs.own.queries import own_range
from duolog.worklogs.own.refreshing import ask_to_refresh
from duolog.worklogs.own.services import NewOwn, delete, edit, log, move

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
STEPS = 60
FAULTS: tuple[Mapping[str, Any], ...] = (
    {"fault": "status_before", "status": 429, "headers": {"Retry-After": "2"}},
    {"fault": "status_before", "status": 503},
    {"fault": "status_after", "status": 502},
    {"fault": "cut_before"},
    {"fault": "cut_after"},
    {"fault": "truncate"},
)


@dataclass
class Walk:
    """One person, their time on one site, and whatever chance has happen to it.

    Each worklog lasts for another number of minutes, so that one that is there twice is seen.
    """

    logged: Logged
    member: Member
    mine: Connection
    chance: random.Random
    later: ExitStack
    minutes: int = 0
    done: list[str] = field(default_factory=list)

    def step(self) -> None:
        """One act of the person, of others, or of Jira."""
        acts: dict[str, Callable[[], object]] = {
            "log": self._log, "edit": self._edit, "delete": self._delete, "move": self._move,
            "there": self._there, "gone": self._gone, "fault": self._fault,
            "read": lambda: ask_to_refresh(self.member, *MARCH, at_once=True),
            "run": lambda: run_until_idle(HANDLERS), "wait": lambda: self.wait(10),
        }  # fmt: skip
        name = self.chance.choice([*acts, "log", "read", "run", "run", "wait"])
        self.done.append(name)
        with suppress(DomainError, SyncError):  # refused, or Jira was needed at once and failed
            acts[name]()
        there = {each.id for issue in self.logged.issues for each in issue.worklogs}
        rows = OwnWorklog.objects.filter(state="saved", written_at__isnull=False)
        hidden = rows.filter(deleted_at__isnull=False, jira_id__in=there)
        assert not hidden.exists(), (self.done, "ours, in Jira, and taken for deleted")

    def settle(self) -> None:
        """Let Jira be well and know all, and everything come to its end."""
        self.logged.site.sim("POST", "faults", [])
        self.logged.site.sim("POST", "settings", {"index_lag_seconds": 0})
        for _ in range(4):
            self.wait(120)
            ask_to_refresh(self.member, *MARCH, at_once=True)
            run_until_idle(HANDLERS)

    def wait(self, seconds: int) -> None:
        """Have it be later, here and there."""
        self.later.enter_context(shifted(seconds))
        self.logged.site.sim("POST", "clock", {"advance_seconds": seconds})

    def _log(self) -> None:
        key = self.chance.choice(self.logged.issues).key
        log(self.member, self.mine.pk, key, self._new())

    def _new(self) -> NewOwn:
        return NewOwn(started=self._when(), seconds=self._seconds(), comment="Worked")

    def _edit(self) -> None:
        changes = self.chance.choice([{"seconds": self._seconds()}, {"comment": "Else"}])
        edit(self.member, self._any(), changes)

    def _delete(self) -> None:
        delete(self.member, self._any())

    def _move(self) -> None:
        move(self.member, self._any(), self.chance.choice(self.logged.issues).key)

    def _there(self) -> None:
        logged, author = self.logged, self.chance.choice((self.logged.my_id, self.logged.their_id))
        rows = [(author, self._when(), self._seconds()) for _ in range(self.chance.choice((1, 9)))]
        logged.put(self.chance.choice(logged.issues), rows, self.logged.site.simulator.site.now())

    def _gone(self) -> None:
        issue = self.chance.choice(self.logged.issues)
        if issue.worklogs:
            self.logged.take_away(
                issue, self.chance.choice(issue.worklogs).id, self.logged.site.simulator.site.now()
            )

    def _fault(self) -> None:
        fault = self.chance.choice(FAULTS)
        self.logged.site.sim("POST", "faults", [{"match": {"path": "*/rest/api/*"}, **fault}])

    def _any(self) -> int:
        rows = (
            OwnWorklog.objects.filter(deleted_at=None).order_by("pk").values_list("pk", flat=True)
        )
        return int(self.chance.choice(list(rows))) if rows else 0

    def _when(self) -> datetime:
        return NOON + timedelta(minutes=self.chance.randrange(0, 14_000))

    def _seconds(self) -> int:
        self.minutes += 1
        return self.minutes * 60


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kind", [CLOUD, SERVER], ids=["cloud", "server"])
def test_whatever_happens_what_is_shown_is_what_jira_has(
    kind: Mapping[str, str], seed: int, settings: Any
) -> None:
    with a_site({**kind, "issues": 3}, settings) as site, ExitStack() as later:
        logged, member = Logged(site), a_member(a_workplace())
        member.user.zone = "Asia/Kathmandu"
        mine = logged.connect(member)
        for issue in logged.issues:
            logged.put(issue, [(logged.my_id, NOON, int(issue.id) * 60)])
        if kind == CLOUD:
            site.sim("POST", "settings", {"index_lag_seconds": 100})
        walk = Walk(logged, member, mine, random.Random(seed), later)
        for _ in range(STEPS):
            walk.step()
        walk.settle()
        found = own_range(member, *MARCH)
        there = logged.of_all(Days(*MARCH, read_zone("Asia/Kathmandu")))
        shown = {
            (each.jira_id, each.started_at, each.seconds)
            for each in found.worklogs
            if each.state == "saved"
        }
        assert found.read_at is not None
        assert present() - found.read_at < timedelta(seconds=60), (walk.done, found.connections)
        assert shown == there, walk.done
        twice = [n for n, times in Counter(it[2] for it in there).items() if times > 1]
        assert not twice, walk.done
