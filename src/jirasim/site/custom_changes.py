"""How the changelog writes the values of custom fields: an id and a text (jira.md 7.3).

Dates, radio buttons, number fields and checkboxes are as recorded; cascades, people and groups
in many are not recorded anywhere.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from jirasim.site.agile_fields import SPRINT
from jirasim.site.fields import Field
from jirasim.site.model import RichText
from jirasim.site.state import Site
from jirasim.text import as_wiki

Pair = tuple[str | None, str | None]
Display = Callable[[Site, object], Pair]
NOTHING: Pair = (None, None)


def display_of(field: Field) -> Display:
    """How values of this field are written."""
    kind = f"array of {field.items}" if field.items else field.kind
    build = BY_TYPE.get(field.custom or "") or DISPLAYS.get(kind, _text)

    def display(site: Site, value: object) -> Pair:
        return NOTHING if value is None else build(site, field, value)

    return display


def _text(_: Site, __: Field, value: object) -> Pair:
    return None, str(value)


def _number(_: Site, __: Field, value: object) -> Pair:
    return None, f"{value:g}" if isinstance(value, float) else str(value)


def _rich(_: Site, __: Field, value: object) -> Pair:
    return None, as_wiki(cast("RichText", value))


def _day(_: Site, __: Field, value: object) -> Pair:
    if not isinstance(value, date):
        return NOTHING
    return value.isoformat(), f"{value.day}/{value:%b/%y}"


def _moment(site: Site, _: Field, value: object) -> Pair:
    if not isinstance(value, datetime):
        return NOTHING
    local = value.astimezone(ZoneInfo(site.state.time_zone))
    hour = local.hour % 12 or 12
    return f"{local:%Y-%m-%dT%H:%M%z}", f"{local.day}/{local:%b/%y} {hour}:{local:%M %p}"


def _option(_: Site, field: Field, value: object) -> Pair:
    return str(value), option_names(field)[str(value)]


def _options(_: Site, field: Field, value: object) -> Pair:
    """The ids in brackets, the names in a row; two empty texts for none at all."""
    ids, names = _ids(value), option_names(field)
    if not ids:
        return "", ""
    return f"[{', '.join(ids)}]", ",".join(names[one] for one in ids)


def _cascade(_: Site, field: Field, value: object) -> Pair:
    ids, names = _ids(value), option_names(field)
    levels = ("Parent values", "Level 1 values")
    texts = (f"{level}: {names[one]}({one})" for level, one in zip(levels, ids, strict=False))
    return ":".join(ids), "".join(texts)


def _person(site: Site, _: Field, value: object) -> Pair:
    return str(value), site.state.users[str(value)].display_name


def _people(site: Site, _: Field, value: object) -> Pair:
    ids = _ids(value)
    names = [site.state.users[one].display_name for one in ids]
    return f"[{', '.join(ids)}]", f"[{', '.join(names)}]"


def _same(_: Site, __: Field, value: object) -> Pair:
    return str(value), str(value)


def _same_of_many(_: Site, __: Field, value: object) -> Pair:
    ids = _ids(value)
    return f"[{', '.join(ids)}]", f"[{', '.join(ids)}]"


def _labels(_: Site, __: Field, value: object) -> Pair:
    return "", " ".join(_ids(value))


def _version(site: Site, _: Field, value: object) -> Pair:
    return str(value), site.state.versions[str(value)].name


def _versions(site: Site, _: Field, value: object) -> Pair:
    ids = _ids(value)
    names = [site.state.versions[one].name for one in ids]
    return f"[{', '.join(ids)}]", ",".join(names)


def _project(site: Site, _: Field, value: object) -> Pair:
    return str(value), site.state.projects[str(value)].name


def _sprints(site: Site, _: Field, value: object) -> Pair:
    """All of them; two empty texts for none, as recorded."""
    ids = _ids(value)
    return ", ".join(ids), ", ".join(site.state.sprints[one].name for one in ids)


def option_names(field: Field) -> Mapping[str, str]:
    """The choices of a field by id."""
    return {one.id: one.value for one in field.options}


def _ids(value: object) -> tuple[str, ...]:
    return cast("tuple[str, ...]", value)


DISPLAYS: Mapping[str, Callable[[Site, Field, object], Pair]] = {
    "number": _number,
    "doc": _rich,
    "date": _day,
    "datetime": _moment,
    "option": _option,
    "option-with-child": _cascade,
    "user": _person,
    "group": _same,
    "version": _version,
    "project": _project,
    "array of option": _options,
    "array of user": _people,
    "array of group": _same_of_many,
    "array of string": _labels,
    "array of version": _versions,
}
BY_TYPE: Mapping[str, Callable[[Site, Field, object], Pair]] = {SPRINT: _sprints}
