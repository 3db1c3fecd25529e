"""Comments of issues.  Their author is always the account that sends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from duolog.core.errors import Retryable
from duolog.jira.call import Call
from duolog.jira.client.api import Api
from duolog.jira.wire import Comment, CommentPage, CommentsById, Sendable, Visibility

PAGE: Final = 100
BY_ID: Final = 1000  # ids in one request
WITH_PROPERTIES: Final = {"expand": "properties"}


@dataclass(frozen=True, slots=True)
class FoundComments:
    """Comments asked for by id; `unseen` are deleted, or hidden from us."""

    comments: tuple[Comment, ...]
    unseen: tuple[str, ...]


class CommentCalls:
    """Calls about the comments of one issue, and about comments by their ids."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def list(self, issue: str) -> tuple[Comment, ...]:
        """All comments, oldest first, without their properties: see `by_ids`.

        Raises rather than return fewer.
        """
        path = self._api.path("issue", issue, "comment")

        def page_at(where: Mapping[str, str]) -> tuple[Sequence[Comment], int]:
            page = self._api.get(CommentPage, path, {**where, "orderBy": "created"})
            return page.comments, page.total

        found = self._api.paged(page_at, size=PAGE, what=f"comments of issue {issue}")
        if len({comment.id for comment in found}) < len(found):
            raise Retryable(
                f"The comments of issue {issue} changed while they were read.",
                hint="We read them again; nothing is lost.",
            )
        return found

    def get(self, issue: str, comment: str) -> Comment:
        """One comment, without its properties.  Raises Unseen."""
        path = self._api.path("issue", issue, "comment", comment)
        return self._api.get(Comment, path)

    def by_ids(self, ids: Sequence[str]) -> FoundComments:
        """Up to `BY_ID` comments of any issues, with their properties."""
        asked = tuple(dict.fromkeys(ids))
        if not 0 < len(asked) <= BY_ID:
            raise ValueError(f"between 1 and {BY_ID} ids, not {len(asked)}")
        found = self._by_ids(asked)
        sent = {comment.id for comment in found}
        return FoundComments(found, unseen=tuple(it for it in asked if it not in sent))

    def _by_ids(self, ids: tuple[str, ...]) -> tuple[Comment, ...]:
        path = self._api.path("comment", "list")
        body: dict[str, Sendable] = {"ids": [int(it) for it in ids]}
        page = self._api.ask(CommentsById, path, body, params=WITH_PROPERTIES)
        if page.is_last is not False and len(page.values) >= page.total:
            return page.values
        if len(ids) == 1:
            raise Retryable(
                f"Jira left out comment {ids[0]} without saying why.",
                hint="We read it again; nothing is lost.",
            )
        half = len(ids) // 2  # a page was cut, and this list has no second page
        return self._by_ids(ids[:half]) + self._by_ids(ids[half:])

    def add(
        self,
        issue: str,
        body: Sendable,
        *,
        properties: Mapping[str, Sendable] | None = None,
        visibility: Visibility | None = None,
    ) -> Comment:
        """Write a comment, born with our properties.  Raises AnswerLost when it may exist."""
        content = _content(body, visibility)
        if properties:
            content["properties"] = [{"key": k, "value": v} for k, v in properties.items()]
        path = self._api.path("issue", issue, "comment")
        return self._api.read(Comment, Call("POST", path, body=content))

    def edit(
        self, issue: str, comment: str, body: Sendable, *, visibility: Visibility | None = None
    ) -> Comment:
        """Replace the text; give the visibility it had, to be sure of keeping it."""
        path = self._api.path("issue", issue, "comment", comment)
        call = Call("PUT", path, body=_content(body, visibility))
        return self._api.read(Comment, call)

    def delete(self, issue: str, comment: str) -> None:
        """Delete the comment for ever.  Raises Unseen when it is not there."""
        self._api.send(Call("DELETE", self._api.path("issue", issue, "comment", comment)))


def _content(body: Sendable, visibility: Visibility | None) -> dict[str, Sendable]:
    content: dict[str, Sendable] = {"body": body}
    if visibility is not None:
        content["visibility"] = visibility.model_dump(mode="json", exclude_none=True)
    return content
