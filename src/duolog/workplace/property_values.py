"""Reading what was asked of a property, and saying what it holds.  Writes nothing.

What is stored is the canonical text of `core.properties`; None stands for *nothing held*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from duolog.core.properties import (
    CHECKED,
    DIGITS_MAX,
    PropertyKind,
    join_lines,
    join_options,
    moment_text,
    number_text,
    split_lines,
    split_options,
)
from duolog.people.models import Member
from duolog.workplace.models import Property, WorkItem
from duolog.workplace.name_lists import join_names, split_names
from duolog.workplace.reading import Wrong, read_day, read_row, read_text

TEXT_MAX: Final = 1000
NAME_MAX: Final = 255
PARAGRAPH_MAX: Final = 32_767
URL_MAX: Final = 2000
_YES: Final = frozenset({"true", "on", "yes", "1"})
_NO: Final = frozenset({"", "false", "off", "no", "0"})

Shown: TypeAlias = str | float | int | bool | list[str]


def read_properties(workplace_id: int, asked: object) -> dict[Property, str | None]:
    """The values to store by their property, or `Wrong` with a sentence for each that is wrong."""
    if not isinstance(asked, Mapping):
        raise Wrong("Give the properties as an object of values by the property's id.")
    known = {
        str(row.pk): row
        for row in Property.objects.filter(workplace=workplace_id, archived_at=None)
    }
    values: dict[Property, str | None] = {}
    wrong: list[str] = []
    for key, value in asked.items():
        row = known.get(str(key.pk if isinstance(key, Property) else key))
        if row is None:
            wrong.append(f"There is no property {key}.")
            continue
        try:
            values[row] = read_value(row, value)
        except Wrong as error:
            wrong.append(f"{row.name}: {error}")
    if wrong:
        raise Wrong(" ".join(wrong))
    return values


def read_value(row: Property, value: object) -> str | None:
    """The canonical text of one value, or `Wrong`."""
    if value is None or value == "":
        return None
    return _READERS[PropertyKind(row.kind)](row, value)


def show_value(row: Property, text: str) -> Shown:
    """The value as JSON tells it: a number, a boolean, a list of ids, or text."""
    match PropertyKind(row.kind):
        case PropertyKind.NUMBER:
            return float(text) if "." in text else int(text)
        case PropertyKind.CHECKBOX:
            return text == CHECKED
        case PropertyKind.MEMBERS:
            return list(split_options(text))
        case PropertyKind.LIST:
            return list(split_lines(text))
        case PropertyKind.MULTI_SELECT:
            held = set(split_options(text))
            return [option for option in row.option_names if option in held]
        case _:
            return text


def say_value(row: Property, text: str | None) -> str:
    """The value as a person reads it."""
    if not text:
        return ""
    names: Iterable[str]
    match PropertyKind(row.kind):
        case PropertyKind.SELECT | PropertyKind.MULTI_SELECT:
            held = set(split_options(text))
            names = (name for key, name in row.option_names.items() if key in held)
        case PropertyKind.MEMBER | PropertyKind.MEMBERS:
            names = _names_of(split_options(text))
        case PropertyKind.LIST:
            names = split_lines(text)
        case PropertyKind.DATE_TIME:
            return f"{text[:10]} {text[11:16]} UTC"
        case PropertyKind.CHECKBOX:
            return "Yes"
        case _:
            return text
    return join_names(names)


def _names_of(ids: Sequence[str]) -> list[str]:
    rows = Member.objects.select_related("user").filter(pk__in=[int(each) for each in ids])
    names = {str(member.pk): member.name for member in rows}
    return [names.get(each, "Somebody who left") for each in ids]


def held_by(item: WorkItem) -> dict[Property, str]:
    """What an item holds, by property; archived properties are left out."""
    return {
        held.property: held.value
        for held in item.property_values.all()
        if held.property.archived_at is None
    }


def _text(_row: Property, value: object) -> str | None:
    text = read_text(value).strip()
    if len(text.splitlines()) > 1 or len(text) > TEXT_MAX:
        raise Wrong(f"Write one line of at most {TEXT_MAX} characters.")
    return text or None


def _number(_row: Property, value: object) -> str:
    try:
        return number_text(str(value))
    except ValueError:
        raise Wrong(f"Write a number such as 3.5, with at most {DIGITS_MAX} digits.") from None


def _date(_row: Property, value: object) -> str | None:
    day = read_day(value)
    return day.isoformat() if day else None


def _select(row: Property, value: object) -> str:
    return _option(row, value)


def _multi_select(row: Property, value: object) -> str | None:
    if isinstance(value, str):
        value = split_names(value)
    if not isinstance(value, Iterable):
        raise Wrong("Give the chosen options as a list.")
    return join_options(_option(row, each) for each in value)


def _option(row: Property, value: object) -> str:
    """The id of an option, named by its id or its name."""
    asked = str(value).strip()
    names = row.option_names
    if asked in names:
        return asked
    by_name = {name.casefold(): key for key, name in names.items()}
    if (found := by_name.get(asked.casefold())) is None:
        raise Wrong(f"Choose one of its options: {', '.join(names.values())}.")
    return found


def _member(row: Property, value: object) -> str | None:
    here = Member.objects.filter(workplace=row.workplace_id, left_at=None)
    member = read_row(here, value, "Choose a member of this workplace.")
    return str(member.pk) if member else None


def _members(row: Property, value: object) -> str | None:
    """Members by themselves, their ids, or their names; of a text, the names in it."""
    if isinstance(value, str):
        value = split_names(value)
    if not isinstance(value, Iterable):
        raise Wrong("Give the members as a list.")
    here = Member.objects.filter(workplace=row.workplace_id, left_at=None)
    known = {str(member.pk): member.name for member in here.select_related("user")}
    return join_options(_named_member(known, each) for each in value)


def _named_member(known: Mapping[str, str], value: object) -> str:
    asked = str(value.pk if isinstance(value, Member) else value).strip()
    if asked in known:
        return asked
    found = [key for key, name in known.items() if name.casefold() == asked.casefold()]
    if len(found) > 1:
        raise Wrong(f"There are {len(found)} members called {asked}: say which by the id.")
    if not found:
        raise Wrong(f"{asked} is no member of this workplace: write names as its members page has.")
    return found[0]


def _list(_row: Property, value: object) -> str | None:
    """Names by themselves; of a text, the names in it."""
    if isinstance(value, str):
        value = split_names(value)
    if not isinstance(value, Iterable):
        raise Wrong("Give the names as a list.")
    names = [read_text(each).strip() for each in value]
    if any(len(name.splitlines()) > 1 or len(name) > NAME_MAX for name in names):
        raise Wrong(f"Write names of one line, each of at most {NAME_MAX} characters.")
    joined = join_lines(names)
    if joined is not None and len(joined) > PARAGRAPH_MAX:
        raise Wrong(f"Write at most {PARAGRAPH_MAX} characters in all.")
    return joined


def _paragraph(_row: Property, value: object) -> str | None:
    text = read_text(value).replace("\r\n", "\n").strip()
    if len(text) > PARAGRAPH_MAX:
        raise Wrong(f"Write at most {PARAGRAPH_MAX} characters: Jira takes no more.")
    return text or None


def _moment(_row: Property, value: object) -> str:
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    try:
        return moment_text(text)
    except ValueError:
        raise Wrong("Write the moment as 2026-01-31T09:30Z; without a zone it is UTC.") from None


def _url(_row: Property, value: object) -> str | None:
    text = read_text(value).strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    is_whole = (
        parts.scheme in {"http", "https"} and parts.netloc and not any(map(str.isspace, text))
    )
    if text and (not is_whole or len(text) > URL_MAX):
        raise Wrong(
            f"Write a whole address such as https://example.com/, up to {URL_MAX} characters."
        )
    return text or None


def _checkbox(_row: Property, value: object) -> str | None:
    asked = str(value).strip().casefold()
    if asked not in _YES | _NO:
        raise Wrong("Say true or false.")
    return CHECKED if asked in _YES else None


_READERS: Final[Mapping[PropertyKind, Callable[[Property, object], str | None]]] = {
    PropertyKind.TEXT: _text,
    PropertyKind.NUMBER: _number,
    PropertyKind.DATE: _date,
    PropertyKind.SELECT: _select,
    PropertyKind.MULTI_SELECT: _multi_select,
    PropertyKind.MEMBER: _member,
    PropertyKind.URL: _url,
    PropertyKind.CHECKBOX: _checkbox,
    PropertyKind.PARAGRAPH: _paragraph,
    PropertyKind.DATE_TIME: _moment,
    PropertyKind.MEMBERS: _members,
    PropertyKind.LIST: _list,
}
