"""Deliveries from Jira: whether they are genuine, and which issue they hint at.

A hint says where to look and never what is there: deliveries come late, twice, out of order.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from duolog.core.errors import SyncError
from duolog.jira.hints import Actor, ChangedField, Child, ChildKind, Hint
from duolog.jira.wire.deliveries import Account, DeliveredChild, DeliveredIssue, DeliveryBody

ISSUE_EVENTS: Final = frozenset(
    {"jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "jira:worklog_updated"}
)
CHILD_EVENTS: Final = frozenset(
    f"{kind}_{verb}"
    for kind in ChildKind
    for verb in ("created", "updated", "deleted")
    if (kind, verb) not in {("attachment", "updated"), ("issuelink", "updated")}
)
PROJECT_EVENTS: Final = frozenset(
    f"project_{verb}"
    for verb in ("created", "updated", "deleted", "soft_deleted", "restored_deleted")
) | {"project_archived", "project_restored_archived"}
HINTED: Final = ISSUE_EVENTS | CHILD_EVENTS | PROJECT_EVENTS

# Nothing that is kept in step changes with these; our own properties fire the first two.
IGNORED: Final = frozenset(
    {"issue_property_set", "issue_property_deleted", "jira_expression_evaluation_failed"}
    | {"app_access_to_objects_blocked", "user_created", "user_updated", "user_deleted"}
    | {f"issuetype_{verb}" for verb in ("created", "updated", "deleted")}
    | {f"filter_{verb}" for verb in ("created", "updated", "deleted")}
    | {f"sprint_{verb}" for verb in ("created", "deleted", "updated", "started", "closed")}
    | {
        f"board_{verb}"
        for verb in ("created", "updated", "deleted", "configuration_changed", "started")
    }
    | {
        f"jira:version_{verb}"
        for verb in ("released", "unreleased", "created", "moved", "updated", "deleted")
    }
    | {
        f"option_{name}_changed"
        for name in ("voting", "watching", "unassigned_issues", "subtasks", "attachments")
    }
    | {"option_issuelinks_changed", "option_timetracking_changed"}
)


FORGIVEN: Final = 4 * 1024 * 1024
"""The largest body that is read at any cost; larger ones must be JSON to the letter."""
AS_SENT: Final = "Only Jira posts to this address, and nothing between may change what it sends."
EXCLUDED: Final = "Untick 'Exclude body' in Jira's webhook: without a body nobody knows the issue."


class UnknownEvent(SyncError):
    """An event that we neither follow nor ignore by name: count it, and answer all the same."""

    def __init__(self, event: str) -> None:
        super().__init__(f"Jira sent an event we do not know: {event[:100]}.")
        self.event = event


class MalformedDelivery(SyncError):
    """A body that is not a delivery of Jira's."""


def is_authentic(body: bytes, signature: str, secret: str) -> bool:
    """Whether Jira signed exactly these bytes with our secret (header `X-Hub-Signature`)."""
    method, _, received = signature.partition("=")
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    matches = hmac.compare_digest(expected.encode(), received.encode(errors="replace"))
    return bool(secret) and method == "sha256" and matches


def parse_hint(body: bytes) -> Hint | None:
    """Where to look, or None for an event that we ignore on purpose.

    Raises UnknownEvent, or MalformedDelivery for what Jira would not send.
    """
    delivery = _read(body)
    event = delivery.webhook_event
    if event in IGNORED:
        return None
    if event not in HINTED:
        raise UnknownEvent(event)
    issue = delivery.issue or DeliveredIssue()
    project = delivery.project or issue.project
    child = _child(delivery)
    return Hint(
        event=event,
        detail=delivery.issue_event_type_name or "",
        at=delivery.timestamp,
        issue_id=issue.id or (child.issue_id if child else None),
        issue_key=issue.key,
        project_id=project.id if project else None,
        project_key=(project.key if project else None) or _project_of(issue.key),
        updated=issue.updated,
        child=child,
        linked=_linked(delivery),
        link_type=_link_type(delivery),
        changes=tuple(
            ChangedField(
                name=item.field,
                field_id=item.field_id,
                old=item.old,
                old_text=item.old_text,
                new=item.new,
                new_text=item.new_text,
            )
            for item in (delivery.changelog.items if delivery.changelog else ())
        ),
        actor=_actor(delivery),
    )


def _read(body: bytes) -> DeliveryBody:
    try:
        return DeliveryBody.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] != "json_invalid":
        place = ".".join(str(step) for step in first["loc"]) or "body"
        raise MalformedDelivery(f"Not a delivery of Jira's: {place}: {first['msg']}.", hint=AS_SENT)
    if not body:
        raise MalformedDelivery("Not a delivery of Jira's: the body is empty.", hint=EXCLUDED)
    return _read_forgivingly(body)


def _read_forgivingly(body: bytes) -> DeliveryBody:
    """What is no JSON by the letter, as far as it can be understood.

    Java writes halves of surrogate pairs where it cuts a text, and a proxy may spoil a letter:
    where to look is told all the same.
    """
    try:
        if len(body) > FORGIVEN:
            raise MalformedDelivery("Not a delivery of Jira's: the body is not JSON.", hint=AS_SENT)
        text = body.decode(json.detect_encoding(body), "replace")
        return DeliveryBody.model_validate(json.loads(text, strict=False))
    except (ValueError, RecursionError) as error:
        raise MalformedDelivery(
            "Not a delivery of Jira's: the body is not JSON.", hint=AS_SENT
        ) from error


def _child(delivery: DeliveryBody) -> Child | None:
    """The comment, attachment, worklog or link that the delivery is about."""
    parts: Mapping[ChildKind, DeliveredChild | None] = {
        ChildKind.COMMENT: delivery.comment,
        ChildKind.ATTACHMENT: delivery.attachment,
        ChildKind.WORKLOG: delivery.worklog,
        ChildKind.ISSUELINK: delivery.issuelink,
    }
    for kind, found in parts.items():
        if found is not None and found.id is not None:
            stamp = found.updated or found.created
            return Child(kind, found.id, stamp, issue_id=found.issue_id)
    return None


def _linked(delivery: DeliveryBody) -> tuple[str, ...]:
    """The ends of a link between issues; that a parent changed is told by its issue as well."""
    link = delivery.issuelink
    if link is None or link.is_of_system:
        return ()
    return tuple(it for it in (link.source_issue_id, link.destination_issue_id) if it is not None)


def _link_type(delivery: DeliveryBody) -> str | None:
    link = delivery.issuelink
    return link.link_type.id if link is not None and link.link_type is not None else None


def _actor(delivery: DeliveryBody) -> Actor | None:
    """Who did it; unknown for a deleted comment or worklog on Cloud."""
    who = delivery.user or (
        None if delivery.webhook_event.endswith("_deleted") else _author(delivery)
    )
    return Actor(who.identity, who.display_name or "") if who else None


def _author(delivery: DeliveryBody) -> Account | None:
    found = delivery.comment or delivery.worklog or delivery.attachment
    if found is None:
        return None
    return found.update_author or found.author


def _project_of(issue_key: str | None) -> str | None:
    return issue_key.rpartition("-")[0] or None if issue_key else None
