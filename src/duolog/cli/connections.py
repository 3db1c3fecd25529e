"""`duolog connection`: access to Jira sites, over REST."""

from __future__ import annotations

import sys
from typing import Annotated, Final

import typer

from duolog.cli.output import AsJson, show_table, tell
from duolog.cli.remote import Server, Token, open_remote

connection = typer.Typer(help="Access to Jira sites.")

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the connection.")]
_COLUMNS: Final = {
    "id": "Id",
    "label": "Label",
    "address": "Address",
    "health": "Health",
    "account_name": "Account",
    "reason": "Reason",
}


@connection.command("list")
def list_connections(*, server: Server = "", token: Token = "", as_json: AsJson = False) -> None:
    """List the connections of the workplace."""
    rows = list(open_remote(server, token).every("/connections"))
    show_table(rows, _COLUMNS, as_json=as_json, empty="No Jira site is connected.")


@connection.command("add")
def add(
    address: Annotated[str, typer.Argument(help="Address of the Jira site.")],
    email: Annotated[str, typer.Option(help="E-mail of the service account.")],
    label: Annotated[str, typer.Option(help="How to call the connection.")] = "",
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Connect to a Jira site.  Its API token is asked, or read from stdin."""
    body = {"address": address, "email": email, "label": label, "secret": _read_secret()}
    made = open_remote(server, token).post("/connections", body)
    warnings = "".join(f"\n{warning}" for warning in made["report"]["warnings"])
    sentence = f"Connected to {made['address']} as {made['account_name']}: {made['id']}.{warnings}"
    tell(made, sentence, as_json=as_json)


@connection.command("check")
def check(
    connection_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False
) -> None:
    """Test a connection now."""
    report = open_remote(server, token).post(f"/connections/{connection_id}/check")
    warnings = "".join(f"\n{warning}" for warning in report["warnings"])
    sentence = f"{report['site_name']} answers {report['account_name']}.{warnings}"
    tell(report, sentence, as_json=as_json)


@connection.command("remove")
def remove(
    connection_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False
) -> None:
    """Forget a connection's credential; refused while bindings use it."""
    open_remote(server, token).delete(f"/connections/{connection_id}")
    tell({"removed": connection_id}, "The connection is removed.", as_json=as_json)


def _read_secret() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Jira API token", hide_input=True))
    return sys.stdin.readline().strip()
