"""Accounts as Jira tells of them.  Reads only; matching people is decided elsewhere."""

from __future__ import annotations

from typing import Annotated

from pydantic import AliasChoices, Field

from duolog.jira.wire.parse import Email, Wire


class User(Wire):
    """A Jira account.  Only `account_id` is an identity; names change and e-mail is a hint."""

    account_id: Annotated[str, Field(validation_alias=AliasChoices("accountId", "account_id"))]
    display_name: str = ""
    email_address: Email = None
    active: bool = True
    account_type: str = "atlassian"
    time_zone: str | None = None


class Myself(User):
    """The account that the credential belongs to; `time_zone` is the zone of its JQL."""

    locale: str | None = None
