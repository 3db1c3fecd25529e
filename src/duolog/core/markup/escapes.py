"""Text made safe to stand in Markdown: only what would otherwise be read as markup is escaped."""

from __future__ import annotations

import re
from itertools import count

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace

_PUNCTUATION = re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_MARKUP = re.compile(
    rf"\\(?=[{_PUNCTUATION}\n]|\Z)"
    r"|`"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|(?<![ \t\n])\*|\*(?![ \t\n])"
    r"|~(?=~|\Z)|(?<=~)~|\A~"
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w+;)"
    r"|\](?=[(:])"
)
_LABEL_MARKUP = re.compile(rf"{_MARKUP.pattern}|[\[\]]")
_BLOCK_START = re.compile(
    r"(?P<number>\d{1,9})(?=[.)](?:[ \t]|\Z))"
    r"|#{1,6}(?=[ \t]|\Z)|[-+*](?=[ \t]|\Z)|>|=+[ \t]*\Z|-+[ \t]*\Z|~~~|[|:-][|:\- \t]*\Z"
)
_CLOSING_HASHES = re.compile(r"(?:^|(?<=[ \t]))#+\Z")


def escape_text(text: str, *, bracketed: bool = False) -> str:
    """The text so that inline markup reads it as text; inside a link brackets count too."""
    return (_LABEL_MARKUP if bracketed else _MARKUP).sub(_with_backslash, text)


def _with_backslash(found: re.Match[str]) -> str:
    return f"\\{found.group()}"


def escape_line(line: str) -> str:
    """A written line so that it does not begin a list, heading, quote, rule or table."""
    found = _BLOCK_START.match(line)
    if not found:
        return line
    number = found["number"] or ""
    return f"{number}\\{line[len(number) :]}"


def escape_closing_hashes(line: str) -> str:
    """The content of a heading so that its last hashes are content."""
    found = _CLOSING_HASHES.search(line)
    return f"{line[: found.start()]}\\{found.group()}" if found else line


def entity(char: str) -> str:
    """The character in a form that counts as punctuation beside emphasis and is never trimmed."""
    return f"&#{ord(char)};"


def protect_ends(line: str) -> str:
    """A written line whose outer blanks survive the trimming of Markdown."""
    if line and line[0].isspace():
        line = entity(line[0]) + line[1:]
    if line and line[-1].isspace():
        inner = line[:-1]
        backslashes = len(inner) - len(inner.rstrip("\\"))
        line = inner + "\\" * (backslashes % 2) + entity(line[-1])
    return line


def is_blank(char: str) -> bool:
    """Whether Markdown takes the character for white space."""
    return isWhiteSpace(ord(char))


def is_punctuation(char: str) -> bool:
    """Whether Markdown takes the character for punctuation."""
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)


def code_span(text: str) -> str:
    """The text as inline code, fenced by more or fewer backticks than any run in it."""
    runs = {len(run) for run in re.findall("`+", text)}
    fence = "`" * next(size for size in count(1) if size not in runs)
    edged = text.startswith("`") or text.endswith("`")
    padded = text[0] == text[-1] == " " and text.strip(" ") != ""
    return f"{fence} {text} {fence}" if edged or padded else f"{fence}{text}{fence}"


def destination(href: str, title: str = "") -> str:
    """What stands between the round brackets of a link."""
    simple = re.fullmatch(r"[^\s<>()\\&]+", href)
    target = href if simple or not href else f"<{_spelled(href, '<>')}>"
    if not title:
        return target
    return f'{target or "<>"} "{_spelled(title, chr(34))}"'


def _spelled(text: str, special: str) -> str:
    marked = "".join(f"\\{char}" if char in special or char == "\\" else char for char in text)
    return re.sub(r"&(?=#?\w+;)", r"\\&", marked).replace("\n", "&#10;")


def info_string(language: str) -> str:
    """The language of a code block as it may stand behind the fence."""
    return _spelled(language, "").replace("`", "&#96;")
