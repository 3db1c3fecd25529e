"""`duolog connection app`: the OAuth app by which a workplace signs in with Atlassian, over REST."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from duolog.cli.output import AsJson, tell
from duolog.cli.remote import Server, Token, open_remote

oauth_app = typer.Typer(help="The OAuth app to sign in with Atlassian.")

_PATH: Final = "/oauth-app"


@oauth_app.command("show")
def show(*, server: Server = "", token: Token = "", as_json: AsJson = False) -> None:
    """Show whose app it is, and what to enter at developer.atlassian.com."""
    found = open_remote(server, token).get(_PATH)
    tell(found, _sentence(found), as_json=as_json)


@oauth_app.command("set")
def set_app(
    client_id: Annotated[str, typer.Argument(help="Client ID of the app.")],
    *,
    server: Server = "",
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Sign in by this app from now on.  Its secret is asked, or read from stdin."""
    body = {"client_id": client_id, "client_secret": _read_secret()}
    told = open_remote(server, token).patch(_PATH, body)
    tell(told, _sentence(told), as_json=as_json)


@oauth_app.command("remove")
def remove(*, server: Server = "", token: Token = "", as_json: AsJson = False) -> None:
    """Forget the workplace's app; that of the installation counts again."""
    remote = open_remote(server, token)
    remote.delete(_PATH)
    left = remote.get(_PATH)
    tell(left, _sentence(left), as_json=as_json)


def _sentence(app: Mapping[str, Any]) -> str:
    whose = f"{app['client_id']}, of the {app['of']}" if app["of"] else "There is no app yet"
    return "\n".join(
        [
            f"{whose}.",
            f"Callback URL: {app['callback_url']}",
            f"Scopes: {' '.join(app['scopes'])}",
        ]
    )


def _read_secret() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Secret of the app", hide_input=True))
    return sys.stdin.readline().strip()
