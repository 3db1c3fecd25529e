"""The properties of a workplace as the mapping knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from duolog.core.properties import PropertyKind
from duolog.sync.mapping import (
    Choice,
    Offer,
    OwnProperty,
    ProjectMeta,
    fields_from_json,
    offers,
    properties_to_json,
    suggest_options,
)
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


def with_likely_options(
    binding: Binding, mapping: Mapping[str, Mapping[str, Mapping[str, str]]]
) -> dict[str, object]:
    """Tables in which each property that has a field, but no options paired, gets them by name."""
    meta = ProjectMeta.from_json(binding.project_meta)
    own = {each.id: each for each in own_properties(binding.connection.workplace_id)}
    fields = {field.id: field for field in meta.customs}
    kinds = {key: each.kind for key, each in own.items()}
    bare = {
        key: replace(pair, options=suggest_options(own[key], fields[pair.there]))
        for key, pair in fields_from_json(mapping, meta, kinds).properties.items()
        if not pair.options.outbound and pair.there in fields
    }
    likely = properties_to_json(bare)["options"]
    options = mapping.get("options", {})
    return {
        **mapping,
        "options": {way: {**options.get(way, {}), **likely[way]} for way in ("out", "in")},
    }


def forget_pairs(binding: Binding, property_ids: set[str]) -> None:
    """Properties that stand for another field now: what both sides held says nothing of it."""
    links = Link.objects.filter(binding=binding)
    BaseSlot.objects.filter(link__in=links, kind="property", key__in=property_ids).delete()
