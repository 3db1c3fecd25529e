"""ADF read as the tree; what the tree cannot say becomes a locked chip.  Never fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from duolog.core.markup.addresses import clean_address, may_link
from duolog.core.markup.chips import Node, attrs_of, children_of, chip_of
from duolog.core.markup.inlines import canonical, clean_text, one_line
from duolog.core.markup.tree import (
    DEEPEST,
    Block,
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

_MARKS = {mark.value: mark for mark in Mark}
_LINK_ATTRS = frozenset({"href", "title"})
_PLAIN_MEDIA = frozenset({"type", "url", "alt", "width", "height", "localId"})
_PLAIN_CELL = frozenset({"tableCell", "tableHeader"})


@dataclass(frozen=True, slots=True)
class Kept:
    """The nodes behind the chips, by where such a node may stand."""

    inlines: dict[Chip, Node] = field(default_factory=dict)
    blocks: dict[Chip, Node] = field(default_factory=dict)
    cells: dict[Chip, Node] = field(default_factory=dict)


class AdfReader:
    """Reads nodes, and keeps every node for which it left a chip."""

    def __init__(self) -> None:
        self.kept = Kept()

    def blocks(self, nodes: Sequence[Node], depth: int = 0) -> tuple[Block, ...]:
        """The blocks of the nodes; empty paragraphs, which Markdown cannot say, are none."""
        read = (self.block(node, depth) for node in nodes)
        return tuple(block for block in read if block is not None)

    def block(self, node: Node, depth: int = 0) -> Block | None:
        """The block of the node, a chip if it cannot be said, or None if it is empty."""
        block = self._said(node, depth) if depth <= DEEPEST - 2 else self._lock(node)
        if isinstance(block, Paragraph):
            return block if block.inlines else None
        return block

    def _said(self, node: Node, depth: int) -> Block:
        match node.get("type"):
            case "paragraph":
                return Paragraph(self.line(node))
            case "heading":
                return self._heading(node)
            case "codeBlock":
                text = "".join(str(child.get("text", "")) for child in children_of(node))
                return Code(one_line(str(attrs_of(node).get("language") or "")), clean_text(text))
            case "rule":
                return Rule()
            case _:
                return self._container(node, depth) or self._lock(node)

    def _container(self, node: Node, depth: int) -> Block | None:
        """The block of blocks, or None if the node is none, or none that can be said."""
        match node.get("type"):
            case "blockquote":
                return Quote(self.blocks(children_of(node), depth + 1))
            case "bulletList" | "orderedList":
                return self._list(node, depth)
            case "taskList":
                tasks = self._tasks(node, depth)
                return Tasks(tasks) if tasks else None
            case "table":
                return self._table(node)
            case _:
                image = _image(node)
                return Paragraph((image,)) if image else None

    def _lock(self, node: Node) -> Locked:
        return Locked(_chip(node, self.kept.blocks))

    def _heading(self, node: Node) -> Block:
        level = attrs_of(node).get("level")
        if not isinstance(level, int | float) or not 1 <= level <= 6:
            return self._lock(node)
        return Heading(int(level), self.line(node, single_line=True))

    def _list(self, node: Node, depth: int) -> Block | None:
        entries = children_of(node)
        if not entries or any(entry.get("type") != "listItem" for entry in entries):
            return None
        items = tuple(self.item(entry, depth) for entry in entries)
        if node.get("type") == "bulletList":
            return Bullets(items)
        order = attrs_of(node).get("order", 1)
        number = int(order) if isinstance(order, int | float) else 1
        return Numbers(min(max(number, 0), 999_999_999), items)

    def item(self, node: Node, depth: int = 0) -> Item:
        """The entry of a list."""
        return Item(self.blocks(children_of(node), depth + 2))

    def _tasks(self, node: Node, depth: int) -> tuple[Task, ...]:
        """The tasks, or none if one of them cannot be said."""
        tasks = [self.task(entry, below, depth) for entry, below in task_entries(node)]
        said = tuple(task for task in tasks if task is not None)
        return said if len(said) == len(tasks) else ()

    def task(self, entry: Node | None, below: Node | None, depth: int = 0) -> Task | None:
        """The task with those below it, or None if Markdown cannot say it."""
        if entry is None or entry.get("type") != "taskItem" or depth > DEEPEST - 2:
            return None
        done = attrs_of(entry).get("state") == "DONE"
        line = self.line(entry)
        if below is None:
            return Task(done, line)
        tasks = self._tasks(below, depth + 2)
        return Task(done, line, tasks) if tasks else None

    def _table(self, node: Node) -> Table | None:
        """The table, or None unless each row has as many plain cells as the first."""
        rows = children_of(node)
        width = len(children_of(rows[0])) if rows else 0
        if not width or any(not _is_plain_row(row, width) for row in rows):
            return None
        aligned = tuple(
            _shared_alignment([children_of(row)[column] for row in rows]) for column in range(width)
        )
        return Table(aligned, tuple(self.row(row) for row in rows))

    def row(self, node: Node) -> Row:
        """The row, each cell as one line."""
        return Row(tuple(self.cell(cell) for cell in children_of(node)))

    def cell(self, node: Node) -> Inlines:
        """The line in the cell; what is more than a line is a chip."""
        match children_of(node):
            case ():
                return ()
            case ({"type": "paragraph"} as only,):
                return self.line(only, single_line=True)
            case (only,) if image := _image(only):
                return (image,)
            case content:
                return (_chip({"type": "cell", "content": content}, self.kept.cells),)

    def line(self, node: Node, *, single_line: bool = False) -> Inlines:
        """The inline content of the node."""
        runs = [run for child in children_of(node) for run in self._inline(child)]
        return canonical(runs, single_line=single_line, picture=False)

    def _inline(self, node: Node) -> Iterator[Inline]:
        match node.get("type"):
            case "text":
                text = clean_text(str(node.get("text", "")))
                styled = _styled(node, text)
                if styled is not None:
                    yield styled
                elif text.strip():
                    yield _chip(node, self.kept.inlines)
                else:
                    yield Text(text)
            case "hardBreak":
                yield Break()
            case _:
                yield _chip(node, self.kept.inlines)


def _chip(node: Node, kept: dict[Chip, Node]) -> Chip:
    chip = chip_of(node)
    kept.setdefault(chip, node)
    return chip


def task_entries(node: Node) -> list[tuple[Node | None, Node | None]]:
    """Each entry of a task list with the list below it, if there is one."""
    entries: list[tuple[Node | None, Node | None]] = []
    for child in children_of(node):
        if child.get("type") != "taskList":
            entries.append((child, None))
        elif entries and entries[-1][1] is None:
            entries[-1] = (entries[-1][0], child)
        else:
            entries.append((None, child))
    return entries


def _styled(node: Node, text: str) -> Text | None:
    """The text in its style, or None if it has a style that Markdown lacks."""
    marks: set[Mark] = set()
    link: Link | None = None
    listed = node.get("marks")
    for mark in listed if isinstance(listed, list | tuple) else ():
        kind = mark.get("type") if isinstance(mark, Mapping) else None
        if kind in _MARKS:
            marks.add(_MARKS[str(kind)])
            continue
        link = _link(attrs_of(mark)) if kind == "link" else None
        if link is None:
            return None
    return Text(text, frozenset(marks), link)


def _link(attrs: Node) -> Link | None:
    href = clean_address(str(attrs.get("href", "")))
    if not attrs.keys() <= _LINK_ATTRS or not may_link(href):
        return None
    return Link(href, one_line(str(attrs.get("title") or "")))


def _image(node: Node) -> Image | None:
    """A picture from outside Jira with at most a plain caption, or None."""
    if node.get("type") != "mediaSingle":
        return None
    match children_of(node):
        case ({"type": "media"} as media,):
            title = ""
        case ({"type": "media"} as media, {"type": "caption"} as caption):
            title = _plain_caption(caption)
            if not title:
                return None
        case _:
            return None
    attrs = attrs_of(media)
    url = clean_address(str(attrs.get("url", "")))
    if attrs.get("type") != "external" or not attrs.keys() <= _PLAIN_MEDIA:
        return None
    link, sayable = _media_link(media)
    if not sayable or node.get("marks") or not url or not may_link(url):
        return None
    return Image(url, one_line(str(attrs.get("alt") or "")), title, link)


def _plain_caption(caption: Node) -> str:
    match children_of(caption):
        case ({"type": "text", "text": str(text)} as only,) if not only.get("marks"):
            return one_line(text)
        case _:
            return ""


def _media_link(media: Node) -> tuple[Link | None, bool]:
    """The link of the picture, and whether Markdown can say all its marks."""
    match media.get("marks"):
        case None | []:
            return None, True
        case [{"type": "link", "attrs": Mapping() as attrs}]:
            link = _link(attrs)
            return link, link is not None
        case _:
            return None, False


def _is_plain_row(row: Node, width: int) -> bool:
    cells = children_of(row)
    return len(cells) == width and all(
        cell.get("type") in _PLAIN_CELL
        and attrs_of(cell).get("colspan", 1) == 1
        and attrs_of(cell).get("rowspan", 1) == 1
        for cell in cells
    )


def _shared_alignment(cells: Sequence[Node]) -> str:
    """The alignment that all cells of a column have which can have one, or none."""
    found = {_alignment(cell) for cell in cells if _is_line(cell)}
    return found.pop() if len(found) == 1 else ""


def _is_line(cell: Node) -> bool:
    return [child.get("type") for child in children_of(cell)] == ["paragraph"]


def _alignment(cell: Node) -> str:
    match children_of(cell):
        case ({"type": "paragraph", "marks": [{"type": "alignment", "attrs": attrs}]},):
            align = attrs.get("align") if isinstance(attrs, Mapping) else ""
            return align if align in {"center", "end"} else ""
        case _:
            return ""
