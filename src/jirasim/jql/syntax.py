"""The parsed form of a query.  Values only: nothing here knows fields or issues."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Comparison(Enum):
    """An operator between a field and an operand, as Jira writes it in messages."""

    EQUALS = "="
    NOT_EQUALS = "!="
    LIKE = "~"
    NOT_LIKE = "!~"
    LESS = "<"
    GREATER = ">"
    AT_MOST = "<="
    AT_LEAST = ">="
    IN = "in"
    NOT_IN = "not in"
    IS = "is"
    IS_NOT = "is not"
    WAS = "was"
    WAS_NOT = "was not"
    WAS_IN = "was in"
    WAS_NOT_IN = "was not in"


@dataclass(frozen=True, slots=True)
class Literal:
    """A written value; its meaning depends on the field it is compared with."""

    text: str

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Call:
    """A function call such as `startOfDay("-1d")`."""

    name: str
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.arguments)})"


@dataclass(frozen=True, slots=True)
class Empty:
    """`EMPTY` or `NULL`."""

    def __str__(self) -> str:
        return "EMPTY"


@dataclass(frozen=True, slots=True)
class Listing:
    """Several operands in parentheses."""

    items: tuple[Operand, ...]

    def __str__(self) -> str:
        return f"({', '.join(str(item) for item in self.items)})"


Operand = Literal | Call | Empty | Listing


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition on when, by whom, from or to what a field changed; `kind` is lower case."""

    kind: str
    operand: Operand


@dataclass(frozen=True, slots=True)
class Clause:
    """A field compared with an operand; predicates only after the WAS operators."""

    field: str
    comparison: Comparison
    operand: Operand
    predicates: tuple[Predicate, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """`field CHANGED …`: the field has a change to which all the predicates apply."""

    field: str
    predicates: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


Condition = Clause | Changed | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Sort:
    """One field of ORDER BY; without a direction each field has its own."""

    field: str
    descending: bool | None = None
