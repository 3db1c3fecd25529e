"""Wiki markup inside a paragraph to ADF inline nodes.  Knows no blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from jirasim.text.colors import hexadecimal
from jirasim.text.emoji import EMOTICONS, emoji
from jirasim.text.nodes import Mark, Node, mark, merged, text

if TYPE_CHECKING:
    from collections.abc import Callable

MARKS: Final = {
    "*": mark("strong"),
    "_": mark("em"),
    "-": mark("strike"),
    "+": mark("underline"),
    "^": mark("subsup", type="sup"),
    "~": mark("subsup", type="sub"),
    "??": mark("em"),
}
CITATION: Final = "??"
EM_DASH: Final = "\N{EM DASH}"
EN_DASH: Final = "\N{EN DASH}"
URL: Final = re.compile(
    r"(?:(?:https?|ftps?|irc|file)://|mailto:)[^\s{}\[\]|<>\"]*[^\s{}\[\]|<>\".,;:!?)*_]"
)
TARGET: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*://|mailto:|#|/|www\.).*|$", re.IGNORECASE)
BRACKET: Final = re.compile(r"\[([^\[\]\n]+)\]")
MONOSPACED: Final = re.compile(r"\{\{(.+?)\}\}(?!\})")
COLOR: Final = re.compile(r"\{color:([^}\n]+)\}(.*?)\{color\}", re.DOTALL)
ANCHOR: Final = re.compile(r"\{anchor(?::[^}\n]*)?\}")
ESCAPED: Final = re.compile(r"\\([^\w\s]|_)")
FORCED: Final = re.compile(r"\{(\*|_|-|\+|\^|~|\?\?)\}(?=\S)(.+?)\{\1\}")
DASH: Final = re.compile(r"(?<![^\s])(---?)(?![^\s])")
PLAIN: Final = re.compile(r"[^\W_]+|[ \t]+")
EMOTICON: Final = re.compile("|".join(re.escape(sign) for sign in sorted(EMOTICONS, key=len)[::-1]))


@dataclass(slots=True)
class Reader:
    """A place in the text, the marks in force there, and what was read so far."""

    source: str
    marks: tuple[Mark, ...] = ()
    position: int = 0
    nodes: list[Node] = field(default_factory=list)

    def say(self, words: str) -> None:
        self.nodes.append(text(words, self.marks))

    def inner(self, source: str, *marks: Mark) -> None:
        """Read a part by itself, under more marks."""
        reader = Reader(source, (*self.marks, *marks))
        self.nodes.extend(read_all(reader))

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.match(self.source, self.position)


def read_inline(source: str, marks: tuple[Mark, ...] = ()) -> list[Node]:
    """The inline nodes of a paragraph; a line end is a hard break."""
    return merged(read_all(Reader(source, marks)))


def read_all(reader: Reader) -> list[Node]:
    while reader.position < len(reader.source):
        if not any(read(reader) for read in READERS):
            reader.say(reader.source[reader.position])
            reader.position += 1
    return reader.nodes


def read_words(reader: Reader) -> bool:
    found = reader.match(PLAIN)
    if found is None or reader.match(URL):
        return False
    reader.say(found.group())
    reader.position = found.end()
    return True


def read_break(reader: Reader) -> bool:
    r"""A line end, or `\\` wherever no line end follows it."""
    rest = reader.source[reader.position :]
    length = 1 if rest.startswith("\n") else 2 if rest.startswith("\\\\") else 0
    if length == 2 and rest[2:3] == "\n":
        length = 3
    if not length:
        return False
    reader.nodes.append({"type": "hardBreak"})
    reader.position += length
    while reader.source[reader.position : reader.position + 1] in (" ", "\t"):
        reader.position += 1
    return True


def read_escape(reader: Reader) -> bool:
    found = reader.match(ESCAPED)
    if found is None:
        return False
    reader.say(found[1])
    reader.position = found.end()
    return True


def read_monospaced(reader: Reader) -> bool:
    found = reader.match(MONOSPACED)
    if found is None:
        return False
    links = [one for one in reader.marks if one["type"] == "link"]
    reader.nodes.append(text(unescaped(found[1]), (*links, mark("code"))))
    reader.position = found.end()
    return True


def unescaped(source: str) -> str:
    return ESCAPED.sub(r"\1", source)


def read_color(reader: Reader) -> bool:
    found = reader.match(COLOR)
    if found is None:
        return False
    if found[2].strip():
        reader.inner(found[2].strip("\n"), mark("textColor", color=hexadecimal(found[1])))
    reader.position = found.end()
    return True


def read_anchor(reader: Reader) -> bool:
    found = reader.match(ANCHOR)
    if found is not None:
        reader.position = found.end()
    return found is not None


def read_forced(reader: Reader) -> bool:
    """`{*}bold{*}`: marks inside a word."""
    found = reader.match(FORCED)
    if found is None:
        return False
    reader.inner(found[2], MARKS[found[1]])
    reader.position = found.end()
    return True


def read_bracket(reader: Reader) -> bool:
    """A link, a mention, or just brackets."""
    found = reader.match(BRACKET)
    if found is None:
        return False
    shown, _, rest = found[1].rpartition("|")
    if rest in ("smart-link", "smart-card", "smart-embed"):
        address = shown.rpartition("|")[2]
        reader.nodes.append({"type": "inlineCard", "attrs": {"url": address}})
    elif rest.startswith("~") and len(rest) > 1:
        identity = rest[1:].removeprefix("accountid:")
        attributes: Node = {"id": identity, "text": "", "accessLevel": ""}
        reader.nodes.append({"type": "mention", "attrs": attributes})
    elif TARGET.fullmatch(rest) and (shown or rest):
        reader.inner(shown or rest.removeprefix("mailto:"), mark("link", href=rest))
    else:
        return False
    reader.position = found.end()
    return True


def read_url(reader: Reader) -> bool:
    found = reader.match(URL)
    if found is None or any(one["type"] == "link" for one in reader.marks):
        return False
    address = found.group()
    shown = address.removeprefix("mailto:")
    reader.nodes.append(text(shown, (*reader.marks, mark("link", href=address))))
    reader.position = found.end()
    return True


def read_marked(reader: Reader) -> bool:
    """`*bold*` and the like: outside touching no word, inside beginning and ending with one."""
    sign = next((one for one in MARKS if reader.source.startswith(one, reader.position)), None)
    if sign is None:
        return False
    start = reader.position + len(sign)
    end = closing(reader.source, sign, start)
    before = reader.source[reader.position - 1 : reader.position]
    if end is None or before.isalnum():
        return False
    citation = f"{EM_DASH} " if sign == CITATION else ""
    reader.inner(f"{citation}{reader.source[start:end]}", MARKS[sign])
    reader.position = end + len(sign)
    return True


def closing(source: str, sign: str, start: int) -> int | None:
    """Where the mark that begins before `start` ends, if it does so on this line."""
    if source.startswith(sign[0], start) or source[start : start + 1].isspace():
        return None
    line_end = source.find("\n", start)
    limit = len(source) if line_end < 0 else line_end
    at = source.find(sign, start + 1, limit)
    while at >= 0:
        after = source[at + len(sign) : at + len(sign) + 1]
        if not source[at - 1].isspace() and source[at - 1] != "\\" and not after.isalnum():
            return at
        at = source.find(sign, at + 1, limit)
    return None


def read_dash(reader: Reader) -> bool:
    found = reader.match(DASH)
    if found is None:
        return False
    reader.say(EM_DASH if found[1] == "---" else EN_DASH)
    reader.position = found.end()
    return True


def read_emoticon(reader: Reader) -> bool:
    found = reader.match(EMOTICON)
    if found is None:
        return False
    before = reader.source[: reader.position][-1:]
    after = reader.source[found.end() : found.end() + 1]
    if before.isalnum() or after.isalnum():
        return False
    reader.nodes.append(emoji(found.group()))
    reader.position = found.end()
    return True


READERS: Final[tuple[Callable[[Reader], bool], ...]] = (
    read_words,
    read_break,
    read_escape,
    read_monospaced,
    read_color,
    read_anchor,
    read_forced,
    read_bracket,
    read_url,
    read_dash,
    read_emoticon,
    read_marked,
)
