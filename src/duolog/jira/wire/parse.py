"""How Jira's JSON becomes values: strict, frozen, and refused by the name of the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Final, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError, from_json

from duolog.core.errors import Refused, Retryable

T = TypeVar("T")

Json: TypeAlias = JsonValue
JsonObject: TypeAlias = Mapping[str, JsonValue]
Sendable: TypeAlias = "Mapping[str, Sendable] | Sequence[Sendable] | str | int | float | None"
"""What can be sent as JSON; what was read can be sent back."""

LATEST: Final = 253_402_300_799_000  # the last millisecond but 999 of year 9999
_NO_EMAIL: Final = frozenset({"", "?", '"?"'})  # Cloud hides addresses in all these ways


class Wire(BaseModel):
    """Base of everything read from Jira: unknown keys are ignored, wrong types refused.

    Jira, its versions and its apps write null for what others of them leave out: both are one.
    """

    model_config = ConfigDict(
        strict=True, frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True
    )

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {key: it for key, it in value.items() if it is not None}


def _instant(value: object) -> datetime:
    if not isinstance(value, str):
        raise PydanticCustomError("time", "should be a time such as 2026-01-31T12:00:00.000+0000")
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError("should name its offset from UTC")
    return instant.astimezone(UTC)


def _millis(value: object) -> datetime:
    """The document's schema says a number of milliseconds, its examples an instant."""
    if isinstance(value, int) and 0 <= value <= LATEST:
        return datetime.fromtimestamp(value / 1000, UTC)
    return _instant(value)


def _day(value: object) -> date:
    if not isinstance(value, str):
        raise PydanticCustomError("day", "should be a day such as 2026-01-31")
    return date.fromisoformat(value)


def _as_text(value: object) -> object:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


def _email(value: object) -> object:
    return None if value in _NO_EMAIL else value


Id = Annotated[str, BeforeValidator(_as_text)]
"""An id.  Text nearly everywhere; some answers, and some apps, write the same as a number."""

Instant = Annotated[datetime, PlainValidator(_instant)]
"""A moment, aware, in UTC.  Jira writes offsets without a colon and in any zone."""

Millis = Annotated[datetime, PlainValidator(_millis)]
"""A moment that Jira counts in milliseconds, or writes out."""

Day = Annotated[date, PlainValidator(_day)]
"""A calendar day without a zone."""

Email = Annotated[str | None, BeforeValidator(_email)]
"""An address, or None where Jira hides it (absent, null, empty or a question mark)."""

Many = Annotated[tuple[T, ...], Field(strict=False)]
"""A JSON array."""


def read_json(body: bytes) -> Json:
    """The JSON value in `body`.  Raises Retryable: a cut or foreign answer, not a refusal."""
    try:
        value: Json = from_json(body)
    except ValueError as error:
        raise Retryable(
            "The answer was not the JSON that Jira sends.",
            hint="Something between us and Jira may have answered. We try again.",
        ) from error
    return value


def read(kind: type[T] | TypeAdapter[T], value: object) -> T:
    """The value as `kind`.  Raises Refused, naming the first field that does not fit."""
    adapter = kind if isinstance(kind, TypeAdapter) else TypeAdapter(kind)
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "the answer"
        raise Refused(
            f"Jira's answer was not understood: {place}: {first['msg']}.",
            fields={place: first["msg"]},
            hint="This version of Jira may be newer than we know. Tell whoever runs this server.",
        ) from error
