"""Tokens to the values of `syntax`.  Knows no fields: any name parses."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from lark import Lark, Token, Transformer, UnexpectedToken, v_args
from lark.exceptions import VisitError

from jirasim.jql.complaints import complaint
from jirasim.jql.errors import JqlSyntaxError
from jirasim.jql.lexer import JqlLexer
from jirasim.jql.query import Query
from jirasim.jql.syntax import (
    AllOf,
    AnyOf,
    Call,
    Changed,
    Clause,
    Comparison,
    Condition,
    Empty,
    Listing,
    Literal,
    Not,
    Operand,
    Predicate,
    Sort,
)

HISTORY: Final = frozenset(
    {Comparison.WAS, Comparison.WAS_NOT, Comparison.WAS_IN, Comparison.WAS_NOT_IN}
)


@v_args(inline=True)
class Builder(Transformer[Token, Query]):
    """Builds the values bottom-up; one method per rule of the grammar."""

    def query(self, *parts: Condition | tuple[Sort, ...]) -> Query:
        orders = [part for part in parts if isinstance(part, tuple)]
        conditions = [part for part in parts if not isinstance(part, tuple)]
        return Query(where=conditions[0] if conditions else None, order=orders[0] if orders else ())

    def any_of(self, *parts: Condition) -> AnyOf:
        return AnyOf(parts)

    def all_of(self, *parts: Condition) -> AllOf:
        return AllOf(parts)

    def negation(self, _: Token, part: Condition) -> Not:
        return Not(part)

    def clause(
        self, field: str, comparison: Comparison, operand: Operand, *predicates: Predicate
    ) -> Clause:
        if predicates and comparison not in HISTORY:
            first = predicates[0]
            raise JqlSyntaxError(
                f"The {comparison.name} operator does not support the use of the "
                f"{first.kind} {first.operand} predicate."
            )
        return Clause(field, comparison, operand, predicates)

    def changed(self, field: str, *predicates: Predicate) -> Changed:
        return Changed(field, predicates)

    def comparison(self, *words: Token) -> Comparison:
        return Comparison(" ".join(str(word).lower() for word in words))

    def predicate(self, kind: Token, operand: Operand) -> Predicate:
        return Predicate(str(kind).lower(), operand)

    def literal(self, text: Token) -> Literal:
        return Literal(str(text))

    def call(self, name: Token, *arguments: str) -> Call:
        if not name:
            raise JqlSyntaxError(
                "A function name cannot be empty.", line=name.line, column=name.column
            )
        return Call(str(name), arguments)

    def argument(self, text: Token) -> str:
        return str(text)

    def empty(self, _: Token) -> Empty:
        return Empty()

    def listing(self, *items: Operand) -> Listing:
        return Listing(items)

    def field(self, name: Token) -> str:
        if not name:
            raise JqlSyntaxError(
                "A field name cannot be empty.", line=name.line, column=name.column
            )
        return str(name)

    def custom_field(self, number: Token) -> str:
        if int(number) <= 0:
            raise JqlSyntaxError(
                f"Expecting a custom field id (a positive number) but got '{number}'.",
                line=number.line,
                column=number.column,
            )
        return f"cf[{number}]"

    def entity_property(self, name: Token, key: Token, path: Token | str = "") -> str:
        return f"{name}[{key}]{path}"

    def order(self, _: Token, *sorts: Sort) -> tuple[Sort, ...]:
        return sorts

    def sort(self, field: str, direction: Token | None = None) -> Sort:
        return Sort(field, None if direction is None else direction.type == "DESC")


@cache
def grammar() -> Lark:
    """Built for the first query, so that the simulator starts sooner."""
    return Lark(
        Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8"),
        start="query",
        parser="lalr",
        lexer=JqlLexer,
        maybe_placeholders=False,
    )


@lru_cache(maxsize=1024)
def parse(text: str) -> Query:
    """The query that the text says, or JqlSyntaxError in Jira's words."""
    try:
        return Builder().transform(grammar().parse(text))
    except UnexpectedToken as unexpected:
        raise complaint(unexpected) from unexpected
    except VisitError as failed:
        raise failed.orig_exc from failed
    except RecursionError:
        raise JqlSyntaxError("The query is nested too deeply.") from None
