"""Wiki markup to an ADF document: macros, then lines, then what is inside them.

Macros with a body (`{code}`, `{quote}` …) are taken out first, wherever they stand, and put
back where their place marker is met again: in a paragraph, a list item or a table cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from jirasim.text.inline_reader import read_inline
from jirasim.text.lists import Item, nested
from jirasim.text.nodes import Node, block, mark, text
from jirasim.text.tables import Cell, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

MACRO: Final = re.compile(
    r"\{(?P<name>code|noformat|quote|panel)(?::(?P<options>[^}\n]*))?\}"
    r"(?P<body>.*?)\{(?P=name)\}",
    re.DOTALL,
)
PLACE: Final = re.compile(r"\x00(\d+)\x00")
HEADING: Final = re.compile(r"\s*h([1-6])\.\s*(.*)")
QUOTATION: Final = re.compile(r"\s*bq\.\s+(.*)")
RULE: Final = re.compile(r"\s*-{4,5}\s*")
ITEM: Final = re.compile(r"\s*([*#]+|-)\s+(.*)")
ROW: Final = re.compile(r"\s*\|.*")
BLOCK_STARTS: Final = (HEADING, QUOTATION, RULE, ITEM, ROW)
PANEL_TYPES: Final = {
    "#deebff": "info",
    "#eae6ff": "note",
    "#e3fcef": "success",
    "#fffae6": "warning",
    "#ffebe6": "error",
}
DEFAULT_LANGUAGE: Final = "java"
MOST_LEVELS: Final = 50
"""How deep lists go; the signs of deeper items are not counted."""


def wiki_to_adf(source: str) -> Node:
    """The document that Jira makes of wiki markup."""
    clean = source.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    try:
        content = read_blocks(clean)
    except RecursionError:  # quotations in quotations: shown as they were written
        content = [code_block(clean)]
    return {"version": 1, "type": "doc", "content": content}


def read_blocks(source: str) -> list[Node]:
    macros: list[list[Node]] = []

    def take_out(found: re.Match[str]) -> str:
        macros.append(read_macro(found))
        return f"\x00{len(macros) - 1}\x00"

    lines = MACRO.sub(take_out, source).split("\n")
    return [*LineReader(lines, macros).blocks()]


def read_macro(found: re.Match[str]) -> list[Node]:
    options = parse_options(found["options"] or "")
    body = found["body"]
    match found["name"]:
        case "code":
            language = options.get("language") or options.get("") or DEFAULT_LANGUAGE
            return [*titled(options), code_block(body, language=language.lower())]
        case "noformat":
            return [*titled(options), code_block(body)]
        case "quote":
            return [block("blockquote", read_blocks(body) or [block("paragraph", ())])]
        case _:
            kind = PANEL_TYPES.get(options.get("bgcolor", "").lower(), "info")
            return [block("panel", [*titled(options), *read_blocks(body)], panelType=kind)]


def parse_options(source: str) -> dict[str, str]:
    """`java|title=A.java` to its parts; what has no name is under the empty one."""
    options: dict[str, str] = {}
    for part in filter(None, source.split("|")):
        name, sign, value = part.partition("=")
        options[name.strip().lower() if sign else ""] = (value if sign else name).strip()
    return options


def titled(options: dict[str, str]) -> Iterator[Node]:
    if options.get("title"):
        yield block("paragraph", [text(options["title"], [mark("strong")])])


def code_block(body: str, **attributes: object) -> Node:
    content = body.strip()
    return {"type": "codeBlock", "attrs": attributes, "content": [text(content)] if content else []}


@dataclass(slots=True)
class LineReader:
    """Lines, of which each may begin a block, and the macros taken out of them."""

    lines: list[str]
    macros: list[list[Node]]
    index: int = field(default=0)

    def blocks(self) -> Iterator[Node]:
        while self.index < len(self.lines):
            line = self.lines[self.index]
            if not line.strip():
                self.index += 1
            elif (found := HEADING.fullmatch(line)) is not None:
                self.index += 1
                yield block("heading", read_inline(self.flat(found[2])), level=int(found[1]))
            elif (found := QUOTATION.fullmatch(line)) is not None:
                self.index += 1
                yield block("blockquote", self.inside(found[1]))
            elif RULE.fullmatch(line):
                self.index += 1
                yield {"type": "rule"}
            elif ITEM.fullmatch(line):
                yield from nested([*self.items()])
            elif ROW.fullmatch(line):
                yield from self.table()
            else:
                yield from self.paragraph(self.run())

    def run(self) -> str:
        """The lines up to the next block or blank line, as one text."""
        start = self.index
        self.index += 1
        while self.index < len(self.lines) and continues(self.lines[self.index]):
            self.index += 1
        return "\n".join(line.lstrip() for line in self.lines[start : self.index])

    def paragraph(self, source: str) -> Iterator[Node]:
        """The paragraphs of a text and the macros between them."""
        for position, part in enumerate(PLACE.split(source)):
            if position % 2:
                yield from self.macros[int(part)]
            elif content := trimmed(read_inline(part.strip("\n"))):
                yield block("paragraph", content)

    def inside(self, source: str) -> list[Node]:
        """A cell's or a quotation's own blocks; at least an empty paragraph."""
        reader = LineReader(source.split("\n"), self.macros)
        return [*reader.blocks()] or [block("paragraph", ())]

    def items(self) -> Iterator[Item]:
        while self.index < len(self.lines):
            found = ITEM.fullmatch(self.lines[self.index])
            if found is None:
                return
            rest = self.run().split("\n")[1:]
            content = [*self.paragraph("\n".join([found[2], *rest]))]
            yield Item(found[1][:MOST_LEVELS], content or [block("paragraph", ())])

    def table(self) -> Iterator[Node]:
        start = self.index
        while self.index < len(self.lines) and self.in_table(start):
            self.index += 1
        grid = [
            block("tableRow", [self.cell(cell) for cell in row])
            for row in rows(self.lines[start : self.index])
        ]
        if grid:
            yield block("table", grid, isNumberColumnEnabled=False, layout="default")

    def in_table(self, start: int) -> bool:
        """A row, or the further lines of an unfinished one."""
        line = self.lines[self.index]
        if ROW.fullmatch(line):
            return True
        return (
            bool(line.strip())
            and self.index > start
            and not self.lines[self.index - 1].rstrip().endswith("|")
        )

    def cell(self, cell: Cell) -> Node:
        content = self.inside(cell.source)
        if not cell.header:
            return {"type": "tableCell", "attrs": {}, "content": content}
        strong = [emphasised(child) for child in content]
        return {"type": "tableHeader", "attrs": {}, "content": strong}

    def flat(self, source: str) -> str:
        """The text without its macros, where only text can be."""
        return PLACE.sub("", source)


def continues(line: str) -> bool:
    return bool(line.strip()) and not any(start.fullmatch(line) for start in BLOCK_STARTS)


def trimmed(nodes: list[Node]) -> list[Node]:
    """Without breaks and blanks that nothing precedes, or breaks that nothing follows."""
    while nodes and blank(nodes[0]):
        nodes = nodes[1:]
    while nodes and (nodes[-1]["type"] == "hardBreak" or nodes[-1].get("text") == " "):
        nodes = nodes[:-1]
    return nodes


def blank(node: Node) -> bool:
    return node["type"] == "hardBreak" or (node["type"] == "text" and not str(node["text"]).strip())


def emphasised(node: Node) -> Node:
    """The paragraph with its words in bold, as the head of a table."""
    content = node.get("content")
    if node["type"] != "paragraph" or not isinstance(content, list):
        return node
    bold = [
        text(str(child["text"]), [*child.get("marks", []), mark("strong")])
        if child["type"] == "text"
        else child
        for child in content
    ]
    return {**node, "content": bold}
