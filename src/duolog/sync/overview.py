"""What is kept in step over a connection, with how it stands, in one grouped read.  Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from duolog.connections.models import Connection
from duolog.sync.models import Binding, BindingState, JournalEntry, Link, LinkState

_NEEDS_A_PERSON = (LinkState.HELD, LinkState.CONFLICT)


@dataclass(frozen=True, slots=True)
class Shared:
    """A team kept in step: how many links it has, and how many of them wait for a person."""

    binding: Binding
    links: int
    needs_you: int


def shared_over(connection: Connection) -> tuple[Shared, ...]:
    """Every live binding of a connection, by the name of its team."""
    rows = Binding.objects.select_related("team", "connection").filter(connection=connection)
    bindings = list(rows.exclude(state=BindingState.ENDED).order_by("team__name", "pk"))
    counted = _count_links(bindings)
    return tuple(_shared(binding, counted.get(binding.pk, {})) for binding in bindings)


def _count_links(bindings: Sequence[Binding]) -> Mapping[int, Mapping[str, int]]:
    rows = Link.objects.filter(binding__in=bindings).exclude(state=LinkState.ENDED)
    counted: dict[int, dict[str, int]] = {}
    for binding_id, state, number in rows.values_list("binding", "state").annotate(Count("pk")):
        counted.setdefault(binding_id, {})[state] = number
    return counted


def _shared(binding: Binding, states: Mapping[str, int]) -> Shared:
    needs_you = sum(states.get(state, 0) for state in _NEEDS_A_PERSON)
    return Shared(binding, sum(states.values()), needs_you)


def count_links(binding: Binding) -> int:
    """How many items of a binding are kept in step."""
    return sum(_count_links([binding]).get(binding.pk, {}).values())


def last_change_at(binding: Binding) -> datetime | None:
    """When the sync last wrote for a binding, on either side."""
    times = JournalEntry.objects.filter(binding=binding).order_by("-at")
    return times.values_list("at", flat=True).first()
