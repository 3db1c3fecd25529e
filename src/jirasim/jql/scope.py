"""The projects to which alone a condition's answers can belong.  Never narrower than true."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from jirasim.jql.behaviour import Choice
from jirasim.jql.fields import find_field
from jirasim.jql.operands import targets
from jirasim.jql.syntax import AllOf, AnyOf, Clause, Comparison, Condition

if TYPE_CHECKING:
    from jirasim.jql.context import Context

Projects = frozenset[str] | None


def projects_of(condition: Condition | None, context: Context) -> Projects:
    """Ids of the projects that `project =` and `project in` name; None: no limit."""
    match condition:
        case AllOf(parts):
            everywhere: Projects = None
            return reduce(both, (projects_of(part, context) for part in parts), everywhere)
        case AnyOf(parts):
            return reduce(either, (projects_of(part, context) for part in parts))
        case Clause(field, Comparison.EQUALS | Comparison.IN, operand):
            known = find_field(field, context.state)
            if isinstance(known, Choice) and known.index == "project":
                return targets(field, known, operand, context).ids
            return None
        case _:
            return None


def both(one: Projects, other: Projects) -> Projects:
    if one is None or other is None:
        return one if other is None else other
    return one & other


def either(one: Projects, other: Projects) -> Projects:
    return None if one is None or other is None else one | other
