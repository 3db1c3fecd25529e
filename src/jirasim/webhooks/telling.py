"""What a Jira tells of one thing that happened: which events, on Cloud and on Server.

The site publishes each change once.  Server says more of comments and names work otherwise; both
tell of the system links by which sub-tasks and epics hold their children (jira.md 7.3).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jirasim.site.events import (
    COMMENT_CREATED,
    COMMENT_DELETED,
    COMMENT_UPDATED,
    ISSUE_CREATED,
    ISSUE_UPDATED,
    LINK_CREATED,
    LINK_DELETED,
    Event,
)
from jirasim.site.model import IssueLink
from jirasim.webhooks.events import SERVER_ONLY
from jirasim.webhooks.system_links import system_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jirasim.site.state import Settings, Site

WORK: Final = frozenset({"issue_work_logged", "issue_worklog_updated", "issue_worklog_deleted"})
COMMENTED: Final = {
    COMMENT_CREATED: "issue_commented",
    COMMENT_UPDATED: "issue_comment_edited",
    COMMENT_DELETED: "issue_comment_deleted",
}
PARENT: Final = "IssueParentAssociation"


def told(site: Site, event: Event) -> tuple[Event, ...]:
    """The events that this Jira makes of what happened, in the order in which it sends them."""
    own = (event,) if site.product.cloud else _of_server(site.state.settings, event)
    return (*own, *_system_links(site, event))


def _of_server(settings: Settings, event: Event) -> tuple[Event, ...]:
    """A comment changes its issue too; logged work has an event of its own."""
    if event.cascade and not settings.server_tells_of_children:
        return ()
    if event.attachment is not None and not settings.server_attachment_events:
        return ()
    if event.kind in COMMENTED and not event.cascade:
        return event, replace(event, kind=ISSUE_UPDATED, type_name=COMMENTED[event.kind])
    if event.kind == ISSUE_UPDATED and event.type_name in WORK:
        return (replace(event, kind=SERVER_ONLY),)
    return (event,)


def _system_links(site: Site, event: Event) -> Iterator[Event]:
    """A sub-task or a child of an epic that got, changed or lost its parent."""
    if not site.state.settings.system_link_events or event.issue is None:
        return
    for before, after in _parents(event):
        for parent, kind in ((before, LINK_DELETED), (after, LINK_CREATED)):
            if parent is not None:
                type_id = system_type(site, event.issue).id
                link = IssueLink(_number(event), type_id, parent, event.issue.id)
                yield Event(kind, event.at, event.actor, event.issue, link=link)


def _parents(event: Event) -> Iterator[tuple[str | None, str | None]]:
    if event.issue is not None and event.kind == ISSUE_CREATED and event.issue.parent_id:
        yield None, event.issue.parent_id
    if event.kind == ISSUE_UPDATED and event.changelog is not None:
        moved = [one for one in event.changelog.items if one.field == PARENT]
        yield from ((one.from_id, one.to_id) for one in moved)


def _number(event: Event) -> str:
    """The id of a link that is kept as a parent: that of its child, which has only one."""
    return "" if event.issue is None else event.issue.id
