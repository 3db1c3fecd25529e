"""Every write to the kinds of relations that a workplace adds to those all workplaces have."""

from __future__ import annotations

import re
from typing import Final

from django.db import transaction
from django.db.models import RestrictedError

from duolog.people.audit import audit
from duolog.people.errors import Invalid
from duolog.people.models import Workplace
from duolog.people.rights import Right
from duolog.people.text import is_storable
from duolog.workplace.actors import Actor
from duolog.workplace.lookups import lock_relation_kind
from duolog.workplace.models import OWN_READINGS, READING_MAX, Reading, RelationKind

MOST_KINDS: Final = 100
_BETWEEN_WORDS: Final = re.compile(r"\W+")


@transaction.atomic
def add_relation_kind(
    workplace: Workplace, name: str, inverse_name: str = "", *, actor: Actor
) -> RelationKind:
    """A kind by which one item *name* another, which *inverse name* the first.

    Without an inverse name both items tell it alike.
    """
    actor.must(Right.MANAGE_PEOPLE)
    Workplace.objects.select_for_update(no_key=True).get(pk=workplace.pk)
    forward = _words(name, "name")
    back = _words(inverse_name, "inverse_name") if inverse_name.strip() else forward
    reading = Reading(_value_of(forward), forward, _value_of(back), back)
    _refuse_twice(workplace, reading)
    made = RelationKind.objects.create(
        workplace=workplace,
        name=reading.words,
        inverse_name=reading.inverse_words,
        value=reading.value,
        inverse_value=reading.inverse_value,
    )
    _audit(made, actor, "kind of relation added")
    return made


@transaction.atomic
def rename_relation_kind(
    kind_id: int, *, name: str | None = None, inverse_name: str | None = None, actor: Actor
) -> RelationKind:
    """Have people read other words; what is None stays.  A kind told alike stays so."""
    kind = lock_relation_kind(kind_id, actor)
    if name is not None:
        kind.name = _words(name, "name")
    if inverse_name is not None:
        kind.inverse_name = _words(inverse_name, "inverse_name")
    if kind.reading.is_symmetric:
        kind.inverse_name = kind.name
    kind.save(update_fields=["name", "inverse_name"])
    _audit(kind, actor, "kind of relation renamed")
    return kind


@transaction.atomic
def remove_relation_kind(kind_id: int, *, actor: Actor) -> None:
    """Take away a kind of which there is no relation.  Raises Invalid while there is one."""
    kind = lock_relation_kind(kind_id, actor)
    _audit(kind, actor, "kind of relation removed")
    try:
        kind.delete()
    except RestrictedError as error:
        told = f"Work items are still linked as “{kind.name}”. Remove those links first."
        raise Invalid({"name": told}) from error


def _words(text: str, field: str) -> str:
    line = " ".join(text.split()).casefold()
    if not line or len(line) > READING_MAX or not is_storable(line):
        raise Invalid({field: f"Write between 1 and {READING_MAX} plain characters."})
    if not _value_of(line):
        raise Invalid({field: "Write at least one letter or digit."})
    return line


def _value_of(words: str) -> str:
    return _BETWEEN_WORDS.sub("_", words).strip("_")


def _refuse_twice(workplace: Workplace, reading: Reading) -> None:
    kinds = RelationKind.objects.filter(workplace=workplace)
    if kinds.count() >= MOST_KINDS:
        raise Invalid({"name": f"There are {MOST_KINDS} kinds already. Remove one first."})
    taken = {each.value for kind in kinds for each in kind.readings}
    taken |= {each.value for each in OWN_READINGS}
    for field, value in (("name", reading.value), ("inverse_name", reading.inverse_value)):
        if value in taken:
            raise Invalid({field: "There is such a kind of relation already."})


def _audit(kind: RelationKind, actor: Actor, act: str) -> None:
    audit(kind.workplace, actor.member, act, str(kind))
