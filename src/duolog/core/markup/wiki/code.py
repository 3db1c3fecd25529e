"""Code between `{code}` and `{noformat}`: its language, its title and its text; pure values."""

from __future__ import annotations

import re

from duolog.core.markup.inlines import clean_text, one_line
from duolog.core.markup.tree import Code
from duolog.core.markup.wiki.macros import Macro
from duolog.core.markup.wiki.notation import ENTITY, unescaped

_HIDDEN = "\u200b"
_PARAMS = re.compile(r"[^\s|{}=\"&\\]*(?: [A-Za-z]\w*=(?:\"[^\"|{}&\\]*\"|[^\s\"|{}&\\]+))*")
_PARAM = re.compile(r" ([A-Za-z]\w*)=(?:\"([^\"]*)\"|(\S+))")
_FIRST_LINE_END = re.compile(r"\A[ \t]*\n")
_LAST_LINE_END = re.compile(r"\n[ \t]*\Z")
_SPECIAL = re.compile(rf"[|{{}}=\"\\]|&(?={ENTITY[1:]})")


def code_of(macro: Macro, text: str) -> Code:
    """The code between the tags, without the line ends beside them."""
    body = clean_text(text[macro.body : macro.body_end])
    inner = _LAST_LINE_END.sub("", _FIRST_LINE_END.sub("", body, count=1), count=1)
    return Code(language_of(macro), closers_shown(macro.name, inner))


def language_of(macro: Macro) -> str:
    """The language of the code, and its title and the like as `title="My code"`."""
    named: list[str] = []
    language = ""
    for part in macro.params.split("|"):
        name, sign, value = part.partition("=")
        if sign:
            value = value.strip()
            plain = re.fullmatch(r"[^\s\"]+", value)
            named.append(f"{name.strip()}={value if plain else f'{chr(34)}{value}{chr(34)}'}")
        elif not language:
            language = unescaped(part.strip())
        elif part.strip():
            named.append(part.strip())
    return one_line(" ".join((language, *named)))


def code_tags(language: str) -> tuple[str, str]:
    """What stands before and behind code in the language."""
    if not language:
        return "{noformat}", "{noformat}"
    tag = f"{{code:{_params(language)}}}"
    if language_of(_macro(tag)) != language:
        tag = f"{{code:{_SPECIAL.sub(_entity, language)}}}"
    return tag, "{code}"


def _params(language: str) -> str:
    if not _PARAMS.fullmatch(language):
        return _SPECIAL.sub(_entity, language)
    first = language.split(" ", 1)[0]
    named = [f"{name}={quoted or bare}" for name, quoted, bare in _PARAM.findall(language)]
    return "|".join((first, *named)) if first else "|".join(named)


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found.group())};"


def _macro(tag: str) -> Macro:
    params = tag.strip("{}").partition(":")[2]
    return Macro("code", params, 0, 0, 0, 0)


def write_code(block: Code) -> str:
    """The code between its tags, on lines of its own."""
    first, last = code_tags(block.language)
    text = closers_hidden(last.strip("{}"), block.text)
    return f"{first}\n{text}\n{last}" if text else f"{first}\n{last}"


def closers_hidden(name: str, text: str) -> str:
    """The code with what would end it made harmless, in a way nobody sees."""
    return _closer(name).sub(rf"\g<0>{_HIDDEN}", text)


def closers_shown(name: str, text: str) -> str:
    """The code as it was before `closers_hidden`."""
    return re.sub(rf"(\{{{name}{_HIDDEN}*){_HIDDEN}(?=\}})", r"\1", text, flags=re.IGNORECASE)


def _closer(name: str) -> re.Pattern[str]:
    return re.compile(rf"\{{{name}(?={_HIDDEN}*\}})", re.IGNORECASE)
