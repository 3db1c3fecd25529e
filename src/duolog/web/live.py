"""What an open page asks every second: did anything it shows change?  Indexed reads, no rules.

A cursor joins one part per source with `~`.  Topics are what elements name in `data-live`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from duolog.notifications.services import list_notices, unread_count
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.sync.shown.news import SyncNews, moved_since
from duolog.workplace.queries import changes_since

ITEMS: Final = "items"
NOTICES: Final = "notices"
SYNC: Final = "sync"
INBOX: Final = "inbox"
EVERYTHING: Final = "*"


@dataclass(frozen=True, slots=True)
class News:
    """The cursor to ask with next, and the topics that changed."""

    cursor: str
    topics: tuple[str, ...]


def cursor_of(member: Member) -> str:
    """Where a page that is drawn now stands."""
    workplace = member.workplace
    return _join(
        changes_since(workplace).cursor, moved_since(workplace).cursor, _notices_of(member)
    )


def news_since(member: Member, cursor: str) -> News:
    """What changed since the cursor was given out; a cursor of another make means everything."""
    try:
        items_seen, sync_seen, notices_seen = cursor.split("~")
        changes = changes_since(member.workplace, items_seen)
        sync = moved_since(member.workplace, sync_seen)
    except (Invalid, ValueError):
        return News(cursor_of(member), (EVERYTHING,))
    notices = _notices_of(member)
    after = _join(changes.cursor, sync.cursor, notices)
    if not (changes.is_complete and sync.is_complete):
        return News(after, (EVERYTHING,))
    topics = [f"item:{pk}" for pk in sorted(changes.item_ids | sync.item_ids)]
    if topics or sync.bindings_moved:
        topics.append(ITEMS)
    if notices != notices_seen:
        topics.append(NOTICES)
    return News(after, (*topics, *_of_sync(sync)))


def _of_sync(sync: SyncNews) -> tuple[str, ...]:
    has_moved = bool(sync.item_ids) or sync.bindings_moved or sync.inbox_moved
    return (*([SYNC] if has_moved else []), *([INBOX] if sync.inbox_moved else []))


def _notices_of(member: Member) -> str:
    newest = list_notices(member, limit=1)
    return f"{newest[0].pk if newest else 0}-{unread_count(member)}"


def _join(*parts: str) -> str:
    return "~".join(parts)
