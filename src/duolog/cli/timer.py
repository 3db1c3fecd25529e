"""`duolog timer`: the one timer that runs for you, on the server or on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from duolog.cli.mytime import IssueName, Over, clocks_of, connection_id, tell_of
from duolog.cli.output import AsJson, tell
from duolog.cli.remote import Caller, Server, Token
from duolog.cli.straight import Straightly, open_time
from duolog.core.durations import render_seconds

timer = typer.Typer(help="The timer: it becomes a worklog when it stops.")


@timer.command("start")
def start(
    issue: IssueName,
    comment: Annotated[str, typer.Argument(metavar="COMMENT", help="Markdown.")] = "",
    over: Over = "",
    *,
    straight: Straightly = False,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Begin to measure work on an issue."""
    remote = open_time(server, token, straight=straight)
    body = {"connection_id": connection_id(remote, over), "issue": issue, "comment": comment}
    started = remote.post("/timer", body)
    tell(started, f"The timer runs on {started['issue_key']}.", as_json=as_json)


@timer.command("stop")
def stop(
    *,
    discard: Annotated[bool, typer.Option("--discard", help="Log nothing.")] = False,
    straight: Straightly = False,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Stop it and log the time, rounded up to whole minutes."""
    remote = open_time(server, token, straight=straight)
    if discard:
        remote.post("/timer/discard")
        tell({"discarded": True}, "The timer is stopped; nothing was logged.", as_json=as_json)
        return
    stopped = remote.delete("/timer")
    measured = render_seconds(int(stopped["measured_seconds"]))
    rounded = f", rounded up from {measured}" if stopped["rounded_up"] else ""
    tell_of(stopped, f"Logged {{time}} on {{issue}}{rounded}.", as_json=as_json)


@timer.command("status")
def status(
    *,
    straight: Straightly = False,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Say what it runs on, and for how long by now; ends with 1 where none runs."""
    remote = open_time(server, token, straight=straight)
    running = remote.get("/timer")
    tell(running, _words(remote, running), as_json=as_json)


def _words(remote: Caller, running: Mapping[str, Any]) -> str:
    clocks = clocks_of(remote)
    began = datetime.fromisoformat(str(running["started"])).astimezone(clocks.zone)
    lasted = render_seconds(max(0, int((clocks.now - began).total_seconds())))
    return f"{running['issue_key']} since {began:%Y-%m-%d %H:%M}: {lasted}."
