"""An ADF document to wiki markup, as version 2 of the REST API and webhooks show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from jirasim.text.inline_writer import write_inline
from jirasim.text.nodes import attribute, children, kind_of, string_attribute
from jirasim.text.plain import plain_text

Written = Mapping[str, object]

INLINE: Final = frozenset(
    {"text", "hardBreak", "mention", "emoji", "inlineCard", "status", "date", "mediaInline"}
)
PANEL_COLORS: Final = {
    "info": "#deebff",
    "note": "#eae6ff",
    "tip": "#e3fcef",
    "success": "#e3fcef",
    "warning": "#fffae6",
    "error": "#ffebe6",
}
LISTS: Final = {"bulletList": "*", "orderedList": "#", "taskList": "*", "decisionList": "*"}


def adf_to_wiki(document: Written) -> str:
    """The document as wiki text.  Nodes that markup does not have become their text."""
    return write_blocks(children(document))


def write_blocks(nodes: Iterable[Written]) -> str:
    return "\n\n".join(filter(None, map(write_block, nodes)))


def write_block(node: Written) -> str:
    kind = kind_of(node)
    if kind in LISTS:
        return "\n".join(list_lines(node, ""))
    if kind in INLINE:
        return write_inline([node])
    write = WRITERS.get(kind)
    if write is not None:
        return write(node)
    return write_blocks(children(node)) or plain_text(node)


def write_paragraph(node: Written) -> str:
    return write_inline(children(node))


def write_heading(node: Written) -> str:
    words = write_inline(children(node), first_in_block=False)
    return f"h{attribute(node, 'level')}. {words}"


def write_code(node: Written) -> str:
    language = string_attribute(node, "language")
    name = f"code:{language}" if language else "noformat"
    return f"{{{name}}}{plain_text(node)}{{{name.partition(':')[0]}}}"


def write_quote(node: Written) -> str:
    return f"{{quote}}{write_blocks(children(node))}{{quote}}"


def write_panel(node: Written) -> str:
    color = PANEL_COLORS.get(string_attribute(node, "panelType"), PANEL_COLORS["info"])
    return f"{{panel:bgColor={color}}}\n{write_blocks(children(node))}\n{{panel}}"


def write_expand(node: Written) -> str:
    title = string_attribute(node, "title")
    return f"{{panel:title={title}}}\n{write_blocks(children(node))}\n{{panel}}"


def write_rule(node: Written) -> str:
    del node
    return "----"


def write_card(node: Written) -> str:
    url = string_attribute(node, "url")
    return f"[{url}|{url}|smart-card]"


def write_media(node: Written) -> str:
    """An image or file by what names it: its address, its text, or its id."""
    name = next(filter(None, (string_attribute(node, key) for key in ("url", "alt", "id"))), "")
    sizes = ((key, attribute(node, key)) for key in ("width", "height"))
    options = ",".join(f"{key}={size}" for key, size in sizes if size)
    return f"!{name}|{options or 'thumbnail'}!" if name else ""


def list_lines(node: Written, marker: str) -> list[str]:
    """The items of a list and of the lists in them, a line or more each."""
    own = f"{marker}{LISTS[kind_of(node)]}"
    lines: list[str] = []
    for item in children(node):
        if kind_of(item) in LISTS:
            lines.extend(list_lines(item, own))
            continue
        parts = [*item_parts(item)]
        words = "\n".join(write_block(part) for part in parts if kind_of(part) not in LISTS)
        if words or len(parts) == 0:
            lines.append(f"{own} {words}")
        for part in parts:
            if kind_of(part) in LISTS:
                lines.extend(list_lines(part, own))
    return lines


def item_parts(item: Written) -> Iterable[Written]:
    """The blocks of an item; the words of a task or decision count as one paragraph."""
    parts = [*children(item)]
    if parts and all(kind_of(part) in INLINE for part in parts):
        return [{"type": "paragraph", "content": parts}]
    return parts


def write_table(node: Written) -> str:
    return "\n".join(write_row(row) for row in children(node))


def write_row(row: Written) -> str:
    cells = [*children(row)]
    line = "".join(write_cell(cell) for cell in cells)
    return f"{line}{bar(cells[-1]) if cells else ''}"


def write_cell(cell: Written) -> str:
    return f"{bar(cell)}{write_blocks(children(cell)).strip(' ') or ' '}"


def bar(cell: Written) -> str:
    return "||" if kind_of(cell) == "tableHeader" else "|"


WRITERS: Final[Mapping[str, Callable[[Written], str]]] = {
    "paragraph": write_paragraph,
    "heading": write_heading,
    "codeBlock": write_code,
    "blockquote": write_quote,
    "panel": write_panel,
    "expand": write_expand,
    "nestedExpand": write_expand,
    "rule": write_rule,
    "blockCard": write_card,
    "embedCard": write_card,
    "media": write_media,
    "table": write_table,
}
