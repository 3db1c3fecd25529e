"""`duolog jira`: sign in to a Jira site, for one's own time without a server."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum, auto
from typing import Annotated

import typer

from duolog.cli.connections import Deployment
from duolog.cli.errors import NotDone
from duolog.cli.output import AsJson, tell
from duolog.cli.site import NONE_KEPT, Site, find_site, forget_site, keep_site, open_site
from duolog.jira.address import understand

jira = typer.Typer(help="Your own time straight in Jira, without a server.")


class Way(StrEnum):
    """How one signs in to a site, without a browser."""

    API_TOKEN = auto()
    PAT = auto()
    BASIC = auto()


@jira.command("login")
def login(
    address: Annotated[str, typer.Argument(help="Address of the Jira site.")],
    deployment: Annotated[Deployment, typer.Option(help="Which Jira.")] = Deployment.CLOUD,
    method: Annotated[
        Way | None,
        typer.Option(help="How to sign in; api_token on Cloud and pat on Server if left out."),
    ] = None,
    name: Annotated[
        str, typer.Option("--as", metavar="NAME", help="Your e-mail, or user name for a password.")
    ] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Keep a site for `--jira`, once its token is proven; the token goes to the system keyring.

    It is asked, or is the first line of stdin.
    """
    usual = Way.API_TOKEN if deployment is Deployment.CLOUD else Way.PAT
    site = Site(understand(address).base_url, deployment.value, (method or usual).value, name)
    if site.method != Way.PAT and not name:
        raise typer.BadParameter("Say who you are: your e-mail, or user name.", param_hint="--as")
    secret = _secret()
    with open_site(site, secret) as client:
        me = client.people.myself()
    proven = replace(
        site, account_id=me.account_id, account_name=me.display_name, zone=me.time_zone or "UTC"
    )
    path = keep_site(proven, secret)
    tell(
        {"address": proven.address, "account_name": proven.account_name, "kept_in": str(path)},
        f"Signed in to {proven.address} as {proven.account_name}; the token is in your keyring.",
        as_json=as_json,
    )


@jira.command("logout")
def logout(*, as_json: AsJson = False) -> None:
    """Forget the site, and its token."""
    site = find_site()
    if site is None:
        raise NotDone(NONE_KEPT)
    forget_site(site)
    tell({"forgotten": site.address}, f"{site.address} is forgotten.", as_json=as_json)


def _secret() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Token or password", hide_input=True))
    return sys.stdin.readline().strip()
