"""Operands to what fields compare with: sets of ids, instants, words.  Raises JqlError."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jirasim.jql.dates import FORMATS, call_date, is_date_function, read_date
from jirasim.jql.errors import JqlError
from jirasim.jql.functions import ISSUES, PEOPLE, PROJECTS, TYPES
from jirasim.jql.lookup import NOTHING
from jirasim.jql.release_functions import COMPONENTS, VERSIONS
from jirasim.jql.syntax import Call, Comparison, Empty, Listing, Literal, Operand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from jirasim.jql.behaviour import Choice
    from jirasim.jql.context import Context

LISTS = frozenset({Comparison.IN, Comparison.NOT_IN, Comparison.WAS_IN, Comparison.WAS_NOT_IN})
SPRINTS = frozenset({"opensprints", "futuresprints", "closedsprints"})
FUNCTIONS = SPRINTS.union(PEOPLE, ISSUES, TYPES, PROJECTS, VERSIONS, COMPONENTS, ("cascadeoption",))
EMPTINESS = frozenset({Comparison.IS, Comparison.IS_NOT})


@dataclass(frozen=True, slots=True)
class Targets:
    """The ids that an operand names, and whether it also names *nothing*."""

    ids: frozenset[str]
    empty: bool = False


def check_shape(field: str, comparison: Comparison, operand: Operand) -> None:
    """Lists only where a list belongs, EMPTY alone after IS."""
    if comparison in LISTS and not isinstance(operand, Listing | Call):
        raise JqlError(
            f"Operator '{comparison.value}' does not support the non-list value "
            f"'{operand}' for field '{field}'."
        )
    if comparison not in LISTS and isinstance(operand, Listing):
        raise JqlError(
            f"Operator '{comparison.value}' does not support the list value "
            f"'{operand}' for field '{field}'."
        )
    if comparison in EMPTINESS and not isinstance(operand, Empty):
        raise JqlError(
            f"Operator '{comparison.value}' does not support the non-empty value "
            f"'{operand}' for field '{field}'."
        )


def single(operand: Operand) -> Iterator[Literal | Call | Empty]:
    """The operand, or every member of the list, lists inside it included."""
    if isinstance(operand, Listing):
        for item in operand.items:
            yield from single(item)
    else:
        yield operand


def known_function(call: Call) -> None:
    """Raise unless this simulator has the function."""
    if call.name.lower() not in FUNCTIONS and not is_date_function(call):
        raise JqlError(f"Unable to find JQL function '{call}'.")


def targets(name: str, field: Choice, operand: Operand, context: Context) -> Targets:
    """The ids of the values named; JqlError for a value that does not exist."""
    ids: set[str] = set()
    empty = False
    for item in single(operand):
        if isinstance(item, Empty):
            empty = True
        elif isinstance(item, Call):
            ids |= called_ids(name, field, item, context)
        elif (found := field.resolve(item.text, context)) is not None:
            ids |= found
        else:
            raise JqlError(field.missing.format(value=item.text, field=name))
    empty = empty or NOTHING in ids
    if empty and not field.may_be_empty:
        raise JqlError(f"The field '{name}' does not support searching for EMPTY values.")
    return Targets(frozenset(ids - {NOTHING}), empty)


def called_ids(name: str, field: Choice, call: Call, context: Context) -> frozenset[str]:
    function = (field.functions or {}).get(call.name.lower())
    if function is None:
        known_function(call)
        raise JqlError(
            f"A value provided by the function '{call.name}' is invalid for the field '{name}'."
        )
    return function(call, context)


def instant(
    name: str, operand: Literal | Call, context: Context, *, what: str = "field"
) -> datetime:
    """The instant an operand names, for a date field or (`what`) a predicate."""
    if isinstance(operand, Literal):
        found = read_date(operand.text, context)
        if found is None:
            raise JqlError(f"Date value '{operand.text}' for {what} '{name}' is invalid. {FORMATS}")
        return found
    known_function(operand)
    if not is_date_function(operand):
        raise JqlError(
            f"A date for the {what} '{name}' provided by the function '{operand.name}' "
            "is not valid."
        )
    return call_date(operand, context)
