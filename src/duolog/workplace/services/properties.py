"""Every write to the properties of a workplace; their values are written with `update_item`."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from django.db import transaction
from django.utils import timezone

from duolog.core.properties import PropertyKind
from duolog.people.audit import audit
from duolog.people.errors import Forbidden, Invalid
from duolog.people.models import Workplace
from duolog.people.rights import Right
from duolog.people.text import read_name
from duolog.people.tokens import Clock
from duolog.workplace.actors import Actor
from duolog.workplace.lookups import lock_property
from duolog.workplace.models import Property

Option: TypeAlias = str | Mapping[str, str]
"""An option as asked for: a name, or `{"id"?, "name"}`; the id keeps one that is renamed."""


@transaction.atomic
def create_property(
    workplace: Workplace, name: str, kind: str, options: Iterable[Option] = (), *, actor: Actor
) -> Property:
    """A new property of all work items.  Raises `Invalid`, `Forbidden`."""
    if actor.member is not None and actor.member.workplace_id != workplace.pk:
        raise Forbidden("You are not a member of this workplace.")
    actor.must(Right.MANAGE_PROPERTIES)
    if kind not in set(PropertyKind):
        raise Invalid({"kind": f"Choose one of {', '.join(PropertyKind)}."})
    Workplace.objects.select_for_update(no_key=True).get(pk=workplace.pk)
    row = Property(workplace=workplace, kind=kind, name=_free_name(workplace.pk, name))
    row.options = _read_options(row, options)
    row.save()
    audit(workplace, actor.member, "property created", row.name)
    return row


@transaction.atomic
def update_property(
    property_id: int,
    *,
    actor: Actor,
    name: str | None = None,
    options: Iterable[Option] | None = None,
) -> Property:
    """Rename the property, or say anew which options it has; what is None stays."""
    row = lock_property(property_id, actor)
    if name is not None:
        row.name = _free_name(row.workplace_id, name, but=row.pk)
    if options is not None:
        wanted = _read_options(row, options)
        _keep_held_options(row, {option["id"] for option in wanted})
        row.options = wanted
    row.save(update_fields=["name", "options"])
    audit(row.workplace, actor.member, "property changed", row.name)
    return row


@transaction.atomic
def archive_property(property_id: int, *, actor: Actor, clock: Clock = timezone.now) -> Property:
    """Take the property out of sight; what items hold of it is kept."""
    row = lock_property(property_id, actor)
    row.archived_at = clock()
    row.save(update_fields=["archived_at"])
    audit(row.workplace, actor.member, "property archived", row.name)
    return row


@transaction.atomic
def restore_property(property_id: int, *, actor: Actor) -> Property:
    """Bring an archived property back, with all that items hold of it."""
    row = lock_property(property_id, actor, archived=True)
    row.name = _free_name(row.workplace_id, row.name)
    row.archived_at = None
    row.save(update_fields=["archived_at"])
    audit(row.workplace, actor.member, "property restored", row.name)
    return row


def _free_name(workplace_id: int, name: str, *, but: int | None = None) -> str:
    """The name, unless another property bears it.  The caller holds the workplace."""
    wanted = read_name(name, most=80)
    others = Property.objects.filter(workplace=workplace_id, archived_at=None)
    taken = {name.casefold() for pk, name in others.values_list("pk", "name") if pk != but}
    if wanted.casefold() in taken:
        raise Invalid({"name": f"There is a property {wanted} already: choose another name."})
    return wanted


def _read_options(row: Property, asked: Iterable[Option]) -> list[dict[str, str]]:
    """The options as stored; one named without its id keeps the id that its name had."""
    options = [{"name": option} if isinstance(option, str) else option for option in asked]
    named = {option.get("id") for option in options}
    ids = {name.casefold(): key for key, name in row.option_names.items() if key not in named}
    wanted: dict[str, str] = {}
    for given in options:
        name = _option_name(given.get("name", ""))
        if name.casefold() in {taken.casefold() for taken in wanted.values()}:
            raise Invalid({"options": f"{name} is listed twice."})
        key = given.get("id") or ids.get(name.casefold()) or secrets.token_hex(4)
        if given.get("id") and key not in row.option_names:
            raise Invalid({"options": f"There is no option {key}."})
        wanted[key] = name
    if PropertyKind(row.kind).has_options != bool(wanted):
        raise Invalid({"options": "A select lists at least one option; other kinds list none."})
    return [{"id": key, "name": name} for key, name in wanted.items()]


def _option_name(name: str) -> str:
    try:
        return read_name(name, most=255)
    except Invalid as invalid:
        raise Invalid({"options": f"An option: {invalid}"}) from invalid


def _keep_held_options(row: Property, wanted: set[str]) -> None:
    for key, name in row.option_names.items():
        held = row.values.filter(value__contains=key)
        if key not in wanted and (count := held.count()):
            raise Invalid(
                {"options": f"Items that hold {name}: {count}. Give them another value first."}
            )
