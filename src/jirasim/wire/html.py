"""Rich text as the HTML of `renderedFields` and `renderedBody`.  Shows, never stores."""

from collections.abc import Mapping
from html import escape

from jirasim.site.model import RichText
from jirasim.text import wiki_to_adf

Node = Mapping[str, object]
BLOCKS = {
    "paragraph": "p",
    "bulletList": "ul",
    "orderedList": "ol",
    "listItem": "li",
    "blockquote": "blockquote",
    "table": "table",
    "tableRow": "tr",
    "tableHeader": "th",
    "tableCell": "td",
    "panel": "div",
}
MARKS = {"strong": "b", "em": "em", "code": "tt", "strike": "del", "underline": "ins"}
VOID = {"rule": "<hr />", "hardBreak": "<br/>"}


def rendered(text: RichText) -> str:
    """The rich text of either product as HTML."""
    return adf_to_html(wiki_to_adf(text) if isinstance(text, str) else text)


def adf_to_html(node: Node) -> str:
    """The node and everything within it; kinds without a form of their own show their content."""
    kind = str(node.get("type"))
    if kind == "text":
        return _marked(node)
    if kind in VOID:
        return VOID[kind]
    inner = "".join(adf_to_html(child) for child in _content(node)) or _label(node)
    return _wrapped(kind, node, inner)


def _wrapped(kind: str, node: Node, inner: str) -> str:
    if kind == "heading":
        level = _attrs(node).get("level", 1)
        return f"<h{level}>{inner}</h{level}>"
    if kind == "codeBlock":
        return f"<pre>{inner}</pre>"
    tag = BLOCKS.get(kind)
    return f"<{tag}>{inner}</{tag}>" if tag is not None else inner


def _marked(node: Node) -> str:
    html = escape(str(node.get("text", "")))
    marks = node.get("marks")
    for mark in marks if isinstance(marks, list) else ():
        kind = str(mark.get("type"))
        if kind == "link":
            html = f'<a href="{escape(str(_attrs(mark).get("href", "")))}">{html}</a>'
        elif kind in MARKS:
            html = f"<{MARKS[kind]}>{html}</{MARKS[kind]}>"
    return html


def _label(node: Node) -> str:
    attrs = _attrs(node)
    return escape(str(attrs.get("text") or attrs.get("shortName") or attrs.get("url") or ""))


def _attrs(node: Node) -> Node:
    attrs = node.get("attrs")
    return attrs if isinstance(attrs, Mapping) else {}


def _content(node: Node) -> list[Node]:
    content = node.get("content")
    return content if isinstance(content, list) else []
