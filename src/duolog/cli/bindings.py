"""`duolog binding`: teams kept in step with Jira projects, over REST."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from duolog.cli.errors import NotDone
from duolog.cli.output import AsJson, print_json, show_lines, show_table, tell
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
_WRITES: Final = {
    "id": "Id",
    "at": "When",
    "side": "Written on",
    "what": "What",
    "cause": "Why",
    "actor": "Who",
    "undone": "Undone by",
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


@binding.command("check")
def check(
    binding_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False
) -> None:
    """Say what stands in the way of a binding, and how it is mended."""
    found = open_remote(server, token).get(f"/bindings/{binding_id}/doctor")
    if as_json:
        print_json(found)
    else:
        show_lines(line for finding in found["items"] for line in _lines(finding))
    blocking = sum(finding["severity"] == "blocks" for finding in found["items"])
    if blocking:
        raise NotDone(f"{blocking} of {len(found['items'])} must be mended.")


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


class UndoScope(StrEnum):
    """How much is undone."""

    WRITE = "write"
    ITEM = "item"
    RUN = "run"


@binding.command("journal")
def journal(
    binding_id: Id,
    last: Annotated[int, typer.Option(help="How many writes.", min=1)] = 50,
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """List what the sync wrote, newest first."""
    every = open_remote(server, token).every("/journal", binding=binding_id)
    rows = list(itertools.islice(every, last))
    if not as_json:
        rows = [{**row, "what": _what(row), "undone": row["undone_by"]} for row in rows]
    show_table(rows, _WRITES, as_json=as_json, empty="The sync has written nothing yet.")


@binding.command("undo")
def undo(
    entry_id: Annotated[str, typer.Argument(metavar="ENTRY", help="Id of a write.")],
    scope: Annotated[
        UndoScope, typer.Option(help="The write, all of its item since, or all of its run.")
    ] = UndoScope.WRITE,
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Give both sides back what was there before a write."""
    told = open_remote(server, token).post(f"/journal/{entry_id}/undo", {"scope": scope})
    if told["run_id"]:
        sentence = "All of the run is being undone; the journal says how far it is."
    else:
        sentence = f"{len(told['undone'])} undone, {len(told['kept'])} not."
        sentence += "".join(f"\n{kept['id']}: {kept['reason']}" for kept in told["kept"])
    tell(told, sentence, as_json=as_json)


def _what(row: Mapping[str, Any]) -> str:
    if row["kind"] == "link":
        return str(row["verb"])
    return row["key"] if row["kind"] == "field" else f"{row['kind']} {row['key']}"


def _act(binding_id: str, act: str, place: tuple[str, str], *, as_json: bool) -> None:
    progress = open_remote(*place).post(f"/bindings/{binding_id}/{act}")
    sentence = (
        f"{progress['in_step']} in step, {progress['waiting']} waiting, "
        f"{progress['held']} held, {progress['conflicts']} in conflict."
    )
    tell(progress, sentence, as_json=as_json)


def _lines(finding: Mapping[str, Any]) -> Iterator[str]:
    yield f"{finding['severity']:8} {finding['about']}: {finding['sentence']}"
    for todo in (finding["fix"], finding["link"]):
        if todo:
            yield f"{'':8} {todo}"


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
