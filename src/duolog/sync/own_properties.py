"""The properties of a workplace as the mapping knows them."""

from __future__ import annotations

from collections.abc import Mapping

from duolog.core.properties import PropertyKind
from duolog.sync.mapping import Choice, Offer, OwnProperty, ProjectMeta, fields_from_json, offers
from duolog.sync.models import BaseSlot, Binding, Link
from duolog.workplace.models import Property


def own_properties(workplace_id: int) -> tuple[OwnProperty, ...]:
    """The properties in use, in their order."""
    rows = Property.objects.filter(workplace=workplace_id, archived_at=None)
    return tuple(
        OwnProperty(
            str(row.pk),
            row.name,
            PropertyKind(row.kind),
            tuple(Choice(key, name) for key, name in row.option_names.items()),
        )
        for row in rows
    )


def kinds_in_use(workplace_id: int) -> Mapping[str, PropertyKind]:
    """The kinds of the properties in use, by id: archived ones are neither shown nor written."""
    rows = Property.objects.filter(workplace=workplace_id, archived_at=None)
    return {str(pk): PropertyKind(kind) for pk, kind in rows.values_list("pk", "kind")}


def list_offers(binding: Binding, mapping: Mapping[str, object] | None = None) -> tuple[Offer, ...]:
    """The custom fields of the binding's project: kinds, options, what stands for each, or might.

    `mapping` are tables that are not stored yet.
    """
    meta = ProjectMeta.from_json(binding.project_meta)
    workplace_id = binding.connection.workplace_id
    tables = binding.mapping if mapping is None else mapping
    fields = fields_from_json(tables, meta, kinds_in_use(workplace_id))
    return offers(meta, fields.properties, own_properties(workplace_id))


def forget_pairs(binding: Binding, property_ids: set[str]) -> None:
    """Properties that stand for another field now: what both sides held says nothing of it."""
    links = Link.objects.filter(binding=binding)
    BaseSlot.objects.filter(link__in=links, kind="property", key__in=property_ids).delete()
