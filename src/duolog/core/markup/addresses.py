"""Web and mail addresses: which may be linked, and where they stand bare in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.common.normalize_url import validateLink

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_BARE = re.compile(
    r"(?<![\w@.+/-])(?:(?P<web>(?:https?://|www\.)(?=\w)[^\s<>\[\]`\\|\"^{}]+)"
    r"|(?P<mail>\w[\w.+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+(?![\w@])))",
    re.IGNORECASE,
)
_TAIL = frozenset("?!.,:;*_~'-")


def clean_address(address: str) -> str:
    """The address without control characters, its blanks escaped."""
    return _UNPRINTABLE.sub("", address).strip().replace(" ", "%20")


def may_link(address: str) -> bool:
    """Whether a link may lead there: no scripts, no files, and none of our own chips."""
    return validateLink(address) and not address.lower().startswith("jira:")


def bare_addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and target of each address that stands in the text as it is."""
    if "@" not in text and "://" not in text and "ww." not in text.lower():
        return
    for found in _BARE.finditer(text):
        written = _without_tail(found.group())
        if found["mail"]:
            target = f"mailto:{written}"
        elif "://" in written[:8]:
            target = written
        else:
            target = f"http://{written}"
        yield found.start(), found.start() + len(written), target


def _without_tail(written: str) -> str:
    """The address without the punctuation of the sentence around it."""
    spare = written.count(")") - written.count("(")
    end = len(written)
    while end and (written[end - 1] in _TAIL or (written[end - 1] == ")" and spare > 0)):
        spare -= written[end - 1] == ")"
        end -= 1
    return written[:end]
