"""What is kept in step over a connection, with how it stands, in one grouped read.  Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from django.db.models import Count

from duolog.connections.models import Connection, Health
from duolog.sync.basis.scopes import FilterHere, covered, outside
from duolog.sync.models import Binding, BindingState, JournalEntry, Link, LinkState
from duolog.workplace.models import WorkItem

OUTSIDE_SHOWN: Final = 50
_NEEDS_A_PERSON = (LinkState.HELD, LinkState.CONFLICT)


@dataclass(frozen=True, slots=True)
class Shared:
    """A team or project kept in step: its links, and how many of them wait for a person."""

    binding: Binding
    links: int
    needs_you: int

    @property
    def name(self) -> str:
        """What is kept in step."""
        project = self.binding.project
        return project.name if project is not None else self.binding.team.shown_name


def shared_over(connection: Connection) -> tuple[Shared, ...]:
    """Every live binding of a connection: teams first, by name, each with its projects."""
    rows = Binding.objects.select_related("team", "project", "connection")
    rows = rows.filter(connection=connection)
    bindings = list(rows.exclude(state=BindingState.ENDED).order_by("team__name", "pk"))
    counted = _count_links(bindings)
    return tuple(_shared(binding, counted.get(binding.pk, {})) for binding in bindings)


@dataclass(frozen=True, slots=True)
class Stops:
    """What stops when a connection is removed: every link stays, and goes on when it is back."""

    shared: tuple[Shared, ...]
    items: int
    webhook: Literal["removed", "left", "none"]


def what_stops(connection: Connection) -> Stops:
    """What would stop if the connection were removed now."""
    shared = shared_over(connection)
    webhook: Literal["removed", "left", "none"] = "none"
    if connection.webhook_jira_id:
        webhook = "removed"
    elif connection.webhook_hash:
        webhook = "left"
    return Stops(shared, sum(each.links for each in shared), webhook)


def has_stopped(binding: Binding) -> bool:
    """Whether its connection has, so that nothing crosses before a person acts."""
    return binding.state != BindingState.ENDED and binding.connection.health != Health.CONNECTED


def trouble_of(binding: Binding) -> str:
    """Why nothing crosses, or why looking at the project fails, in words; empty where all is well."""
    if has_stopped(binding):
        return f"{binding.connection.reason} {binding.connection.hint}".strip()
    return str(binding.trouble)


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


@dataclass(frozen=True, slots=True)
class Outside:
    """An item that is linked still, and why it is no longer of what its binding takes."""

    item: WorkItem
    words: str


def list_outside(binding: Binding) -> tuple[Outside, ...]:
    """The items that stay linked although they left the scope of a binding, at most 50."""
    taken = FilterHere.from_json(binding.filter_here).taken(covered(binding))
    links = Link.objects.select_related("work_item__team", "binding__team", "binding__project")
    live = links.filter(binding=binding).exclude(state=LinkState.ENDED).exclude(work_item=None)
    left = live.exclude(work_item__in=taken).order_by("pk")[:OUTSIDE_SHOWN]
    told = ((link.work_item, outside(link)) for link in left)
    return tuple(Outside(item, words) for item, words in told if item is not None and words)
