"""Text to tokens, with Jira's complaints about characters.  Knows no grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lark import Token
from lark.lexer import Lexer

from jirasim.jql.errors import JqlSyntaxError
from jirasim.jql.words import KEYWORDS, RESERVED, RESERVED_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lark.common import LexerConf

SIGNS: Final = {
    "<=": "SIGN",
    ">=": "SIGN",
    "!=": "SIGN",
    "!~": "SIGN",
    "=": "SIGN",
    "~": "SIGN",
    "<": "SIGN",
    ">": "SIGN",
    "&&": "_AND",
    "&": "_AND",
    "||": "_OR",
    "|": "_OR",
    "!": "BANG",
    "(": "_LPAR",
    ")": "_RPAR",
    "[": "_LSQB",
    "]": "_RSQB",
    ",": "_COMMA",
}
SIGN: Final = re.compile("|".join(re.escape(sign) for sign in SIGNS))
BLANK: Final = re.compile(r"\s+")
PLAIN: Final = re.compile(r"""[^\s"'\\<>=!~&|()\[\],{}*/%+^$#@?;\x00-\x1f\x7f-\x9f]+""")
INTEGER: Final = re.compile(r"-?[0-9]+")
HEXADECIMAL: Final = re.compile(r"[0-9a-fA-F]{4}")
ESCAPES: Final = {"t": "\t", "n": "\n", "r": "\r", "'": "'", '"': '"', "\\": "\\", " ": " "}
VALID_ESCAPES: Final = (
    "The valid escape sequences are \\', \\\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX."
)
STOPS: Final = frozenset("\"'<>=!~&|()[],")
LARGEST: Final = 2**63
LONGEST: Final = len("-9223372036854775808")


@dataclass(slots=True)
class Reader:
    """A position in the query's text."""

    text: str
    position: int = 0

    def take(self, pattern: re.Pattern[str]) -> str:
        """What the pattern matches here, or nothing; moves past it."""
        found = pattern.match(self.text, self.position)
        if found is None:
            return ""
        self.position = found.end()
        return found.group()

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def refuse(self, complaint: str, position: int) -> JqlSyntaxError:
        line, column = place(self.text, position)
        return JqlSyntaxError(complaint, line=line, column=column)


class JqlLexer(Lexer):
    """The tokens of a query, for lark."""

    def __init__(self, lexer_conf: LexerConf) -> None:
        del lexer_conf

    def lex(self, data: str) -> Iterator[Token]:  # type: ignore[override]  # lark wraps lexers that take text
        reader = Reader(data)
        while True:
            reader.take(BLANK)
            if not reader.peek():
                return
            yield next_token(reader)


def place(text: str, position: int) -> tuple[int, int]:
    """Line and character, both from 1, as Jira names them."""
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def next_token(reader: Reader) -> Token:
    start = reader.position
    line, column = place(reader.text, start)
    if reader.peek() in ('"', "'"):
        kind, value = "STRING", quoted(reader)
    elif sign := reader.take(SIGN):
        kind, value = SIGNS[sign], sign
    else:
        value = bare(reader)
        kind = kind_of(value, reader, start)
    return Token(kind, value, start_pos=start, line=line, column=column)


def kind_of(word: str, reader: Reader, start: int) -> str:
    if word.lower() in KEYWORDS:
        return KEYWORDS[word.lower()]
    if word.lower() in RESERVED:
        complaint = (
            f"'{word}' is a reserved JQL word. "
            "You must surround it in quotation marks to use it in a query."
        )
        raise reader.refuse(complaint, start)
    if not INTEGER.fullmatch(word):
        return "WORD"
    if len(word) > LONGEST or not -LARGEST <= int(word) < LARGEST:
        complaint = (
            f"'{word}' is not a valid number. "
            f"Numbers must be between {-LARGEST:,} and {LARGEST - 1:,}."
        )
        raise reader.refuse(complaint, start)
    return "NUMBER"


def quoted(reader: Reader) -> str:
    start = reader.position
    mark = reader.peek()
    reader.position += 1
    inside = re.compile(rf"[^\\{mark}\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")
    parts: list[str] = []
    while (here := reader.peek()) != mark:
        if not here:
            text = " ".join("".join(parts).split("\n"))
            named = f" '{text}'" if text else ""
            raise reader.refuse(f"The quoted string{named} has not been completed.", start)
        parts.append(escape(reader) if here == "\\" else reader.take(inside) or illegal(reader))
    reader.position += 1
    return "".join(parts)


def bare(reader: Reader) -> str:
    parts: list[str] = []
    while True:
        here = reader.peek()
        if here == "\\":
            parts.append(escape(reader))
        elif plain := reader.take(PLAIN):
            parts.append(plain)
        elif here in RESERVED_CHARACTERS or (here and not (here.isspace() or here in STOPS)):
            illegal(reader)
        else:
            return "".join(parts)


def escape(reader: Reader) -> str:
    start = reader.position
    letter = reader.text[start + 1 : start + 2]
    reader.position += 2
    if letter in ESCAPES:
        return ESCAPES[letter]
    if letter == "u" and (digits := reader.take(HEXADECIMAL)):
        return chr(int(digits, 16))
    if not letter:
        raise reader.refuse(f"The escape sequence has not been completed. {VALID_ESCAPES}", start)
    seen = reader.text[start : start + (3 if letter == "u" else 2)]
    raise reader.refuse(f"'{seen}' is an illegal JQL escape sequence. {VALID_ESCAPES}", start)


def illegal(reader: Reader) -> str:
    """Refuse the character here: reserved, or one that cannot be seen."""
    start = reader.position
    character = reader.peek()
    code = f"\\u{ord(character):04x}"
    if character in RESERVED_CHARACTERS:
        complaint = (
            f"The character '{character}' is a reserved JQL character. "
            f"You must enclose it in a string or use the escape '{code}' instead."
        )
    else:
        line, column = place(reader.text, start)
        complaint = (
            f"The character 'U+{ord(character):04X}' on line {line} at position {column} "
            f"must be escaped. Use the escape '{code}' instead."
        )
    raise reader.refuse(complaint, start)
