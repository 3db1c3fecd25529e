"""Unread notices by e-mail: who wants them when, and the mails themselves.

A mail that went out just before a crash goes out once more with the same Message-ID, by which
mail programs know it.  Whatever cannot be mailed is still under the bell.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from smtplib import SMTPRecipientsRefused
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from duolog.core.errors import Retryable
from duolog.notifications.models import Channel, Digest, MutedKind, Notice, Rhythm
from duolog.notifications.schedule import next_moment
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.zones import list_zones
from duolog.work.marks import BACKGROUND, mark
from duolog.work.queue import Job, LeaseLost, finish

log = logging.getLogger(__name__)

DIGEST: Final = "digest"
EVERY: Final = 300.0
LINES: Final = 40
"""How many notices one mail names; how many more there are, it only counts."""
_SALT: Final = "duolog.digest.stop"


def digest_of(member: Member) -> Digest:
    """What the member chose; a member who never chose gets no mail."""
    return Digest.objects.filter(member=member).first() or Digest(member=member)


@transaction.atomic
def choose_digest(
    member: Member, *, rhythm: str, hour: int, zone: str, present: datetime | None = None
) -> Digest:
    """Mail unread notices at that hour from now on; what is older than the choice is not mailed."""
    errors = {}
    if rhythm not in Rhythm.values:
        errors["rhythm"] = "Choose never, every day or every Monday."
    if not 0 <= hour <= 23:
        errors["hour"] = "Choose a full hour from 0 to 23."
    if zone not in list_zones():
        errors["zone"] = "Choose a time zone from the list, such as Europe/Berlin."
    if errors:
        raise Invalid(errors)
    digest = digest_of(member)
    if digest.next_at is None:
        newest = Notice.objects.filter(member=member).aggregate(newest=Max("pk"))["newest"]
        digest.sent_upto = newest or 0
    digest.rhythm, digest.hour, digest.zone = rhythm, hour, zone
    digest.next_at = next_moment(Rhythm(rhythm), hour, zone, present or timezone.now())
    digest.save()
    return digest


def find_by_link(token: str) -> Member | None:
    """Whose mails the link in a mail ends; None for a link that is not ours."""
    try:
        number = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return Member.objects.select_related("workplace").filter(pk=number).first()


def stop_digest(member: Member) -> None:
    """Send the member no more mails."""
    Digest.objects.filter(member=member).update(rhythm=Rhythm.NEVER, next_at=None)


def keep_digests() -> None:
    """Have `send_digests` look every few minutes; asking again changes nothing."""
    mark(DIGEST, "all", priority=BACKGROUND, due_in=EVERY, every=EVERY)


def send_digests(job: Job) -> None:
    """Mail what is due.  Raises Retryable where the mail server does not answer."""
    present = timezone.now()
    due = Digest.objects.filter(next_at__lte=present, member__left_at=None)
    backend = get_connection()
    try:
        for digest in due.select_related("member__user", "member__workplace").order_by("pk"):
            _send(digest, backend, present)
    except OSError as error:  # SMTPException is one
        raise Retryable(f"The mail server could not be used: {error}") from error
    finally:
        backend.close()
    with transaction.atomic():
        if not finish(job):
            raise LeaseLost


def _send(digest: Digest, backend: BaseEmailBackend, present: datetime) -> None:
    notices = list(_news_for(digest))
    upto = digest.sent_upto
    if notices:
        mail = _mail(digest.member, notices)
        mail.connection = backend
        try:
            mail.send()
            upto = notices[-1].pk
        except SMTPRecipientsRefused:
            log.warning("The mail server refused the address of member %s", digest.member_id)
    Digest.objects.filter(pk=digest.pk, next_at=digest.next_at).update(
        sent_upto=upto,
        next_at=next_moment(Rhythm(digest.rhythm), digest.hour, digest.zone, present),
    )


def _news_for(digest: Digest) -> QuerySet[Notice]:
    muted = MutedKind.objects.filter(member=digest.member_id, channel=Channel.MAIL)
    unread = Notice.objects.filter(member=digest.member_id, read_at=None, pk__gt=digest.sent_upto)
    return unread.exclude(kind__in=muted.values("kind")).order_by("pk")


def _mail(member: Member, notices: Sequence[Notice]) -> EmailMessage:
    place, site = member.workplace.name, settings.PUBLIC_URL
    stop = f"{site}/digest/stop/{signing.dumps(member.pk, salt=_SALT)}"
    count = f"{len(notices)} notice{'s' if len(notices) > 1 else ''}"
    lines = [f"{count} in {place} that you have not read:", ""]
    lines += [line for notice in notices[:LINES] for line in _lines_of(notice, site)]
    if len(notices) > LINES:
        lines += [f"And {len(notices) - LINES} more:"]
    choose = f"{site}/w/{member.workplace.slug}/notices/preferences"
    lines += [f"All of them: {site}/w/{member.workplace.slug}/notices", ""]
    lines += ["-- ", f"You asked for this mail. Choose when it comes: {choose}", f"End it: {stop}"]
    return EmailMessage(
        subject=f"{count} in {place}",
        body="\n".join(lines) + "\n",
        to=[member.user.email],
        headers={
            "Message-ID": f"<digest.{member.pk}.{notices[-1].pk}@{urlsplit(site).hostname}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def _lines_of(notice: Notice, site: str) -> tuple[str, ...]:
    by = f" ({notice.actor})" if notice.actor else ""
    where = (f"  {site}{notice.path}",) if notice.path.startswith("/") else ()
    return (f"* {notice.text}{by}", *where, "")
