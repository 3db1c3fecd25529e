"""Worklogs put into a simulated site as they lie, and what a look at all of them says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from helpers.ways_in import wish_for

from duolog.connections.models import Connection
from duolog.connections.services import connect
from duolog.core.worklog_days import Days
from duolog.people.models import Member
from duolog.sync.handlers import HANDLERS
from duolog.worker.attempt import run_until_idle
from duolog.worklogs.own.queries import OwnRange, own_range
from duolog.worklogs.own.refreshing import ask_to_refresh
from jirasim.site.feed import mark_of
from jirasim.site.model import Issue, Worklog
from jirasim.site.permissions import DEFAULT_SCHEME
from jirasim.testing import JiraSite

WAYS = {"cloud": "api_token", "server": "pat"}
LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)
"""When seeded worklogs were written: so long before they are read that nothing is in doubt."""


@dataclass(frozen=True)
class Logged:
    """A simulated site, its issues, and the first two of its people."""

    site: JiraSite

    @property
    def me(self) -> Mapping[str, Any]:
        """Whose worklogs are read."""
        return dict(self.site.ready["people"][0])

    @property
    def my_id(self) -> str:
        """What the simulator calls me, on Server as well."""
        return self._id_of(self.me)

    @property
    def their_id(self) -> str:
        """Somebody else."""
        return self._id_of(self.site.ready["people"][1])

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All there are, oldest first."""
        return tuple(self.site.simulator.site.state.issues.values())

    def connect(self, member: Member, way: str = "") -> Connection:
        """The member's own connection, as me."""
        way = way or WAYS[self.site.ready["deployment"]]
        return connect(member, wish_for(self.site, way, self.me, kind="personal"))

    def put(
        self, issue: Issue, logs: Iterable[tuple[str, datetime, int]], at: datetime = LONG_AGO
    ) -> tuple[str, ...]:
        """The ids of more worklogs of an issue: whose, when, how long; written at that time."""
        site, ids = self.site.simulator.site, []
        rows = list(site.state.issues[issue.id].worklogs)
        for author, started, seconds in logs:
            ids.append(site.next_id("worklog"))
            rows.append(
                Worklog(ids[-1], issue.id, author, author, started, seconds, created=at, updated=at)
            )
            site.state.worklog_homes[ids[-1]] = issue.id
        self._store(issue, rows, at)
        return tuple(ids)

    def take_away(self, issue: Issue, worklog: str, at: datetime) -> None:
        """Delete a worklog as somebody would in Jira."""
        rows = self.site.simulator.site.state.issues[issue.id].worklogs
        self._store(issue, [each for each in rows if each.id != worklog], at)

    def change(self, issue: Issue, worklog: str, at: datetime, **parts: Any) -> None:
        """Edit a worklog as somebody would in Jira."""
        rows = self.site.simulator.site.state.issues[issue.id].worklogs
        edited = [replace(it, updated=at, **parts) if it.id == worklog else it for it in rows]
        self._store(issue, edited, at)

    def show_projects(self, *, shown: bool) -> None:
        """Let everybody browse the projects of the site, or nobody."""
        site = self.site.simulator.site
        grants = [it for it in DEFAULT_SCHEME.grants if it.permission != "BROWSE_PROJECTS"]
        shut = replace(DEFAULT_SCHEME, grants=tuple(grants))
        for project in tuple(site.state.projects.values()):
            site.state.projects[project.id] = replace(project, scheme=None if shown else shut)

    def of_all(self, days: Days) -> set[tuple[str, datetime, int]]:
        """What a look at every worklog of the site finds of mine in these days."""
        return {
            (each.id, each.started, each.seconds)
            for issue in self.issues
            for each in issue.worklogs
            if each.author == self.my_id and days.hold(each.started)
        }

    def calls(self) -> dict[str, int]:
        """What was asked since the last time, by the last word of its path."""
        told: Counter[str] = Counter()
        for name, times in self.site.calls().items():
            told[name.removesuffix("/jql").rpartition("/")[2]] += times
        self.site.sim("POST", "calls/reset")
        return dict(told)

    def _store(self, issue: Issue, rows: Iterable[Worklog], at: datetime) -> None:
        site, kept = self.site.simulator.site, tuple(rows)
        for each in site.state.issues[issue.id].worklogs:
            site.worklogs.drop(mark_of(each))
        for each in kept:
            site.worklogs.add(mark_of(each))
        site.store(replace(site.state.issues[issue.id], worklogs=kept, updated=at))

    def _id_of(self, person: Mapping[str, Any]) -> str:
        users = self.site.simulator.site.state.users.values()
        return next(each.account_id for each in users if each.email == person["email"])


def refreshed(member: Member, first: date, last: date, *, within: float = 0) -> OwnRange:
    """The member's time of these days, once Jira was asked."""
    ask_to_refresh(member, first, last, at_once=True)
    run_until_idle(HANDLERS, within=within)
    return own_range(member, first, last)


def held(found: OwnRange) -> set[tuple[str, datetime, int]]:
    """What we show of it, to compare with a look at all of the site."""
    return {(each.jira_id, each.started_at, each.seconds) for each in found.worklogs}


def spread(begin: datetime, count: int, step: timedelta, author: str) -> list[Any]:
    """Worklogs of one person, ten minutes each, one after the other."""
    return [(author, begin + n * step, 600) for n in range(count)]
