"""Building blocks of ADF documents.  Only shapes, no conversion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

Node = dict[str, object]
Mark = dict[str, object]

MARK_ORDER: Final = (
    "link",
    "textColor",
    "subsup",
    "underline",
    "strike",
    "strong",
    "em",
    "code",
)


def block(kind: str, content: Iterable[Node], **attributes: object) -> Node:
    """A node with children, and attributes if there are any."""
    return {"type": kind, **({"attrs": attributes} if attributes else {}), "content": [*content]}


def text(value: str, marks: Iterable[Mark] = ()) -> Node:
    """A run of text, its marks in one order and each kind once."""
    by_kind = {str(mark["type"]): mark for mark in marks}
    ordered = [by_kind[kind] for kind in MARK_ORDER if kind in by_kind]
    return {"type": "text", "text": value, **({"marks": ordered} if ordered else {})}


def mark(kind: str, **attributes: object) -> Mark:
    """A mark such as strong, or a link with its address."""
    return {"type": kind, **({"attrs": attributes} if attributes else {})}


def merged(nodes: Iterable[Node]) -> list[Node]:
    """Neighbouring runs with the same marks become one; empty ones go."""
    result: list[Node] = []
    for node in nodes:
        if node.get("text") == "":
            continue
        if result and joins(result[-1], node):
            result[-1] = {**node, "text": f"{result[-1]['text']}{node['text']}"}
        else:
            result.append(node)
    return result


def joins(one: Node, other: Node) -> bool:
    return one["type"] == other["type"] == "text" and one.get("marks") == other.get("marks")


def kind_of(node: Mapping[str, object]) -> str:
    return str(node.get("type", ""))


def children(node: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The child nodes, whatever else a foreign document may hold there left out."""
    content = node.get("content")
    if isinstance(content, list | tuple):
        yield from (child for child in content if isinstance(child, Mapping))


def attribute(node: Mapping[str, object], name: str) -> object:
    """An attribute, or None."""
    attributes = node.get("attrs")
    return attributes.get(name) if isinstance(attributes, Mapping) else None


def string_attribute(node: Mapping[str, object], name: str) -> str:
    """An attribute as text; empty when it is missing."""
    value = attribute(node, name)
    return "" if value is None else str(value)
