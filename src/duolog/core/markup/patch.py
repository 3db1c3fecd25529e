"""An edited text put into the ADF that is there: what did not change keeps its nodes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from duolog.core.markup.align import align
from duolog.core.markup.chips import Node, attrs_of, children_of
from duolog.core.markup.fit import Place, fit
from duolog.core.markup.read_adf import AdfReader, task_entries
from duolog.core.markup.tree import (
    Block,
    Blocks,
    Bullets,
    Image,
    Inlines,
    Item,
    Numbers,
    Paragraph,
    Quote,
    Row,
    Table,
    Task,
    Tasks,
)
from duolog.core.markup.write_adf import AdfWriter, JsonNode, empty_paragraph, opened

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Patcher:
    """Writes blocks over the nodes they were read from."""

    reader: AdfReader
    writer: AdfWriter

    def blocks(
        self, blocks: Blocks, nodes: Sequence[Node], place: Place = Place.DOCUMENT
    ) -> list[JsonNode]:
        """The nodes of the blocks: those of equal blocks to the letter, others made or mended."""
        read = [self._read(node, place) for node in nodes]
        if not any(read):  # an empty paragraph that stands alone is no text, and gives way
            nodes = [node for node in nodes if children_of(node)]
            read = [None] * len(nodes)
        content: list[JsonNode] = []
        for step in align(blocks, read, _alike):
            block = None if step.new is None or step.same else blocks[step.new]
            if block is None:
                content.append(dict(nodes[step.old or 0]))
            elif step.old is None:
                content.append(self.writer.block(block))
            else:
                content.append(self._mended(block, nodes[step.old], place))
        return content

    def _read(self, node: Node, place: Place) -> Block | None:
        """The block that the node is in the text."""
        block = self.reader.block(node)
        if block is None:
            return None
        fitted = fit((block,), place)
        return fitted[0] if len(fitted) == 1 else block

    def _mended(self, block: Block, node: Node, place: Place) -> JsonNode:
        """The block in the node of another, if it is read back as it is meant."""
        mended = self._over(block, node)
        return mended if self._read(mended, place) == block else self.writer.block(block)

    def _over(self, block: Block, node: Node) -> JsonNode:
        fresh_attrs: dict[str, object] = {}
        match block:
            case Quote(blocks=blocks):
                content = self.blocks(blocks, children_of(node), Place.QUOTE) or [empty_paragraph()]
            case Bullets(items=items):
                content = self._items(items, node)
            case Numbers(start=start, items=items):
                content = self._items(items, node)
                fresh_attrs = {"order": start}
            case Tasks(tasks=tasks):
                content = self._tasks(tasks, node)
            case Table():
                content = self._rows(block, node)
            case _:
                return _in_place_of(node, self.writer.block(block))
        return _in_place_of(node, {"type": node["type"], "content": content, "attrs": fresh_attrs})

    def _items(self, items: Sequence[Item], node: Node) -> list[JsonNode]:
        nodes = children_of(node)
        read = [Item(fit(self.reader.item(child).blocks, Place.ITEM)) for child in nodes]
        content: list[JsonNode] = []
        for new, old, same in _pairs(items, read):
            if old is None:
                content.append(self.writer.item(items[new]))
            elif same:
                content.append(dict(nodes[old]))
            else:
                held = children_of(nodes[old])
                inner = self.blocks(items[new].blocks, held, Place.ITEM)
                content.append({**nodes[old], "content": opened(inner)})
        return content

    def _tasks(self, tasks: Sequence[Task], node: Node) -> list[JsonNode]:
        entries = task_entries(node)
        read = [self.reader.task(entry, below) for entry, below in entries]
        content: list[JsonNode] = []
        for new, old, same in _pairs(tasks, read):
            entry, below = entries[old] if old is not None else (None, None)
            if entry is None:
                content.extend(self.writer.task(tasks[new]))
            elif same:
                content.extend(dict(part) for part in (entry, below) if part is not None)
            else:
                content.extend(self._task(tasks[new], entry, below))
        return content

    def _task(self, task: Task, entry: Node, below: Node | None) -> list[JsonNode]:
        first, *rest = self.writer.task(task)
        if rest and below is not None:
            rest = [{**below, "content": self._tasks(task.tasks, below)}]
        state = attrs_of(first)["state"]
        return [{**first, "attrs": {**attrs_of(entry), "state": state}}, *rest]

    def _rows(self, table: Table, node: Node) -> list[JsonNode]:
        nodes = children_of(node)
        read = self.reader.block(node)
        if not isinstance(read, Table) or read.aligned != table.aligned:
            return list(map(dict, children_of(self.writer.block(table))))
        content: list[JsonNode] = []
        for new, old, same in _pairs(table.rows, read.rows):
            row = table.rows[new]
            if old is None:
                kind = "tableCell" if new else "tableHeader"
                content.append(self.writer.row(row, table.aligned, kind))
            elif same:
                content.append(dict(nodes[old]))
            else:
                content.append(self._row(row, table.aligned, nodes[old]))
        return content

    def _row(self, row: Row, aligned: Sequence[str], node: Node) -> JsonNode:
        cells = [
            self._cell(cell, align, old)
            for cell, align, old in zip(row.cells, aligned, children_of(node), strict=True)
        ]
        return {**node, "content": cells}

    def _cell(self, cell: Inlines, align: str, node: Node) -> JsonNode:
        if self.reader.cell(node) == cell:
            return dict(node)
        return {**node, "content": self.writer.cell(cell, align)}


def _pairs(new: Sequence[T], old: Sequence[T | None]) -> list[tuple[int, int | None, bool]]:
    """The new parts, each with the old one it stays or takes the place of, and which of both."""
    steps = align(new, old, lambda _new, _old: True)
    return [(step.new, step.old, step.same) for step in steps if step.new is not None]


def _alike(new: Block, old: Block) -> bool:
    """Whether the new block may be said in the node of the old one."""
    return type(new) is type(old) and _is_picture(new) == _is_picture(old)


def _is_picture(block: Block) -> bool:
    return isinstance(block, Paragraph) and isinstance(block.inlines[0], Image)


def _in_place_of(node: Node, fresh: Node) -> JsonNode:
    """The fresh node with whatever else the old one carried."""
    attrs = {**attrs_of(node), **attrs_of(fresh)}
    mended = {**node, **fresh}
    if attrs:
        return {**mended, "attrs": attrs}
    return {key: value for key, value in mended.items() if key != "attrs"}
