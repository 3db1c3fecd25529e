"""Every write to a work item's own fields, sets and properties, one function per verb."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Max

from duolog.people.errors import Invalid
from duolog.people.models import Member, Workplace
from duolog.people.rights import Right
from duolog.workplace.actors import Actor
from duolog.workplace.changes import Subject, read_changes, read_label, shown, with_both_estimates
from duolog.workplace.lookups import lock_item, lock_items, lock_team
from duolog.workplace.models import (
    Priority,
    Project,
    Property,
    Stage,
    Status,
    Team,
    WorkItem,
    WorkItemType,
)
from duolog.workplace.notices import tell_assigned, tell_mentioned
from duolog.workplace.parts import APART, names_of, replace_apart
from duolog.workplace.reading import Wrong
from duolog.workplace.record import Entry, expect, index_words, mark, record, write_activity

RANK_STEP: Final = 1024.0
_SEARCHED: Final = frozenset({"title", "description"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """What a work item begins with.  Rows may be named by their id, a status also by its name.

    Where nothing is given, the status is the team's first to do, the reporter the acting member,
    and the place the end of the column.
    """

    title: str
    description: str = ""
    type: str = WorkItemType.TASK
    status: Status | int | str | None = None
    priority: str = Priority.NONE
    assignee: Member | int | None = None
    reporter: Member | int | None = None
    labels: Iterable[str] = ()
    components: Iterable[str] = ()
    fix_versions: Iterable[str] = ()
    properties: Mapping[int | str, object] = field(default_factory=dict)
    due_on: date | str | None = None
    start_on: date | str | None = None
    estimate_seconds: int | None = None
    remaining_seconds: int | None = None
    parent: WorkItem | int | None = None
    project: Project | int | None = None
    rank: float | None = None


@transaction.atomic
def create_item(team: Team | int, new: NewItem, *, actor: Actor) -> WorkItem:
    """A new work item with the team's next number, which nobody else gets."""
    team = lock_team(team if isinstance(team, int) else team.pk, actor, Right.EDIT_ITEMS)
    given = {each.name: getattr(new, each.name) for each in fields(new)}
    asked = {name: value for name, value in given.items() if value is not None}
    values = _read(Subject(team), asked, actor)
    apart = {name: values.pop(name) for name in sorted(APART & values.keys())}
    values.setdefault("reporter", actor.member)
    values.setdefault("status", _first_status(team))
    values.setdefault("rank", last_rank(team) + RANK_STEP)
    number = next_number(team)
    item = WorkItem.objects.create(
        team=team, number=number, key=f"{team.key_prefix}-{number}", **values
    )
    replace_apart(item, apart)
    write_activity(item, [Entry("created", after=item.title)], actor)
    index_words(item)
    mark(item, actor)
    tell_assigned(item, actor)
    tell_mentioned(item, "", item.description, actor)
    return item


@transaction.atomic
def update_item(
    item_id: int,
    changes: Mapping[str, object],
    *,
    actor: Actor,
    expected_version: int | None = None,
) -> WorkItem:
    """Store what differs; where nothing does, nothing is written, not even a version.

    Fields: title, description, type, status (row, id or name), priority, assignee, reporter,
    parent and project (row, id or None), labels, components and fix_versions (all of them),
    properties (values by the property or its id; others stay), due_on, start_on,
    estimate_seconds, remaining_seconds (the first of the two that an item gets is both), rank.
    Raises `Invalid`, `NotFound`, `Forbidden`, and `Stale` where
    the version is not the expected one.
    """
    item = lock_item(item_id, actor)
    expect(item, expected_version)
    _keep_parents_still(item.team.workplace_id, changes)
    _apply(item, changes, actor)
    return item


@transaction.atomic
def bulk_update(
    item_ids: Iterable[int], changes: Mapping[str, object], *, actor: Actor
) -> tuple[WorkItem, ...]:
    """Make the same changes to all of the items, or, if one cannot take them, to none."""
    items = lock_items(item_ids, actor)
    for workplace_id in {item.team.workplace_id for item in items}:
        _keep_parents_still(workplace_id, changes)
    for item in items:
        _apply(item, changes, actor)
    return items


def set_property(item_id: int, row: Property | int, value: object, *, actor: Actor) -> WorkItem:
    """Have the item hold this value of the property; None takes it away."""
    key = row if isinstance(row, int) else row.pk
    return update_item(item_id, {"properties": {key: value}}, actor=actor)


@transaction.atomic
def add_label(item_id: int, name: str, *, actor: Actor) -> WorkItem:
    """Have the label on the item; adding it again writes nothing."""
    item = lock_item(item_id, actor)
    return _set_labels(item, names_of(item, "labels") | {_label(name)}, actor)


@transaction.atomic
def remove_label(item_id: int, name: str, *, actor: Actor) -> WorkItem:
    """Have the label off the item; where it is not, nothing is written."""
    item = lock_item(item_id, actor)
    return _set_labels(item, names_of(item, "labels") - {_label(name)}, actor)


def next_number(team: Team) -> int:
    """The team's next number.  The caller holds the team's row, so it is nobody else's."""
    Team.objects.filter(pk=team.pk).update(last_number=F("last_number") + 1)
    team.refresh_from_db(fields=["last_number"])
    return team.last_number


def last_rank(team: Team) -> float:
    """The rank behind which a new item stands."""
    last: float | None = team.work_items.aggregate(last=Max("rank"))["last"]
    return last or 0.0


def _first_status(team: Team) -> Status:
    return team.statuses.filter(stage=Stage.TO_DO)[0]


def _keep_parents_still(workplace_id: int, changes: Mapping[str, object]) -> None:
    """One change of parents at a time: two could close a circle that neither sees."""
    if changes.get("parent"):
        Workplace.objects.select_for_update(no_key=True).get(pk=workplace_id)


def _apply(item: WorkItem, changes: Mapping[str, object], actor: Actor) -> None:
    values = _read(Subject(item.team, item), changes, actor)
    before = item.description
    apart = {name: values.pop(name) for name in sorted(APART & values.keys())}
    entries = _set_fields(item, values)
    changed = {entry.field for entry in entries}
    entries += replace_apart(item, apart)
    if not entries:
        return
    record(item, entries, actor, fields=sorted(changed))
    if changed & _SEARCHED:
        index_words(item)
    if "assignee" in changed:
        tell_assigned(item, actor)
    if "description" in changed:
        tell_mentioned(item, before, item.description, actor)


def _read(subject: Subject, asked: Mapping[str, object], actor: Actor) -> dict[str, Any]:
    values = read_changes(subject, asked)
    return values if actor.is_sync else with_both_estimates(values, subject.item)


def _set_fields(item: WorkItem, values: Mapping[str, Any]) -> list[Entry]:
    entries = []
    for name, value in values.items():
        before = getattr(item, name)
        if before != value:
            setattr(item, name, value)
            entries.append(Entry("changed", name, shown(name, before), shown(name, value)))
    return entries


def _set_labels(item: WorkItem, wanted: frozenset[str], actor: Actor) -> WorkItem:
    entries = replace_apart(item, {"labels": wanted})
    if entries:
        record(item, entries, actor)
    return item


def _label(name: str) -> str:
    try:
        return read_label(name)
    except Wrong as wrong:
        raise Invalid({"labels": str(wrong)}) from wrong
