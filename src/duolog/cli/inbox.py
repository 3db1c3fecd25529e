"""`duolog inbox`: what waits for a person, over REST."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from duolog.cli.errors import NotDone
from duolog.cli.output import AsJson, print_json, show_lines, show_table, tell
from duolog.cli.remote import Server, Token, open_remote

inbox = typer.Typer(help="What waits for a person: conflicts and holds.")

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the entry.")]
_COLUMNS: Final = {
    "id": "Id",
    "issue_key": "Issue",
    "title": "Title",
    "reason": "Reason",
    "hint": "What to do",
}


@inbox.command("list")
def list_entries(*, server: Server = "", token: Token = "", as_json: AsJson = False) -> None:
    """List what waits, newest first."""
    rows = list(open_remote(server, token).every("/inbox"))
    show_table(rows, _COLUMNS, as_json=as_json, empty="Nothing waits for anybody.")


@inbox.command("retry")
def retry(entry_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False) -> None:
    """Try again what was refused."""
    open_remote(server, token).post(f"/inbox/{entry_id}/retry")
    tell({"retried": entry_id}, "It is tried again.", as_json=as_json)


@inbox.command("resolve")
def resolve(
    entry_id: Id,
    choices: Annotated[
        list[str],
        typer.Argument(
            metavar="SLOT=CHOICE...",
            help="title=here, title=jira, title:=TEXT for a value; deletion=delete|unlink|restore.",
        ),
    ],
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Choose which side to keep, slot by slot, or what follows a deletion."""
    chosen = dict(_choice(each) for each in choices)
    open_remote(server, token).post(f"/inbox/{entry_id}/resolve", {"choices": chosen})
    tell({"resolved": entry_id}, "It is settled; both sides follow shortly.", as_json=as_json)


@inbox.command("deletions")
def list_deletions(*, server: Server = "", token: Token = "", as_json: AsJson = False) -> None:
    """List where many deletions wait for one decision, with what it would be about."""
    found = list(open_remote(server, token).every("/deletions"))
    if as_json:
        print_json({"items": found})
    else:
        show_lines([line for many in found for line in _told(many)] or ["None wait."])


@inbox.command("decide")
def decide(
    deletions_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the deletions.")],
    choice: Annotated[
        str, typer.Argument(metavar="CHOICE", help="delete, unlink or restore: for all of them.")
    ],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Decide what follows many deletions, for all of them at once."""
    remote = open_remote(server, token)
    many = next((it for it in remote.every("/deletions") if it["id"] == deletions_id), None)
    if many is None:
        raise NotDone("There are no such deletions to decide about any more.")
    if not as_json:
        show_lines(_told(many))
    if not yes and sys.stdin.isatty() and not typer.confirm(f"{choice} for all of them?"):
        raise NotDone("Nothing was changed.")
    body = {"choice": choice, "version": many["version"]}
    done = remote.post(f"/deletions/{deletions_id}/decide", body)
    tell(done, f"Decided for {done['decided']}; it is carried out now.", as_json=as_json)


def _told(many: Mapping[str, Any]) -> list[str]:
    where = "here; still in Jira" if many["deleted_in"] == "here" else "in Jira; still here"
    return [f"{many['id']}: {many['count']} were deleted {where}:"] + [
        f"  {name}" for name in many["names"]
    ]


def _choice(text: str) -> tuple[str, object]:
    slot, separator, choice = text.partition("=")
    if not separator or not slot:
        raise typer.BadParameter(f"{text} is not SLOT=CHOICE.", param_hint="SLOT=CHOICE")
    if slot.endswith(":"):
        return slot[:-1], {"value": choice}
    return slot, choice
