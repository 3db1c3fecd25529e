"""Webhook bodies, read tolerantly: they differ by version, deployment, event and luck."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator
from pydantic.alias_generators import to_camel

from duolog.jira.wire.parse import Many

ISSUE_IN_ADDRESS: Final = re.compile(r"/issue/(\d+)/")
LATEST: Final = 253_402_300_799_000  # the last millisecond but 999 of year 9999


def _moment(value: object) -> datetime | None:
    if isinstance(value, int) and 0 <= value <= LATEST:
        return datetime.fromtimestamp(value / 1000, UTC)
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant.tzinfo else None


def _id(value: object) -> object:
    return str(value) if isinstance(value, int) else value


def _text(value: object) -> str | None:
    return None if value is None else str(value)


Id = Annotated[str | None, BeforeValidator(_id)]
"""An id: text nearly everywhere, a number in issue links."""

Moment = Annotated[datetime | None, PlainValidator(_moment)]
"""A time in ISO or in epoch milliseconds; None for what is neither."""

Text = Annotated[str | None, PlainValidator(_text)]


class _Delivered(BaseModel):
    model_config = ConfigDict(
        strict=True, frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True
    )


class Account(_Delivered):
    """Somebody: an account id on Cloud, a key and a login name on Server."""

    account_id: str | None = None
    key: str | None = None
    name: str | None = None
    display_name: str | None = None

    @property
    def identity(self) -> str | None:
        """The most lasting of the three."""
        return self.account_id or self.key or self.name


class DeliveredProject(_Delivered):
    """A project."""

    id: Id = None
    key: str | None = None


class DeliveredFields(_Delivered):
    """The few fields of an issue that a hint needs."""

    project: DeliveredProject | None = None
    updated: Moment = None


class DeliveredIssue(_Delivered):
    """An issue.  Its address may lack `/issue/`; its id never lies."""

    id: Id = None
    key: str | None = None
    fields: DeliveredFields = DeliveredFields()


class DeliveredChild(_Delivered):
    """A comment, an attachment, a worklog or an issue link."""

    id: Id = None
    address: str = Field(alias="self", default="")
    author: Account | None = None
    update_author: Account | None = None
    created: Moment = None
    updated: Moment = None
    named_issue_id: Id = Field(alias="issueId", default=None)
    source_issue_id: Id = None
    destination_issue_id: Id = None

    @property
    def issue_id(self) -> str | None:
        """The issue it belongs to, where it says so: by name, or within its own address."""
        found = ISSUE_IN_ADDRESS.search(self.address)
        return self.named_issue_id or (found[1] if found else None)


class DeliveredChange(_Delivered):
    """One changed field."""

    field: str
    field_id: str | None = None
    old: Text = Field(alias="from", default=None)
    old_text: Text = Field(alias="fromString", default=None)
    new: Text = Field(alias="to", default=None)
    new_text: Text = Field(alias="toString", default=None)


class DeliveredChangelog(_Delivered):
    """The changed fields."""

    items: Many[DeliveredChange] = ()


class DeliveryBody(_Delivered):
    """A whole delivery."""

    webhook_event: str
    timestamp: Moment = None
    issue_event_type_name: str | None = Field(alias="issue_event_type_name", default=None)
    issue: DeliveredIssue | None = None
    project: DeliveredProject | None = None
    comment: DeliveredChild | None = None
    attachment: DeliveredChild | None = None
    worklog: DeliveredChild | None = None
    issuelink: DeliveredChild | None = Field(alias="issueLink", default=None)
    changelog: DeliveredChangelog = DeliveredChangelog()
    user: Account | None = None
