"""The signs of wiki markup that reading and writing share; data and small values only."""

from __future__ import annotations

import re
from html import unescape

from duolog.core.markup.inlines import clean_text
from duolog.core.markup.tree import Mark

SIGN_OF = {Mark.STRONG: "*", Mark.EM: "_", Mark.STRIKE: "-"}
MARK_OF = {sign: mark for mark, sign in SIGN_OF.items()}
KIND_OF = {"+": "inserted", "^": "superscript", "~": "subscript", "??": "citation"}

_PICTURES = {
    "\N{SLIGHTLY SMILING FACE}": ":) :-)",
    "\N{SLIGHTLY FROWNING FACE}": ":( :-(",
    "\N{FACE WITH STUCK-OUT TONGUE}": ":P :p :-P",
    "\N{SMILING FACE WITH OPEN MOUTH}": ":D :-D",
    "\N{WINKING FACE}": ";) ;-)",
    "\N{THUMBS UP SIGN}": "(y)",
    "\N{THUMBS DOWN SIGN}": "(n)",
    "\N{INFORMATION SOURCE}": "(i)",
    "\N{WHITE HEAVY CHECK MARK}": "(/)",
    "\N{CROSS MARK}": "(x)",
    "\N{WARNING SIGN}": "(!)",
    "\N{HEAVY PLUS SIGN}": "(+)",
    "\N{HEAVY MINUS SIGN}": "(-)",
    "\N{BLACK QUESTION MARK ORNAMENT}": "(?)",
    "\N{ELECTRIC LIGHT BULB}": "(on)",
    "(off)": "(off)",
    "\N{WHITE MEDIUM STAR}": "(*) (*r) (*g) (*b) (*y)",
    "\N{TRIANGULAR FLAG ON POST}": "(flag)",
    "\N{WAVING WHITE FLAG}": "(flagoff)",
}
EMOTICONS = {sign: shown for shown, signs in _PICTURES.items() for sign in signs.split()}
EMOTICON = "|".join(re.escape(sign) for sign in sorted(EMOTICONS, key=len, reverse=True))
URL = (
    r"(?:(?:https?|ftps?|irc|nntp|news|file|svn|git|ssh)://|mailto:)"
    r"[^\s{}\[\]|<>\"\x00]*[^\s{}\[\]|<>\"\x00.,;:!?)*_\\]"
)
ENTITY = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
DASHES = {"--": "\N{EN DASH}", "---": "\N{EM DASH}"}
SOFT_BREAK = " \t"
"""A line end of Markdown that nobody sees; a newline of wiki markup is a break that all see."""

OWN = "md-"
"""Begins the names of our anchors, which nobody sees in Jira, and tips for links of our own."""

_URL = re.compile(URL)
_ENTITY = re.compile(ENTITY)
_ESCAPED = re.compile(rf"\\(?P<sign>[^\w\s\\]|_)|(?P<entity>{ENTITY})")
_FILE_NAME = re.compile(r"(?!\s)[^:/\\?#&|!\[\]{}\x00-\x1f]+\.\w{1,16}")
_TARGET = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*://|mailto:|tel:|#|/|www\.)\S", re.IGNORECASE)


def is_address(text: str) -> bool:
    """Whether the whole text is an address that Jira links by itself."""
    return _URL.fullmatch(text) is not None


def address_in(text: str) -> str:
    """The address that Jira would link at the begin of the text."""
    found = _URL.match(text)
    return found.group() if found else ""


def is_target(text: str) -> bool:
    """Whether Jira links to the text where it stands between square brackets."""
    return _TARGET.match(text) is not None and not re.search(r"\s", text)


def is_file_name(text: str) -> bool:
    """Whether wiki text names a file of the issue so between two exclamation marks, plainly."""
    return _FILE_NAME.fullmatch(text) is not None


def spelled(entity: str) -> str:
    """The character that the entity stands for, or the entity where it stands for none."""
    char = unescape(entity)
    return char if clean_text(char) == char and char not in {"\n", ""} else entity


def unescaped(text: str) -> str:
    """The text without its backslashes and entities, as in monospaced text and addresses."""
    return _ESCAPED.sub(lambda found: found["sign"] or spelled(found["entity"]), text)
