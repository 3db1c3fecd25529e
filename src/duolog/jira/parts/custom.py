"""A custom field of an issue as the canonical value of one of our properties, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from duolog.core.errors import Refused
from duolog.core.fields import PropertyMap, foreign_id, only_there, spelled, unspelled
from duolog.core.properties import (
    CHECKED,
    PropertyKind,
    join_options,
    number_text,
    split_options,
)
from duolog.core.values import ABSENT, Value
from duolog.jira.surroundings import Surroundings
from duolog.jira.wire import Json, User


def property_here(known: PropertyMap, raw: Json, around: Surroundings) -> Value:
    """What an issue holds in the field, or a foreign value where nothing here stands for it."""
    if raw is None or raw in ("", []):
        return None
    return _HERE.get(known.kind, _text_here)(known, raw, around)


def property_there(
    known: PropertyMap, value: Value, around: Surroundings, previous: Json = None
) -> Json:
    """The value as Jira takes it.  `previous` is what the field holds: options that nothing here
    stands for stay chosen.  Raises Refused for a value that Jira has no counterpart for."""
    if known.kind is PropertyKind.MULTI_SELECT:
        return _several_there(known, value, _ids(previous))
    if known.kind is PropertyKind.CHECKBOX:
        return _checkbox_there(known, value, _ids(previous))
    if value is None or value is ABSENT:
        return None
    return _THERE.get(known.kind, _text_there)(known, str(value), around)


def _text_here(_known: PropertyMap, raw: Json, _around: Surroundings) -> str | None:
    return spelled(str(raw).strip()) or None


def _text_there(_known: PropertyMap, value: str, _around: Surroundings) -> Json:
    return unspelled(value)


def _day_here(_known: PropertyMap, raw: Json, _around: Surroundings) -> str:
    return str(raw)


def _day_there(_known: PropertyMap, value: str, _around: Surroundings) -> Json:
    return value


def _choice_here(known: PropertyMap, raw: Json, _around: Surroundings) -> str:
    return known.options.decode(_id(raw))


def _choice_there(known: PropertyMap, value: str, _around: Surroundings) -> Json:
    return {"id": _counterpart(known.options.encode(value), value)}


def _person_here(_known: PropertyMap, raw: Json, around: Surroundings) -> str:
    return around.account_here(User.model_validate(raw))


def _person_there(_known: PropertyMap, value: str, around: Surroundings) -> Json:
    return {around.dialect.account_key: _counterpart(around.account_there(value), value)}


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


def _several_there(known: PropertyMap, value: Value, held: Sequence[str]) -> Json:
    wanted = split_options(str(value or ""))
    chosen = [_counterpart(known.options.encode(each), each) for each in wanted]
    kept = [each for each in held if each not in known.options.inbound]
    return [{"id": each} for each in dict.fromkeys((*kept, *chosen))]


def _checkbox_there(known: PropertyMap, value: Value, held: Sequence[str]) -> Json:
    option = _counterpart(known.options.encode(CHECKED), CHECKED)
    others = [each for each in held if each != option]
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
    return str(raw.get("id", "")) if isinstance(raw, dict) else str(raw)


_HERE: Final[Mapping[PropertyKind, Callable[[PropertyMap, Json, Surroundings], Value]]] = {
    PropertyKind.NUMBER: _number_here,
    PropertyKind.DATE: _day_here,
    PropertyKind.SELECT: _choice_here,
    PropertyKind.MULTI_SELECT: _several_here,
    PropertyKind.CHECKBOX: _checkbox_here,
    PropertyKind.MEMBER: _person_here,
}
_THERE: Final[Mapping[PropertyKind, Callable[[PropertyMap, str, Surroundings], Json]]] = {
    PropertyKind.NUMBER: _number_there,
    PropertyKind.DATE: _day_there,
    PropertyKind.SELECT: _choice_there,
    PropertyKind.MEMBER: _person_there,
}
