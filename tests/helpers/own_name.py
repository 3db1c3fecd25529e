"""People with a connection of their own, beside the service account."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from helpers.bound import Bound
from helpers.jirasim import Account, Jira

from duolog.connections.models import Connection, ConnectionKind, Method
from duolog.connections.services import NewConnection, allow_writing_in_my_name, connect
from duolog.people.models import Member


def own_connection(
    bound: Bound, account: Account, *, allowed: bool = True, owner: Member | None = None
) -> Connection:
    """A member's own way into the same site, as one of its people; the owner's, if not named."""
    is_cloud, member = bound.jira.is_cloud, owner or bound.owner
    made = connect(
        member,
        NewConnection(
            address=bound.jira.url,
            deployment=bound.jira.deployment,
            method=Method.API_TOKEN if is_cloud else Method.PAT,
            email=account.email if is_cloud else "",
            secret=account.api_token,
            kind=ConnectionKind.PERSONAL,
        ),
    )
    allow_writing_in_my_name(member, made, allowed=allowed)
    return made


@contextlib.contextmanager
def revoked(jira: Jira, account: Account) -> Iterator[None]:
    """The account's token opens nothing within the block."""
    jira.sim("POST", "tokens", {"api_token": account.api_token, "revoked": True})
    try:
        yield
    finally:
        jira.sim("POST", "tokens", {"api_token": account.api_token, "revoked": False})


@contextlib.contextmanager
def as_a_member(jira: Jira) -> Iterator[None]:
    """The service account may within the block what members may: nothing of others' own."""
    name = jira.service.username or jira.service.account_id
    administrators, members = (f"project/{jira.project_key}/role/{it}" for it in (10002, 10003))
    jira.ask("POST", members, {"user": [name]}, by=jira.service)
    jira.ask("DELETE", f"{administrators}?user={name}", by=jira.service)
    try:
        yield
    finally:
        jira.ask("POST", administrators, {"user": [name]}, by=jira.service)
        jira.ask("DELETE", f"{members}?user={name}", by=jira.service)
