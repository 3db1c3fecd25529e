"""What changed within a text, marked word by word.  Pure; the answer is safe HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

MANY_WORDS: Final = 1_500
"""Longer texts are compared line by line: word by word would take too long."""
_WORDS: Final = re.compile(r"\s+|[^\s]+")


def marked_change(before: str, after: str) -> SafeString:
    """`after`, with what is new to it in `ins` and what it lost in `del`."""
    was, now = _parts(before), _parts(after)
    if max(len(was), len(now)) > MANY_WORDS:
        was, now = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return mark_safe("".join(_marked(was, now)))  # noqa: S308  # every part is escaped below


def _marked(was: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    for act, i1, i2, j1, j2 in matcher.get_opcodes():
        lost, new = "".join(was[i1:i2]), "".join(now[j1:j2])
        if act == "equal":
            yield escape(new)
            continue
        if lost:
            yield f"<del>{escape(lost)}</del>"
        if new:
            yield f"<ins>{escape(new)}</ins>"


def _parts(text: str) -> list[str]:
    return _WORDS.findall(text)
