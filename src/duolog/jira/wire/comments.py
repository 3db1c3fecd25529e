"""Comments, and how completely an issue carries its own."""

from __future__ import annotations

from typing import Final

from duolog.jira.wire.parse import Id, Instant, Json, Many, Wire
from duolog.jira.wire.people import Author

INTERNAL: Final = "sd.public.comment"
"""The property by which a service desk marks a comment; the only sign of it on Server."""


class Visibility(Wire):
    """Who may see a comment: one group or one role."""

    type: str
    value: str | None = None
    identifier: str | None = None


class EntityProperty(Wire):
    """A named JSON value that we, or others, attached to a thing."""

    key: str
    value: Json = None


class Comment(Wire):
    """A comment.  `body` is a rich-text document on Cloud and text on Server."""

    id: Id
    body: Json = None
    author: Author = None
    update_author: Author = None
    created: Instant
    updated: Instant
    visibility: Visibility | None = None
    jsd_public: bool = True
    properties: Many[EntityProperty] = ()

    @property
    def is_open(self) -> bool:
        """Whether everybody who sees the issue may see it, customers of a service desk too."""
        return self.visibility is None and not self.is_internal

    @property
    def is_internal(self) -> bool:
        """Whether a service desk shows it to its agents only."""
        told = self.property_value(INTERNAL)
        return not self.jsd_public or (isinstance(told, dict) and told.get("internal") is True)

    @property
    def readers(self) -> str:
        """Whom Jira shows it to, in words; empty where that is everybody who sees the issue."""
        if self.visibility is None:
            return "agents of the service desk" if self.is_internal else ""
        return f"{self.visibility.type} {self.visibility.value or self.visibility.identifier}"

    def property_value(self, key: str) -> Json:
        """The value under `key`, or None; read with `expand=properties`."""
        return next((it.value for it in self.properties if it.key == key), None)


class EmbeddedComments(Wire):
    """The comments inside an issue's fields: Jira may leave some out."""

    comments: Many[Comment] = ()
    total: int
    start_at: int = 0

    @property
    def complete(self) -> bool:
        """Whether these are all there are."""
        return self.start_at == 0 and len(self.comments) >= self.total


class CommentPage(Wire):
    """One page of an issue's comments."""

    comments: Many[Comment]
    total: int
    start_at: int = 0


class CommentsById(Wire):
    """The comments that were asked for by id; those we may not see are left out silently."""

    values: Many[Comment]
    total: int
    is_last: bool | None = None
