"""What a webhook says of an event, in the recorded shapes of Cloud (jira.md 7.3).

Rich text is wiki text and every link is one of version 2, even on Cloud.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from jirasim.site.events import (
    COMMENT_CREATED,
    COMMENT_DELETED,
    COMMENT_UPDATED,
    ISSUE_CREATED,
    ISSUE_DELETED,
    ISSUE_UPDATED,
    Event,
)
from jirasim.site.model import Comment, Issue
from jirasim.site.state import Site
from jirasim.wire.entities import Json
from jirasim.wire.issues import fields_json, selected
from jirasim.wire.wire import Wire

WHOLE: Final = ("*all", "-comment", "-worklog")
LAST_STATE: Final = ("*all",)
PARTIAL: Final = ("summary", "issuetype", "project", "assignee", "priority", "status")


def body_of(site: Site, event: Event) -> Json | None:
    """The JSON of an event; None for one that admin webhooks do not carry here."""
    write = WRITERS.get(event.kind)
    if write is None:
        return None
    head: Json = {"timestamp": event.timestamp, "webhookEvent": event.kind}
    return head | write(Wire(site, 2, None), event)


def issue_event(wire: Wire, event: Event) -> Json:
    body: Json = {}
    if event.type_name is not None and event.kind != ISSUE_DELETED:
        body["issue_event_type_name"] = event.type_name
    body["user"] = wire.user(event.actor)
    words = LAST_STATE if event.kind == ISSUE_DELETED else WHOLE
    names = selected(wire.site.state.fields, words)
    body["issue"] = issue_part(wire, event.issue, fields_json(wire, event.issue, names))
    if event.changelog is not None:
        items = [wire.change(item) for item in event.changelog.items]
        body["changelog"] = {"id": event.changelog.id, "items": items}
    return body


def comment_event(wire: Wire, event: Event) -> Json:
    """The comment whole, its issue in part, and nobody named as the one who acted."""
    body: Json = {}
    if event.comment is not None:
        body["comment"] = comment_part(wire, event.comment)
    body["issue"] = issue_part(wire, event.issue, fields_json(wire, event.issue, PARTIAL))
    return body


def comment_part(wire: Wire, comment: Comment) -> Json:
    """The comment; its authors without e-mail address, as every recording has them."""
    body = wire.comment(comment)
    for role, account_id in (("author", comment.author), ("updateAuthor", comment.update_author)):
        author = wire.user(account_id) or {}
        body[role] = {name: value for name, value in author.items() if name != "emailAddress"}
    return body


def issue_part(wire: Wire, issue: Issue, fields: Json) -> Json:
    return {
        "id": issue.id,
        "self": f"{wire.api}/issue/{issue.id}",
        "key": issue.key,
        "fields": fields,
    }


WRITERS: Final[Mapping[str, Callable[[Wire, Event], Json]]] = {
    ISSUE_CREATED: issue_event,
    ISSUE_UPDATED: issue_event,
    ISSUE_DELETED: issue_event,
    COMMENT_CREATED: comment_event,
    COMMENT_UPDATED: comment_event,
    COMMENT_DELETED: comment_event,
}
