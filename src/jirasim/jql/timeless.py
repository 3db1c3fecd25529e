"""Whether the answers to a query stay what they are while time passes and nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from jirasim.jql.dates import PERIOD, is_date_function
from jirasim.jql.syntax import AllOf, AnyOf, Call, Changed, Clause, Empty, Listing, Literal, Not

if TYPE_CHECKING:
    from jirasim.jql.syntax import Condition, Operand


def timeless(condition: Condition | None) -> bool:
    """Nothing in it counts from now.  A text that reads like a period counts as one."""
    match condition:
        case None:
            return True
        case AllOf(parts) | AnyOf(parts):
            return all(map(timeless, parts))
        case Not(part):
            return timeless(part)
        case Clause(operand=operand, predicates=predicates):
            return fixed(operand) and all(fixed(one.operand) for one in predicates)
        case Changed(predicates=predicates):
            return all(fixed(one.operand) for one in predicates)
        case _:
            assert_never(condition)


def fixed(operand: Operand) -> bool:
    """The same for a value."""
    match operand:
        case Empty():
            return True
        case Literal(text):
            return not counted(text)
        case Call(_, arguments):
            return not is_date_function(operand) and not any(map(counted, arguments))
        case Listing(items):
            return all(map(fixed, items))
        case _:
            assert_never(operand)


def counted(text: str) -> bool:
    """Whether a text reads like so much time from now."""
    return PERIOD.fullmatch(text.strip()) is not None
