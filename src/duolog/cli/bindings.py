"""`duolog binding`: teams and projects kept in step with Jira projects, over REST."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from duolog.cli.drift import drift_cell, drift_lines
from duolog.cli.errors import NotDone
from duolog.cli.output import AsJson, print_json, show_lines, show_table, tell
from duolog.cli.remote import Server, Token, open_remote

binding = typer.Typer(help="Teams and projects kept in step with Jira projects.")

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the binding.")]
Team = Annotated[str, typer.Option(help="Id of the team; of a project, for new issues.")]
OurProject = Annotated[str, typer.Option(help="Id of our project, below an epic of its own.")]
Connection = Annotated[str, typer.Option(help="Id of the connection.")]
Project = Annotated[str, typer.Option(help="Key of the Jira project.")]
_COLUMNS: Final = {
    "id": "Id",
    "team_id": "Team",
    "project_id": "Our project",
    "jira_project_key": "Project",
    "direction": "Direction",
    "state": "State",
    "drift": "Drift",
    "trouble": "Trouble",
}
_ENTRIES: Final = {
    "id": "Id",
    "act": "What",
    "title": "Title",
    "issue_key": "Issue",
    "writes": "Writes",
    "state": "State",
    "reason": "Reason",
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
    told = list(open_remote(server, token).every("/bindings"))
    rows = [{**row, **row["scope"]} for row in told]
    if not as_json:
        rows = [{**row, "drift": drift_cell(row["last_comparison"])} for row in rows]
        rows = [{**row, "state": "stopped"} if row["is_stopped"] else row for row in rows]
    show_table(rows, _COLUMNS, as_json=as_json, empty="No team is bound to a Jira project.")
    if not as_json:
        show_lines(line for row in told for line in _lacking(row))


@binding.command("add")
def add(
    connection: Connection,
    project: Project,
    team: Team = "",
    our_project: OurProject = "",
    direction: Annotated[Direction, typer.Option(help="Which way.")] = Direction.TWO_WAY,
    start: Annotated[Start, typer.Option(help="What of ours to begin with.")] = Start.EVERYTHING,
    start_jira: Annotated[Start | None, typer.Option(help="The same of Jira's issues.")] = None,
    jql: Annotated[str, typer.Option(help="Which issues are taken in.")] = "",
    only_type: Annotated[
        list[str] | None, typer.Option(help="Send items of this type only; repeatable.")
    ] = None,
    only_label: Annotated[
        list[str] | None, typer.Option(help="Send items with this label only; repeatable.")
    ] = None,
    only_status: Annotated[
        list[str] | None, typer.Option(help="Send items in the status of this id only; repeatable.")
    ] = None,
    field: Annotated[
        list[str] | None, typer.Option(help="NAME=both|here_to_jira|jira_to_here|off; repeatable.")
    ] = None,
    restricted_comments: Annotated[
        bool,
        typer.Option("--restricted-comments", help="Take in comments that Jira restricts, too."),
    ] = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="Let nothing cross before a preview is approved.")
    ] = False,
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Keep a team, or a project of ours, in step with a Jira project from now on."""
    body: dict[str, object] = {
        **_wish(team, our_project, connection, project),
        "direction": direction,
        "start": start,
        "jql": jql,
        "restricted_comments": restricted_comments,
        "filter": _filter(only_type, only_label, only_status),
        "field_rules": dict(_rule(each) for each in field or ()),
    }
    if start_jira is not None:
        body["start_jira"] = start_jira
    if preview:
        body["preview"] = True
    made = open_remote(server, token).post("/bindings", body)
    sentence = f"Bound to {made['jira_project_name']}: {made['id']}."
    tell(made, "\n".join([sentence, *_lacking(made)]), as_json=as_json)


def _filter(
    types: list[str] | None, labels: list[str] | None, statuses: list[str] | None
) -> dict[str, list[str]]:
    return {"types": types or [], "labels": labels or [], "statuses": statuses or []}


@binding.command("propose")
def propose(
    connection: Connection,
    project: Project,
    team: Team = "",
    our_project: OurProject = "",
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Say what binding would mean; nothing is stored."""
    body = _wish(team, our_project, connection, project)
    proposal = open_remote(server, token).post("/bindings/proposal", body)
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


@binding.command("preview")
def preview(
    binding_id: Id,
    anew: Annotated[
        bool, typer.Option("--anew", help="Look anew; the binding must pause.")
    ] = False,
    last: Annotated[int, typer.Option(help="How many entries.", min=1)] = 100,
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """List all that a binding would do, before it does it."""
    remote, path = open_remote(server, token), f"/bindings/{binding_id}/preview"
    told = remote.post(path) if anew else remote.get(path)
    rows = list(itertools.islice(remote.every(path), last))
    if as_json:
        print_json({**told, "items": rows})
        return
    counts = ", ".join(f"{number} {name}" for name, number in told["counts"].items())
    show_lines([f"{told['state'].capitalize()}: {counts or 'nothing to do'}."])
    shown = [{**row, "writes": _listed(row["writes"])} for row in rows]
    show_table(shown, _ENTRIES, as_json=False, empty="Nothing would be written.")


@binding.command("run")
def run(
    binding_id: Id,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Approve this entry of the preview and no other; may be repeated."),
    ] = None,
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Approve what was previewed and carry it out; else look for changes in Jira now."""
    remote = open_remote(server, token)
    if remote.get(f"/bindings/{binding_id}")["state"] != "preview" and not only:
        _act(binding_id, "run", (server, token), as_json=as_json)
        return
    told = remote.post(f"/bindings/{binding_id}/approve", {"entries": only or "all"})
    approved = told["counts"].get("approved", 0)
    tell(told, f"{approved} approved; they are carried out now.", as_json=as_json)


@binding.command("sweep")
def sweep(
    binding_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False
) -> None:
    """Compare both sides completely, in the background; tell what the last time found."""
    told = open_remote(server, token).post(f"/bindings/{binding_id}/sweep")
    last = "\n".join(drift_lines(told["last_comparison"]))
    tell(told, f"Both sides are being compared.\n{last}", as_json=as_json)


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


def _listed(writes: Sequence[Mapping[str, Any]]) -> str:
    names = (each["key"] if each["kind"] in ("field", "jira") else each["kind"] for each in writes)
    return ", ".join(dict.fromkeys(names))


def _what(row: Mapping[str, Any]) -> str:
    if row["kind"] == "link":
        return str(row["verb"])
    return row["key"] if row["kind"] == "field" else f"{row['kind']} {row['key']}"


def _act(binding_id: str, act: str, place: tuple[str, str], *, as_json: bool) -> None:
    progress = open_remote(*place).post(f"/bindings/{binding_id}/{act}")
    sentence = (
        f"{progress['in_step']} in step, {progress['differs']} differing, {progress['waiting']} waiting, "
        f"{progress['held']} held, {progress['conflicts']} in conflict."
    )
    tell(progress, sentence, as_json=as_json)


def _lacking(row: Mapping[str, Any]) -> Iterator[str]:
    """What the mapping of a binding does not cover, in the sentences of the server."""
    return (f"Binding {row['id']} ({row['jira_project_key']}): {gap}" for gap in row["gaps"])


def _lines(finding: Mapping[str, Any]) -> Iterator[str]:
    yield f"{finding['severity']:8} {finding['about']}: {finding['sentence']}"
    for todo in (finding["fix"], finding["link"]):
        if todo:
            yield f"{'':8} {todo}"


def _rule(text: str) -> tuple[str, str]:
    name, equals, way = text.partition("=")
    if not equals:
        raise typer.BadParameter("Write NAME=DIRECTION, such as status=jira_to_here.")
    return name, way


def _wish(team: str, our_project: str, connection: str, project: str) -> dict[str, object]:
    if not team and not our_project:
        raise typer.BadParameter("Name a team with --team, or a project with --our-project.")
    named = {"team_id": team, "project_id": our_project}
    return {
        "scope": {name: value for name, value in named.items() if value},
        "connection_id": connection,
        "jira_project_key": project,
    }


def _proposed(proposal: Mapping[str, Any]) -> str:
    warnings = "".join(f"\n{warning}" for warning in proposal["warnings"])
    return (
        f"{proposal['jira_project_name']}: {proposal['items_here']} items here, "
        f"{proposal['issues_there']} issues in Jira.{warnings}"
    )
