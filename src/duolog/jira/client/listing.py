"""The comments of an issue, all of them or an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from duolog.core.errors import Retryable
from duolog.jira.client.api import Api, present
from duolog.jira.wire import Comment, CommentPage

PAGE: Final = 100


def list_comments(api: Api, issue: str, *, expand: str = "") -> tuple[Comment, ...]:
    """All comments, oldest first.  Raises rather than return fewer."""
    path = api.path("issue", issue, "comment")
    asked = {**present(expand=expand), "orderBy": "created"}

    def page_at(where: Mapping[str, str]) -> tuple[Sequence[Comment], int]:
        page = api.get(CommentPage, path, {**where, **asked})
        return page.comments, page.total

    found = api.paged(page_at, size=PAGE, what=f"comments of issue {issue}")
    if len({comment.id for comment in found}) < len(found):
        raise Retryable(
            f"The comments of issue {issue} changed while they were read.",
            hint="We read them again; nothing is lost.",
        )
    return found
