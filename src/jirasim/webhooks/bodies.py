"""What a webhook says of an event, in the recorded shapes of Cloud (jira.md 7.3).

Rich text is wiki text and every link is one of version 2, even on Cloud.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from jirasim.site.catalog import LINK_TYPES
from jirasim.site.events import (
    ATTACHMENT_CREATED,
    ATTACHMENT_DELETED,
    COMMENT_CREATED,
    COMMENT_DELETED,
    COMMENT_UPDATED,
    ISSUE_CREATED,
    ISSUE_DELETED,
    ISSUE_UPDATED,
    LINK_CREATED,
    LINK_DELETED,
    WORKLOG_CREATED,
    WORKLOG_DELETED,
    WORKLOG_UPDATED,
    Event,
)
from jirasim.site.model import Comment, Issue, IssueLink, Worklog
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
    return without_addresses(wire.comment(comment))


def worklog_event(wire: Wire, event: Event) -> Json:
    """The worklog alone: neither its issue nor who acted (jira.md 7.3)."""
    body: Json = {}
    if event.worklog is not None:
        body["worklog"] = worklog_part(wire, event.worklog)
    if event.kind != WORKLOG_UPDATED:
        body["isFromIssueLimitTransformation"] = False
    return body


def worklog_part(wire: Wire, worklog: Worklog) -> Json:
    """The worklog; a comment that nobody gave is an empty text here."""
    body = without_addresses(wire.worklog(worklog))
    return {"comment": "", **body}


def attachment_event(wire: Wire, event: Event) -> Json:
    """The file alone: neither its issue nor who acted (jira.md 7.3)."""
    if event.attachment is None:
        return {}
    body = without_addresses(wire.attachment(event.attachment))
    return {"attachment": {key: one for key, one in body.items() if key != "thumbnail"}}


def link_event(_: Wire, event: Event) -> Json:
    """The link alone, by numbers."""
    return {} if event.link is None else {"issueLink": link_part(event.link)}


def link_part(link: IssueLink) -> Json:
    kind = LINK_TYPES[link.type_id]
    return {
        "id": int(link.id),
        "sourceIssueId": int(link.source),
        "destinationIssueId": int(link.target),
        "issueLinkType": {
            "id": int(kind.id),
            "name": kind.name,
            "outwardName": kind.outward,
            "inwardName": kind.inward,
            "isSubTaskLinkType": False,
            "isSystemLinkType": False,
        },
        "systemLink": False,
    }


def without_addresses(entry: Json) -> Json:
    """The entry with its authors as every recording has them: no e-mail address."""
    shown: Json = dict(entry)
    for role in ("author", "updateAuthor"):
        author = entry.get(role)
        if isinstance(author, Mapping):
            shown[role] = {key: one for key, one in author.items() if key != "emailAddress"}
    return shown


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
    WORKLOG_CREATED: worklog_event,
    WORKLOG_UPDATED: worklog_event,
    WORKLOG_DELETED: worklog_event,
    LINK_CREATED: link_event,
    LINK_DELETED: link_event,
    ATTACHMENT_CREATED: attachment_event,
    ATTACHMENT_DELETED: attachment_event,
}
