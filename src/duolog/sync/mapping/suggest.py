"""Suggests which value stands for which: by name, then by meaning, then by likeness.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from duolog.core import fields as slots
from duolog.core.fields import FieldMap, ValueMap
from duolog.sync.mapping.likeness import by_name, is_same, like
from duolog.sync.mapping.meta import Choice, ProjectMeta
from duolog.sync.mapping.properties import OwnProperty, suggest_properties
from duolog.sync.mapping.relations import suggest_relations
from duolog.workplace.models import Priority, Reading, Stage, WorkItemType

T = TypeVar("T")

CATEGORY_OF_STAGE: Final[Mapping[str, str]] = {
    Stage.DRAFT: "new",
    Stage.TO_DO: "new",
    Stage.IN_PROGRESS: "indeterminate",
    Stage.DONE: "done",
    Stage.CANCELED: "done",
}
STAGE_OF_CATEGORY: Final[Mapping[str, str]] = {
    "new": Stage.TO_DO,
    "indeterminate": Stage.IN_PROGRESS,
    "done": Stage.DONE,
}


def suggest(
    meta: ProjectMeta,
    *,
    statuses: Sequence[Choice],
    people: Mapping[str, str],
    readings: Sequence[Reading],
    own: Sequence[OwnProperty] = (),
) -> FieldMap:
    """A field map to start from.

    `statuses` are the team's own (sort = stage); `people` says which account is which member;
    `readings` are all ways in which items here tell their relations;
    `own` are the properties of the workplace.
    """
    return FieldMap(
        types=_suggest_types(meta.types),
        statuses=suggest_statuses(statuses, meta.statuses),
        priorities=_suggest_priorities(meta.priorities),
        users=ValueMap({member: account for account, member in people.items()}, dict(people)),
        relations=suggest_relations(meta.ways, readings),
        properties=suggest_properties(meta, own),
        custom={slots.START_ON: meta.start} if meta.start else {},
        left_out=meta.left_out(),
        read_only=meta.read_only(),
    )


def _suggest_types(offered: Sequence[Choice]) -> ValueMap:
    outbound: dict[str, str] = {}
    standard = [c for c in offered if c.sort == "0"]
    by_level = {
        WorkItemType.EPIC: [c for c in offered if c.sort == "1"],
        WorkItemType.SUB_TASK: [c for c in offered if c.sort == "-1"],
    }
    for ours in WorkItemType:
        candidates = by_level.get(ours, standard)
        found = by_name(ours.label, candidates) or _first(candidates)
        if found is not None:
            outbound[ours.value] = found.id
    inbound = {theirs.id: _type_here(theirs, outbound) for theirs in offered}
    return ValueMap(outbound, inbound)


def _type_here(theirs: Choice, outbound: Mapping[str, str]) -> str:
    named = [ours for ours, remote in outbound.items() if remote == theirs.id]
    exact = next((o for o in named if is_same(WorkItemType(o).label, theirs.name)), None)
    by_level = {"1": WorkItemType.EPIC.value, "-1": WorkItemType.SUB_TASK.value}
    return exact or _first(named) or by_level.get(theirs.sort, WorkItemType.TASK.value)


def suggest_statuses(ours: Sequence[Choice], theirs: Sequence[Choice]) -> ValueMap:
    """A team's statuses (sort = stage) and those of the Jira project (sort = category)."""
    outbound: dict[str, str] = {}
    for status in ours:
        category = CATEGORY_OF_STAGE[status.sort]
        alike = [c for c in theirs if c.sort == category]
        found = by_name(status.name, theirs) or like(status.name, alike) or _first(alike)
        if found is not None:
            outbound[status.id] = found.id
    inbound: dict[str, str] = {}
    for status in theirs:
        senders = [c for c in ours if outbound.get(c.id) == status.id]
        stage = STAGE_OF_CATEGORY.get(status.sort, Stage.TO_DO)
        here = (
            by_name(status.name, ours)
            or _first([c for c in senders if c.sort == stage])
            or _first(senders)
            or _first([c for c in ours if c.sort == stage])
        )
        if here is not None:
            inbound[status.id] = here.id
    return ValueMap(outbound, inbound)


def _suggest_priorities(offered: Sequence[Choice]) -> ValueMap:
    """By name where the names agree, the rest by their order: most pressing first."""
    ours = [Choice(p.value, p.label) for p in Priority]
    if len(offered) == len(ours):
        outbound = {mine.id: theirs.id for mine, theirs in zip(ours, offered, strict=True)}
        return ValueMap(outbound, {theirs: mine for mine, theirs in outbound.items()})
    outbound = {}
    for place, mine in enumerate(ours):
        if offered:
            scaled = round(place * (len(offered) - 1) / (len(ours) - 1))
            outbound[mine.id] = (by_name(mine.name, offered) or offered[scaled]).id
    inbound = {
        theirs.id: (
            _first([m.id for m in ours if is_same(m.name, theirs.name)])
            or _first([m.id for m in ours if outbound.get(m.id) == theirs.id])
            or Priority.NONE.value
        )
        for theirs in offered
    }
    return ValueMap(outbound, inbound)


def match_people(
    accounts: Iterable[tuple[str, str | None, str]], members: Iterable[tuple[str, str, str]]
) -> dict[str, str]:
    """Which account is which member: by e-mail, else by a display name that only one bears.

    Accounts are (id, e-mail if shown, display name); members (id, e-mail, name).
    """
    members = list(members)
    by_email = {email.casefold(): key for key, email, _ in members}
    names: dict[str, list[str]] = {}
    for key, _, name in members:
        names.setdefault(name.casefold(), []).append(key)
    found: dict[str, str] = {}
    for account, email, name in accounts:
        same_name = names.get(name.casefold(), [])
        member = by_email.get((email or "").casefold()) or (
            same_name[0] if len(same_name) == 1 else None
        )
        if member is not None and member not in found.values():
            found[account] = member
    return found


def _first(choices: Sequence[T]) -> T | None:
    return choices[0] if choices else None
