"""Locked chips of wiki text: what Markdown cannot say, kept to the letter."""

from __future__ import annotations

import re
from collections.abc import Iterable

from duolog.core.markup.chips import Node, digest
from duolog.core.markup.inlines import one_line
from duolog.core.markup.read_adf import Kept
from duolog.core.markup.tree import Chip, Mark
from duolog.core.markup.wiki.macros import Macro
from duolog.core.markup.wiki.notation import unescaped

_LONGEST_LABEL = 80
_LONGEST_PHRASE = 1_000
_SPOKEN = frozenset({"color", "inserted", "superscript", "subscript", "citation"})
_NOISE = re.compile(
    r"\{[^{}\n]{0,200}\}|[{}]{2}|^[ \t]*(?:h[1-6]\.|bq\.|[*#-]+(?=[ \t]))"
    r"|\|+|(?<!\w)[*_+^~-]+(?=\w)|(?<=\w)[*_+^~-]+(?!\w)|\\\\",
    re.MULTILINE,
)
_PHRASE = re.compile(r"\A([+^~]|\?\?)(?!\1)(.+)\1\Z")
_LINK = re.compile(
    r"\[(?:[^\[\]|\n]{0,200}\|)?~(?:accountid:)?(?P<person>[^\[\]|\n]{1,200})\]"
    r"|\[(?P<words>[^\[\]|\n]{1,200})\|[^\[\]\n]{1,2000}\]"
)
_TITLE = re.compile(r"(?:^|\|)title=([^|]*)")


def chip_for(kind: str, label: str, wiki: str, marks: Iterable[Mark]) -> tuple[Chip, Node]:
    """The chip and the node that is kept for it."""
    node = {"type": kind, "wiki": wiki, "marks": sorted(mark.value for mark in marks)}
    return Chip(kind, digest(node), one_line(label) or kind), node


def node_of(chip: Chip, kept: Kept) -> Node:
    """What is kept for the chip."""
    return kept.inlines.get(chip) or kept.cells[chip]


def wiki_of(node: Node) -> str:
    """The wiki text behind a chip."""
    return str(node["wiki"])


def marks_of(node: Node) -> frozenset[Mark]:
    """The emphasis around what is behind a chip."""
    marks = node["marks"]
    return frozenset(map(Mark, marks)) if isinstance(marks, list) else frozenset()


def set_apart(wiki: str) -> str:
    """The markup so that it is read beside a letter: `+a+` as `{+}a{+}`."""
    return _PHRASE.sub(r"{\1}\2{\1}", wiki)


def macro_kind(macro: Macro) -> str:
    """The kind of chip for a macro: its name, in the letters a chip may have."""
    return "".join(char for char in macro.name if char.isalnum()) or "macro"


def macro_label(macro: Macro, text: str) -> str:
    """What a reader sees in place of the macro."""
    words = visible(text[macro.body : min(macro.body_end, macro.body + 2 * _LONGEST_PHRASE)])
    if macro.name in _SPOKEN:
        return excerpt(words, _LONGEST_PHRASE)
    titled = _TITLE.search(macro.params)
    detail = titled[1] if titled else "" if macro.body_end > macro.body else macro.params
    name = f"{macro.name[:1].upper()}{macro.name[1:]} {detail}".strip()
    return f"{name}: {excerpt(words)}".rstrip(": ")


def visible(wiki: str) -> str:
    """About what a reader sees of the text."""
    return unescaped(_NOISE.sub(" ", _LINK.sub(_name, wiki)))


def _name(found: re.Match[str]) -> str:
    return f"@{found['person']}" if found["person"] else found["words"]


def excerpt(words: str, longest: int = _LONGEST_LABEL) -> str:
    """The begin of the words, on one line."""
    line = one_line(words)
    return line if len(line) <= longest else f"{line[:longest].rstrip()}…"
