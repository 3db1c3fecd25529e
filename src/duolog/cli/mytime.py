"""`duolog time` and `duolog log`: one's own time in Jira, over REST."""

from __future__ import annotations

import time as clock
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, TypeAlias

import typer

from duolog.cli.days import Clocks, month_of, read_seconds, sums_by_day, week_of
from duolog.cli.errors import NotDone
from duolog.cli.output import AsJson, print_json, show_lines, show_table, tell
from duolog.cli.remote import Caller, Server, Token
from duolog.cli.straight import Straightly, open_time
from duolog.core.durations import render_seconds
from duolog.core.markup import plain_text
from duolog.core.worklogs import read_zone

Over: TypeAlias = Annotated[
    str, typer.Option("--connection", help="Id or label of your own connection, if several.")
]
Day: TypeAlias = Annotated[str, typer.Option(metavar="DAY", help="2026-01-31, today or yesterday.")]
At: TypeAlias = Annotated[str, typer.Option("--at", metavar="HH:MM", help="When it began.")]
EstimateOf: TypeAlias = Annotated[
    str,
    typer.Option(
        "--estimate",
        metavar="MODE",
        help="What remains follows: auto, leave, new=2h, or manual=30m to reduce by.",
    ),
]
Notify: TypeAlias = Annotated[bool, typer.Option("--notify", help="Send watchers an e-mail.")]
IssueName: TypeAlias = Annotated[
    str, typer.Argument(metavar="ISSUE", help="Key or id of any issue that you see.")
]
LINE: Final = 60
"""Letters of a comment that a table shows; `--json` holds all of it."""
_COLUMNS: Final = {
    "day": "Day",
    "began": "Began",
    "time_spent": "Time",
    "issue_key": "Issue",
    "issue_summary": "Summary",
    "comment": "Comment",
    "state": "State",
    "id": "Id",
}


def show_time(
    *,
    week: Annotated[
        bool, typer.Option("--week", help="This week, as without any of these.")
    ] = False,
    month: Annotated[bool, typer.Option("--month", help="This month.")] = False,
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="The first day.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="The last day.")] = "",
    over: Over = "",
    straight: Straightly = False,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Show your own time, day by day; this week where no days are named."""
    remote = open_time(server, token, straight=straight)
    days = _days(clocks_of(remote), week=week, month=month, said=(first, last))
    found = list_time(remote, days, over)
    if as_json:
        print_json(found)
    else:
        _show(found)
    must_be_whole(found)


def log_time(
    issue: IssueName,
    duration: Annotated[str, typer.Argument(metavar="DURATION", help="1h30m, 1:30, 1.5h or 90m.")],
    comment: Annotated[str, typer.Argument(metavar="COMMENT", help="Markdown.")] = "",
    day: Day = "",
    at: At = "",
    over: Over = "",
    estimate: EstimateOf = "auto",
    *,
    notify: Notify = False,
    straight: Straightly = False,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Log time on an issue: done just now where neither day nor time is said."""
    seconds = read_seconds(duration)
    wanted = read_estimate(estimate)
    remote = open_time(server, token, straight=straight)
    began = clocks_of(remote).begin(day, at, seconds)
    body = {
        "connection_id": connection_id(remote, over),
        "issue": issue,
        "started": began.isoformat(),
        "time_spent_seconds": seconds,
        "comment": comment,
        "estimate": wanted,
        "notify": notify,
    }
    tell_of(remote.post("/worklogs", body), "Logged {time} on {issue}.", as_json=as_json)


def clocks_of(remote: Caller) -> Clocks:
    """What time it is, by the clocks that count for the person on the server."""
    zone = read_zone(str(remote.get("/me")["time_zone"]))
    return Clocks(datetime.fromtimestamp(clock.time(), UTC), zone)


def connection_id(remote: Caller, said: str) -> str:
    """The id of the own connection that is meant; the only one where none is named."""
    own = [each for each in remote.every("/connections") if each["kind"] == "personal"]
    if said:
        own = [each for each in own if said in {each["id"], each["label"]}]
    if len(own) == 1:
        return str(own[0]["id"])
    if not own and not said:
        raise NotDone(
            "You have no connection of your own. Make one with `duolog connection add --personal`."
        )
    names = ", ".join(f"{each['id']} ({each['label']})" for each in own) or "none is called so"
    raise NotDone(f"Over which connection? Give --connection: {names}.")


def list_time(remote: Caller, days: tuple[date, date], over: str) -> dict[str, Any]:
    """One's worklogs of these days, as the server tells them."""
    asked = {"from": days[0].isoformat(), "to": days[1].isoformat()}
    if over:
        asked["connection"] = connection_id(remote, over)
    return dict(remote.get("/worklogs", **asked))


def read_estimate(text: str) -> Mapping[str, str]:
    """What becomes of the remaining estimate.  Wrong usage for anything else."""
    mode, _, value = text.partition("=")
    if mode not in {"auto", "leave", "new", "manual"}:
        raise typer.BadParameter(f"{text} is not auto, leave, new=2h or manual=30m.")
    return {"mode": mode, "value": value} if value else {"mode": mode}


def tell_of(worklog: Mapping[str, Any], sentence: str, *, as_json: bool) -> None:
    """What became of a worklog; refused by Jira, it is kept on the server, and this ends with 1."""
    if worklog["state"] == "failed":
        again = f"It is kept: `duolog worklog retry {worklog['id']}`, or discard it."
        raise NotDone(f"{worklog['problem']} {again}")
    said = sentence.format(time=worklog["time_spent"], issue=worklog["issue_key"])
    if worklog["state"] == "pending":
        said += " Jira has not answered yet; it goes on by itself."
    tell(worklog, f"{said} Id {worklog['id']}.", as_json=as_json)


def show_worklogs(rows: Sequence[Mapping[str, Any]], zone: str) -> None:
    """A table of worklogs, by the clocks of the zone."""
    here = read_zone(zone)
    shown = [
        {
            **row,
            "began": datetime.fromisoformat(row["started"]).astimezone(here).strftime("%H:%M"),
            "comment": _line(row["comment"]),
        }
        for row in rows
    ]
    show_table(shown, _COLUMNS, as_json=False, empty="")


def _line(text: str) -> str:
    """The beginning of what a reader sees of a comment, on one line."""
    whole = " ".join(plain_text(text).split())
    return whole if len(whole) <= LINE else f"{whole[: LINE - 1]}…"


def _days(clocks: Clocks, *, week: bool, month: bool, said: tuple[str, str]) -> tuple[date, date]:
    if sum((week, month, any(said))) > 1:
        raise typer.BadParameter("Give --week, --month, or --from and --to.")
    if not any(said):
        return month_of(clocks.today) if month else week_of(clocks.today)
    first, last = (clocks.day(text) if text else None for text in said)
    begin, end = first or last, last or first
    if begin is None or end is None or end < begin:
        raise typer.BadParameter("The last day comes before the first.", param_hint="--to")
    return begin, end


def _show(found: Mapping[str, Any]) -> None:
    rows = found["items"]
    span = f"{found['first']} to {found['last']} ({found['zone']})"
    if not rows:
        show_lines([*_nothing(found, span), *_hidden(found)])
        return
    show_worklogs(rows, found["zone"])
    sums = sums_by_day(rows)
    lines = [
        f"{date.fromisoformat(day):%a} {day}  {render_seconds(spent)}"
        for day, spent in sums.items()
    ]
    whole = "Total" if found["complete"] else "So far, and not whole"
    total = render_seconds(found["time_spent_seconds"])
    show_lines(["", *lines, f"{whole}: {total}, {span}.", *_hidden(found)])


def _hidden(found: Mapping[str, Any]) -> list[str]:
    """What Jira no longer shows, so that it is not counted."""
    return [
        f"Not counted: {render_seconds(each['time_spent_seconds'])} on {each['issue_key']}. Since "
        f"{each['since'][:10]} Jira shows you no such issue: it was deleted, or you may not see it."
        for each in found.get("hidden", [])
    ]


def _nothing(found: Mapping[str, Any], span: str) -> list[str]:
    if not found["connections"]:
        return ["You have no connection of your own: `duolog connection add --personal` makes one."]
    over = len(found["connections"])
    return [
        f"No worklogs of yours were found, {span}, over {over} "
        f"{'connection' if over == 1 else 'connections'}.",
        "Only what you logged yourself, under the connected account, is shown here. Try --month, "
        "other days with --from and --to, or connect the site on which you logged it.",
    ]


def must_be_whole(found: Mapping[str, Any]) -> None:
    """End with 1 where something may be missing, and say why."""
    if found["complete"]:
        return
    reasons = [
        f"{each['problem']} {each['hint']}".strip()
        for each in found["connections"]
        if not each["complete"]
    ]
    told = " ".join(reason for reason in reasons if reason)
    raise NotDone(
        f"Not all of it is read from Jira yet, so some may be missing. {told}".strip()
        + " Ask again in a moment, or for fewer days."
    )
