"""`duolog binding`: teams kept in step with Jira projects, over REST."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from duolog.cli.output import AsJson, show_table, tell
from duolog.cli.remote import Server, Token, open_remote

binding = typer.Typer(help="Teams kept in step with Jira projects.")

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the binding.")]
Team = Annotated[str, typer.Option(help="Id of the team.")]
Connection = Annotated[str, typer.Option(help="Id of the connection.")]
Project = Annotated[str, typer.Option(help="Key of the Jira project.")]
_COLUMNS: Final = {
    "id": "Id",
    "team_id": "Team",
    "jira_project_key": "Project",
    "direction": "Direction",
    "state": "State",
    "trouble": "Trouble",
}


class Direction(StrEnum):
    """Which way writes may go."""

    ONE_WAY = "one_way"
    TWO_WAY = "two_way"


class Start(StrEnum):
    """What of the things that exist already is kept in step."""

    EVERYTHING = "everything"
    FROM_NOW_ON = "from_now_on"


@binding.command("list")
def list_bindings(*, server: Server = "", token: Token = "", as_json: AsJson = False) -> None:
    """List the bindings of the workplace."""
    rows = [{**row, **row["scope"]} for row in open_remote(server, token).every("/bindings")]
    if not as_json:
        rows = [{**row, "state": "stopped"} if row["is_stopped"] else row for row in rows]
    show_table(rows, _COLUMNS, as_json=as_json, empty="No team is bound to a Jira project.")


@binding.command("add")
def add(
    team: Team,
    connection: Connection,
    project: Project,
    direction: Annotated[Direction, typer.Option(help="Which way.")] = Direction.TWO_WAY,
    start: Annotated[Start, typer.Option(help="What to begin with.")] = Start.EVERYTHING,
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Keep a team in step with a Jira project from now on."""
    body = {**_wish(team, connection, project), "direction": direction, "start": start}
    made = open_remote(server, token).post("/bindings", body)
    tell(made, f"Bound to {made['jira_project_name']}: {made['id']}.", as_json=as_json)


@binding.command("preview")
def preview(
    team: Team,
    connection: Connection,
    project: Project,
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Say what binding would mean; nothing is stored."""
    body = {**_wish(team, connection, project), "preview": True}
    proposal = open_remote(server, token).post("/bindings", body)
    tell(proposal, _proposed(proposal), as_json=as_json)


@binding.command("run")
def run(binding_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False) -> None:
    """Look for changes in Jira now."""
    _act(binding_id, "run", (server, token), as_json=as_json)


@binding.command("sweep")
def sweep(
    binding_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False
) -> None:
    """Compare both sides completely, in the background."""
    _act(binding_id, "sweep", (server, token), as_json=as_json)


@binding.command("pause")
def pause(
    binding_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False
) -> None:
    """Let nothing cross until it is resumed."""
    paused = open_remote(server, token).post(f"/bindings/{binding_id}/pause")
    tell(paused, f"The binding is {paused['state']}.", as_json=as_json)


@binding.command("resume")
def resume(
    binding_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False
) -> None:
    """Go on; whatever moved meanwhile is found."""
    resumed = open_remote(server, token).post(f"/bindings/{binding_id}/resume")
    tell(resumed, f"The binding is {resumed['state']}.", as_json=as_json)


def _act(binding_id: str, act: str, place: tuple[str, str], *, as_json: bool) -> None:
    progress = open_remote(*place).post(f"/bindings/{binding_id}/{act}")
    sentence = (
        f"{progress['in_step']} in step, {progress['waiting']} waiting, "
        f"{progress['held']} held, {progress['conflicts']} in conflict."
    )
    tell(progress, sentence, as_json=as_json)


def _wish(team: str, connection: str, project: str) -> dict[str, object]:
    return {
        "scope": {"team_id": team},
        "connection_id": connection,
        "jira_project_key": project,
    }


def _proposed(proposal: Mapping[str, Any]) -> str:
    warnings = "".join(f"\n{warning}" for warning in proposal["warnings"])
    return (
        f"{proposal['jira_project_name']}: {proposal['items_here']} items here, "
        f"{proposal['issues_there']} issues in Jira.{warnings}"
    )
