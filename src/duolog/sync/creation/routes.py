"""The first step of a new issue: where the workflow is known, it is born in its status.

What the first issue of each type is offered is learnt once, and kept with the binding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from duolog.core import fields as slots
from duolog.core.fields import ValueMap, foreign_id
from duolog.core.values import Value
from duolog.jira.client import NewIssue
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.workflows import history_of, keep_trail
from duolog.sync.local.fields import item_snapshot
from duolog.sync.models import Link


def first_step(ground: Ground, link: Link, new: NewIssue) -> NewIssue:
    """The new issue with the transition into its status, where one is known and may ride along."""
    if link.work_item is None or not ground.dialect.creates_in_any_status:
        return new
    here = item_snapshot(link.work_item, ground)
    fields = ground.fields_of(link.work_item.team_id)
    kind = _there(fields.types, here.get(slots.TYPE))
    status = _there(fields.statuses, here.get(slots.STATUS))
    if kind is None or status is None:
        return new
    workflow = ground.workflow(kind)
    start = workflow.start
    if start is None or start == status:
        return new
    offered = workflow.exits().get(start, ())
    step = next((it for it in offered if it.to == status and not it.required), None)
    if step is None:
        return new
    keep_trail(link, [start, status])
    return replace(new, transition_id=step.id)


def _there(table: ValueMap, value: Value) -> str | None:
    if not isinstance(value, str) or foreign_id(value) is not None:
        return None
    return table.encode(value)


def learn_first_steps(ground: Ground, born: Mapping[str, str]) -> None:
    """Ask Jira what each type met for the first time is offered at its start.

    `born` names an issue, just created, for each type; two questions for a new type.
    """
    for kind, issue_id in born.items():
        workflow = ground.workflow(kind)
        if workflow.start is not None:
            continue
        issue = history_of(ground.client, issue_id)
        offered = ground.client.issues.transitions(issue_id)
        if issue.known.status is not None:
            workflow.learn(issue.known.status.id, offered)
        if issue.born_in is not None:
            workflow.begin(issue.born_in)
