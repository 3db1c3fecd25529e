"""Worklogs, and how completely an issue carries its own (jira.md 5)."""

from __future__ import annotations

from duolog.jira.wire.comments import EntityProperty, Visibility
from duolog.jira.wire.parse import Id, Instant, Json, Many, Wire
from duolog.jira.wire.people import Author


class Worklog(Wire):
    """Time that somebody spent.  `comment` is a document on Cloud, text on Server, or left out."""

    id: Id
    issue_id: Id = ""
    author: Author = None
    update_author: Author = None
    comment: Json = None
    created: Instant | None = None
    updated: Instant
    started: Instant
    time_spent_seconds: int
    visibility: Visibility | None = None
    properties: Many[EntityProperty] = ()

    @property
    def is_open(self) -> bool:
        """Whether everybody who sees the issue may see it."""
        return self.visibility is None

    def property_value(self, key: str) -> Json:
        """The value under `key`, or None; read with `expand=properties`, which Server lacks."""
        return next((it.value for it in self.properties if it.key == key), None)


class EmbeddedWorklogs(Wire):
    """The worklogs inside an issue's fields: at most twenty, whatever their number."""

    worklogs: Many[Worklog] = ()
    total: int
    start_at: int = 0

    @property
    def complete(self) -> bool:
        """Whether these are all there are."""
        return self.start_at == 0 and len(self.worklogs) >= self.total


class WorklogPage(Wire):
    """One page of an issue's worklogs; on Server the only one, with all of them."""

    worklogs: Many[Worklog]
    total: int
    start_at: int = 0
