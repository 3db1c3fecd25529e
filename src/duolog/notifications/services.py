"""Writes and reads of notices.  Who must hear of what is decided by the callers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.utils import timezone

from duolog.notifications.models import Channel, Kind, MutedKind, Notice
from duolog.people.models import Member

PAGE: Final = 50
_TEXT_MAX: Final = 300


def notify(
    members: Iterable[Member],
    kind: Kind,
    text: str,
    path: str = "",
    *,
    actor: Member | None = None,
    actor_name: str = "",
) -> None:
    """Tell each member once, in the caller's transaction; never the actor, nor who muted the kind.

    `actor_name` is shown as the one who did it where no member did.
    """
    to_tell = {member.pk for member in members if member.left_at is None}
    if actor is not None:
        to_tell.discard(actor.pk)
    if not to_tell:
        return
    muted = MutedKind.objects.filter(member__in=to_tell, kind=kind, channel=Channel.BELL)
    to_tell -= set(muted.values_list("member_id", flat=True))
    name = actor_name or (actor.name if actor else "")
    Notice.objects.bulk_create(
        Notice(
            member_id=member_id,
            kind=kind,
            actor=name[:160],
            text=_shortened(text),
            path=path,
        )
        for member_id in sorted(to_tell)
    )


def mark_read(member: Member, notice_ids: Iterable[int] | None = None) -> int:
    """Take the named notices, or all, as read; returns how many were unread."""
    unread = Notice.objects.filter(member=member, read_at=None)
    if notice_ids is not None:
        unread = unread.filter(pk__in=tuple(notice_ids))
    return unread.update(read_at=timezone.now())


def unread_count(member: Member) -> int:
    """How many notices the bell shows."""
    return Notice.objects.filter(member=member, read_at=None).count()


def list_notices(
    member: Member, *, before: int | None = None, limit: int = PAGE
) -> tuple[Notice, ...]:
    """The member's notices, newest first; `before` is the id of the last one already shown."""
    notices = Notice.objects.filter(member=member)
    if before is not None:
        notices = notices.filter(pk__lt=before)
    return tuple(notices.order_by("-pk")[:limit])


def muted_kinds(member: Member, channel: Channel = Channel.BELL) -> frozenset[Kind]:
    """The kinds the member does not want there."""
    rows = MutedKind.objects.filter(member=member, channel=channel)
    return frozenset(Kind(kind) for kind in rows.values_list("kind", flat=True))


@transaction.atomic
def mute(member: Member, kinds: Iterable[Kind], channel: Channel = Channel.BELL) -> None:
    """Switch off exactly these kinds there, and no others."""
    wanted = frozenset(kinds)
    there = MutedKind.objects.filter(member=member, channel=channel)
    there.exclude(kind__in=wanted).delete()
    missing = wanted - muted_kinds(member, channel)
    MutedKind.objects.bulk_create(
        (MutedKind(member=member, kind=kind, channel=channel) for kind in sorted(missing)),
        ignore_conflicts=True,
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _TEXT_MAX else f"{text[: _TEXT_MAX - 1]}…"
