"""The tree written as ADF: valid by itself, and with what is unchanged kept to the letter."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import assert_never
from uuid import UUID

from duolog.core.markup.chips import children_of
from duolog.core.markup.inlines import words
from duolog.core.markup.read_adf import Kept
from duolog.core.markup.tree import (
    Block,
    Blocks,
    Break,
    Bullets,
    Chip,
    Code,
    Heading,
    Image,
    Inline,
    Inlines,
    Item,
    Link,
    Locked,
    Mark,
    Numbers,
    Paragraph,
    Quote,
    Row,
    Rule,
    Table,
    Task,
    Tasks,
    Text,
)

JsonNode = dict[str, object]

_LISTS = frozenset({"bulletList", "orderedList", "taskList"})


class AdfWriter:
    """Writes blocks; nodes behind chips come from `kept`, ids in `taken` are not given again."""

    def __init__(self, kept: Kept, taken: AbstractSet[str]) -> None:
        self._kept = kept
        self._taken = taken
        self._given: Counter[str] = Counter()

    def blocks(self, blocks: Blocks) -> list[JsonNode]:
        """The nodes of the blocks, in their order."""
        return [self.block(block) for block in blocks]

    def block(self, block: Block) -> JsonNode:
        """The node of the block."""
        match block:
            case Quote() | Bullets() | Numbers() | Tasks() | Table():
                return self._container(block)
            case Paragraph(inlines=(Image() as image,)):
                return _picture(image)
            case Paragraph(inlines=inlines):
                return self._paragraph(inlines)
            case Heading(level=level, inlines=inlines):
                return _node("heading", self.line(inlines), {"level": level})
            case _:
                return self._plain_block(block)

    def _plain_block(self, block: Code | Rule | Locked) -> JsonNode:
        match block:
            case Code(language=language, text=text):
                content = [_node("text", text=text)] if text else []
                return _node("codeBlock", content, {"language": language} if language else None)
            case Rule():
                return _node("rule")
            case Locked(chip=chip):
                return dict(self._kept.blocks[chip])

    def _container(self, block: Quote | Bullets | Numbers | Tasks | Table) -> JsonNode:
        match block:
            case Quote(blocks=blocks):
                return _node("blockquote", self.blocks(blocks) or [empty_paragraph()])
            case Bullets(items=items):
                return _node("bulletList", [self.item(item) for item in items])
            case Numbers(start=start, items=items):
                return _node("orderedList", [self.item(item) for item in items], {"order": start})
            case Tasks(tasks=tasks):
                return self._tasks(tasks)
            case Table():
                return self._table(block)

    def _paragraph(self, inlines: Inlines) -> JsonNode:
        return _node("paragraph", self.line(inlines))

    def line(self, inlines: Inlines) -> list[JsonNode]:
        """The inline nodes of the line."""
        return [self._inline(inline) for inline in inlines]

    def _inline(self, inline: Inline) -> JsonNode:
        match inline:
            case Text(text=text, marks=marks, link=link):
                return _styled(text, marks, link)
            case Break():
                return _node("hardBreak")
            case Chip():
                return dict(self._kept.inlines[inline])
            case Image(url=url, alt=alt, title=title):
                return _styled(alt or url, frozenset(), Link(url, title))
            case _:
                assert_never(inline)

    def item(self, item: Item) -> JsonNode:
        """The entry of a list."""
        return _node("listItem", opened(self.blocks(item.blocks)))

    def _tasks(self, tasks: Sequence[Task]) -> JsonNode:
        content = [node for task in tasks for node in self.task(task)]
        return _node("taskList", content, {"localId": self._local_id("tasks", tasks)})

    def task(self, task: Task) -> list[JsonNode]:
        """The task and, behind it, the list of those below it."""
        state = "DONE" if task.done else "TODO"
        attrs = {"localId": self._local_id("task", [task]), "state": state}
        entry = _node("taskItem", self.line(task.inlines), attrs)
        return [entry, self._tasks(task.tasks)] if task.tasks else [entry]

    def _local_id(self, kind: str, tasks: Sequence[Task]) -> str:
        """An id that follows from the content, and is not in the document yet."""
        text = "\n".join([kind, *(words(task.inlines) for task in tasks)])
        while True:
            self._given[text] += 1
            hashed = hashlib.sha256(f"{self._given[text]}\n{text}".encode()).hexdigest()
            local_id = str(UUID(hashed[:32]))
            if local_id not in self._taken:
                return local_id

    def _table(self, table: Table) -> JsonNode:
        head, *rows = table.rows
        content = [self.row(head, table.aligned, "tableHeader")]
        content.extend(self.row(row, table.aligned) for row in rows)
        return _node("table", content)

    def row(self, row: Row, aligned: Sequence[str], kind: str = "tableCell") -> JsonNode:
        """The row of such cells."""
        pairs = zip(row.cells, aligned, strict=True)
        return _node("tableRow", [_node(kind, self.cell(cell, align)) for cell, align in pairs])

    def cell(self, cell: Inlines, align: str) -> list[JsonNode]:
        """The content of the cell."""
        match cell:
            case (Image() as image,):
                return [_picture(image)]
            case (Chip() as chip,) if chip in self._kept.cells:
                return [dict(node) for node in children_of(self._kept.cells[chip])]
            case (Chip() as chip,) if chip in self._kept.blocks:
                return [dict(self._kept.blocks[chip])]
            case _:
                paragraph = self._paragraph(cell)
                if align:
                    paragraph["marks"] = [{"type": "alignment", "attrs": {"align": align}}]
                return [paragraph]


def opened(content: list[JsonNode]) -> list[JsonNode]:
    """The content of an entry as Jira wants it: a list is not the first block."""
    if content and content[0]["type"] not in _LISTS:
        return content
    return [empty_paragraph(), *content]


def empty_paragraph() -> JsonNode:
    """The node of a paragraph that says nothing."""
    return _node("paragraph", [])


def _node(
    kind: str,
    content: Sequence[JsonNode] | None = None,
    attrs: Mapping[str, object] | None = None,
    *,
    text: str = "",
) -> JsonNode:
    node: JsonNode = {"type": kind}
    if attrs is not None:
        node["attrs"] = dict(attrs)
    if content is not None:
        node["content"] = list(content)
    if text:
        node["text"] = text
    return node


def _styled(text: str, marks: frozenset[Mark], link: Link | None) -> JsonNode:
    listed: list[JsonNode] = [_link_mark(link)] if link else []
    listed.extend({"type": mark.value} for mark in Mark if mark in marks)
    node = _node("text", text=text)
    if listed:
        node["marks"] = listed
    return node


def _link_mark(link: Link) -> JsonNode:
    titled = {"title": link.title} if link.title else {}
    return {"type": "link", "attrs": {"href": link.href, **titled}}


def _picture(image: Image) -> JsonNode:
    described = {"alt": image.alt} if image.alt else {}
    media = _node("media", attrs={"type": "external", "url": image.url, **described})
    if image.link:
        media["marks"] = [_link_mark(image.link)]
    content = [media]
    if image.title:
        content.append(_node("caption", [_node("text", text=image.title)]))
    return _node("mediaSingle", content, {"layout": "center"})
