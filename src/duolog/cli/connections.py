"""`duolog connection`: access to Jira sites, over REST."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import StrEnum, auto
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer

from duolog.cli.errors import NotDone
from duolog.cli.oauth_app import oauth_app
from duolog.cli.output import AsJson, show_lines, show_table, tell
from duolog.cli.remote import Server, Token, open_remote
from duolog.cli.webhooks import webhook

connection = typer.Typer(help="Access to Jira sites.")
connection.add_typer(oauth_app, name="app", no_args_is_help=True)
connection.add_typer(webhook, name="webhook", no_args_is_help=True)


class Deployment(StrEnum):
    """Which product a site runs."""

    CLOUD = "cloud"
    SERVER = "server"


class Method(StrEnum):
    """How one signs in to it."""

    OAUTH = auto()
    API_TOKEN = auto()
    PAT = auto()
    BASIC = auto()


Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the connection.")]
Email: TypeAlias = Annotated[str, typer.Option(help="E-mail of the account, for an API token.")]
Username: TypeAlias = Annotated[str, typer.Option(help="User name, for a password.")]
CaFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(help="Certificate of the authority that signed the site's own, as PEM."),
]
ExpiresOn: TypeAlias = Annotated[
    str, typer.Option(metavar="YYYY-MM-DD", help="Day on which the token ends.")
]
_COLUMNS: Final = {
    "id": "Id",
    "kind": "Kind",
    "label": "Label",
    "address": "Address",
    "health": "Health",
    "account_name": "Account",
    "expires_at": "Ends",
    "reason": "Reason",
}
_SECRETS: Final[Mapping[str, str]] = {
    Method.API_TOKEN: "Jira API token",
    Method.PAT: "Personal access token",
    Method.BASIC: "Password",
}


@connection.command("list")
def list_connections(*, server: Server = "", token: Token = "", as_json: AsJson = False) -> None:
    """List the connections of the workplace, and your own."""
    rows = list(open_remote(server, token).every("/connections"))
    show_table(rows, _COLUMNS, as_json=as_json, empty="No Jira site is connected.")


@connection.command("add")
def add(
    address: Annotated[str, typer.Argument(help="Address of the Jira site.")],
    deployment: Annotated[Deployment, typer.Option(help="Which Jira.")] = Deployment.CLOUD,
    method: Annotated[
        Method | None,
        typer.Option(help="How to sign in; api_token on Cloud and pat on Server if left out."),
    ] = None,
    email: Email = "",
    username: Username = "",
    label: Annotated[str, typer.Option(help="How to call the connection.")] = "",
    ca_file: CaFile = None,
    expires_on: ExpiresOn = "",
    *,
    personal: Annotated[
        bool, typer.Option("--personal", help="Your own account, for your worklogs.")
    ] = False,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Connect to a Jira site.  The secret is asked, or is the first line of stdin.

    With --method oauth the address is printed at which you consent in a browser.
    """
    way = method or _usual(deployment)
    body = {
        "kind": "personal" if personal else "workplace",
        "deployment": deployment,
        "address": address,
        "method": way,
        "email": email,
        "username": username,
        "label": label,
        **({} if way is Method.OAUTH else _secret_for(way)),
        **_more(ca_file, expires_on),
    }
    made = open_remote(server, token).post("/connections", body)
    if "authorize_url" in made:
        tell(made, _consent_at(made), as_json=as_json)
        return
    sentence = f"Connected to {made['address']} as {made['account_name']}: {made['id']}."
    tell(made, sentence + _warnings(made["report"]), as_json=as_json)


@connection.command("check")
def check(
    connection_id: Id, *, server: Server = "", token: Token = "", as_json: AsJson = False
) -> None:
    """Test a connection now."""
    report = open_remote(server, token).post(f"/connections/{connection_id}/check")
    sentence = f"{report['site_name']} answers {report['account_name']}."
    tell(report, sentence + _warnings(report), as_json=as_json)


@connection.command("rename")
def rename(
    connection_id: Id,
    label: Annotated[str, typer.Argument(help="The new label.")],
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Give a connection another label."""
    changed = open_remote(server, token).patch(f"/connections/{connection_id}", {"label": label})
    tell(changed, f"Connection {connection_id} is called {changed['label']}.", as_json=as_json)


@connection.command("rotate")
def rotate(
    connection_id: Id,
    email: Email = "",
    username: Username = "",
    ca_file: CaFile = None,
    expires_on: ExpiresOn = "",
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Replace the credential; the old one stays until Jira takes the new one."""
    remote, path = open_remote(server, token), f"/connections/{connection_id}"
    method = remote.get(path)["method"]
    if method == Method.OAUTH:
        begun = remote.post(f"{path}/sign-in")
        tell(begun, _consent_at(begun), as_json=as_json)
        return
    body = {
        **_secret_for(method),
        **({"email": email} if email else {}),
        **({"username": username} if username else {}),
        **_more(ca_file, expires_on),
    }
    changed = remote.patch(path, body)
    sentence = f"{changed['label']} signs in as {changed['account_name']} with the new credential."
    tell(changed, sentence + _warnings(changed["report"]), as_json=as_json)


@connection.command("remove")
def remove(
    connection_id: Id,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Forget a connection's credential; what is kept in step over it stops, and stays."""
    remote, path = open_remote(server, token), f"/connections/{connection_id}"
    stops = remote.get(f"{path}/stops")
    if not as_json:
        show_lines(_what_stops(stops))
    if not yes and sys.stdin.isatty() and not typer.confirm("Disconnect?"):
        raise NotDone("Nothing was changed.")
    remote.delete(path)
    tell({"removed": connection_id, **stops}, "The connection is removed.", as_json=as_json)


def _usual(deployment: Deployment) -> Method:
    return Method.API_TOKEN if deployment is Deployment.CLOUD else Method.PAT


def _secret_for(method: str) -> dict[str, str]:
    if sys.stdin.isatty():
        return {"secret": str(typer.prompt(_SECRETS[method], hide_input=True))}
    return {"secret": sys.stdin.readline().rstrip("\r\n")}


def _consent_at(begun: Mapping[str, Any]) -> str:
    return (
        "Open this address in a browser in which you are signed in to Duolog, within an hour:\n"
        f"{begun['authorize_url']}"
    )


def _more(ca_file: Path | None, expires_on: str) -> dict[str, str]:
    found = {"expires_on": expires_on} if expires_on else {}
    if ca_file is None:
        return found
    try:
        return {**found, "ca_file": ca_file.read_text()}
    except (OSError, UnicodeDecodeError) as error:
        raise NotDone(f"{ca_file} cannot be read as text: {error}.") from error


def _warnings(report: Mapping[str, Any]) -> str:
    return "".join(f"\n{warning}" for warning in report["warnings"])


def _what_stops(stops: Mapping[str, Any]) -> list[str]:
    lines = [
        f"{each['name']} is no longer kept in step with {each['jira_project_key']}: "
        f"{each['items']} items stay linked, and wait."
        for each in stops["bindings"]
    ]
    hooks = {"removed": "The webhook is taken out of Jira.",
             "left": "The webhook stays in Jira; what it sends is refused."}  # fmt: skip
    return [*lines, *filter(None, [hooks.get(stops["webhook"])])]
