"""`duolog audit`: the record of administrative acts, over REST."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Final

import typer

from duolog.cli.output import AsJson, show_table
from duolog.cli.remote import Server, Token, open_remote

audit = typer.Typer(help="Who administered what.")

_COLUMNS: Final = {"at": "When", "who": "Who", "act": "What", "subject": "Of what"}


@audit.command("list")
def list_acts(
    act: Annotated[str, typer.Option(help="Only this act, such as 'role changed'.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """List the latest acts, newest first."""
    found = open_remote(server, token).every("/audit", act=act)
    rows = [
        {**row, "who": row["by"]["name"] if row["by"] else "Command line"}
        for row in islice(found, limit)
    ]
    show_table(rows, _COLUMNS, as_json=as_json, empty="No such act is recorded.")
