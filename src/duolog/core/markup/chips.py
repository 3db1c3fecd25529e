"""Locked chips: the digest of a node Markdown cannot say, and the label a reader sees."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from duolog.core.markup.inlines import one_line
from duolog.core.markup.tree import Chip

Node = Mapping[str, object]

_DIGITS = 12
_LONGEST_LABEL = 80
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def chip_of(node: Node) -> Chip:
    """The chip that stands for the node."""
    kind = kind_of(node)
    return Chip(kind, digest(node), label_of(node) or kind)


def kind_of(node: Node) -> str:
    """The type of the node, in the letters a chip may have."""
    letters = "".join(char for char in str(node.get("type", "")) if char.isalnum())
    return letters if letters.isascii() and letters[:1].isalpha() else "node"


def digest(node: Node) -> str:
    """The first hex digits of the SHA-256 over the node; `localId` does not count."""
    text = json.dumps(_lasting(node), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _lasting(value: object) -> object:
    """The value without what Jira renumbers at will."""
    if isinstance(value, Mapping):
        return {key: _lasting(part) for key, part in value.items() if key != "localId"}
    if isinstance(value, list | tuple):
        return [_lasting(part) for part in value]
    return value


def label_of(node: Node) -> str:
    """What a reader sees in place of the node: its own words where it has some."""
    attrs = attrs_of(node)
    match node.get("type"):
        case "mention":
            name = str(attrs.get("text") or attrs.get("id") or "")
            label = name if name.startswith("@") else f"@{name}"
        case "emoji":
            label = str(attrs.get("text") or attrs.get("shortName") or "")
        case "date":
            label = _day(str(attrs.get("timestamp", "")))
        case "inlineCard" | "status" | "text" | "placeholder":
            label = str(attrs.get("url") or attrs.get("text") or node.get("text") or "")
        case "cell":
            label = _excerpt(node)
        case _:
            label = f"{_name(node)}: {_excerpt(node)}".rstrip(": ")
    return one_line(label)


def _day(timestamp: str) -> str:
    """The day of a time in milliseconds, in UTC, as Jira shows dates."""
    try:
        return (_EPOCH + timedelta(milliseconds=int(timestamp))).date().isoformat()
    except (ValueError, OverflowError):
        return timestamp


def _name(node: Node) -> str:
    kind = kind_of(node)
    name = {"mediaSingle": "Image", "mediaInline": "File", "mediaGroup": "Files"}.get(kind, kind)
    attrs = attrs_of(node)
    detail = attrs.get("panelType") or attrs.get("title") or attrs.get("extensionKey") or ""
    return f"{name[:1].upper()}{name[1:]} {detail}".strip()


def _excerpt(node: Node) -> str:
    words = one_line(" ".join(visible_words(node)))
    return words if len(words) <= _LONGEST_LABEL else f"{words[:_LONGEST_LABEL].rstrip()}…"


def visible_words(node: Node) -> Iterator[str]:
    """The words in and below the node, in reading order."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        attrs = attrs_of(found)
        own = found.get("text") or attrs.get("text") or attrs.get("alt") or attrs.get("url")
        if own and found is not node:
            yield str(own)
        waiting.extend(reversed(children_of(found)))


def attrs_of(node: Node) -> Node:
    """The attributes of a node; none where it has none."""
    attrs = node.get("attrs")
    return attrs if isinstance(attrs, Mapping) else {}


def children_of(node: Node) -> tuple[Node, ...]:
    """The nodes directly below; what is no node is passed over."""
    content = node.get("content")
    if not isinstance(content, list | tuple):
        return ()
    return tuple(child for child in content if isinstance(child, Mapping))
