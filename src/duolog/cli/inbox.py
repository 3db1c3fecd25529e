"""`duolog inbox`: what waits for a person, over REST."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from duolog.cli.output import AsJson, show_table, tell
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


def _choice(text: str) -> tuple[str, object]:
    slot, separator, choice = text.partition("=")
    if not separator or not slot:
        raise typer.BadParameter(f"{text} is not SLOT=CHOICE.", param_hint="SLOT=CHOICE")
    if slot.endswith(":"):
        return slot[:-1], {"value": choice}
    return slot, choice
