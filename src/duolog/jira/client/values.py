"""What the client is asked for and what it finds, as values.  Nothing is sent here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from duolog.jira.wire import Comment, Issue, Sendable

PAGE: Final = 100  # issues of a search; Jira may send fewer, whatever is asked
BULK_FETCH: Final = 100  # issues fetched by their ids in one call
BULK_CREATE: Final = 50  # issues in one bulk create
BY_ID: Final = 1000  # comments asked for by their ids
ALL: Final = ("*all",)


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for and what to read of each issue found.

    `properties` are told only where the dialect's search tells them.  `reconcile` names issues
    by numeric id that the search must know as they are now; a search that does not lag behind
    needs no such word.
    """

    jql: str
    fields: tuple[str, ...] = ALL
    properties: tuple[str, ...] = ()
    expand: tuple[str, ...] = ()
    reconcile: tuple[str, ...] = ()
    page_size: int = PAGE


@dataclass(frozen=True, slots=True)
class NewIssue:
    """An issue to be created.

    `properties` go into the same request, so that the issue is born with our token;
    `transition_id` is taken at once where the workflow allows.
    """

    fields: Mapping[str, Sendable]
    properties: tuple[tuple[str, Sendable], ...] = ()
    transition_id: str | None = None
    update: Mapping[str, Sendable] | None = None

    def body(self) -> dict[str, Sendable]:
        """The request for this issue."""
        body: dict[str, Sendable] = {"fields": dict(self.fields)}
        if self.properties:
            body["properties"] = [{"key": key, "value": value} for key, value in self.properties]
        if self.transition_id is not None:
            body["transition"] = {"id": self.transition_id}
        if self.update:
            body["update"] = dict(self.update)
        return body


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a bulk fetch told.

    `unseen`: deleted or hidden from us.  `unread`: there, but Jira could not send them this
    time; read them one by one.  Each id that was asked for is in exactly one of the three.
    """

    issues: tuple[Issue, ...]
    unseen: tuple[str, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundComments:
    """Comments asked for by id; `unseen` are deleted, or hidden from us."""

    comments: tuple[Comment, ...]
    unseen: tuple[str, ...]
