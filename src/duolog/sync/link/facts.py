"""Digests of what a preview rests on: the rules of a binding, an item, an issue, a plan.  Reads only.

Two digests are equal where carrying out what was seen then would do the same now.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from duolog.core.fields import PARENT
from duolog.core.reconcile import Plan
from duolog.core.values import Merged, Side, Snapshot
from duolog.jira.stamps import stamp
from duolog.jira.wire import Issue
from duolog.sync.basis.scopes import project_in
from duolog.sync.link.baseline import dump_snapshot, to_json
from duolog.sync.models import Binding

_TOLD: Final = {
    "summary", "description", "status", "issue_type", "priority", "assignee", "labels", "due",
}  # fmt: skip


def of_rules(binding: Binding) -> str:
    """The rules and tables of a binding; the people met meanwhile only add to them."""
    tables = {name: table for name, table in binding.mapping.items() if name != "users"}
    return _digest(
        [
            binding.direction, binding.start, binding.start_jira, binding.conflict_policy,
            binding.on_delete_here, binding.on_delete_jira, binding.field_rules,
            binding.filter_here, binding.jql, binding.restricted_comments, tables,
        ]
    )  # fmt: skip


def of_item(snapshot: Snapshot) -> str:
    """An item as it would be sent; below a project's epic, whether that is made yet or not."""
    told = {**snapshot}
    if project_in(str(told.get(PARENT))) is not None:
        told[PARENT] = None
    return _digest(sorted(dump_snapshot(told), key=str))


def of_issue(issue: Issue) -> str:
    """An issue as Jira tells it; its stamp alone is, in a search of Server's, a whole second."""
    known = issue.known.model_dump(mode="json", include=_TOLD)
    return _digest([issue.id, stamp(issue), known])


def of_plan(plan: Plan) -> str:
    """What one pass would write on either side, and what it would leave to a person."""
    changes = [
        [change.side, *change.slot, to_json(change.value), to_json(change.expected)]
        for change in plan.changes
    ]
    conflicts = [[*each.slot, _winner(each.winner)] for each in plan.conflicts]
    return _digest([changes, conflicts])


def _winner(winner: Side | Merged | None) -> object:
    return list(winner) if isinstance(winner, Merged) else winner


def _digest(facts: object) -> str:
    told = json.dumps(facts, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()
