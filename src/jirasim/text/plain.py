"""The words of rich text, for searching.  Formatting is not kept."""

from __future__ import annotations

from collections.abc import Mapping


def plain_text(node: object) -> str:
    """All text below the node, blocks separated by line ends; wiki text as it is."""
    if isinstance(node, str):
        return node
    parts: list[str] = []
    _collect(node, parts)
    return "".join(parts).strip("\n")


def _collect(node: object, parts: list[str]) -> None:
    if not isinstance(node, Mapping):
        return
    kind = node.get("type")
    attributes = node.get("attrs")
    if kind == "text":
        parts.append(str(node.get("text", "")))
    elif kind == "hardBreak":
        parts.append("\n")
    elif kind in ("mention", "emoji", "status") and isinstance(attributes, Mapping):
        parts.append(str(attributes.get("text", "")))
    content = node.get("content")
    if isinstance(content, list | tuple):
        for child in content:
            _collect(child, parts)
        parts.append("" if kind in ("text", "mention") else "\n")
