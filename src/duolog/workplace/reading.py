"""Turning what was asked (form text, JSON, rows, ids) into values to store.  Writes nothing.

A reader answers one value or raises `Wrong` with one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, QuerySet, TextChoices

from duolog.people.errors import Invalid
from duolog.people.text import is_storable

Subject = TypeVar("Subject")
Row = TypeVar("Row", bound=Model)


class Wrong(Exception):
    """The sentence for one field; `read_fields` collects them."""


def read_fields(
    readers: Mapping[str, Callable[[Subject, object], Any]],
    subject: Subject,
    asked: Mapping[str, object],
) -> dict[str, Any]:
    """The values to store, or `Invalid` with a sentence for every field that is wrong."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field, value in asked.items():
        read = readers.get(field)
        if read is None:
            errors[field] = f"There is no field {field}."
            continue
        try:
            values[field] = read(subject, value)
        except Wrong as wrong:
            errors[field] = str(wrong)
    if errors:
        raise Invalid(errors)
    return values


def read_text(value: object) -> str:
    """Text of any length; None is the empty text."""
    text = "" if value is None else str(value)
    if not is_storable(text):
        raise Wrong("This text holds a character that cannot be stored.")
    return text


def read_day(value: object) -> date | None:
    """A date, by itself or as ISO 8601; nothing means none."""
    if value is None or value == "":
        return None
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Wrong("Write the date as 2026-01-31.") from None


def read_choice(choices: type[TextChoices], value: object) -> str:
    """One of the choices, by its stored value."""
    if value not in choices.values:
        raise Wrong(f"Choose one of {', '.join(choices.values)}.")
    return str(choices(value).value)


def read_row(rows: QuerySet[Row], value: object, wrong: str) -> Row | None:
    """The row meant by itself, its id, or the text of its id; nothing means none."""
    if value is None or value == "":
        return None
    wanted = str(value.pk if isinstance(value, Model) else value)
    found = rows.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    if found is None:
        raise Wrong(wrong)
    return found
