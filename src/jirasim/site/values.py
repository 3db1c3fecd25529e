"""From the JSON of any field to its stored value: system fields, and custom ones by their kind.

Choices, people, groups, versions and projects are stored by id (groups by name); of a cascading
select the first choice and perhaps the second, as a tuple.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import cast

from jirasim.site import agile_decode, parts, security
from jirasim.site.decode import (
    DECODERS,
    LINE_LENGTH,
    NOT_A_STRING,
    NOT_AN_OBJECT,
    BadValue,
    Target,
    day,
    label,
    reporter,
)
from jirasim.site.fields import PLUGIN, Field, Option
from jirasim.site.permissions import visible_projects

NOT_AN_ARRAY = "data was not an array"
CANNOT_BE_READ = "This field cannot be set."
NOT_A_URL = "Not a valid URL"
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)")
URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
Decoder = Callable[[Target, Field, object], object]


def decode(target: Target, field: Field, raw: object) -> object:
    """The stored form of `raw`; None and empty lists clear.  Raises BadValue."""
    if field.id == "security":
        return security.level(target, raw)
    special = DECODERS.get(field.id) or agile_decode.DECODERS.get(field.custom or "")
    if special is not None:
        return special(target, raw)
    if field.kind == "array":
        return _collection(target, field, raw)
    return None if raw is None else KINDS.get(field.kind, _line)(target, field, raw)


def element(target: Target, field: Field, raw: object) -> str:
    """The stored form of one member of a field that holds many.  Raises BadValue."""
    read = ELEMENTS.get(field.items or "")
    if read is None:
        raise BadValue(CANNOT_BE_READ)
    found = read(target, field, raw)
    if found is None:
        raise BadValue(NOT_AN_OBJECT)
    return str(found)


def changed(field: Field, now: object, operation: tuple[str, str]) -> tuple[str, ...]:
    """A collection after `add` or `remove` of one member."""
    verb, word = operation
    held = cast("tuple[str, ...]", now or ())
    rest = tuple(one for one in held if one != word)
    return _settled(field, (*rest, word) if verb == "add" else rest)


def _collection(target: Target, field: Field, raw: object) -> tuple[str, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list):
        raise BadValue(NOT_AN_ARRAY)
    return _settled(field, (element(target, field, one) for one in raw))


def _settled(field: Field, found: Iterable[str]) -> tuple[str, ...]:
    """Without repetitions; words in alphabetical order, since Jira keeps none."""
    unique = tuple(dict.fromkeys(found))
    return tuple(sorted(unique)) if field.items == "string" else unique


def _line(_: Target, field: Field, raw: object) -> str | None:
    if not isinstance(raw, str):
        raise BadValue(NOT_A_STRING)
    if field.custom == f"{PLUGIN}:url" and raw and not URL.fullmatch(raw):
        raise BadValue(NOT_A_URL)
    if len(raw) > LINE_LENGTH:
        raise BadValue(
            "The entered text is too long. It exceeds the allowed limit of 255 characters."
        )
    return raw or None


def _number(_: Target, __: Field, raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise BadValue("Operation value must be a number")
    return float(raw)


def _moment(_: Target, __: Field, raw: object) -> datetime | None:
    """An instant with its offset, such as `2026-10-15T09:30:00.000+0200`."""
    if raw == "":
        return None
    if not isinstance(raw, str):
        raise BadValue(NOT_A_STRING)
    if not STAMP.fullmatch(raw):
        raise BadValue(f"Error parsing time: {raw}")
    try:
        return datetime.fromisoformat(raw).astimezone(UTC)
    except ValueError:
        raise BadValue(f"Error parsing time: {raw}") from None


def _option(_: Target, field: Field, raw: object) -> str:
    return _chosen(field.roots, raw).id


def _chosen(options: Iterable[Option], raw: object) -> Option:
    """By id or value, among those that are not disabled."""
    if not isinstance(raw, Mapping):
        raise BadValue("Could not find valid 'id' or 'value' in the Parent Option object.")
    wanted, value = raw.get("id"), raw.get("value")
    for one in options:
        if not one.disabled and (str(wanted) == one.id if wanted else value == one.value):
            return one
    raise BadValue(
        f"Option id '{wanted}' is not valid" if wanted else f"Option value '{value}' is not valid"
    )


def _cascade(_: Target, field: Field, raw: object) -> tuple[str, ...]:
    first = _chosen(field.roots, raw)
    below = cast("Mapping[str, object]", raw).get("child")
    if below is None:
        return (first.id,)
    second = _chosen((one for one in field.options if one.parent == first.id), below)
    return (first.id, second.id)


def _person(target: Target, _: Field, raw: object) -> str | None:
    return reporter(target, raw)


def _group(target: Target, _: Field, raw: object) -> str:
    """By name, or by id on Cloud."""
    if not isinstance(raw, Mapping):
        raise BadValue(NOT_AN_OBJECT)
    wanted = str(raw.get("name") or raw.get("groupId") or "")
    group = target.site.find_group(wanted)
    if group is None:
        raise BadValue(f"Group '{wanted}' does not exist.")
    return group.name


def _version(target: Target, _: Field, raw: object) -> str:
    mine = parts.versions_of(target.site.state.versions, target.project.id)
    return _part(mine, raw, "Version")


def _component(target: Target, _: Field, raw: object) -> str:
    mine = parts.components_of(target.site.state.components, target.project.id)
    return _part(mine, raw, "Component")


def _part(table: Iterable[parts.Component | parts.Version], raw: object, what: str) -> str:
    if not isinstance(raw, Mapping):
        raise BadValue(NOT_AN_OBJECT)
    wanted, name = raw.get("id"), raw.get("name")
    for one in table:
        if not one.archived and (str(wanted) == one.id if wanted else name == one.name):
            return one.id
    raise BadValue(
        f"{what} id '{wanted}' is not valid" if wanted else f"{what} name '{name}' is not valid"
    )


def _project(target: Target, _: Field, raw: object) -> str:
    if not isinstance(raw, Mapping):
        raise BadValue(NOT_AN_OBJECT)
    wanted = raw.get("id"), raw.get("key")
    for one in visible_projects(target.site, target.actor):
        if one.id == str(wanted[0]) or one.key == wanted[1]:
            return one.id
    raise BadValue(f"Project '{wanted[0] or wanted[1]}' is not valid")


ELEMENTS: Mapping[str, Decoder] = {
    "string": lambda _, __, raw: label(raw),
    "option": _option,
    "user": _person,
    "group": _group,
    "version": _version,
    "component": _component,
}
KINDS: Mapping[str, Decoder] = {
    "number": _number,
    "date": lambda _, __, raw: day(raw),
    "datetime": _moment,
    "doc": lambda target, _, raw: DECODERS["description"](target, raw),
    "option": _option,
    "option-with-child": _cascade,
    "user": _person,
    "group": _group,
    "version": _version,
    "project": _project,
}
