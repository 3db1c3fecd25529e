"""Files of issues: identity is the id, and nothing about one ever changes (jira.md 6.9)."""

from __future__ import annotations

from duolog.jira.wire.parse import Id, Millis, Wire
from duolog.jira.wire.people import Author


class Attachment(Wire):
    """A file as an issue lists it; several may bear one name.  `content` is where it is read."""

    id: Id
    filename: str
    size: int
    mime_type: str = ""
    content: str = ""
    author: Author = None
    created: Millis


class AttachmentMeta(Wire):
    """Whether files may be attached on this site, and how large one may be, in bytes."""

    enabled: bool
    upload_limit: int | None = None
