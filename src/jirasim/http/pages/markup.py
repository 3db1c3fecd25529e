"""HTML as values: whatever is not markup already is escaped.  Knows no page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Final

VOID: Final = frozenset({"input", "meta", "link", "br"})


@dataclass(frozen=True, slots=True)
class Html:
    """Finished markup."""

    text: str


Content = Html | str | int | None | Iterable["Content"]
Attribute = str | int | bool | None


def tag(name: str, /, *content: Content, **attributes: Attribute) -> Html:
    """An element.  `class_` and `for_` lose the underscore; None and False leave one out."""
    said = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Html(f"<{name}{said}>")
    return Html(f"<{name}{said}>{joined(content)}</{name}>")


def joined(content: Content) -> str:
    """The content as markup, text in it escaped."""
    if content is None:
        return ""
    if isinstance(content, Html):
        return content.text
    if isinstance(content, str | int):
        return escape(str(content))
    return "".join(map(joined, content))


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
