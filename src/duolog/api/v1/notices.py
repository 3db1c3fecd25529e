"""`/notifications`: the member's own notices."""

from __future__ import annotations

from typing import Annotated

from django.db import transaction
from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from duolog.api.callers import caller_of
from duolog.api.shapes import (
    Body,
    Limit,
    Listing,
    Moment,
    RowId,
    Shape,
    first_page,
    read_cursor,
)
from duolog.notifications import services
from duolog.notifications.digest import choose_digest, digest_of
from duolog.notifications.models import Channel, Kind, Notice, Rhythm
from duolog.people.models import Member
from duolog.people.needs import states
from duolog.people.rights import Right

router = Router(tags=["Notifications"])


class NoticeShape(Shape):
    """One line under the bell; `path` is the page it is about."""

    id: str
    kind: Kind
    actor: str
    text: str
    path: str
    at: Moment
    read_at: Moment | None


class ReadNotices(Body):
    """Which notices were read; all of them where none is named."""

    ids: list[RowId] | None = None


class Unread(Shape):
    """How many notices are still unread."""

    unread: int


class DigestShape(Body):
    """Unread notices by e-mail, at a full `hour` (0 to 23) in `zone`, an IANA name."""

    rhythm: Rhythm
    hour: Annotated[int, Field(ge=0, le=23)]
    zone: Annotated[str, Field(max_length=64)]


class Preferences(Shape):
    """What is told under the bell, which of it by e-mail too, and when mails come."""

    bell: list[Kind]
    mail: list[Kind]
    digest: DigestShape


class PreferenceChanges(Body):
    """What is named replaces what was chosen."""

    bell: list[Kind] | None = None
    mail: list[Kind] | None = None
    digest: DigestShape | None = None


@router.get("/notifications", response=Listing[NoticeShape])
@states(Right.VIEW)
def list_notifications(
    request: HttpRequest, cursor: str = "", limit: Limit = 50
) -> Listing[NoticeShape]:
    """The notices of the calling member, newest first."""
    rows = services.list_notices(
        caller_of(request).member, before=read_cursor(cursor), limit=limit + 1
    )
    shown, next_cursor = first_page(rows, limit)
    return Listing[NoticeShape](items=[_notice(row) for row in shown], next_cursor=next_cursor)


@router.patch("/notifications", response=Unread)
@states(Right.VIEW)
def mark_read(request: HttpRequest, body: ReadNotices) -> Unread:
    """Take notices as read."""
    member = caller_of(request).member
    services.mark_read(member, body.ids)
    return Unread(unread=services.unread_count(member))


@router.get("/notifications/preferences", response=Preferences)
@states(Right.VIEW)
def read_preferences(request: HttpRequest) -> Preferences:
    """What the calling member is told, and where."""
    return _preferences(caller_of(request).member)


@router.patch("/notifications/preferences", response=Preferences)
@states(Right.VIEW)
def choose_preferences(request: HttpRequest, body: PreferenceChanges) -> Preferences:
    """Choose what the calling member is told, and where."""
    member = caller_of(request).member
    with transaction.atomic():
        for channel, wanted in ((Channel.BELL, body.bell), (Channel.MAIL, body.mail)):
            if wanted is not None:
                services.mute(member, [kind for kind in Kind if kind not in wanted], channel)
        if body.digest is not None:
            choose_digest(member, **body.digest.model_dump())
    return _preferences(member)


def _preferences(member: Member) -> Preferences:
    digest = digest_of(member)
    told = {
        channel.value: [kind for kind in Kind if kind not in services.muted_kinds(member, channel)]
        for channel in Channel
    }
    shape = DigestShape(rhythm=Rhythm(digest.rhythm), hour=digest.hour, zone=digest.zone)
    return Preferences(**told, digest=shape)


def _notice(notice: Notice) -> NoticeShape:
    return NoticeShape(
        id=str(notice.pk),
        kind=Kind(notice.kind),
        actor=notice.actor,
        text=notice.text,
        path=notice.path,
        at=notice.at,
        read_at=notice.read_at,
    )
