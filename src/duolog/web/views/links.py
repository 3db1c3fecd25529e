"""One item and its issue: the popover of its badge, looking at it now, ending the link."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from duolog.people.errors import NotFound
from duolog.people.models import Member
from duolog.people.rights import Right, holds
from duolog.sync.binding import services
from duolog.sync.inbox.history import Line, lines_of, waiting_entry
from duolog.sync.link.words import Words
from duolog.sync.models import Link
from duolog.sync.shown.journal import history
from duolog.sync.shown.queries import badge_of, get_link
from duolog.web.answers import done
from duolog.web.pages import show_part, workplace_page
from duolog.web.sync.badges import look_of
from duolog.web.sync.comparing import differences_of
from duolog.workplace.models import WorkItem
from duolog.workplace.queries import get_item

LINES_SHOWN = 4
HISTORY_SHOWN = 100


@require_GET
@workplace_page(Right.VIEW)
def popover(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """The last events of an item's link."""
    item = get_item(member.workplace, key)
    context = {"item": item, **card_of(member, item)}
    if "link" in context:
        entries = history(context["link"], LINES_SHOWN)
        context["lines"] = lines_of(entries, Words(context["link"].binding))
    return show_part(request, member, "web/jira/popover.html", context)


@require_POST
@workplace_page(Right.SETTLE)
def look_now(_request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """Look at both sides now."""
    services.look_now(member, _link(member, key))
    return done("Looking at both sides now")


@require_POST
@workplace_page(Right.BIND)
def unlink(_request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """End the link; item and issue stay."""
    services.unlink(member, _link(member, key))
    return done("Unlinked. The item and the issue stay, each on its own")


def _link(member: Member, key: str) -> Link:
    badge = badge_of(get_item(member.workplace, key))
    if badge is None:
        raise NotFound("This item is not linked with Jira.")
    return get_link(member.workplace, badge.link_id)


def journal_of(item: WorkItem) -> tuple[Line, ...] | None:
    """What crossed between an item and its issue, the latest last; None if it was never linked."""
    badge = badge_of(item)
    if badge is None:
        return None
    link = get_link(item.team.workplace, badge.link_id)
    return tuple(reversed(lines_of(history(link, HISTORY_SHOWN), Words(link.binding))))


def card_of(member: Member, item: WorkItem) -> dict[str, Any]:
    """What an item's card about Jira draws; nothing where it was never linked."""
    badge = badge_of(item)
    if badge is None:
        return {"badge": None}
    link = get_link(member.workplace, badge.link_id)
    return {
        "badge": badge,
        "look": look_of(badge),
        "link": link,
        "differences": differences_of(link),
        "waiting_entry": waiting_entry(link),
        "may_settle": holds(member, Right.SETTLE, team=item.team),
        "may_bind": holds(member, Right.BIND, team=item.team),
    }
