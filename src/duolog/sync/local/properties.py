"""The properties of a work item as canonical values (`core.fields`), and back.

What Jira has no option, account or field for is foreign: kept, shown, never written there.
"""

from __future__ import annotations

from typing import Final

from duolog.core import fields as slots
from duolog.core import markup
from duolog.core.errors import Refused
from duolog.core.fields import (
    FieldMap,
    PropertyMap,
    ValueMap,
    foreign,
    only_here,
    spelled,
    unspelled,
)
from duolog.core.properties import PropertyKind, join_lines, split_lines, split_options
from duolog.core.reconcile import Change
from duolog.core.values import ABSENT, Slot, Value
from duolog.jira.parts.custom import LABELS
from duolog.workplace.models import WorkItem

FREE: Final = frozenset({PropertyKind.TEXT, PropertyKind.URL, PropertyKind.PARAGRAPH})
"""The kinds that hold what somebody wrote."""


def properties_of(item: WorkItem, known: FieldMap) -> dict[Slot, Value]:
    """What an item holds of each property that has a counterpart in Jira."""
    held = {str(row.property_id): row.value for row in item.property_values.all()}
    return {
        slots.property_slot(key): _canonical(held.get(key), each, known)
        for key, each in known.properties.items()
    }


def held_here(change: Change, known: FieldMap) -> object:
    """The value of a property as our services take it.  Raises Refused."""
    if (named := foreign(change.slot, change.value)) is not None:
        raise Refused(f"Nothing here stands for Jira's {named}.")
    if change.value is None or change.value is ABSENT:
        return None
    text, kind = str(change.value), known.properties[change.slot.key].kind
    if kind in (PropertyKind.MULTI_SELECT, PropertyKind.MEMBERS):
        return split_options(text)
    if kind is PropertyKind.LIST:
        return split_lines(unspelled(text))
    return unspelled(text) if kind in FREE else text


def _canonical(value: str | None, table: PropertyMap, known: FieldMap) -> Value:
    if value is None:
        return None
    match table.kind:
        case PropertyKind.SELECT:
            return table.options.canonical(value)
        case PropertyKind.MULTI_SELECT | PropertyKind.CHECKBOX:
            return _known_to(table.options, value)
        case PropertyKind.MEMBER | PropertyKind.MEMBERS:
            return _known_to(known.users, value)
        case PropertyKind.LIST | PropertyKind.PARAGRAPH:
            return spelled(_as_in_jira(value, table)) or None
        case _:
            return spelled(value) if table.kind in FREE else value


def _as_in_jira(value: str, table: PropertyMap) -> str:
    """A text in its one form; labels of a custom field hold no blanks either."""
    if table.kind is PropertyKind.PARAGRAPH:
        return markup.normalise(value)
    names = split_lines(value)
    if table.sort == LABELS:
        names = tuple(slots.label_slot(name).key for name in names)
    return join_lines(names) or ""


def _known_to(table: ValueMap, value: str) -> str:
    """What is chosen, if Jira has a counterpart for all of it."""
    mapped = all(table.encode(each) for each in split_options(value))
    return value if mapped else only_here(value)
