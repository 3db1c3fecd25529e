"""Which property stands for which custom field of Jira, and which option for which.  Pure.

Stored as two tables like all others: `properties` says which field (`out`: property id to field
id), `options` which option, each key begun by the property (`12/OPTION`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from duolog.core.fields import PropertyMap, ValueMap
from duolog.core.properties import CHECKED, PropertyKind
from duolog.jira.wire import CreateField
from duolog.sync.mapping.likeness import by_name, is_same
from duolog.sync.mapping.meta import Choice, CustomField, ProjectMeta, texts

START_NAME: Final = "Start date"
_KINDS: Final[Mapping[str, tuple[PropertyKind, ...]]] = {
    "textfield": (PropertyKind.TEXT,),
    "url": (PropertyKind.URL,),
    "float": (PropertyKind.NUMBER,),
    "jsw-story-points": (PropertyKind.NUMBER,),
    "datepicker": (PropertyKind.DATE,),
    "select": (PropertyKind.SELECT,),
    "radiobuttons": (PropertyKind.SELECT,),
    "multiselect": (PropertyKind.MULTI_SELECT,),
    "multicheckboxes": (PropertyKind.MULTI_SELECT, PropertyKind.CHECKBOX),
    "userpicker": (PropertyKind.MEMBER,),
    "textarea": (PropertyKind.PARAGRAPH,),
    "datetime": (PropertyKind.DATE_TIME,),
    "cascadingselect": (PropertyKind.SELECT,),
    "grouppicker": (PropertyKind.TEXT,),
    "multiuserpicker": (PropertyKind.MEMBERS,),
    "people": (PropertyKind.MEMBERS,),
    "version": (PropertyKind.SELECT, PropertyKind.TEXT),
    "multiversion": (PropertyKind.MULTI_SELECT, PropertyKind.LIST),
    "multigrouppicker": (PropertyKind.LIST,),
    "labels": (PropertyKind.LIST,),
    "project": (PropertyKind.SELECT,),
}
"""What each of Jira's kinds of custom fields can be here.

A group, and a version where it is no option of ours, is known by its name.
"""
_STAYS: Final[Mapping[str, str]] = {
    "readonlyfield": "Jira lets nobody change it.",
    "importid": "Jira lets nobody change it.",
    "gh-sprint": "Sprints are planned on Jira's boards.",
    "gh-lexo-rank": "Jira keeps the order of its boards in it.",
    "gh-epic-status": "Jira's boards keep it.",
    "gh-epic-color": "It colours epics on Jira's boards.",
    "jsw-issue-color": "It colours issues on Jira's boards.",
    "atlassian-team": "Teams of an Atlassian organisation are no members here.",
    "jpo-custom-field-parent": "The parent is kept in step by itself.",
}
_FOREIGN: Final = "An app of Jira alone knows what it holds."
_KEPT_ANYWAY: Final = frozenset({"gh-epic-link", "gh-epic-label"})
"""The fields by which Server tells of epics: `jira.epics` reads and writes them."""


@dataclass(frozen=True, slots=True)
class OwnProperty:
    """A property of the workplace, with its options."""

    id: str
    name: str
    kind: PropertyKind
    options: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A custom field of the project, and the property that stands for it now, or may well do.

    `fits` are the properties of a kind that it can hold; `reason` says why there can be none.
    """

    custom: CustomField
    fits: tuple[OwnProperty, ...]
    chosen: str
    suggested: str
    reason: str = ""


def custom_fields(screens: Mapping[str, Sequence[CreateField]]) -> tuple[CustomField, ...]:
    """The custom fields on any create screen, also those that no property can stand for."""
    found: dict[str, CustomField] = {}
    for field in (field for screen in screens.values() for field in screen):
        kinds = _kinds_of(field)
        if not _sort_of(field) or _sort_of(field) in _KEPT_ANYWAY or _is_start(field):
            continue
        before = found.get(field.field_id)
        options = dict.fromkeys((*(before.options if before else ()), *_options_of(field)))
        found[field.field_id] = CustomField(
            field.field_id, field.name, kinds, tuple(options), _sort_of(field)
        )
    return tuple(sorted(found.values(), key=lambda each: each.name.casefold()))


def start_field(screens: Mapping[str, Sequence[CreateField]]) -> str:
    """The field for the day on which work begins: Jira has no system field for it."""
    found = (f.field_id for screen in screens.values() for f in screen if _is_start(f))
    return next(found, "")


def suggest_properties(meta: ProjectMeta, own: Iterable[OwnProperty]) -> dict[str, PropertyMap]:
    """Properties paired with the fields of their name that can hold them, each field once."""
    paired: dict[str, PropertyMap] = {}
    for each in own:
        taken = {known.there for known in paired.values()}
        fits = (c for c in meta.customs if each.kind in c.kinds and c.id not in taken)
        field = next((c for c in fits if is_same(c.name, each.name)), None)
        if field is not None:
            options = suggest_options(each, field)
            paired[each.id] = PropertyMap(field.id, each.kind, options, field.sort)
    return paired


def offers(
    meta: ProjectMeta, chosen: Mapping[str, PropertyMap], own: Sequence[OwnProperty]
) -> tuple[Offer, ...]:
    """Each custom field with what stands for it, and what might."""
    now = {known.there: key for key, known in chosen.items()}
    likely = {known.there: key for key, known in suggest_properties(meta, own).items()}
    return tuple(
        Offer(
            field,
            tuple(each for each in own if each.kind in field.kinds),
            now.get(field.id, ""),
            likely.get(field.id, ""),
            why_it_stays(field),
        )
        for field in meta.customs
    )


def why_it_stays(field: CustomField) -> str:
    """Why no property can stand for a custom field; nothing where one can."""
    return "" if field.kinds else _STAYS.get(field.sort, _FOREIGN)


def properties_from_json(
    value: Mapping[str, object], kinds: Mapping[str, PropertyKind], meta: ProjectMeta
) -> dict[str, PropertyMap]:
    """The tables that `properties_to_json` wrote, for the properties in use."""
    sorts = {custom.id: custom.sort for custom in meta.customs}
    fields, options = _table(value.get("properties")), _table(value.get("options"))
    return {
        key: PropertyMap(
            field,
            kinds[key],
            ValueMap(_of(key, options["out"]), _of(key, options["in"])),
            sorts.get(field, ""),
        )
        for key, field in fields["out"].items()
        if key in kinds
    }


def properties_to_json(
    properties: Mapping[str, PropertyMap],
) -> dict[str, dict[str, dict[str, str]]]:
    """Two tables for the binding's row and the API."""
    return {
        "properties": {
            "out": {key: known.there for key, known in properties.items()},
            "in": {known.there: key for key, known in properties.items()},
        },
        "options": {
            "out": _prefixed(properties, {k: it.options.outbound for k, it in properties.items()}),
            "in": _prefixed(properties, {k: it.options.inbound for k, it in properties.items()}),
        },
    }


def property_problems(
    properties: Mapping[str, PropertyMap], meta: ProjectMeta, own: Sequence[OwnProperty]
) -> tuple[str, ...]:
    """Why these pairs cannot be used, in words."""
    names, known = {each.id: each.name for each in own}, {c.id: c for c in meta.customs}
    wrong: list[str] = []
    taken: dict[str, str] = {}
    for key, each in properties.items():
        name, field = names.get(key, key), known.get(each.there)
        if field is None:
            wrong.append(f"The project has no field {each.there} that {name} could stand for.")
        elif each.kind not in field.kinds:
            wrong.append(f"{name} cannot stand for {field.name}: they hold different things.")
        if each.there in taken:
            wrong.append(f"{name} and {taken[each.there]} cannot stand for the same field.")
        taken[each.there] = name
        wrong += [
            f"An option of {name} would come back from Jira as another: send it to the one that "
            "it comes from."
            for _ in each.options.restless()
        ]
    return tuple(wrong)


def without_counterpart(
    properties: Mapping[str, PropertyMap], own: Iterable[OwnProperty]
) -> tuple[str, ...]:
    """The names of properties and of options that Jira has nothing for."""
    found: list[str] = []
    for each in own:
        known = properties.get(each.id)
        if known is None:
            found.append(each.name)
            continue
        lost = [o.name for o in each.options if known.options.encode(o.id) is None]
        found += [f"{each.name}: {name}" for name in lost]
    return tuple(found)


def suggest_options(own: OwnProperty, field: CustomField) -> ValueMap:
    """The options of one property and one field that bear the same name."""
    if own.kind is PropertyKind.CHECKBOX:
        first = by_name(own.name, field.options) or next(iter(field.options), None)
        return ValueMap({CHECKED: first.id}, {first.id: CHECKED}) if first else ValueMap()
    pairs = {
        mine.id: there.id for mine in own.options if (there := by_name(mine.name, field.options))
    }
    return ValueMap(pairs, {there: mine for mine, there in pairs.items()})


def _sort_of(field: CreateField) -> str:
    custom = field.field_schema.custom if field.field_schema else None
    return (custom or "").rpartition(":")[2]


def _kinds_of(field: CreateField) -> tuple[PropertyKind, ...]:
    return _KINDS.get(_sort_of(field), ())


def _is_start(field: CreateField) -> bool:
    return PropertyKind.DATE in _kinds_of(field) and is_same(field.name, START_NAME)


def _options_of(field: CreateField) -> Iterator[Choice]:
    """What it offers; an option of the second level is named with the one above it."""
    for option in field.allowed_values or ():
        if option.id is None:
            continue
        name = option.value or option.name or option.id
        yield Choice(option.id, name)
        for below in option.children:
            if below.id:
                child = below.value or below.name or below.id
                yield Choice(f"{option.id}/{below.id}", f"{name} / {child}")


def _table(value: object) -> dict[str, dict[str, str]]:
    table = value if isinstance(value, dict) else {}
    return {"out": texts(table.get("out")), "in": texts(table.get("in"))}


def _of(key: str, options: Mapping[str, str]) -> dict[str, str]:
    start = f"{key}/"
    return {o.removeprefix(start): it for o, it in options.items() if o.startswith(start)}


def _prefixed(properties: Iterable[str], tables: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {f"{key}/{o}": it for key in properties for o, it in tables[key].items()}
