"""Where alone the answers to a condition can be.  An optimisation: never narrower than true."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Final

from jirasim.jql.fields import KEY, SYSTEM, Choice
from jirasim.jql.operands import targets
from jirasim.jql.syntax import AllOf, AnyOf, Clause, Comparison, Condition

if TYPE_CHECKING:
    from jirasim.jql.context import Context

POSITIVE: Final = frozenset({Comparison.EQUALS, Comparison.IN})


@dataclass(frozen=True, slots=True)
class Scope:
    """Ids of the projects and of the issues to look through; None: no limit of that kind."""

    projects: frozenset[str] | None = None
    issues: frozenset[str] | None = None


ANYWHERE: Final = Scope()


def scope_of(condition: Condition | None, context: Context) -> Scope:
    """The limits that `project =`, `key in` and the like put on every answer."""
    match condition:
        case AllOf(parts):
            return reduce(both, (scope_of(part, context) for part in parts), ANYWHERE)
        case AnyOf(parts):
            return reduce(either, (scope_of(part, context) for part in parts))
        case Clause(field, comparison, operand) if comparison in POSITIVE:
            known = SYSTEM.get(field.lower())
            if known is KEY:
                return Scope(issues=targets(field, KEY, operand, context).ids)
            if field.lower() == "project" and isinstance(known, Choice):
                return Scope(projects=targets(field, known, operand, context).ids)
    return ANYWHERE


def both(one: Scope, other: Scope) -> Scope:
    return Scope(
        projects=overlap(one.projects, other.projects), issues=overlap(one.issues, other.issues)
    )


def either(one: Scope, other: Scope) -> Scope:
    return Scope(
        projects=union(one.projects, other.projects), issues=union(one.issues, other.issues)
    )


def overlap(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return one if other is None else other
    return one & other


def union(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return None if one is None or other is None else one | other
