"""The rules of a binding: directions, filters, deletions, conflicts; and what Jira says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from duolog.connections.models import Connection
from duolog.connections.services import client_for
from duolog.core.directions import NAMES, SlotDirection
from duolog.core.errors import Refused
from duolog.core.fields import PROPERTY
from duolog.core.lifecycle import OnDelete
from duolog.core.policy import ConflictPolicy
from duolog.jira import jql
from duolog.people.errors import Invalid, Stale
from duolog.people.versions import version_of
from duolog.sync.basis.scopes import FilterHere, directions_of
from duolog.sync.models import Binding, Direction
from duolog.workplace.models import Property, Status

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


def check_rules(
    workplace_id: int, rules: Rules, connection: Connection, project_id: str, before: Rules
) -> None:
    """What is new among the rules must mean something.  Raises Invalid, or SyncError.

    A misspelt name would leave open what was to be closed, or close what was to be open.
    """
    wrong = {
        f"field_rules.{name}": f"Nothing is called {name}. Name one of: {', '.join(sorted(NAMES))}; "
        "or one property, as property/7."
        for name in sorted(rules.fields.keys() - before.fields.keys() - NAMES)
        if not _is_property(workplace_id, name)
    }
    fresh = [it for it in rules.filter_here.statuses if it not in before.filter_here.statuses]
    if missing := sorted(set(fresh) - _statuses(workplace_id, fresh)):
        wrong["filter.statuses"] = f"No team here has the status {', '.join(missing)}."
    if wrong:
        raise Invalid(wrong)
    if rules.jql != before.jql:
        _check_jql(connection, project_id, rules.jql)


def _is_property(workplace_id: int, name: str) -> bool:
    kind, _, key = name.partition("/")
    if kind != PROPERTY or not key.isdecimal():
        return False
    return Property.objects.filter(workplace=workplace_id, pk=int(key)).exists()


def _statuses(workplace_id: int, ids: Iterable[str]) -> set[str]:
    rows = Status.objects.filter(team__workplace=workplace_id, pk__in=[int(it) for it in ids])
    return {str(pk) for pk in rows.values_list("pk", flat=True)}


def _check_jql(connection: Connection, project_id: str, condition: str) -> None:
    """Have Jira say whether it takes the condition."""
    if not condition:
        return
    try:
        client_for(connection).search.approximate_count(jql.all_of(project_id, condition))
    except Refused as error:
        hint = " Leave out ORDER BY: their order says not which issues come." * _is_ordered(
            condition
        )
        raise Invalid({"jql": f"Jira does not take this JQL: {error}{hint}"}) from error


def _is_ordered(condition: str) -> bool:
    return "order by" in " ".join(condition.casefold().split())


def version_of_binding(binding: Binding) -> str:
    """What names its rules and its mapping: another one after each change of them."""
    columns = (*RULE_COLUMNS, "mapping")
    return version_of(*(getattr(binding, name) for name in columns))


def expect(binding: Binding, version: str | None) -> None:
    """Raise `Stale` unless the binding has this version; None expects nothing.

    The caller holds the binding's lock.
    """
    present = version_of_binding(binding)
    if version is not None and version != present:
        raise Stale(
            "The binding was changed meanwhile. Look at it again before you save.",
            version=present,
        )


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
