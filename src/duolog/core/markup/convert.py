"""The four things the rest of the product asks of rich text; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from duolog.core.markup.chips import attrs_of, children_of
from duolog.core.markup.fit import fit
from duolog.core.markup.inlines import words
from duolog.core.markup.patch import Patcher
from duolog.core.markup.read_adf import AdfReader, Kept
from duolog.core.markup.read_markdown import read_markdown
from duolog.core.markup.restore import restore
from duolog.core.markup.tree import (
    Block,
    Blocks,
    Bullets,
    Code,
    Heading,
    Locked,
    Numbers,
    Paragraph,
    Quote,
    Rule,
    Table,
    Task,
    Tasks,
)
from duolog.core.markup.write_adf import AdfWriter
from duolog.core.markup.write_markdown import write_markdown


def normalise(text: str) -> str:
    """The text in canonical Markdown: equal for texts that say the same in ADF."""
    return write_markdown(read_markdown(text))


def markdown_from_adf(doc: Mapping[str, object] | None) -> str:
    """The document as canonical Markdown.

    A node that Markdown cannot say is a chip, `[label](jira:kind/digest)`: a link that carries
    a digest of the node, so that a change in it changes the text.
    """
    return write_markdown(fit(AdfReader().blocks(children_of(doc or {}))))


def adf_from_markdown(
    text: str, *, previous: Mapping[str, object] | None = None
) -> dict[str, object]:
    """The text as an ADF document that is valid on its own.

    `previous` is the document it replaces: its blocks whose Markdown did not change stay as
    they are to the letter, and chips become the nodes they stand for, wherever they stand now.
    A chip that stands for none of its nodes, or whose label was edited, becomes its label.
    The result shares parts with `previous`.
    """
    read = read_markdown(text)
    if previous is None:
        writer = AdfWriter(Kept(), set())
        return _document(writer.blocks(fit(restore(read, Kept()))))
    nodes = children_of(previous)
    reader = AdfReader()
    if write_markdown(fit(reader.blocks(nodes))) == write_markdown(read):
        return dict(previous)
    writer = AdfWriter(reader.kept, _local_ids(previous))
    patcher = Patcher(reader, writer)
    content = patcher.blocks(fit(restore(read, reader.kept)), nodes)
    return {**previous, **_document(content)}


def plain_text(text: str) -> str:
    """What a reader sees of the Markdown, one line for each paragraph, for search and preview."""
    return "\n".join(line for block in read_markdown(text) for line in _words(block))


def _document(content: list[dict[str, object]]) -> dict[str, object]:
    return {"version": 1, "type": "doc", "content": content}


def _local_ids(doc: Mapping[str, object]) -> set[str]:
    """The ids of all nodes of the document."""
    found: set[str] = set()
    waiting = [doc]
    while waiting:
        node = waiting.pop()
        found.add(str(attrs_of(node).get("localId")))
        waiting.extend(children_of(node))
    return found


def _words(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(inlines=inlines) | Heading(inlines=inlines):
            yield words(inlines)
        case Code(text=text):
            yield text
        case Quote() | Bullets() | Numbers():
            yield from (line for inner in _inside(block) for line in _words(inner))
        case Tasks(tasks=tasks):
            yield from _task_words(tasks)
        case Table(rows=rows):
            yield from (" ".join(map(words, row.cells)) for row in rows)
        case Locked(chip=chip):
            yield chip.label
        case Rule():
            pass


def _inside(block: Quote | Bullets | Numbers) -> Blocks:
    if isinstance(block, Quote):
        return block.blocks
    return tuple(inner for item in block.items for inner in item.blocks)


def _task_words(tasks: tuple[Task, ...]) -> Iterator[str]:
    for task in tasks:
        yield words(task.inlines)
        yield from _task_words(task.tasks)
