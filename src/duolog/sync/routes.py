"""The first steps of Jira's workflows, learnt once per issue type and kept with the binding.

With them a new issue is born in its status, and a step known to exist needs no question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction

from duolog.core import fields as slots
from duolog.core.fields import foreign_id
from duolog.core.values import Slot, Value
from duolog.jira.client import NewIssue
from duolog.sync.ground import Ground
from duolog.sync.local.fields import item_snapshot
from duolog.sync.mapping import Steps
from duolog.sync.models import Binding, Link


def first_step(ground: Ground, link: Link, new: NewIssue) -> NewIssue:
    """The new issue with the transition into its status, where one is known and may ride along."""
    if link.work_item is None or not ground.dialect.creates_in_any_status:
        return new
    here = item_snapshot(link.work_item, ground)
    kind, status = (_there(ground, slot, here.get(slot)) for slot in (slots.TYPE, slots.STATUS))
    steps = ground.meta.steps.get(kind or "")
    step = steps.to.get(status or "") if steps and status != steps.start else None
    return replace(new, transition_id=step) if step else new


def _there(ground: Ground, slot: Slot, value: Value) -> str | None:
    if not isinstance(value, str) or foreign_id(value) is not None:
        return None
    table = ground.fields.types if slot == slots.TYPE else ground.fields.statuses
    return table.encode(value)


def learn_first_steps(ground: Ground, born: Mapping[str, str]) -> None:
    """Ask Jira for the steps of each type met for the first time; kept with the binding.

    `born` names an issue, just created, for each type; two questions for a new type.
    """
    fresh: dict[str, Steps] = {}
    for kind, issue_id in born.items():
        if kind in ground.meta.steps:
            continue
        issue = ground.client.issues.get(issue_id, fields=("status",))
        offered = ground.client.issues.transitions(issue_id)
        usable = {t.to.id: t.id for t in offered if t.is_available and not t.asks_for()}
        if issue.known.status is not None:
            fresh[kind] = Steps(issue.known.status.id, usable)
    if fresh:
        ground.meta = replace(ground.meta, steps={**ground.meta.steps, **fresh})
        with transaction.atomic():
            Binding.objects.filter(pk=ground.binding.pk).update(project_meta=ground.meta.to_json())
