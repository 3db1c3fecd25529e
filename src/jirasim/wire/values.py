"""Values of custom fields as JSON, by the kind of the field; and the values that may be chosen."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import cast

from jirasim.site import parts
from jirasim.site.fields import Field, Option
from jirasim.site.model import Project
from jirasim.site.permissions import visible_projects
from jirasim.site.security import levels_for
from jirasim.wire.entities import Json, Shared
from jirasim.wire.parts import whole_version
from jirasim.wire.wire import Wire

Write = Callable[[Wire, Field, object], object]


def value_json(wire: Wire, field: Field, value: object) -> object:
    """A stored value of a custom field, such as its default."""
    if value is None or value == ():
        return None
    if field.kind == "array" and isinstance(value, tuple):
        write = WRITERS.get(field.items or "", _plain)
        return [write(wire, field, one) for one in value]
    return WRITERS.get(field.kind, _plain)(wire, field, value)


def choices(wire: Wire, project: Project, field: Field) -> Sequence[Shared] | None:
    """The `allowedValues` of a form; None where anything goes."""
    state, entities = wire.site.state, wire.entities
    match field.items or field.kind:
        case "option" | "option-with-child" as kind:
            write = _family if kind == "option-with-child" else _alone
            return [write(wire, field, one) for one in field.roots if not one.disabled]
        case "version":
            versions = parts.versions_of(state.versions, project.id)
            return [whole_version(wire, one) for one in versions if not one.archived]
        case "component":
            components = parts.components_of(state.components, project.id)
            return [entities.component(one) for one in components if not one.archived]
        case "project":
            return [entities.project(one) for one in visible_projects(wire.site, wire.viewer)]
        case "securitylevel":
            levels = levels_for(wire.site, wire.viewer, project)
            return [entities.security_level(one) for one in levels]
        case _:
            return None


def _alone(wire: Wire, _: Field, option: Option) -> Shared:
    return wire.entities.option(option)


def _family(wire: Wire, field: Field, option: Option) -> Json:
    children = [wire.entities.option(one) for one in field.options if one.parent == option.id]
    return {**wire.entities.option(option), "children": children}


def _plain(_: Wire, __: Field, value: object) -> object:
    return value


def _option(wire: Wire, field: Field, value: object) -> Shared:
    return wire.entities.option(next(one for one in field.options if one.id == value))


def _cascade(wire: Wire, field: Field, value: object) -> Shared:
    first, *rest = (_option(wire, field, one) for one in cast("tuple[str, ...]", value))
    return {**first, "child": rest[0]} if rest else first


def _day(_: Wire, __: Field, value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _moment(wire: Wire, _: Field, value: object) -> object:
    return wire.stamp(value) if isinstance(value, datetime) else value


def _version(wire: Wire, _: Field, value: object) -> Shared:
    return wire.entities.version(wire.site.state.versions[str(value)])


def _project(wire: Wire, _: Field, value: object) -> Shared:
    return wire.entities.project(wire.site.state.projects[str(value)])


def _group(wire: Wire, _: Field, value: object) -> Json:
    return wire.entities.group(str(value))


WRITERS: Mapping[str, Write] = {
    "doc": lambda wire, _, value: wire.rich(value),
    "date": _day,
    "datetime": _moment,
    "option": _option,
    "option-with-child": _cascade,
    "user": lambda wire, _, value: wire.user(str(value)),
    "group": _group,
    "version": _version,
    "project": _project,
}
