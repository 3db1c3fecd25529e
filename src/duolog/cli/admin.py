"""Accounts, invitations, keys and tokens, made by whoever holds the installation."""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

import typer

from duolog.cli.database import open_database
from duolog.cli.errors import NotDone
from duolog.cli.output import AsJson, show_table, tell

admin = typer.Typer(help="Accounts and keys, for whoever runs the installation.")
token = typer.Typer(help="Keys to the REST API.")

Email = Annotated[str, typer.Option(help="E-mail the person signs in with.")]
Workplace = Annotated[str, typer.Option(help="Address (slug) of the workplace.")]


_TOKEN_COLUMNS: Final = {
    "id": "Id",
    "member": "Member",
    "name": "Name",
    "scope": "May",
    "expires_on": "Last day",
    "last_used_at": "Last used",
}


class InvitedRole(StrEnum):
    """What an invited person may do."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"


class TokenScope(StrEnum):
    """What a token may do."""

    READ = "read"
    WRITE = "write"


@admin.command("create")
def create_owner(
    email: Email,
    name: Annotated[str, typer.Option(help="Name that others see.")],
    workplace: Annotated[
        str, typer.Option(help="Slug of the workplace to own, or the name of a new one.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Make an account that owns a workplace.  The password is asked, or read from stdin."""
    password = _read_password()
    open_database()
    from duolog.people.accounts import make_owner

    member = make_owner(email=email, name=name, password=password, workplace=workplace)
    tell(
        {
            "member_id": str(member.pk),
            "email": member.user.email,
            "workplace": member.workplace.slug,
        },
        f"{member.user.email} owns the workplace {member.workplace.slug}.",
        as_json=as_json,
    )


@admin.command("invite")
def invite(
    email: Email,
    workplace: Workplace,
    role: Annotated[InvitedRole, typer.Option(help="What they may do.")] = InvitedRole.MEMBER,
    *,
    mail: Annotated[bool, typer.Option("--mail", help="Also mail the link to them.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make an invitation and print its link, which is good for seven days."""
    open_database()
    from duolog.people.invitations import NotMailed, link_of, mail_invitation
    from duolog.people.models import Role
    from duolog.people.queries import get_workplace
    from duolog.people.services import invite_to

    invitation, secret = invite_to(get_workplace(workplace), email=email, role=Role(role))
    url = link_of(secret)
    tell({"id": str(invitation.pk), "email": invitation.email, "url": url}, url, as_json=as_json)
    if mail:
        try:
            mail_invitation(invitation, secret)
        except NotMailed as failed:
            raise NotDone(f"The mail did not leave. {failed} Give the link by hand.") from failed


@admin.command("teams")
def turn_teams(
    workplace: Workplace,
    *,
    on: Annotated[bool, typer.Option("--on/--off", help="Whether the workplace has teams.")],
    as_json: AsJson = False,
) -> None:
    """Turn the teams of a workplace off, so that items are sorted by project alone, or on."""
    open_database()
    from duolog.people.models import Role
    from duolog.people.queries import get_workplace, list_members
    from duolog.workplace.actors import Actor
    from duolog.workplace.services import turn_teams_off, turn_teams_on

    here = get_workplace(workplace)
    owner = next(each for each in list_members(here) if each.role == Role.OWNER)
    (turn_teams_on if on else turn_teams_off)(here, actor=Actor.of(owner))
    tell({"has_teams": on}, f"Teams are {'on' if on else 'off'}.", as_json=as_json)


@admin.command("remove-second-factor")
def remove_factor(email: Email, *, as_json: AsJson = False) -> None:
    """Let somebody who lost phone and recovery codes sign in by password; ends their sessions."""
    open_database()
    from duolog.people.queries import get_user
    from duolog.people.second_factor import remove_second_factor

    user = get_user(email)
    count = remove_second_factor(user)
    tell(
        {"email": user.email, "removed": count},
        f"Removed {count} of {user.email}; the password alone signs in now.",
        as_json=as_json,
    )


@admin.command("key")
def make_key(*, as_json: AsJson = False) -> None:
    """Print a fresh key for DUOLOG_ENCRYPTION_KEYS."""
    from cryptography.fernet import Fernet

    key = Fernet.generate_key().decode()
    tell({"key": key}, key, as_json=as_json)


@admin.command("reseal")
def reseal(*, as_json: AsJson = False) -> None:
    """Seal every stored secret with the first of DUOLOG_ENCRYPTION_KEYS, while all goes on."""
    open_database()
    from duolog.connections.resealing import reseal_everything

    done = reseal_everything()
    resealed, unknown = sum(each.resealed for each in done), sum(each.unknown for each in done)
    columns = {str(each.column): each.resealed for each in done}
    tell(
        {"resealed": resealed, "unknown": unknown, "columns": columns},
        f"{resealed} resealed. {_about_unknown(unknown)}",
        as_json=as_json,
    )
    if unknown:
        raise NotDone(f"{unknown} were sealed with a key that is not given.")


def _about_unknown(unknown: int) -> str:
    if unknown:
        return "Do not remove a key before what it sealed was entered again."
    return "Every secret is sealed with the newest key: the others can go."


@token.command("create")
def create_token(
    email: Email,
    workplace: Annotated[
        str, typer.Option(help="Slug of the workplace; needed where the person has several.")
    ] = "",
    name: Annotated[str, typer.Option(help="What the token is for.")] = "Command line",
    scope: Annotated[TokenScope, typer.Option(help="What it may do.")] = TokenScope.WRITE,
    expires_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day it works, in UTC.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Make a token for the REST API and print it, this once."""
    open_database()
    from duolog.people.models import Scope
    from duolog.people.queries import only_membership
    from duolog.people.services import create_api_token

    member = only_membership(email, workplace)
    made, secret = create_api_token(
        member,
        name=name,
        scope=Scope(scope),
        by_command_line=True,
        expires_on=expires_on.date() if expires_on else None,
    )
    tell(
        {
            "id": str(made.pk),
            "token": secret,
            "scope": made.scope,
            "workplace": member.workplace.slug,
        },
        secret,
        as_json=as_json,
    )


@token.command("list")
def list_tokens(workplace: Workplace, *, as_json: AsJson = False) -> None:
    """List the tokens of everybody in a workplace, without their secrets."""
    open_database()
    from duolog.people.queries import get_workplace, list_all_tokens

    rows = [
        {
            "id": str(each.pk),
            "member": each.member.user.email,
            "name": each.name,
            "scope": each.scope,
            "expires_on": each.expires_on.isoformat() if each.expires_on else None,
            "last_used_at": each.last_used_at.isoformat() if each.last_used_at else None,
        }
        for each in list_all_tokens(get_workplace(workplace))
    ]
    show_table(rows, _TOKEN_COLUMNS, as_json=as_json, empty="No token works here.")


@token.command("revoke")
def revoke_token(
    token_id: Annotated[int, typer.Argument(help="Id that `token list` tells.")],
    *,
    as_json: AsJson = False,
) -> None:
    """End a token at once."""
    open_database()
    from duolog.people.tokens import end_token

    ended = end_token(token_id)
    tell({"id": str(ended.pk)}, f"{ended.name} works no longer.", as_json=as_json)


def _read_password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
