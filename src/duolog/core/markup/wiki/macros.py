"""Where the macros of a wiki text begin and end; what is in them is read elsewhere."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

VERBATIM = frozenset({"code", "noformat"})
PAIRED = VERBATIM | {
    *("quote", "panel", "color", "info", "note", "tip", "warning", "error", "success"),
    *("expand", "excerpt", "section", "column", "html"),
}
ALONE = frozenset({"anchor", "toc", "attachments", "gallery", "loremipsum"})
MASK = "\x00"

_TAG = re.compile(
    r"(?<!\{)\{(?P<name>[A-Za-z][\w-]{0,40})(?::(?P<params>[^{}\n]*))?\}(?!\})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro with its body; one that has none ends where its body begins."""

    name: str
    params: str
    start: int
    body: int
    body_end: int
    end: int


@dataclass(frozen=True, slots=True)
class _Tag:
    """What stands in curly brackets: the begin or the end of a macro, or only text."""

    name: str
    params: str | None
    start: int
    end: int


def macros_of(text: str) -> list[Macro]:
    """The outermost macros of the text in their order.

    What is in `{code}` and `{noformat}` is never a macro.  A name that Jira does not bring
    itself is one only where it has parameters by name or stands on lines of its own: anything
    else in curly brackets is most often text, and Jira shows it so.
    """
    tags = [
        _Tag(found["name"].lower(), found["params"], found.start(), found.end())
        for found in _TAG.finditer(text)
        if not is_escaped(text, found.start())
    ]
    return list(_outermost(text, list(_verbatim(tags))))


def masked(text: str, macros: Sequence[Macro]) -> str:
    """The text with a mask over each macro, of the same length."""
    parts: list[str] = []
    done = 0
    for macro in macros:
        parts.extend((text[done : macro.start], MASK * (macro.end - macro.start)))
        done = macro.end
    return "".join((*parts, text[done:]))


def is_escaped(text: str, place: int) -> bool:
    """Whether a backslash before the place takes away its meaning; two are a line break."""
    first = place
    while first and text[first - 1] == "\\":
        first -= 1
    return (place - first) % 2 == 1


def is_known(name: str) -> bool:
    """Whether Jira itself brings a macro of that name."""
    return name.lower() in PAIRED or name.lower() in ALONE


def _verbatim(tags: Sequence[_Tag]) -> Iterator[_Tag | Macro]:
    """The tags, with verbatim macros put together and the tags in them left out."""
    ends = _Ends(tags)
    index = 0
    while index < len(tags):
        tag = tags[index]
        end = ends.behind(index, tag.name) if tag.name in VERBATIM else None
        if end is not None:
            yield _whole(tag, tags[end])
            index = end
        elif tag.name not in VERBATIM:
            yield tag
        index += 1


def _outermost(text: str, parts: Sequence[_Tag | Macro]) -> Iterator[Macro]:
    ends = _Ends(parts)
    index = 0
    while index < len(parts):
        part = parts[index]
        if isinstance(part, Macro):
            yield part
        else:
            end = ends.behind(index, part.name)
            last = parts[end] if end is not None else None
            if isinstance(last, _Tag) and end is not None and _belong(text, part, last):
                yield _whole(part, last)
                index = end
            elif _stands_alone(text, part):
                yield Macro(part.name, part.params or "", part.start, part.end, part.end, part.end)
        index += 1


class _Ends:
    """For each name, which parts may end a macro of that name."""

    def __init__(self, parts: Sequence[_Tag | Macro]) -> None:
        self._of: defaultdict[str, list[int]] = defaultdict(list)
        for index, part in enumerate(parts):
            if isinstance(part, _Tag) and part.params is None:
                self._of[part.name].append(index)

    def behind(self, index: int, name: str) -> int | None:
        """The first part behind `index` that ends a macro of the name."""
        places = self._of.get(name, [])
        found = bisect_right(places, index)
        return places[found] if found < len(places) else None


def _whole(first: _Tag, last: _Tag) -> Macro:
    return Macro(first.name, first.params or "", first.start, first.end, last.start, last.end)


def _belong(text: str, first: _Tag, last: _Tag) -> bool:
    if first.name in PAIRED or "=" in (first.params or ""):
        return True
    if first.name in ALONE or not _begins_line(text, first.start):
        return False
    return _ends_line(text, last.end) and text.find("\n", first.end, last.start) >= 0


def _stands_alone(text: str, tag: _Tag) -> bool:
    if tag.name in ALONE or "=" in (tag.params or ""):
        return tag.name not in PAIRED
    own_line = _begins_line(text, tag.start) and _ends_line(text, tag.end)
    return own_line and tag.params is not None and tag.name not in PAIRED


def _begins_line(text: str, place: int) -> bool:
    while place and text[place - 1] in " \t":
        place -= 1
    return place == 0 or text[place - 1] == "\n"


def _ends_line(text: str, place: int) -> bool:
    while place < len(text) and text[place] in " \t":
        place += 1
    return place == len(text) or text[place] == "\n"
