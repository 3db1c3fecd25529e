"""The properties of a workplace."""

from __future__ import annotations

from duolog.people.errors import NotFound
from duolog.people.models import Workplace
from duolog.workplace.models import Property


def list_properties(workplace: Workplace, *, archived: bool = False) -> tuple[Property, ...]:
    """The properties in use, or the archived ones, in the order they were made."""
    return tuple(workplace.properties.filter(archived_at__isnull=not archived))


def get_property(workplace: Workplace, property_id: int) -> Property:
    """The property, archived or not, or `NotFound`."""
    row = workplace.properties.filter(pk=property_id).first()
    if row is None:
        raise NotFound("There is no such property.")
    return row
