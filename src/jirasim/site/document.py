"""What rich text is, as far as Jira checks it.  Converts nothing."""

from collections.abc import Iterator, Mapping

from jirasim.site.model import Adf, RichText
from jirasim.site.product import Product

NOT_A_STRING = "Operation value must be a string"
NOT_A_DOCUMENT = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
INVALID = "INVALID_INPUT"
TOO_LONG = "The entered text is too long. It exceeds the allowed limit of 32,767 characters."
LONGEST = 32767
NODES = frozenset(
    [
        "doc",
        "paragraph",
        "text",
        "heading",
        "bulletList",
        "orderedList",
        "listItem",
        "taskList",
        "taskItem",
        "blockTaskItem",
        "decisionList",
        "decisionItem",
        "codeBlock",
        "blockquote",
        "rule",
        "hardBreak",
        "table",
        "tableRow",
        "tableHeader",
        "tableCell",
        "panel",
        "expand",
        "nestedExpand",
        "mention",
        "emoji",
        "date",
        "status",
        "inlineCard",
        "blockCard",
        "embedCard",
        "mediaSingle",
        "mediaGroup",
        "media",
        "mediaInline",
        "caption",
        "layoutSection",
        "layoutColumn",
        "extension",
        "inlineExtension",
        "bodiedExtension",
        "multiBodiedExtension",
        "extensionFrame",
        "placeholder",
        "confluenceUnsupportedBlock",
        "confluenceUnsupportedInline",
        "unsupportedBlock",
        "unsupportedInline",
        "confluenceJiraIssue",
        "syncBlock",
        "bodiedSyncBlock",
    ]
)


class BadDocument(Exception):
    """The value is not acceptable rich text; the message is Jira's."""


def read(product: Product, value: object) -> RichText | None:
    """The rich text of this product, or None for an empty one.  Raises BadDocument."""
    return _document(value) if product.cloud else _wiki(value)


def _wiki(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadDocument(NOT_A_STRING)
    if len(value) > LONGEST:
        raise BadDocument(TOO_LONG)
    return value or None


def _document(value: object) -> Adf | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or value.get("type") != "doc" or value.get("version") != 1:
        raise BadDocument(NOT_A_DOCUMENT)
    if not _well_formed(value):
        raise BadDocument(INVALID)
    if sum(len(text) for text in texts(value)) > LONGEST:
        raise BadDocument(TOO_LONG)
    return value if value.get("content") else None


def texts(node: Mapping[str, object]) -> Iterator[str]:
    """The text runs of a node and of everything within it, in order."""
    if isinstance(text := node.get("text"), str):
        yield text
    for child in _children(node):
        yield from texts(child)


def _children(node: Mapping[str, object]) -> list[Mapping[str, object]]:
    content = node.get("content")
    return (
        [child for child in content if isinstance(child, Mapping)]
        if isinstance(content, list)
        else []
    )


def _well_formed(node: object) -> bool:
    if not isinstance(node, Mapping) or str(node.get("type")) not in NODES:
        return False
    if node["type"] == "text":
        return isinstance(node.get("text"), str) and bool(node["text"])
    content = node.get("content", [])
    return isinstance(content, list) and all(_well_formed(child) for child in content)
