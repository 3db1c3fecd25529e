"""ADF inline nodes to wiki markup.  What markup cannot say is left as its text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from jirasim.text.emoji import WRITTEN
from jirasim.text.inline_reader import read_inline
from jirasim.text.nodes import kind_of, mark, string_attribute, text
from jirasim.text.plain import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Written = Mapping[str, object]

SIGNS: Final = {"strong": "*", "em": "_", "strike": "-", "underline": "+"}
CITATION: Final = "— "
OUTERMOST: Final = ("em", "strong", "strike", "underline", "subsup", "textColor")
MARKUP: Final = re.compile(r"[*_+^~?{}\[\]!|:;(-]")
LINE_STARTS: Final = re.compile(r"^(\s*)([*#|-])|^(\s*(?:h[1-6]|bq))(\.)", re.MULTILINE)
LINK: Final = mark("link", href="")
EPOCH: Final = datetime.fromtimestamp(0, UTC)


def write_inline(nodes: Iterable[Written], *, first_in_block: bool = True) -> str:
    """The nodes as wiki text, read back by Jira as the same nodes where it can be said."""
    written = ""
    given = [*nodes]
    for node, after in zip_longest(given, given[1:]):
        written += write_node(node, written, after)
    return LINE_STARTS.sub(guard, written) if first_in_block else written


def guard(found: re.Match[str]) -> str:
    r"""Keep a sign from beginning a block: `\# no list`, `h1\. no heading`."""
    blank, sign, word, dot = found.groups()
    rest = found.string[found.end() :]
    if word is not None:
        return f"{word}\\{dot}"
    begins_block = sign == "|" or re.match(r"[*#]*\s|-{3,4}\s*$", rest)
    return f"{blank}\\{sign}" if begins_block else found.group()


def write_node(node: Written, before: str, after: Written | None) -> str:
    kind = kind_of(node)
    if kind == "text":
        return write_run(node, before, after)
    write = WRITERS.get(kind)
    return plain_text(node) if write is None else write(node)


def write_run(node: Written, before: str, after: Written | None) -> str:
    words = str(node.get("text", ""))
    marks = node.get("marks")
    by_kind = {kind_of(one): one for one in marks} if isinstance(marks, list | tuple) else {}
    if not by_kind:
        return escaped(words)
    core = words.strip()
    if not core:
        return words
    lead, _, trail = words.partition(core)
    inside_word = touches(before + lead, trail, after)
    return f"{lead}{marked(core, by_kind, inside_word=inside_word)}{trail}"


def touches(before: str, trail: str, after: Written | None) -> bool:
    """Whether a word goes on right before or after, so that marks need braces."""
    next_text = "" if after is None or kind_of(after) != "text" else str(after.get("text", ""))
    return before[-1:].isalnum() or (not trail and next_text[:1].isalnum())


def marked(core: str, marks: Mapping[str, Written], *, inside_word: bool) -> str:
    result = f"{{{{{core}}}}}" if "code" in marks else escaped(core, linked="link" in marks)
    for kind in OUTERMOST if "code" not in marks else ():
        if kind in marks:
            result = wrapped(result, kind, marks[kind], inside_word=inside_word)
    if "link" in marks:
        return f"[{result}|{string_attribute(marks['link'], 'href')}]"
    return result


def wrapped(words: str, kind: str, style: Written, *, inside_word: bool) -> str:
    if kind == "textColor":
        return f"{{color:{string_attribute(style, 'color')}}}{words}{{color}}"
    if kind == "em" and words.startswith(CITATION):
        return f"??{words.removeprefix(CITATION)}??"
    sign = SIGNS.get(kind) or ("^" if string_attribute(style, "type") == "sup" else "~")
    edge = f"{{{sign}}}" if inside_word else sign
    return f"{edge}{words}{edge}"


def escaped(words: str, *, linked: bool = False) -> str:
    """The words with backslashes, if Jira would otherwise read markup in them."""
    marks = (LINK,) if linked else ()
    if read_inline(words, marks) == [text(words, marks)]:
        return words
    return MARKUP.sub(r"\\\g<0>", words)


def write_break(node: Written) -> str:
    del node
    return "\n"


def write_mention(node: Written) -> str:
    return f"[~accountid:{string_attribute(node, 'id')}]"


def write_emoji(node: Written) -> str:
    identity = string_attribute(node, "id")
    shown = string_attribute(node, "text") or string_attribute(node, "shortName")
    return WRITTEN.get(identity, shown)


def write_card(node: Written) -> str:
    url = string_attribute(node, "url")
    return f"[{url}|{url}|smart-link]"


def write_status(node: Written) -> str:
    return f"*[ {string_attribute(node, 'text').upper()} ]*"


def write_date(node: Written) -> str:
    milliseconds = string_attribute(node, "timestamp")
    if not re.fullmatch(r"-?\d{1,14}", milliseconds):
        return milliseconds
    return f"{EPOCH + timedelta(milliseconds=int(milliseconds)):%Y-%m-%d}"


WRITERS: Final[Mapping[str, Callable[[Written], str]]] = {
    "hardBreak": write_break,
    "mention": write_mention,
    "emoji": write_emoji,
    "inlineCard": write_card,
    "status": write_status,
    "date": write_date,
}
