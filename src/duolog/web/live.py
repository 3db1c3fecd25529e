"""What an open page asks every second: did anything it shows change?  Two indexed reads, no rules.

A cursor joins one part per source with `~`.  Topics are what elements name in `data-live`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from duolog.notifications.services import list_notices, unread_count
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.workplace.queries import changes_since

ITEMS: Final = "items"
NOTICES: Final = "notices"
EVERYTHING: Final = "*"


@dataclass(frozen=True, slots=True)
class News:
    """The cursor to ask with next, and the topics that changed."""

    cursor: str
    topics: tuple[str, ...]


def cursor_of(member: Member) -> str:
    """Where a page that is drawn now stands."""
    return _join(changes_since(member.workplace).cursor, _notices_of(member))


def news_since(member: Member, cursor: str) -> News:
    """What changed since the cursor was given out; a cursor of another make means everything."""
    items_seen, _, notices_seen = cursor.partition("~")
    try:
        changes = changes_since(member.workplace, items_seen)
    except Invalid:
        return News(cursor_of(member), (EVERYTHING,))
    notices = _notices_of(member)
    topics = [f"item:{pk}" for pk in sorted(changes.item_ids)]
    if topics:
        topics.append(ITEMS)
    if notices != notices_seen:
        topics.append(NOTICES)
    if not changes.is_complete:
        topics = [EVERYTHING]
    return News(_join(changes.cursor, notices), tuple(topics))


def _notices_of(member: Member) -> str:
    newest = list_notices(member, limit=1)
    return f"{newest[0].pk if newest else 0}-{unread_count(member)}"


def _join(*parts: str) -> str:
    return "~".join(parts)
