"""One's own time straight from a Jira site, without a server: the part of the API that it needs.

Answers the same calls with the same JSON, so that the commands do not care.  A worklog is named by
the ids of its issue and its own.
"""

from __future__ import annotations

import time as clock
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Annotated, Any, Final, TypeAlias

import typer

from duolog.cli.errors import NotDone
from duolog.cli.own_timer import (
    Running,
    find_running,
    forget_running,
    keep_running,
    the_running,
)
from duolog.cli.profile import profile_path
from duolog.cli.remote import Caller, open_remote
from duolog.cli.secrets import find_secret
from duolog.cli.site import NONE_KEPT, Site, find_site, open_site
from duolog.core.durations import parse_minutes, render_seconds
from duolog.core.worklog_days import Days
from duolog.core.worklog_edits import on_day, rounded_up
from duolog.core.worklogs import (
    SECONDS_MAX,
    Spent,
    day_of,
    read_zone,
    render_instant,
    whole_milliseconds,
)
from duolog.jira.client import JiraClient
from duolog.jira.client.worklogs import Adjusting, Estimate
from duolog.jira.own_worklogs import FIELDS, Reader, read_own
from duolog.jira.own_writing import Writer
from duolog.jira.wire import Issue, Worklog

Straightly: TypeAlias = Annotated[
    bool,
    typer.Option("--jira", help="Straight to the site of `duolog jira login`, without a server."),
]
_opened: Final[list[JiraClient]] = []
NEEDS_SERVER: Final = "This needs a Duolog server: sign in to one with `duolog login`."


def open_time(server: str, token: str, *, straight: bool) -> Caller:
    """The site of `duolog jira login` where it is asked for, or the only one known; else a server."""
    site = find_site()
    has_server = bool(server or token) or profile_path().exists()
    if not straight and (has_server or site is None):
        return open_remote(server, token)
    if site is None:
        raise NotDone(NONE_KEPT)
    secret = find_secret(site.key)
    if not secret:
        raise NotDone(f"Your keyring has no token for {site.address}. Run `duolog jira login`.")
    client = open_site(site, secret)
    _opened.append(client)
    return Straight(site, client)


def close_sites() -> None:
    """Let go of what a command had open, at its end."""
    while _opened:
        _opened.pop().close()


class Straight:
    """The calls about one's own time, answered by one site over one account."""

    def __init__(self, site: Site, client: JiraClient) -> None:
        self._site = site
        self._client = client
        self._writer = Writer(client, site.account_id)
        self._zone: tzinfo = read_zone(site.zone)

    def get(self, path: str, **params: str) -> Any:
        """What is there."""
        if path == "/me":
            return {"time_zone": self._site.zone}
        if path == "/timer":
            return the_running(self._site.address).shown
        if path == "/worklogs":
            return self._list(date.fromisoformat(params["from"]), date.fromisoformat(params["to"]))
        issue, jira_id, rest = _place(path)
        if rest:
            raise NotDone(NEEDS_SERVER)
        return self._shown(issue, self._client.worklogs.get(issue, jira_id))

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Log time or move it, start the timer or discard it."""
        asked = dict(body or {})
        if path == "/timer":
            return self._start(str(asked["issue"]), str(asked["comment"]))
        if path == "/timer/discard":
            the_running(self._site.address)
            forget_running()
            return None
        if path == "/worklogs":
            return self._log(asked)
        issue, jira_id, rest = _place(path)
        if rest != "move":
            raise NotDone(NEEDS_SERVER)
        target = self._issue(str(asked["issue"]))
        return self._row(target, self._writer.move(issue, jira_id, target.id))

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """Change what is named."""
        issue, jira_id, _ = _place(path)
        held = self._writer.said(self._client.worklogs.get(issue, jira_id))
        wanted = Spent(
            _instant(body["started"]) if "started" in body else held.started,
            int(body.get("time_spent_seconds", held.seconds)),
            str(body.get("comment", held.comment)),
        )
        if "day" in body:
            wanted = on_day(wanted, date.fromisoformat(str(body["day"])), self._zone)
        return self._shown(issue, self._writer.edit(issue, jira_id, wanted))

    def delete(self, path: str) -> Any:
        """Delete a worklog, or stop the timer."""
        if path == "/timer":
            return self._stop(the_running(self._site.address))
        issue, jira_id, _ = _place(path)
        self._writer.delete(issue, jira_id)
        return None

    def every(self, path: str, **_params: str) -> Iterator[dict[str, Any]]:
        """The one connection there is."""
        if path != "/connections":
            raise NotDone(NEEDS_SERVER)
        yield {"id": "jira", "kind": "personal", "label": self._site.address}

    def _list(self, first: date, last: date) -> dict[str, Any]:
        """All of it, or an error: so it is always whole."""
        days = Days(first, last, self._zone)
        reading = read_own(
            Reader(self._client, self._site.account_id, days),
            _present(),
        )
        if reading.error is not None:
            raise reading.error
        issues = {issue.id: issue for issue in reading.issues}
        rows = [
            self._row(issues[issue], worklog)
            for issue, own in reading.own.items()
            for worklog in own
        ]
        rows.sort(key=lambda row: (row["started"], row["id"]))
        return {
            "items": rows,
            "next_cursor": None,
            "first": first.isoformat(),
            "last": last.isoformat(),
            "zone": self._site.zone,
            "time_spent_seconds": sum(row["time_spent_seconds"] for row in rows),
            "complete": True,
            "connections": [{"connection_id": "jira", "complete": True}],
        }

    def _log(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        issue = self._issue(str(asked["issue"]))
        spent = Spent(
            _instant(asked["started"]), int(asked["time_spent_seconds"]), str(asked["comment"])
        )
        said = asked["estimate"]
        minutes = _minutes(said.get("value", ""))
        estimate = Estimate(Adjusting(said["mode"]), minutes)
        made = self._writer.log(issue.id, spent, estimate=estimate, notify=bool(asked["notify"]))
        return self._row(issue, made)

    def _start(self, name: str, comment: str) -> Mapping[str, str]:
        running = find_running()
        if running is not None:
            since = f"{running.issue_key} since {running.began:%Y-%m-%d %H:%M} UTC"
            raise NotDone(f"A timer runs on {since}: stop or discard it first.")
        issue = self._issue(name)
        started = render_instant(_present())
        running = Running(self._site.address, issue.id, issue.key, comment.strip(), started)
        keep_running(running)
        return running.shown

    def _stop(self, running: Running) -> dict[str, Any]:
        """Log the time since the start; what an earlier try may have logged is not logged again."""
        again = bool(running.stopped)
        if not again:
            running = replace(running, stopped=render_instant(_present()))
            keep_running(running)
        measured = max(timedelta(), datetime.fromisoformat(running.stopped) - running.began)
        spent = Spent(running.began, min(rounded_up(measured), SECONDS_MAX), running.comment)
        made = self._writer.find(running.issue_id, spent) if again else None
        made = made or self._writer.log(running.issue_id, spent)
        forget_running()
        seconds = int(measured.total_seconds())
        rounded = {"measured_seconds": seconds, "rounded_up": seconds < spent.seconds}
        return {**self._shown(running.issue_id, made), **rounded}

    def _issue(self, name: str) -> Issue:
        return self._client.issues.get(name, fields=FIELDS[:3])

    def _shown(self, issue: str, worklog: Worklog) -> dict[str, Any]:
        return self._row(self._issue(issue), worklog)

    def _row(self, issue: Issue, worklog: Worklog) -> dict[str, Any]:
        spent, known = self._writer.said(worklog), issue.known
        return {
            "id": f"{issue.id}-{worklog.id}",
            "jira_id": worklog.id,
            "connection_id": "jira",
            "issue_id": issue.id,
            "issue_key": issue.key,
            "issue_summary": known.summary or "",
            "issue_type": known.issue_type.name if known.issue_type else "",
            "project_key": known.project.key if known.project else "",
            "issue_url": f"{self._site.address}/browse/{issue.key}",
            "started": render_instant(spent.started),
            "day": day_of(spent.started, self._zone).isoformat(),
            "time_spent_seconds": spent.seconds,
            "time_spent": render_seconds(spent.seconds),
            "comment": spent.comment,
            "state": "saved",
            "problem": "",
            "hint": "",
            "updated_at": render_instant(worklog.updated),
        }


def _place(path: str) -> tuple[str, str, str]:
    """Issue, worklog, and what is asked of it.  Raises NotDone for any other call."""
    parts = path.strip("/").split("/")
    issue, dash, jira_id = parts[1].partition("-") if len(parts) > 1 else ("", "", "")
    if parts[0] != "worklogs" or len(parts) > 3:
        raise NotDone(NEEDS_SERVER)
    if not (dash and issue.isdecimal() and jira_id.isdecimal()):
        raise NotDone("Name the worklog by its id as `duolog worklog list` shows it: 10000-10010.")
    return issue, jira_id, parts[2] if len(parts) == 3 else ""


def _present() -> datetime:
    return datetime.fromtimestamp(clock.time(), UTC)


def _instant(text: object) -> datetime:
    return whole_milliseconds(datetime.fromisoformat(str(text)))


def _minutes(text: str) -> int | None:
    return parse_minutes(text) if text else None
