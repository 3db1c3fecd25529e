"""Markdown (CommonMark with GFM) read as the tree; HTML in it is text.  Never fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll

from duolog.core.markup.addresses import clean_address
from duolog.core.markup.fit import fit
from duolog.core.markup.inlines import canonical, clean_text, one_line
from duolog.core.markup.lines import read_line
from duolog.core.markup.tree import (
    DEEPEST,
    Block,
    Blocks,
    Break,
    Bullets,
    Code,
    Heading,
    Image,
    Inline,
    Inlines,
    Item,
    Numbers,
    Paragraph,
    Quote,
    Row,
    Rule,
    Table,
    Text,
)

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_SCHEME = re.compile(r"(?:^|[^\w@.+/-])https?$", re.IGNORECASE)
_ADDRESS = re.compile(r"://[^\s<>\[\]\\&`]*")
_ALIGNED = {"text-align:center": "center", "text-align:right": "end"}
_LARGEST_EXPANSION = 100_000
_SOFT_BREAK = Text("\n")


class _TooDeep(Exception):
    """Containers are nested deeper than we follow."""


def _stop_when_deep(state: StateBlock, _line: int, _end: int, _silent: object) -> bool:
    """The parser would drop what is nested too deeply; we keep it in another form."""
    if state.level > DEEPEST:
        raise _TooDeep
    return False


def _pass_address(state: StateInline, silent: object) -> bool:
    """Emphasis signs inside a bare address belong to the address."""
    if silent or state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    found = _ADDRESS.match(state.src, state.pos)
    if found is None or not _begins_address(state):
        return False
    passed = found.group().rstrip("*_~")
    state.pending += passed
    state.pos += len(passed)
    return True


def _begins_address(state: StateInline) -> bool:
    """Whether a scheme stands before the parser's place, and no word goes on in it.

    Behind a semicolon the word may begin with a character that was spelled as an entity.
    """
    before = state.src[max(state.pos - 6, 0) : state.pos]
    return bool(_SCHEME.search(state.pending[-6:]) and _SCHEME.search(before)) and ";" not in before


def _as_written(address: str) -> str:
    return address


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST + 10})
    parser.enable(["table", "strikethrough"])
    parser.disable("text_join")  # `\<br>` must not look like `<br>`
    parser.block.ruler.before("table", "depth", _stop_when_deep)
    parser.inline.ruler.before("newline", "address", _pass_address)
    # The parser escapes addresses as HTML needs it; here they are kept to the letter.
    vars(parser).update(normalizeLink=clean_address, normalizeLinkText=_as_written)
    return parser


_PARSER = _parser()


def read_markdown(text: str) -> Blocks:
    """The blocks of the text, in a form that ADF can hold.

    What is nested too deeply, or would grow out of all proportion by its references, is kept
    to the letter as one code block.
    """
    cleaned = clean_text(text)
    try:
        tokens = _PARSER.parse(cleaned)
    except _TooDeep:
        return (Code("", cleaned.rstrip("\n")),)
    if _expansion(tokens) > _LARGEST_EXPANSION + len(cleaned):
        return (Code("", cleaned.rstrip("\n")),)
    return fit(tuple(_blocks(iter(tokens))))


def starting_lines(text: str) -> frozenset[int]:
    """The lines, counted from 0, on which a block, an item of a list or a row of a table begins."""
    try:
        tokens = _PARSER.parse(text)
    except _TooDeep:
        return frozenset()
    return frozenset(token.map[0] for token in tokens if token.map and token.nesting >= 0)


def _expansion(tokens: list[Token]) -> int:
    """How many characters the addresses and titles of all links have."""
    return sum(
        len(str(value))
        for token in tokens
        for child in token.children or ()
        if child.attrs
        for value in child.attrs.values()
    )


def _blocks(tokens: Iterator[Token]) -> Iterator[Block]:
    """The blocks up to the token that closes what holds them."""
    for token in tokens:
        if token.nesting < 0:
            return
        if token.type == "paragraph_open":
            lines = _around_pictures(read_line(_inline(tokens)))
            yield from (Paragraph(canonical(line)) for line in lines)
        else:
            yield _block(token, tokens)


def _around_pictures(runs: list[Inline]) -> Iterator[list[Inline]]:
    """The runs, divided around each picture that has a line for itself."""
    part: list[Inline] = []
    for index, run in enumerate(runs):
        if isinstance(run, Image) and _has_own_line(runs, index):
            yield part
            yield [run]
            part = []
        else:
            part.append(run)
    yield part


def _has_own_line(runs: list[Inline], index: int) -> bool:
    beside = (*runs[max(index - 1, 0) : index], *runs[index + 1 : index + 2])
    return all(isinstance(run, Break) or run == _SOFT_BREAK for run in beside)


def _block(token: Token, tokens: Iterator[Token]) -> Block:
    match token.type:
        case "heading_open":
            line = read_line(_inline(tokens), spells_breaks=True)
            inlines = canonical(line, single_line=True, picture=False)
            return Heading(int(token.tag[1:]), inlines)
        case "fence" | "code_block":
            language = one_line(unescapeAll(token.info))
            return Code(language, token.content.removesuffix("\n"))
        case "hr":
            return Rule()
        case _:
            return _container(token, tokens)


def _container(token: Token, tokens: Iterator[Token]) -> Block:
    match token.type:
        case "blockquote_open":
            return Quote(tuple(_blocks(tokens)))
        case "bullet_list_open":
            return Bullets(tuple(_items(tokens)))
        case "ordered_list_open":
            start = int(token.attrs.get("start", 1))
            return Numbers(start, tuple(_items(tokens)))
        case _:
            return _table(tokens)


def _inline(tokens: Iterator[Token]) -> Token:
    """The inline content that follows; the token that closes it is passed."""
    inline = next(tokens)
    next(tokens)
    return inline


def _items(tokens: Iterator[Token]) -> Iterator[Item]:
    for token in tokens:
        if token.nesting < 0:
            return
        yield Item(tuple(_blocks(tokens)))


def _table(tokens: Iterator[Token]) -> Table:
    rows: list[list[Inlines]] = []
    aligned: list[str] = []
    for token in tokens:
        match token.type:
            case "table_close":
                break
            case "tr_open":
                rows.append([])
            case "th_open":
                aligned.append(_ALIGNED.get(str(token.attrs.get("style", "")), ""))
            case "inline":
                line = read_line(token, spells_breaks=True)
                rows[-1].append(canonical(line, single_line=True))
            case _:
                pass
    return Table(tuple(aligned), tuple(Row(tuple(cells)) for cells in rows))
