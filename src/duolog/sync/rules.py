"""The rules of a binding: directions, filters, deletions, conflicts; and what Jira says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from duolog.connections.models import Connection
from duolog.connections.services import client_for
from duolog.core.directions import SlotDirection
from duolog.core.errors import Refused
from duolog.core.lifecycle import OnDelete
from duolog.core.policy import ConflictPolicy
from duolog.jira import jql
from duolog.people.errors import Invalid
from duolog.sync.models import Binding, Direction
from duolog.sync.scopes import FilterHere, directions_of

RULE_COLUMNS: Final = (
    "direction", "on_delete_here", "on_delete_jira", "conflict_policy", "field_rules",
    "filter_here", "jql", "restricted_comments",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """How a binding behaves; all of it can be changed later."""

    direction: Direction = Direction.TWO_WAY
    fields: Mapping[str, SlotDirection] = field(default_factory=dict)
    filter_here: FilterHere = field(default_factory=FilterHere)
    jql: str = ""
    restricted_comments: bool = False
    on_delete_here: OnDelete = OnDelete.ASK
    on_delete_jira: OnDelete = OnDelete.ASK
    conflict_policy: ConflictPolicy = ConflictPolicy.ASK

    @classmethod
    def of(cls, binding: Binding) -> Rules:
        """The rules that a binding goes by."""
        return cls(
            direction=Direction(binding.direction),
            fields=directions_of(binding).rules,
            filter_here=FilterHere.from_json(binding.filter_here),
            jql=binding.jql,
            restricted_comments=binding.restricted_comments,
            on_delete_here=OnDelete(binding.on_delete_here),
            on_delete_jira=OnDelete(binding.on_delete_jira),
            conflict_policy=ConflictPolicy(binding.conflict_policy),
        )


def check_jql(connection: Connection, project_id: str, condition: str) -> None:
    """Have Jira say whether it takes the condition.  Raises Invalid, or SyncError."""
    if not condition:
        return
    try:
        client_for(connection).search.approximate_count(jql.all_of(project_id, condition))
    except Refused as error:
        raise Invalid({"jql": f"Jira does not take this JQL: {error}"}) from error


def set_rules(binding: Binding, rules: Rules) -> None:
    """Have a binding go by the rules; it is stored by whoever asks."""
    binding.direction = rules.direction
    binding.on_delete_here = rules.on_delete_here.value
    binding.on_delete_jira = rules.on_delete_jira.value
    binding.conflict_policy = rules.conflict_policy.value
    binding.field_rules = {
        name: way.value for name, way in rules.fields.items() if way is not SlotDirection.BOTH
    }
    binding.filter_here = rules.filter_here.to_json()
    binding.jql = rules.jql
    binding.restricted_comments = rules.restricted_comments
