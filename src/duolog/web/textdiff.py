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
    for lost, new in _joined(was, now):
        if lost == new:
            yield escape(new)
            continue
        if lost:
            yield f"<del>{escape(lost)}</del>"
        if new:
            yield f"<ins>{escape(new)}</ins>"


def _joined(was: Sequence[str], now: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What was and is, piece by piece; changes with mere blanks between them are one change."""
    lost, new, blank = "", "", ""
    for act, i1, i2, j1, j2 in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        before, after = "".join(was[i1:i2]), "".join(now[j1:j2])
        if act != "equal":
            lost, new, blank = lost + blank + before, new + blank + after, ""
        elif after.isspace() and lost != new:
            blank = after
        else:
            yield from ((lost, new), (blank, blank), (after, after))
            lost, new, blank = "", "", ""
    yield from ((lost, new), (blank, blank))


def _parts(text: str) -> list[str]:
    return _WORDS.findall(text)
