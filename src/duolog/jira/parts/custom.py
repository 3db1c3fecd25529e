"""A custom field of an issue as the canonical value of one of our properties, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from duolog.core.errors import Refused
from duolog.core.fields import PropertyMap, foreign_id, only_there, spelled, unspelled
from duolog.core.properties import (
    CHECKED,
    PropertyKind,
    join_lines,
    join_options,
    moment_text,
    number_text,
    split_lines,
    split_options,
)
from duolog.core.values import ABSENT, Value
from duolog.jira.surroundings import Surroundings, texts_of
from duolog.jira.wire import Json, User

LABELS: Final = "labels"
"""What Jira calls fields of labels."""


def property_here(known: PropertyMap, raw: Json, around: Surroundings) -> Value:
    """What an issue holds in the field, or a foreign value where nothing here stands for it."""
    if raw is None or raw in ("", []):
        return None
    return _HERE.get(known.kind, _text_here)(known, raw, around)


def property_there(
    known: PropertyMap, value: Value, around: Surroundings, previous: Json = None
) -> Json:
    """The value as Jira takes it.  `previous` is what the field holds: options and people that
    nothing here stands for stay, and so do blocks of text that were not edited.  Raises Refused
    for a value that Jira has no counterpart for."""
    if (several := _SEVERAL_THERE.get(known.kind)) is not None:
        return several(known, value, around, previous)
    if value is None or value is ABSENT:
        return None
    if known.kind is PropertyKind.PARAGRAPH:
        return texts_of(around).there(unspelled(str(value)), previous)
    return _THERE.get(known.kind, _text_there)(known, str(value), around)


def _text_here(_known: PropertyMap, raw: Json, _around: Surroundings) -> str | None:
    return spelled(_name_in(raw)) or None


def _name_in(raw: Json) -> str:
    named = raw.get("name") if isinstance(raw, dict) else raw
    return str(named or "").strip()


def _text_there(known: PropertyMap, value: str, _around: Surroundings) -> Json:
    return _named_there(known, unspelled(value))


def _named_there(known: PropertyMap, text: str) -> Json:
    return {"name": text} if known.sort in _NAMED else text


def _list_there(known: PropertyMap, value: Value, _around: Surroundings, _held: Json) -> Json:
    return [_named_there(known, each) for each in split_lines(unspelled(str(value or "")))]


def _list_here(_known: PropertyMap, raw: Json, _around: Surroundings) -> str | None:
    names = [_name_in(each) for each in raw] if isinstance(raw, list) else []
    joined = join_lines(names)
    return None if joined is None else spelled(joined)


def _paragraph_here(_known: PropertyMap, raw: Json, around: Surroundings) -> str | None:
    return spelled(texts_of(around).here(raw)) or None


def _day_here(_known: PropertyMap, raw: Json, _around: Surroundings) -> str:
    return str(raw)


def _day_there(_known: PropertyMap, value: str, _around: Surroundings) -> Json:
    return value


def _moment_here(_known: PropertyMap, raw: Json, _around: Surroundings) -> str:
    try:
        return moment_text(str(raw))
    except ValueError:
        return only_there(str(raw))


def _moment_there(_known: PropertyMap, value: str, _around: Surroundings) -> Json:
    """As Jira tells one; it takes no `Z`."""
    return f"{value.removesuffix('Z')}.000+0000"


def _choice_here(known: PropertyMap, raw: Json, _around: Surroundings) -> str:
    return known.options.decode(_id(raw))


def _choice_there(known: PropertyMap, value: str, _around: Surroundings) -> Json:
    first, _, below = _counterpart(known.options.encode(value), value).partition("/")
    return {"id": first, "child": {"id": below}} if below else {"id": first}


def _person_here(_known: PropertyMap, raw: Json, around: Surroundings) -> str:
    return around.account_here(User.model_validate(raw))


def _person_there(_known: PropertyMap, value: str, around: Surroundings) -> Json:
    return {around.dialect.account_key: _counterpart(around.account_there(value), value)}


def _people_here(_known: PropertyMap, raw: Json, around: Surroundings) -> str | None:
    people = _people(raw)
    here = [around.account_here(each) for each in people]
    if any(foreign_id(each) is not None for each in here):
        return only_there(",".join(sorted(each.account_id for each in people)))
    return join_options(here)


def _people_there(_known: PropertyMap, value: Value, around: Surroundings, held: Json) -> Json:
    wanted = split_options(str(value or ""))
    chosen = [_counterpart(around.account_there(each), each) for each in wanted]
    kept = [
        each.account_id
        for each in _people(held)
        if foreign_id(around.account_here(each)) is not None
    ]
    return [{around.dialect.account_key: each} for each in dict.fromkeys((*kept, *chosen))]


def _people(raw: Json) -> list[User]:
    return [User.model_validate(each) for each in raw] if isinstance(raw, list) else []


def _number_there(_known: PropertyMap, value: str, _around: Surroundings) -> Json:
    return float(value) if "." in value else int(value)


def _several_here(known: PropertyMap, raw: Json, _around: Surroundings) -> str | None:
    ids = _ids(raw)
    here = [known.options.inbound.get(each) for each in ids]
    mapped = [each for each in here if each is not None]
    return join_options(mapped) if len(mapped) == len(ids) else only_there(",".join(sorted(ids)))


def _checkbox_here(known: PropertyMap, raw: Json, _around: Surroundings) -> str | None:
    return CHECKED if known.options.encode(CHECKED) in _ids(raw) else None


def _number_here(_known: PropertyMap, raw: Json, _around: Surroundings) -> str:
    text = str(Decimal(repr(raw))) if isinstance(raw, float) else str(raw)
    try:
        return number_text(text)
    except ValueError:
        return only_there(text)


def _several_there(known: PropertyMap, value: Value, _around: Surroundings, previous: Json) -> Json:
    wanted = split_options(str(value or ""))
    chosen = [_counterpart(known.options.encode(each), each) for each in wanted]
    kept = [each for each in _ids(previous) if each not in known.options.inbound]
    return [{"id": each} for each in dict.fromkeys((*kept, *chosen))]


def _checkbox_there(
    known: PropertyMap, value: Value, _around: Surroundings, previous: Json
) -> Json:
    option = _counterpart(known.options.encode(CHECKED), CHECKED)
    others = [each for each in _ids(previous) if each != option]
    chosen = [*others, option] if value == CHECKED else others
    return [{"id": each} for each in chosen]


def _counterpart(found: str | None, value: Value) -> str:
    if found is None:
        raise Refused(
            f"Jira has no counterpart for {foreign_id(value) or value} in this field.",
            hint="Choose one in the mapping of this binding.",
        )
    return found


def _ids(raw: Json) -> tuple[str, ...]:
    return tuple(_id(each) for each in raw) if isinstance(raw, list) else ()


def _id(raw: Json) -> str:
    """The id of an option; of one of the second level, after that of the option above it."""
    if not isinstance(raw, dict):
        return str(raw)
    child = raw.get("child")
    below = f"/{child.get('id', '')}" if isinstance(child, dict) else ""
    return f"{raw.get('id', '')}{below}"


_HERE: Final[Mapping[PropertyKind, Callable[[PropertyMap, Json, Surroundings], Value]]] = {
    PropertyKind.NUMBER: _number_here,
    PropertyKind.DATE: _day_here,
    PropertyKind.SELECT: _choice_here,
    PropertyKind.MULTI_SELECT: _several_here,
    PropertyKind.CHECKBOX: _checkbox_here,
    PropertyKind.MEMBER: _person_here,
    PropertyKind.PARAGRAPH: _paragraph_here,
    PropertyKind.DATE_TIME: _moment_here,
    PropertyKind.MEMBERS: _people_here,
    PropertyKind.LIST: _list_here,
}
_THERE: Final[Mapping[PropertyKind, Callable[[PropertyMap, str, Surroundings], Json]]] = {
    PropertyKind.NUMBER: _number_there,
    PropertyKind.DATE: _day_there,
    PropertyKind.SELECT: _choice_there,
    PropertyKind.MEMBER: _person_there,
    PropertyKind.DATE_TIME: _moment_there,
}
_SEVERAL_THERE: Final[
    Mapping[PropertyKind, Callable[[PropertyMap, Value, Surroundings, Json], Json]]
] = {
    PropertyKind.MULTI_SELECT: _several_there,
    PropertyKind.CHECKBOX: _checkbox_there,
    PropertyKind.MEMBERS: _people_there,
    PropertyKind.LIST: _list_there,
}
"""The kinds whose field is never `null`: what it holds besides stays."""
_NAMED: Final = frozenset({"grouppicker", "multigrouppicker", "version", "multiversion"})
"""The kinds of fields whose values are things with a name, which is their text here."""
