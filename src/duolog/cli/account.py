"""`duolog login`: where the other commands reach a server."""

from __future__ import annotations

from typing import Annotated

import typer

from duolog.cli.output import AsJson, tell
from duolog.cli.profile import Profile, save_profile
from duolog.cli.remote import Remote


def login(
    server: Annotated[str, typer.Option(help="Address of the server.")],
    token: Annotated[
        str, typer.Option(help="API token; asked where left out, so that no history keeps it.")
    ] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Keep server and token for the other commands, once they are proven."""
    secret = token or str(typer.prompt("API token", hide_input=True))
    profile = Profile(server.rstrip("/"), secret)
    me = Remote(profile).get("/me")
    path = save_profile(profile)
    tell(
        {"email": me["email"], "workplace": me["workplace"]["slug"], "kept_in": str(path)},
        f"Signed in as {me['email']} to {me['workplace']['name']}; kept in {path}.",
        as_json=as_json,
    )
