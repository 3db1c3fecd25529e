"""Webhook bodies, read tolerantly: they differ by version, deployment, event and luck.

What is genuine but odd in one part still tells of the issue: such a part is read as absent.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Final, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.alias_generators import to_camel

from duolog.jira.wire.parse import LATEST, Many

T = TypeVar("T")

ISSUE_IN_ADDRESS: Final = re.compile(r"/issue/(\d{1,20})/", re.ASCII)
LONGEST: Final = 200
"""How much is kept of any text of a delivery: names and ids, never what people wrote."""
_ID: Final = re.compile(r"[0-9]{1,20}")


def _moment(value: object) -> datetime | None:
    if isinstance(value, int) and 0 <= value <= LATEST:
        return datetime.fromtimestamp(value / 1000, UTC)
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
        return instant.astimezone(UTC) if instant.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _id(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**20:
        value = str(value)
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def _words(value: object) -> object:
    """Text that every database can keep: no NUL, no half of a surrogate pair, not endless."""
    if not isinstance(value, str):
        return value
    return value[:LONGEST].encode(errors="replace").decode().replace("\0", "?")


def _text(value: object) -> str | None:
    return None if value is None else str(_words(str(value)))


def _or_none(value: object, read: ValidatorFunctionWrapHandler) -> object:
    try:
        return read(value)
    except ValidationError:
        return None


Id = Annotated[str | None, PlainValidator(_id)]
"""An id: digits, as text nearly everywhere, as a number in issue links.  None for anything else."""

Moment = Annotated[datetime | None, PlainValidator(_moment)]
"""A time in ISO or in epoch milliseconds; None for what is neither."""

Words = Annotated[str | None, BeforeValidator(_words)]
"""A name or a key."""

Text = Annotated[str | None, PlainValidator(_text)]
"""What a changelog says a field was or is."""

Perhaps = Annotated[T | None, WrapValidator(_or_none)]
"""A part of the body, or None where it is not what we know."""


class _Delivered(BaseModel):
    model_config = ConfigDict(
        strict=True, frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True
    )


class Account(_Delivered):
    """Somebody: an account id on Cloud, a key and a login name on Server."""

    account_id: Words = None
    key: Words = None
    name: Words = None
    display_name: Words = None

    @property
    def identity(self) -> str | None:
        """The most lasting of the three."""
        return self.account_id or self.key or self.name


class DeliveredProject(_Delivered):
    """A project."""

    id: Id = None
    key: Words = None


class DeliveredFields(_Delivered):
    """The few fields of an issue that a hint needs."""

    project: Perhaps[DeliveredProject] = None
    updated: Moment = None


class DeliveredIssue(_Delivered):
    """An issue.  Its address may lack `/issue/`; its id never lies."""

    id: Id = None
    key: Words = None
    fields: Perhaps[DeliveredFields] = None

    @property
    def project(self) -> DeliveredProject | None:
        """Where it lives."""
        return self.fields.project if self.fields else None

    @property
    def updated(self) -> datetime | None:
        """When it was last changed."""
        return self.fields.updated if self.fields else None


class DeliveredLinkType(_Delivered):
    """The kind of an issue link; Jira holds sub-tasks and children of epics by kinds of its own."""

    id: Id = None
    is_system_link_type: Perhaps[bool] = None
    is_sub_task_link_type: Perhaps[bool] = None


class DeliveredChild(_Delivered):
    """A comment, an attachment, a worklog or an issue link."""

    id: Id = None
    address: Perhaps[str] = Field(alias="self", default=None)
    author: Perhaps[Account] = None
    update_author: Perhaps[Account] = None
    created: Moment = None
    updated: Moment = None
    named_issue_id: Id = Field(alias="issueId", default=None)
    source_issue_id: Id = None
    destination_issue_id: Id = None
    link_type: Perhaps[DeliveredLinkType] = Field(alias="issueLinkType", default=None)
    system_link: Perhaps[bool] = None

    @property
    def is_of_system(self) -> bool:
        """Whether it is a link by which Jira says that an issue has a parent."""
        kind = self.link_type or DeliveredLinkType()
        told = (self.system_link, kind.is_system_link_type, kind.is_sub_task_link_type)
        return any(flag is True for flag in told)

    @property
    def issue_id(self) -> str | None:
        """The issue it belongs to, where it says so: by name, or within its own address."""
        found = ISSUE_IN_ADDRESS.search(self.address or "")
        return self.named_issue_id or (found[1] if found else None)


class DeliveredChange(_Delivered):
    """One changed field."""

    field: Annotated[str, BeforeValidator(_words)]
    field_id: Words = None
    old: Text = Field(alias="from", default=None)
    old_text: Text = Field(alias="fromString", default=None)
    new: Text = Field(alias="to", default=None)
    new_text: Text = Field(alias="toString", default=None)


class DeliveredChangelog(_Delivered):
    """The changed fields."""

    items: Many[DeliveredChange] = ()


class DeliveryBody(_Delivered):
    """A whole delivery.  Only its event must be there; a changelog is read whole or not at all."""

    webhook_event: Annotated[str, BeforeValidator(_words)]
    timestamp: Moment = None
    issue_event_type_name: Perhaps[Words] = Field(alias="issue_event_type_name", default=None)
    issue: Perhaps[DeliveredIssue] = None
    project: Perhaps[DeliveredProject] = None
    comment: Perhaps[DeliveredChild] = None
    attachment: Perhaps[DeliveredChild] = None
    worklog: Perhaps[DeliveredChild] = None
    issuelink: Perhaps[DeliveredChild] = Field(alias="issueLink", default=None)
    changelog: Perhaps[DeliveredChangelog] = None
    user: Perhaps[Account] = None
