"""What Atlassian's schema of documents admits, as far as clients get it wrong (jira.md 8).

Which node stands in which, what marks text carries, and the attributes that Jira cannot do
without.  Whatever else the schema says of attributes is not judged.
"""

from collections.abc import Callable, Mapping
from typing import Final

Node = Mapping[str, object]
INLINE: Final = frozenset(
    [
        "text",
        "hardBreak",
        "mention",
        "emoji",
        "date",
        "status",
        "inlineCard",
        "inlineExtension",
        "mediaInline",
        "placeholder",
        "unsupportedInline",
        "confluenceUnsupportedInline",
        "confluenceJiraIssue",
    ]
)
LEAST: Final = frozenset(["paragraph", "codeBlock", "mediaSingle", "extension", "unsupportedBlock"])
LISTS: Final = frozenset(["bulletList", "orderedList", "taskList"])
IN_PANEL: Final = (
    LEAST | LISTS | frozenset(["heading", "rule", "decisionList", "mediaGroup", "blockCard"])
)
IN_CELL: Final = IN_PANEL | frozenset(["blockquote", "panel", "nestedExpand", "embedCard"])
IN_COLUMN: Final = IN_CELL | frozenset(["table", "expand", "bodiedExtension"])
AT_ROOT: Final = IN_COLUMN | frozenset(
    [
        "layoutSection",
        "syncBlock",
        "bodiedSyncBlock",
        "multiBodiedExtension",
        "confluenceUnsupportedBlock",
    ]
)
TASKS: Final = frozenset(["taskItem", "blockTaskItem", "taskList"])
CHILDREN: Final[Mapping[str, frozenset[str]]] = {
    "doc": AT_ROOT - {"nestedExpand"},
    **dict.fromkeys(("paragraph", "heading", "taskItem", "decisionItem", "caption"), INLINE),
    "blockTaskItem": frozenset({"paragraph", "extension"}),
    "codeBlock": frozenset({"text", "unsupportedInline"}),
    "blockquote": LEAST | {"bulletList", "orderedList", "mediaGroup"},
    **dict.fromkeys(("bulletList", "orderedList"), frozenset({"listItem"})),
    "listItem": LEAST | LISTS,
    "taskList": TASKS,
    "decisionList": frozenset({"decisionItem"}),
    "panel": IN_PANEL,
    "table": frozenset({"tableRow"}),
    "tableRow": frozenset({"tableCell", "tableHeader"}),
    **dict.fromkeys(("tableCell", "tableHeader", "nestedExpand"), IN_CELL),
    **dict.fromkeys(("expand", "bodiedExtension"), IN_CELL | {"table"}),
    "layoutSection": frozenset({"layoutColumn"}),
    "layoutColumn": IN_COLUMN,
    "mediaSingle": frozenset({"media", "caption"}),
    "mediaGroup": frozenset({"media"}),
    "bodiedSyncBlock": AT_ROOT,
}
"""What may stand directly in a node; nodes that are not here hold what they like."""
NEEDING_CONTENT: Final = frozenset(
    ["bulletList", "orderedList", "listItem", "taskList", "decisionList", "table", "mediaGroup"]
)
TEXT_MARKS: Final = frozenset(
    [
        "annotation",
        "backgroundColor",
        "em",
        "link",
        "strike",
        "strong",
        "subsup",
        "textColor",
        "underline",
    ]
)
CODE_MARKS: Final = frozenset(["annotation", "code", "link"])
ANYWHERE: Final = frozenset(["unsupportedMark", "unsupportedNodeAttribute"])
PANELS: Final = frozenset(["info", "note", "tip", "warning", "error", "success", "custom"])


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_level(value: object) -> bool:
    return isinstance(value, int | float) and value in range(1, 7)


NEEDED: Final[Mapping[str, Mapping[str, Callable[[object], bool]]]] = {
    "heading": {"level": _is_level},
    "panel": {"panelType": lambda value: str(value) in PANELS},
    "mention": {"id": _is_text},
    "emoji": {"shortName": _is_text},
    "date": {"timestamp": _is_text},
    "status": {"text": _is_text, "color": _is_text},
    "taskItem": {"state": lambda value: value in ("TODO", "DONE")},
}
"""The attributes without which a node is refused, and what they may be."""


def admitted(node: object) -> bool:
    """Whether a node and everything in it is as the schema wants it."""
    if not isinstance(node, Mapping):
        return False
    if node.get("type") == "text":
        return isinstance(node.get("text"), str) and bool(node["text"]) and _marked(node)
    return _attributes(node) and _content(node)


def _content(node: Node) -> bool:
    kind, content = str(node.get("type")), node.get("content", [])
    if not isinstance(content, list) or (kind in NEEDING_CONTENT and not content):
        return False
    allowed = CHILDREN.get(kind)
    kinds = [str(one.get("type")) if isinstance(one, Mapping) else "" for one in content]
    if allowed is not None and not allowed.issuperset(kinds):
        return False
    if kind == "codeBlock" and any(one.get("marks") for one in content):
        return False
    return all(map(admitted, content))


def _marked(node: Node) -> bool:
    marks = node.get("marks", [])
    if not isinstance(marks, list) or not all(isinstance(one, Mapping) for one in marks):
        return False
    kinds = {str(one.get("type")) for one in marks} - ANYWHERE
    return kinds <= TEXT_MARKS or kinds <= CODE_MARKS


def _attributes(node: Node) -> bool:
    needed = NEEDED.get(str(node.get("type")), {})
    given = node.get("attrs") or {}
    if not isinstance(given, Mapping):
        return False
    return all(name in given and fits(given[name]) for name, fits in needed.items())
