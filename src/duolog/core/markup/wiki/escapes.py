"""Text made safe to stand in wiki markup: only what Jira would read as markup is escaped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from duolog.core.markup.wiki.macros import is_known
from duolog.core.markup.wiki.notation import EMOTICON, ENTITY, SOFT_BREAK

_MARKUP = re.compile(
    r"(?P<backslash>\\(?=[^\w\s]|_|\Z))"
    r"|(?P<brace>[{}])"
    r"|(?P<bracket>\[)|(?P<inner>[\]|])"
    rf"|(?P<entity>(?={ENTITY})&)"
    rf"|(?P<emoticon>(?={EMOTICON})[:;(])"
    r"|(?P<question>\?(?=\?))|(?P<bang>!)|(?P<sign>[*_+^~-])|(?P<colon>:)"
    r"|(?P<soft>\n)|(?P<tab>\t)"
)
_ALL = re.compile(r"(?P<backslash>\\)|(?P<soft>\n)|(?P<tab>\t)|(?P<any>[*_+^~?{}\[\]!|()#:;&-])")
_LINE_START = re.compile(
    r"(?P<signs>[*#]+|-)(?=[ \t]|\Z)|-{4,5}[ \t]*\Z|[*#-]+(?=[ \t])|(?P<word>h[1-6]|bq)(?=\.)|(?P<bar>\|)"
)
_NAMED = re.compile(r"\{(?P<name>[A-Za-z][\w-]{0,40})(?P<params>:[^{}\n]*)?\}", re.ASCII)
_SCHEME = re.compile(r"(?:https?|ftps?|irc|nntp|news|file|svn|git|ssh)\Z", re.IGNORECASE)
_PAIRED_SIGNS = "*_+^~-!"


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a text: the characters beside it, and what its line may pair."""

    before: str = ""
    after: str = ""
    line_start: bool = False
    paired: frozenset[str] = frozenset()
    bars: bool = False
    """Whether a bar ends what the text is in: a cell or the words of a link."""
    careful: bool = False


def paired_signs(texts: Iterable[str]) -> frozenset[str]:
    """The signs that stand more than once in the texts, so that two could make a phrase."""
    seen: Counter[str] = Counter()
    for text in texts:
        for sign in _PAIRED_SIGNS:
            seen[sign] += text.count(sign)
    return frozenset(sign for sign, times in seen.items() if times > 1)


def escape_text(text: str, around: Around) -> str:
    """The text so that it is read as text where it stands."""
    head = ""
    found = _LINE_START.match(text) if around.line_start else None
    if found:
        skipped = found["word"] or ""
        rest = text[len(skipped) + 1 :]
        head = f"{skipped}\\{text[len(skipped)]}"
        around = replace(around, before=text[len(skipped)], line_start=False)
        text = rest
    pattern = _ALL if around.careful else _MARKUP
    return head + pattern.sub(lambda match: _escaped(match, text, around), text)


def escape_code(text: str, around: Around) -> str:
    """The text so that it is read as it is between the brackets of monospaced text."""
    first, last = "", ""
    if text[0].isspace():
        first, text = entity(text[0]), text[1:]
    if text and text[-1].isspace():
        text, last = text[:-1], entity(text[-1])
    return first + _MARKUP.sub(lambda match: _escaped_code(match, text, around), text) + last


def entity(char: str) -> str:
    """The character in a form that has no other meaning."""
    return f"&#{ord(char)};"


def escape_address(address: str) -> str:
    """The address so that it stays whole between square brackets or exclamation marks."""
    shown = re.sub(rf"(?={ENTITY})&", "&amp;", address).replace("\\", entity("\\"))
    return re.sub(r"[\[\]|{}!]", r"\\\g<0>", shown)


def _escaped(found: re.Match[str], text: str, around: Around) -> str:
    start, end = found.span()
    before = text[start - 1] if start else around.before
    after = text[end] if end < len(text) else around.after
    match found.lastgroup:
        case "backslash":
            return entity("\\")
        case "soft":
            return SOFT_BREAK
        case "tab":
            return entity("\t") if before in {" ", ""} or not start else "\t"
        case _:
            means = _means(found, text, before, after, around)
            return f"\\{found.group()}" if means else found.group()


def _means(found: re.Match[str], text: str, before: str, after: str, around: Around) -> bool:
    """Whether the sign may mean something where it stands."""
    match found.lastgroup:
        case "sign":
            paired = found.group() in around.paired
            return paired and (_may_begin(before, after) or _may_end(before, after))
        case "bang":
            return found.group() in around.paired and _may_begin(before, after)
        case "brace":
            return _may_begin_macro(text, found.start(), around)
        case "inner":
            return around.bars
        case "colon":
            return _may_be_address(text, found.start())
        case _:
            return True


def _escaped_code(found: re.Match[str], text: str, around: Around) -> str:
    match found.lastgroup:
        case "brace":
            return f"\\{found.group()}"
        case "tab" | "colon":
            return found.group()
        case _:
            return _escaped(found, text, around)


def _may_begin(before: str, after: str) -> bool:
    return not before.isalnum() and after != "" and not after.isspace()


def _may_end(before: str, after: str) -> bool:
    return before != "" and not before.isspace() and not after.isalnum()


def _may_begin_macro(text: str, start: int, around: Around) -> bool:
    if text[start] == "}":
        return False
    found = _NAMED.match(text, start)
    if found is None:
        return start + 1 == len(text) or text[start + 1] in "{*_+^~-?"
    first = around.line_start and not text[:start].strip()
    return first or is_known(found["name"]) or "=" in (found["params"] or "")


def _may_be_address(text: str, start: int) -> bool:
    before = text[max(start - 7, 0) : start]
    if text.startswith("//", start + 1):
        return _SCHEME.search(before) is not None
    return before.lower().endswith("mailto")
