"""Comments of issues.  Their author is always the account that sends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from duolog.jira.call import Call
from duolog.jira.client.apart import CallsApart
from duolog.jira.client.api import Api
from duolog.jira.client.listing import list_comments
from duolog.jira.client.values import BY_ID, FoundComments
from duolog.jira.wire import Comment, Sendable, Visibility


class CommentCalls:
    """Calls about the comments of one issue, and about comments by their ids."""

    def __init__(self, api: Api, apart: CallsApart) -> None:
        self._api = api
        self._apart = apart

    def list(self, issue: str, *, with_properties: bool = False) -> tuple[Comment, ...]:
        """All comments, oldest first.  Raises rather than return fewer."""
        return list_comments(self._api, issue, expand="properties" if with_properties else "")

    def get(self, issue: str, comment: str) -> Comment:
        """One comment, without its properties.  Raises Unseen."""
        path = self._api.path("issue", issue, "comment", comment)
        return self._api.get(Comment, path)

    def by_ids(self, issue: str, ids: Sequence[str]) -> FoundComments:
        """Up to `BY_ID` comments of an issue, with their properties."""
        asked = tuple(dict.fromkeys(ids))
        if not 0 < len(asked) <= BY_ID:
            raise ValueError(f"between 1 and {BY_ID} ids, not {len(asked)}")
        found = self._apart.comments_by_ids(issue, asked)
        sent = {comment.id for comment in found}
        return FoundComments(found, unseen=tuple(it for it in asked if it not in sent))

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
