"""Scripted failures of single requests: which request, and what happens to it.

Pure bookkeeping; `jirasim.http.faulty` does what a fault says.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final


class Kind(Enum):
    """What goes wrong.  *Before*: nothing was done.  *After*: it was done, the answer is lost."""

    STATUS_BEFORE = "status_before"
    STATUS_AFTER = "status_after"
    CUT_BEFORE = "cut_before"
    CUT_AFTER = "cut_after"
    SLOW = "slow"
    TRUNCATE = "truncate"
    HTML = "html"


UNDONE: Final = frozenset({Kind.STATUS_BEFORE, Kind.CUT_BEFORE, Kind.HTML})
"""The kinds after which the request was not carried out."""


class BadScript(Exception):
    """The script cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Match:
    """Which requests: a method, and a path with `{…}` for one part and `*` for anything.

    `nth` counts the fitting requests from 1; None: from the first on.
    """

    method: str | None = None
    path: str = "*"
    nth: int | None = None

    def fits(self, method: str, path: str) -> bool:
        """Whether the request is one of these, its number aside."""
        return (self.method or method) == method and pattern(self.path).fullmatch(path) is not None


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure, for the next `times` requests that fit."""

    match: Match
    kind: Kind
    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    delay_ms: float = 0.0
    times: int = 1
    seen: int = 0

    def due(self) -> bool:
        """Whether it strikes at the request just counted in `seen`."""
        first = self.match.nth or 1
        return first <= self.seen < first + self.times

    def spent(self) -> bool:
        """Whether it will never strike again."""
        return self.seen >= (self.match.nth or 1) + self.times - 1


class Script:
    """The faults still to come.  Each request asks once; the first fault that is due strikes."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def use(self, faults: Sequence[Fault]) -> None:
        """Replace the whole script."""
        with self._lock:
            self._faults = [*faults]

    def left(self) -> tuple[Fault, ...]:
        """What has not struck as often as it may."""
        with self._lock:
            return tuple(self._faults)

    def next_for(self, method: str, path: str) -> Fault | None:
        """The fault of this request, if any; counts the request."""
        with self._lock:
            struck: Fault | None = None
            left: list[Fault] = []
            for fault in self._faults:
                counted = fault
                if struck is None and fault.match.fits(method, path):
                    counted = replace(fault, seen=fault.seen + 1)
                    struck = counted if counted.due() else None
                if not counted.spent():
                    left.append(counted)
            self._faults = left
            return struck


def pattern(path: str) -> re.Pattern[str]:
    """`/rest/api/*/issue/{id}` as a regular expression."""
    parts = re.split(r"(\*|\{[^}]*\})", path)
    return re.compile("".join(map(_part, parts)))


def _part(part: str) -> str:
    if part == "*":
        return ".*"
    return "[^/]+" if part.startswith("{") else re.escape(part)


def read_script(raw: object) -> tuple[Fault, ...]:
    """A script from JSON.  Raises BadScript."""
    if not isinstance(raw, list):
        raise BadScript("A script is a list of faults.")
    return tuple(_read(one) for one in raw)


def _read(raw: object) -> Fault:
    if not isinstance(raw, Mapping):
        raise BadScript("A fault is an object.")
    known = {"match", "fault", "status", "headers", "body", "delay_ms", "times"}
    if unknown := raw.keys() - known:
        raise BadScript(f"Unknown: {', '.join(sorted(unknown))}.")
    headers = raw.get("headers", {})
    if not isinstance(headers, Mapping):
        raise BadScript("headers is an object.")
    return Fault(
        match=_read_match(raw.get("match", {})),
        kind=_read_kind(raw.get("fault")),
        status=_whole(raw, "status", 503, least=100),
        headers={str(name): str(value) for name, value in headers.items()},
        body=raw.get("body"),
        delay_ms=float(_whole(raw, "delay_ms", 0, least=0)),
        times=_whole(raw, "times", 1, least=1),
    )


def _read_kind(raw: object) -> Kind:
    try:
        return Kind(raw)
    except ValueError:
        names = ", ".join(kind.value for kind in Kind)
        raise BadScript(f"fault is one of {names}.") from None


def _read_match(raw: object) -> Match:
    if not isinstance(raw, Mapping):
        raise BadScript("match is an object.")
    if unknown := raw.keys() - {"method", "path", "nth"}:
        raise BadScript(f"Unknown in match: {', '.join(sorted(unknown))}.")
    method = raw.get("method")
    nth = None if raw.get("nth") is None else _whole(raw, "nth", 1, least=1)
    return Match(None if method is None else str(method).upper(), str(raw.get("path", "*")), nth)


def _whole(raw: Mapping[str, object], name: str, default: int, *, least: int) -> int:
    value = raw.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise BadScript(f"{name} is a whole number, at least {least}.")
    return value
