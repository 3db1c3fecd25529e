"""What a webhook says of an event, in the recorded shapes of Cloud and Server (jira.md 7.3).

Rich text is wiki text and every link is one of version 2, even on Cloud.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

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
    PROPERTY_DELETED,
    PROPERTY_SET,
    WORKLOG_CREATED,
    WORKLOG_DELETED,
    WORKLOG_UPDATED,
    Event,
)
from jirasim.site.model import Comment, Issue, IssueLink, LinkType, Worklog
from jirasim.site.state import Site
from jirasim.webhooks.events import SERVER_ONLY
from jirasim.webhooks.subjects import subject_body
from jirasim.webhooks.system_links import SYSTEM_TYPES
from jirasim.wire.entities import Json
from jirasim.wire.issues import fields_json
from jirasim.wire.wire import Wire

WHOLE: Final = ("*all", "-comment", "-worklog")
EVERYTHING: Final = ("*all",)
PARTIAL: Final = ("summary", "issuetype", "project", "assignee", "priority", "status")
TYPE_NAMES_SINCE: Final = (7,)
"""The recorded bodies of older Servers name no type and have no changelog of a creation."""


def body_of(site: Site, event: Event) -> Json | None:
    """The JSON of an event; None for one that webhooks do not carry here."""
    wire = Wire(site, 2, None)
    write = WRITERS.get(event.kind)
    said = write(wire, event) if write is not None else subject_body(wire, event)
    if said is None:
        return None
    head: Json = {"timestamp": event.timestamp, "webhookEvent": event.kind}
    if event.bulk_mail is not None:
        said = {**said, "bulkOperationMetaData": {"sendMail": event.bulk_mail}}
    return {**head, **said, **event.extra}


def issue_event(wire: Wire, event: Event) -> Json:
    """Who did what to an issue, and the issue whole; of a comment on Server, the comment."""
    body: Json = {}
    if _names_type(wire.site, event):
        body["issue_event_type_name"] = event.type_name
    body["user"] = wire.user(event.actor)
    if event.issue is not None:
        fields = fields_json(wire, event.issue, _words(wire.site, event))
        body["issue"] = issue_part(wire, event.issue, fields, whole=True)
    if event.comment is not None and event.type_name != "issue_comment_deleted":
        body["comment"] = comment_part(wire, event.comment)
    if event.changelog is not None and _tells_changes(wire.site, event):
        items = [wire.change(item) for item in event.changelog.items]
        body["changelog"] = {"id": event.changelog.id, "items": items}
    return body


def _names_type(site: Site, event: Event) -> bool:
    if event.type_name is None or event.kind == ISSUE_DELETED:
        return False
    return site.product.cloud or site.product.version >= TYPE_NAMES_SINCE


def _words(site: Site, event: Event) -> tuple[str, ...]:
    """Cloud leaves comments and worklogs out, except of a deleted issue; Server has them."""
    whole = event.kind == ISSUE_DELETED or not site.product.cloud
    return EVERYTHING if whole else WHOLE


def _tells_changes(site: Site, event: Event) -> bool:
    if site.product.cloud or event.kind != ISSUE_CREATED:
        return True
    return site.state.settings.server_changelog_on_create and (
        site.product.version >= TYPE_NAMES_SINCE
    )


def comment_event(wire: Wire, event: Event) -> Json:
    """The comment whole.  Cloud adds its issue in part, and nobody who acted; Server adds who
    edited or deleted it, and no issue.
    """
    body: Json = {}
    if event.comment is not None:
        body["comment"] = comment_part(wire, event.comment)
    if not wire.site.product.cloud:
        return body if event.kind == COMMENT_CREATED else {**body, "user": wire.user(event.actor)}
    if event.issue is not None:
        body["issue"] = issue_part(wire, event.issue, fields_json(wire, event.issue, PARTIAL))
    return body


def comment_part(wire: Wire, comment: Comment) -> Json:
    """The comment; its authors without e-mail address on Cloud, as every recording has them."""
    return _authors(wire, wire.comment(comment))


def worklog_event(wire: Wire, event: Event) -> Json:
    """The worklog alone: neither its issue nor who acted (jira.md 7.3)."""
    body: Json = {}
    if event.worklog is not None:
        body["worklog"] = worklog_part(wire, event.worklog)
    if wire.site.product.cloud and event.kind != WORKLOG_UPDATED:
        body["isFromIssueLimitTransformation"] = False
    return body


def worklog_part(wire: Wire, worklog: Worklog) -> Json:
    """The worklog; a comment that nobody gave is an empty text here."""
    return {"comment": "", **_authors(wire, wire.worklog(worklog))}


def attachment_event(wire: Wire, event: Event) -> Json:
    """The file alone: neither its issue nor who acted (jira.md 7.3)."""
    if event.attachment is None:
        return {}
    body = _authors(wire, wire.attachment(event.attachment))
    return {"attachment": {key: one for key, one in body.items() if key != "thumbnail"}}


def link_event(wire: Wire, event: Event) -> Json:
    """The link alone, by numbers."""
    if event.link is None:
        return {}
    styled = wire.site.state.settings.webhook_link_style
    known = wire.site.state.link_types
    return {"issueLink": link_part(event.link, known, styled=styled)}


def link_part(link: IssueLink, known: Mapping[str, LinkType], *, styled: bool = False) -> Json:
    """A link between issues, or one by which Jira itself holds a child."""
    system = SYSTEM_TYPES.get(link.type_id)
    kind = system or known[link.type_id]
    of_subtask = system is not None and system.style == "jira_subtask"
    style = {"style": system.style if system is not None else ""} if styled else {}
    return {
        "id": int(link.id),
        "sourceIssueId": int(link.source),
        "destinationIssueId": int(link.target),
        "issueLinkType": {
            "id": int(kind.id),
            "name": kind.name,
            "outwardName": kind.outward,
            "inwardName": kind.inward,
            **style,
            "isSubTaskLinkType": of_subtask,
            "isSystemLinkType": system is not None,
        },
        "systemLink": system is not None,
    }


def property_event(wire: Wire, event: Event) -> Json:
    """An entity property of an issue; no recording of one was found."""
    body: Json = {"user": wire.user(event.actor)}
    if event.issue is not None:
        body["issue"] = issue_part(wire, event.issue, fields_json(wire, event.issue, PARTIAL))
    shown: Json = {"key": event.property_key}
    if event.kind == PROPERTY_SET:
        shown["value"] = event.property_value
    return {**body, "property": shown}


def _authors(wire: Wire, entry: Json) -> Json:
    """The entry with its authors as this Jira has them in webhooks."""
    return without_addresses(entry) if wire.site.product.cloud else entry


def without_addresses(entry: Json) -> Json:
    """The entry with its authors as every recording of Cloud has them: no e-mail address."""
    shown: Json = dict(entry)
    for role in ("author", "updateAuthor"):
        author = entry.get(role)
        if isinstance(author, Mapping):
            shown[role] = {key: one for key, one in author.items() if key != "emailAddress"}
    return shown


def issue_part(wire: Wire, issue: Issue, fields: Json, *, whole: bool = False) -> Json:
    """An issue.  Newer recordings of whole ones on Cloud have no `/issue/` in `self`."""
    shortened = whole and wire.site.product.cloud
    place = "" if shortened and wire.site.state.settings.webhook_self_without_issue else "/issue"
    return {
        "id": issue.id,
        "self": f"{wire.api}{place}/{issue.id}",
        "key": issue.key,
        "fields": fields,
    }


WRITERS: Final[Mapping[str, Callable[[Wire, Event], Json]]] = {
    ISSUE_CREATED: issue_event,
    ISSUE_UPDATED: issue_event,
    ISSUE_DELETED: issue_event,
    SERVER_ONLY: issue_event,
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
    PROPERTY_SET: property_event,
    PROPERTY_DELETED: property_event,
}
