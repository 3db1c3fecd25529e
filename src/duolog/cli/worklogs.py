"""`duolog worklog`: one's own worklogs in Jira, each by its id, over REST."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from duolog.cli.days import Clocks, read_clock, read_seconds, week_of
from duolog.cli.mytime import (
    At,
    Day,
    IssueName,
    Over,
    clocks_of,
    connection_id,
    list_time,
    must_be_whole,
    show_worklogs,
    tell_of,
)
from duolog.cli.output import AsJson, print_json, show_lines, tell
from duolog.cli.remote import Caller, Server, Token, open_remote
from duolog.cli.straight import Straightly, open_time
from duolog.core.worklogs import begin_at

worklog = typer.Typer(help="Your own worklogs in Jira.")

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the worklog, as `list` shows it.")]
Duration = Annotated[str, typer.Argument(metavar="DURATION", help="1h30m, 1:30, 1.5h or 90m.")]


@worklog.command("list")
def list_worklogs(
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="The first day.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="The last day.")] = "",
    over: Over = "",
    *,
    straight: Straightly = False,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """List your worklogs; those of this week where no days are named."""
    remote = open_time(server, token, straight=straight)
    clocks = clocks_of(remote)
    week = week_of(clocks.today)
    days = clocks.day(first) if first else week[0], clocks.day(last) if last else week[1]
    found = list_time(remote, days, over)
    if as_json:
        print_json(found)
    elif found["items"]:
        show_worklogs(found["items"], found["zone"])
    else:
        show_lines([f"No worklogs from {found['first']} to {found['last']}."])
    must_be_whole(found)


@worklog.command("edit")
def edit(
    worklog_id: Id,
    spent: Annotated[str, typer.Option("--time", metavar="DURATION", help="How long.")] = "",
    comment: Annotated[
        str | None, typer.Option(help="Another comment, in Markdown; an empty one clears it.")
    ] = None,
    day: Day = "",
    at: At = "",
    *,
    straight: Straightly = False,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Change what is named; nothing else is sent to Jira."""
    if not (spent or day or at or comment is not None):
        raise typer.BadParameter("Say what is to change: --time, --comment, --day or --at.")
    remote = open_time(server, token, straight=straight)
    path = f"/worklogs/{worklog_id}"
    body: dict[str, object] = {}
    if spent:
        body["time_spent_seconds"] = read_seconds(spent)
    if comment is not None:
        body["comment"] = comment
    if at:
        body["started"] = _begin(remote, path, day, at).isoformat()
    elif day:
        body["day"] = clocks_of(remote).day(day).isoformat()
    tell_of(remote.patch(path, body), "Changed: {time} on {issue}.", as_json=as_json)


@worklog.command("delete")
def delete(
    worklog_id: Id,
    *,
    straight: Straightly = False,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Delete it in Jira; `undo` makes it again as it was."""
    pending = open_time(server, token, straight=straight).delete(f"/worklogs/{worklog_id}")
    done = "Jira has not answered yet; it goes on by itself." if pending else "Deleted."
    sentence = f"{done} `duolog worklog undo {worklog_id}` makes it again."
    tell({"deleted": worklog_id}, sentence, as_json=as_json)


@worklog.command("move")
def move(
    worklog_id: Id,
    issue: IssueName,
    *,
    straight: Straightly = False,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Bring it to another issue, with all that it says."""
    moved = open_time(server, token, straight=straight).post(
        f"/worklogs/{worklog_id}/move", {"issue": issue}
    )
    tell_of(moved, f"Moved {{time}} to {issue}.", as_json=as_json)


@worklog.command("split")
def split(
    worklog_id: Id,
    duration: Duration,
    issue: Annotated[str, typer.Option(metavar="ISSUE", help="Another issue for it.")] = "",
    comment: Annotated[str | None, typer.Option(help="Another comment for it.")] = None,
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Take some of its time for another worklog, which follows on it."""
    body: dict[str, object] = {"time_spent_seconds": read_seconds(duration), "issue": issue}
    if comment is not None:
        body["comment"] = comment
    made = open_remote(server, token).post(f"/worklogs/{worklog_id}/split", body)
    _tell_of_all(made, "Split.", as_json=as_json)


@worklog.command("copy")
def copy(
    day: Annotated[str, typer.Argument(metavar="DAY", help="The day to copy.")],
    to: Annotated[str, typer.Argument(metavar="TO", help="The day to log it again on.")],
    over: Over = "",
    *,
    week: Annotated[bool, typer.Option("--week", help="The whole week of the day.")] = False,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Log again on another day, or in another week, what you logged on one."""
    remote = open_remote(server, token)
    clocks = clocks_of(remote)
    body: dict[str, object] = {
        "day": clocks.day(day).isoformat(), "to": clocks.day(to).isoformat(), "week": week,
    }  # fmt: skip
    if over:
        body["connection_id"] = connection_id(remote, over)
    _tell_of_all(remote.post("/worklogs/copy", body), "Copied.", as_json=as_json)


@worklog.command("undo")
def undo(
    worklog_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False
) -> None:
    """Undo the last thing done to it here, with what was done along."""
    undone = open_remote(server, token).post(f"/worklogs/{worklog_id}/undo")
    _tell_of_all(undone, "Undone.", as_json=as_json)


@worklog.command("retry")
def retry(
    worklog_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False
) -> None:
    """Send again what Jira refused, as it was typed."""
    again = open_remote(server, token).post(f"/worklogs/{worklog_id}/retry")
    tell_of(again, "Saved {time} on {issue}.", as_json=as_json)


@worklog.command("discard")
def discard(
    worklog_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False
) -> None:
    """Give up what Jira refused."""
    open_remote(server, token).post(f"/worklogs/{worklog_id}/discard")
    tell({"discarded": worklog_id}, "Discarded.", as_json=as_json)


def _begin(remote: Caller, path: str, day: str, at: str) -> datetime:
    """Another time of the day, on the day that is named or the one it is on."""
    clocks: Clocks = clocks_of(remote)
    on = clocks.day(day or str(remote.get(path)["day"]))
    return begin_at(on, read_clock(at), clocks.zone)


def _tell_of_all(made: Mapping[str, Any], sentence: str, *, as_json: bool) -> None:
    for row in made["items"]:
        if row["state"] == "failed":
            tell_of(row, sentence, as_json=as_json)
    ids = ", ".join(f"{row['id']} ({row['time_spent']})" for row in made["items"])
    tell(made, f"{sentence} Ids: {ids}.", as_json=as_json)
