"""`duolog connection webhook`: how Jira tells of its changes, over REST."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from duolog.cli.output import AsJson, tell
from duolog.cli.remote import Server, Token, open_remote

webhook = typer.Typer(help="The webhook of a connection.")

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the connection.")]


@webhook.command("show")
def show(
    connection_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False
) -> None:
    """Show the address, what to tick in Jira, and what has come."""
    found = open_remote(server, token).get(_path(connection_id))
    tell(found, _sentence(found), as_json=as_json)


@webhook.command("set")
def set_up(
    connection_id: Id,
    register: Annotated[
        bool, typer.Option("--register", help="Have Jira set up by Duolog.")
    ] = False,
    secret: Annotated[
        bool, typer.Option("--secret", help="Take a secret from stdin; the former overlaps.")
    ] = False,
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Make the address, set the secret of Jira's webhook, or have it registered."""
    body: dict[str, Any] = {"register": register}
    if secret:
        body["secret"] = _read_secret()
    made = open_remote(server, token).post(_path(connection_id), body)
    tell(made, _sentence(made), as_json=as_json)


@webhook.command("rotate")
def rotate(
    connection_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False
) -> None:
    """Give a webhook that Duolog registered another secret; the former overlaps for a day."""
    told = open_remote(server, token).post(f"{_path(connection_id)}/rotate")
    tell(told, _sentence(told), as_json=as_json)


@webhook.command("renew")
def renew(
    connection_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False
) -> None:
    """Make another address; what Jira sends to the old one is refused from then on."""
    told = open_remote(server, token).post(f"{_path(connection_id)}/renew-address")
    tell(told, _sentence(told), as_json=as_json)


@webhook.command("remove")
def remove(
    connection_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False
) -> None:
    """Take the webhook away, out of Jira too where Duolog registered it."""
    open_remote(server, token).delete(_path(connection_id))
    tell({"removed": connection_id}, "The webhook is removed.", as_json=as_json)


def _path(connection_id: str) -> str:
    return f"/connections/{connection_id}/webhook"


def _sentence(webhook: Mapping[str, Any]) -> str:
    if webhook["url"] is None:
        return "No webhook is set up. Changes in Jira are found by looking."
    lines = [webhook["url"], "signed" if webhook["signed"] else "not signed: show it to nobody"]
    if webhook["kind"] == "pasted":
        lines.append(f"Tick in Jira: {', '.join(webhook['events'])}.")
    if webhook["missing_events"]:
        lines.append(f"Found by looking: {', '.join(webhook['missing_events'])}.")
    if webhook["overlaps"]:
        until = webhook["former_secret_until"] or "Jira has taken the new one"
        lines.append(f"The former secret is accepted until {until}.")
    lines += [f"Refused, {each['reason']}: {each['count']}" for each in webhook["refused"]]
    last = webhook["last_delivery_at"]
    lines.append(f"Last delivery: {last}." if last else "Waiting for the first delivery.")
    return "\n".join([*lines, *filter(None, [webhook["trouble"]])])


def _read_secret() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Secret of Jira's webhook", hide_input=True))
    return sys.stdin.readline().strip()
