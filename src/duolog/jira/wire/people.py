"""Accounts as Jira tells of them.  Reads only; matching people is decided elsewhere."""

from __future__ import annotations

from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from duolog.jira.wire.parse import Email, Instant, Wire


class User(Wire):
    """A Jira account.  Only `account_id` is an identity; names change and e-mail is a hint.

    On Server `account_id` is the user's key, which stays when `name`, the login name, changes;
    Cloud has no login names.
    """

    account_id: Annotated[
        str, Field(validation_alias=AliasChoices("accountId", "account_id", "key", "name"))
    ]
    name: str | None = None
    display_name: str = ""
    email_address: Email = None
    active: bool = True
    account_type: str = "atlassian"
    time_zone: str | None = None


def _or_nobody(value: object) -> object:
    """Jira names nobody where somebody anonymous wrote, or whoever wrote was forgotten."""
    names = ("accountId", "account_id", "key", "name")
    is_nameless = isinstance(value, dict) and not any(value.get(name) for name in names)
    return None if is_nameless else value


Author = Annotated[User | None, BeforeValidator(_or_nobody)]
"""Who wrote something, or None.  Never to be read from a field that people fill in: there, what
cannot be read is not empty."""


class Myself(User):
    """The account that the credential belongs to; `time_zone` is the zone of its JQL."""

    locale: str | None = None


class PersonalToken(Wire):
    """A personal access token of the account.  Without `expiring_at` it does not end by itself."""

    id: int
    name: str = ""
    created_at: Instant | None = None
    expiring_at: Instant | None = None
