"""A parsed query as the tree that `POST /jql/parse` shows, and values as one writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

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
)
from jirasim.jql.words import KEYWORDS, RESERVED

if TYPE_CHECKING:
    from jirasim.jql.query import Query

Tree = dict[str, object]
PLAIN: Final = re.compile(r"[\w.-]+|cf\[\d+\]")
PROPERTY: Final = re.compile(r"(\w+)\.property\[(.+)\](?:\.(.+))?")


def structure(query: Query) -> Tree:
    """The whole query."""
    tree: Tree = {}
    if query.where is not None:
        tree["where"] = clause(query.where)
    if query.order:
        tree["orderBy"] = {
            "fields": [
                {"field": field(sort.field)}
                if sort.descending is None
                else {"field": field(sort.field), "direction": "desc" if sort.descending else "asc"}
                for sort in query.order
            ]
        }
    return tree


def clause(condition: Condition) -> Tree:
    """A condition; what stands on one level of AND or OR stands in one list."""
    match condition:
        case AllOf(parts):
            return {"clauses": [clause(part) for part in parts], "operator": "and"}
        case AnyOf(parts):
            return {"clauses": [clause(part) for part in parts], "operator": "or"}
        case Not(part):
            return {"clauses": [clause(part)], "operator": "not"}
        case Changed(name, predicates):
            return {
                "field": field(name),
                "operator": "changed",
                "predicates": [predicate(one) for one in predicates],
            }
        case Clause(name, comparison, value, predicates):
            tree: Tree = {
                "field": field(name),
                "operator": comparison.value,
                "operand": operand(value),
            }
            if comparison.value.startswith("was"):
                tree["predicates"] = [predicate(one) for one in predicates]
            return tree


def predicate(one: Predicate) -> Tree:
    return {"operator": one.kind, "operand": operand(one.operand)}


def field(name: str) -> Tree:
    """A field by its name, and by the name as one writes it; entity properties in parts."""
    if found := PROPERTY.fullmatch(name):
        entity, key, path = found.groups()
        where = {"entity": entity, "key": key, "path": path or ""}
        encoded = f"{entity}.property[{encoded_value(key)}]{f'.{path}' if path else ''}"
        return {"name": name, "encodedName": encoded, "property": [where]}
    return {"name": name, "encodedName": encoded_value(name)}


def operand(value: Operand) -> Tree:
    match value:
        case Literal(text):
            return {"value": text, "encodedValue": encoded_value(text)}
        case Empty():
            return {"keyword": "empty"}
        case Call(name, arguments):
            return {
                "function": name,
                "arguments": list(arguments),
                "encodedOperand": encoded(value),
            }
        case Listing(items):
            return {"values": [operand(one) for one in items], "encodedOperand": encoded(value)}


def encoded(value: Operand) -> str:
    """An operand as one writes it in a query."""
    match value:
        case Literal(text):
            return encoded_value(text)
        case Empty():
            return "EMPTY"
        case Call(name, arguments):
            return f"{encoded_value(name)}({', '.join(map(encoded_value, arguments))})"
        case Listing(items):
            return f"({', '.join(map(encoded, items))})"


def encoded_value(text: str) -> str:
    """In quotation marks where it needs them."""
    if PLAIN.fullmatch(text) and text.lower() not in RESERVED | KEYWORDS.keys():
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def written(query: Query) -> str:
    """The query as text again."""
    parts = [] if query.where is None else [condition_text(query.where)]
    if query.order:
        ways = {None: "", True: " DESC", False: " ASC"}
        sorts = (encoded_value(one.field) + ways[one.descending] for one in query.order)
        parts.append(f"ORDER BY {', '.join(sorts)}")
    return " ".join(parts)


def condition_text(condition: Condition) -> str:
    match condition:
        case AllOf(parts):
            return " AND ".join(map(bracketed, parts))
        case AnyOf(parts):
            return " OR ".join(map(bracketed, parts))
        case Not(part):
            return f"NOT {bracketed(part)}"
        case Changed(name, predicates):
            return " ".join((encoded_value(name), "CHANGED", *map(predicate_text, predicates)))
        case Clause(name, Comparison() as comparison, value, predicates):
            words = (encoded_value(name), comparison.value, encoded(value))
            return " ".join((*words, *map(predicate_text, predicates)))


def bracketed(condition: Condition) -> str:
    text = condition_text(condition)
    return f"({text})" if isinstance(condition, AllOf | AnyOf) else text


def predicate_text(one: Predicate) -> str:
    return f"{one.kind.upper()} {encoded(one.operand)}"
