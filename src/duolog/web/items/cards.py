"""Attachments as the item page shows them: one card each.  No queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from duolog.people.models import Member
from duolog.people.rights import Right, holds
from duolog.sync.shown.filed import FileStanding
from duolog.web.richtext import Place
from duolog.workplace.file_names import extension_of
from duolog.workplace.models import Attachment, WorkItem

PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What a browser draws without running any of it; an SVG is a program."""
_BADGE_MAX: Final = 4


@dataclass(frozen=True, slots=True)
class Card:
    """One attachment; `badge` names its kind in at most four letters."""

    pk: int
    name: str
    badge: str
    size: int
    sender: str
    created_at: datetime
    is_picture: bool
    may_delete: bool
    standing: FileStanding | None = None


def places_of(slug: str, item: WorkItem, cards: Iterable[Card]) -> Mapping[str, Place]:
    """Where the files are to be had that a text of the item leads to, by id and by name."""
    here = f"/w/{slug}/items/{item.key}/attachments/"
    places = {str(card.pk): Place(f"{here}{card.pk}", card.is_picture) for card in cards}
    names = Counter(card.name for card in cards)
    return places | {card.name: places[str(card.pk)] for card in cards if names[card.name] == 1}


def cards_of(
    item: WorkItem,
    attachments: Iterable[Attachment],
    member: Member,
    standings: Mapping[int, FileStanding] = MappingProxyType({}),
) -> tuple[Card, ...]:
    """The attachments as this member sees them, and how each stands with Jira where it says so."""
    moderates = holds(member, Right.MODERATE, team=item.team)
    edits = holds(member, Right.EDIT_ITEMS, team=item.team)
    return tuple(
        Card(
            pk=each.pk,
            name=each.name,
            badge=extension_of(each.name)[:_BADGE_MAX].upper() or "FILE",
            size=each.size,
            sender=each.uploaded_by.name if each.uploaded_by else each.uploader_name,
            created_at=each.created_at,
            is_picture=each.media_type in PICTURES,
            may_delete=moderates or (edits and each.uploaded_by_id == member.pk),
            standing=standings.get(each.pk),
        )
        for each in attachments
    )
