"""One request and its answer, as values.  Nothing is sent here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from duolog.jira.wire import Json, Sendable, read_json

REPEATABLE: Final = frozenset({"GET", "HEAD", "PUT", "DELETE"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to be sent: read piece by piece from what `open` gives, from its beginning."""

    name: str
    media_type: str
    open: Callable[[], BinaryIO] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A request below a site's base address.

    `reads_only` marks a POST that changes nothing, so that it may be repeated.  A status in
    `expected` is handed back rather than raised.  `upload` goes in place of a body.
    """

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: Sendable = field(default=None, repr=False)
    reads_only: bool = False
    expected: frozenset[int] = frozenset()
    upload: Upload | None = None

    @property
    def repeatable(self) -> bool:
        """Whether sending it again cannot do the thing twice."""
        return self.reads_only or self.method in REPEATABLE

    @property
    def changes(self) -> bool:
        """Whether it is there to change something."""
        return self.method not in {"GET", "HEAD"} and not self.reads_only


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.  Header names are looked up whatever their case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def is_html(self) -> bool:
        """Whether this is a page for people: Jira's REST never answers with one."""
        return bool(self.body.strip()) and "text/html" in self.headers.get("content-type", "")

    def json(self) -> Json:
        """The body.  Raises Retryable when it is not JSON."""
        return read_json(self.body)
