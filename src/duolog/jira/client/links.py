"""Links between issues, and links of an issue to the rest of the web (jira.md 6.7, 6.8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from duolog.jira.call import Call
from duolog.jira.client.api import Api
from duolog.jira.wire import LinkType, LinkTypeList, PutRemoteLink, RemoteLink, Sendable
from duolog.jira.wire.parse import Many

_REMOTE_LINKS: Final[TypeAdapter[tuple[RemoteLink, ...]]] = TypeAdapter(Many[RemoteLink])


@dataclass(frozen=True, slots=True)
class NewWebLink:
    """A web link to be put on an issue; a second one under the same `global_id` replaces it."""

    global_id: str
    url: str
    title: str
    relationship: str = ""

    def body(self) -> dict[str, Sendable]:
        """The request for it."""
        page: dict[str, Sendable] = {"url": self.url, "title": self.title}
        body: dict[str, Sendable] = {"globalId": self.global_id, "object": page}
        if self.relationship:
            body["relationship"] = self.relationship
        return body


class LinkCalls:
    """Calls about what an issue is linked with."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def types(self) -> tuple[LinkType, ...]:
        """The kinds of links between issues.  Raises Unseen where linking is turned off."""
        return self._api.get(LinkTypeList, self._api.path("issueLinkType")).issue_link_types

    def create(self, type_id: str, source: str, target: str) -> None:
        """Have the source told of the target by the type's outward words: *source blocks target*.

        Jira keeps one such link, however often this is sent, and answers with none: whoever needs
        its id reads the issue again.  What Jira calls `inwardIssue` is the source (jira.md 6.7).
        """
        body: dict[str, Sendable] = {
            "type": {"id": type_id},
            "inwardIssue": {"id": source},
            "outwardIssue": {"id": target},
        }
        self._api.send(Call("POST", self._api.path("issueLink"), body=body))

    def delete(self, link_id: str) -> None:
        """Take a link away from both of its issues.  Raises Unseen when it is not there."""
        self._api.send(Call("DELETE", self._api.path("issueLink", link_id)))

    def web_links(self, issue: str) -> tuple[RemoteLink, ...]:
        """All links of an issue to the rest of the web."""
        return self._api.get(_REMOTE_LINKS, self._api.path("issue", issue, "remotelink"))

    def put_web_link(self, issue: str, link: NewWebLink) -> int:
        """Have the web link on the issue; its number there."""
        call = Call("POST", self._api.path("issue", issue, "remotelink"), body=link.body())
        return self._api.read(PutRemoteLink, call).id

    def delete_web_link(self, issue: str, global_id: str) -> None:
        """Take off the web link of this name.  Raises Unseen when it is not there."""
        path = self._api.path("issue", issue, "remotelink")
        self._api.send(Call("DELETE", path, params={"globalId": global_id}))
