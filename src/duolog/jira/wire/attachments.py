"""Files of issues: identity is the id, and nothing about one ever changes (jira.md 6.9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from duolog.jira.wire.parse import Millis, Wire
from duolog.jira.wire.people import User


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) else value


class Attachment(Wire):
    """A file as an issue lists it; several may bear one name.  `content` is where it is read.

    Its id is text in an issue, and a number in the document and where one file is asked for.
    """

    id: Annotated[str, BeforeValidator(_as_text)]
    filename: str
    size: int
    mime_type: str = ""
    content: str = ""
    author: User | None = None
    created: Millis


class AttachmentMeta(Wire):
    """Whether files may be attached on this site, and how large one may be, in bytes."""

    enabled: bool
    upload_limit: int | None = None
