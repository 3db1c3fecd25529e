"""What an item holds in rows of their own: sets of names, and properties.

The caller holds the item's lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from duolog.workplace.changes import shown
from duolog.workplace.models import Property, PropertyValue, WorkItem
from duolog.workplace.property_values import say_value
from duolog.workplace.record import Entry

APART: Final = frozenset({"labels", "components", "fix_versions", "properties"})


def names_of(item: WorkItem, field: str) -> frozenset[str]:
    """The names in one of an item's sets, as they are now."""
    return frozenset(getattr(item, field).values_list("name", flat=True))


def replace_apart(item: WorkItem, values: Mapping[str, Any]) -> list[Entry]:
    """Have the item hold these sets whole and these properties; what changed, as activity."""
    entries: list[Entry] = []
    for field, value in values.items():
        if field == "properties":
            entries += _replace_values(item, value)
        else:
            entries += _replace_names(item, field, value)
    return entries


def _replace_names(item: WorkItem, field: str, wanted: frozenset[str]) -> list[Entry]:
    before = names_of(item, field)
    if before == wanted:
        return []
    rows: Any = getattr(item, field)
    rows.exclude(name__in=wanted).delete()
    rows.bulk_create(rows.model(work_item=item, name=name) for name in sorted(wanted - before))
    return [Entry("changed", field, shown(field, before), shown(field, wanted))]


def _replace_values(item: WorkItem, wanted: Mapping[Property, str | None]) -> list[Entry]:
    held = dict(item.property_values.values_list("property_id", "value"))
    entries = []
    for row, value in wanted.items():
        before = held.get(row.pk)
        if before == value:
            continue
        if value is None:
            PropertyValue.objects.filter(work_item=item, property=row).delete()
        else:
            PropertyValue.objects.update_or_create(
                work_item=item, property=row, defaults={"value": value}
            )
        entries.append(Entry("changed", row.name, say_value(row, before), say_value(row, value)))
    return entries
