"""Webhook requests in: proven genuine, kept once, and turned into marks.  Jira is never asked.

Never refuses a genuine delivery for coming too often: Data Center repeats none, so that would lose
it.  Marks of one link coalesce instead, and many deliveries make one run.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection as database
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from duolog.connections.models import Connection, RefusalReason
from duolog.connections.webhooks import Proof, note_delivery, prove
from duolog.core import fields as slots
from duolog.jira.hints import ChildKind, Hint
from duolog.jira.stamps import stamp_of
from duolog.jira.webhooks import MalformedDelivery, UnknownEvent, parse_hint
from duolog.sync.basis.scopes import takes_newcomers
from duolog.sync.link.sightings import hint_to_json
from duolog.sync.marks import LINK, mark_newcomer
from duolog.sync.models import (
    DELETED,
    Binding,
    BindingState,
    ChildLink,
    Delivery,
    Direction,
    Link,
    LinkState,
)
from duolog.work.marks import mark_many

LARGEST_BODY: Final = 25 * 1024 * 1024
NEWS_FOR: Final = timedelta(days=3)
"""How old a delivery may be and still be news.

Longer than Jira repeats one (an hour and a half) or holds one back; shorter than we remember
those that came (`tidy.USED_KEPT`): what is sent again is either recognised or too old.
"""
_SEEN_EVERY: Final = timedelta(seconds=5)
_STORE: Final = """
INSERT INTO sync_delivery (connection_id, identifier, digest, event, issue_id, hint, size, outcome,
  received_at, taken_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_OF_PARENTS: Final = frozenset(
    {"parent", "issueparentassociation", "epic link", "project", "issuetype"}
)
"""How a changelog may call what moves an issue below another (jira.md 6.5)."""
_IDENTIFIER: Final = re.compile(r"[!-~]{1,128}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a webhook request is answered: a status, and a sentence for whoever looks at it."""

    status: int
    sentence: str
    reason: RefusalReason | None = None


TOO_LARGE: Final = Receipt(
    413,
    "A delivery may have 25 MB at most; Jira sends none that large.",
    RefusalReason.LARGE,
)
NO_SUCH_HASH: Final = Receipt(
    404, "No connection has this webhook address. Copy it again from Settings, Integrations, Jira."
)
_TO_DO: Final = "Enter the same secret in Jira's webhook and in Settings, Integrations, Jira."
_UNSIGNED: Final = Receipt(401, f"There is no signature. {_TO_DO}", RefusalReason.UNSIGNED)
_FORGED: Final = Receipt(401, f"The signature does not match. {_TO_DO}", RefusalReason.SIGNATURE)
_RECEIVED: Final = Receipt(202, "Received.")
_REPEATED: Final = Receipt(202, "This delivery had been received before.")
_LATE: Final = Receipt(
    202, "Received too late to be news: Duolog has looked since.", RefusalReason.LATE
)


def receive(connection: Connection, headers: Mapping[str, str], body: bytes) -> Receipt:
    """Keep a delivery and mark what it hints at, in one short transaction.

    `headers` are looked up by their names in lower case.  Refusals are not counted here: how
    many may be counted is for whoever answers to say.
    """
    if len(body) > LARGEST_BODY:
        return TOO_LARGE
    now = timezone.now()
    signature = headers.get("x-hub-signature", "")
    proof = prove(connection, body, signature, now)
    if proof is None:
        return _FORGED if signature else _UNSIGNED
    try:
        hint, event = _read(body)
    except MalformedDelivery as error:
        return Receipt(400, f"{error} {error.hint}".strip(), RefusalReason.MALFORMED)
    delivery = _delivery(connection, headers, body, event, hint)
    return _keep(connection, delivery, hint, proof, now)


def _read(body: bytes) -> tuple[Hint | None, str]:
    """The hint of a delivery, or none with the reason why it is only counted."""
    try:
        hint = parse_hint(body)
    except UnknownEvent:
        return None, "unknown"
    return hint, hint.event if hint else "ignored"


def _delivery(
    connection: Connection, headers: Mapping[str, str], body: bytes, event: str, hint: Hint | None
) -> Delivery:
    digest = hashlib.sha256(body)
    said = headers.get("x-atlassian-webhook-identifier", "")
    if said and not _IDENTIFIER.fullmatch(said):
        said = hashlib.sha256(said.encode(errors="replace")).hexdigest()
    return Delivery(
        connection=connection,
        identifier=said or digest.hexdigest(),
        digest=digest.digest(),
        event=event,
        issue_id=(hint.issue_id or "") if hint else "",
        hint=hint_to_json(hint) if hint else {},
        size=len(body),
    )


def _keep(
    connection: Connection, delivery: Delivery, hint: Hint | None, proof: Proof, now: datetime
) -> Receipt:
    with transaction.atomic():
        if hint is not None and _is_late(connection, hint, now):
            kept = _store(delivery, now, "late")
        else:
            kept = _store_and_mark(connection, delivery, hint, now)
        if kept:
            note_delivery(connection, proof, now, _SEEN_EVERY)
    if not kept:
        return _REPEATED
    return _LATE if delivery.outcome == "late" else _RECEIVED


def _store(delivery: Delivery, now: datetime, outcome: str = "") -> bool:
    """Keep it, used up where an outcome is named; False if it had been kept before.

    One statement decides, so that of two that come at the same moment one is the repeat.
    """
    delivery.outcome = outcome
    values = (
        delivery.connection_id,
        delivery.identifier,
        bytes(delivery.digest) if delivery.digest else None,
        delivery.event,
        delivery.issue_id,
        json.dumps(delivery.hint),
        delivery.size,
        outcome,
        database.ops.adapt_datetimefield_value(now),
        database.ops.adapt_datetimefield_value(now if outcome else None),
    )
    with database.cursor() as cursor:
        cursor.execute(_STORE, values)
        return bool(cursor.rowcount)


def _is_late(connection: Connection, hint: Hint, now: datetime) -> bool:
    """Whether it is too old, by Jira's clock, and tells of nothing that we have not read."""
    if hint.at is None:
        return False
    skew = timedelta(seconds=float(connection.report.get("skew_seconds", 0)))
    if now + skew - hint.at <= NEWS_FOR:
        return False
    seen_less = Q(issue_stamp__lt=stamp_of(hint.updated)) if hint.updated else Q(pk=None)
    return not _live_links(connection, (hint.issue_id or "",)).filter(seen_less).exists()


def _live_links(connection: Connection, issue_ids: Sequence[str]) -> QuerySet[Link]:
    rows = Link.objects.filter(binding__connection=connection, issue_id__in=issue_ids)
    return rows.exclude(state=LinkState.ENDED)


def _store_and_mark(
    connection: Connection, delivery: Delivery, hint: Hint | None, now: datetime
) -> bool:
    """Have links read their issue, or bindings take a new issue in; False for a repeat."""
    issue_id = hint.issue_id or _issue_of_file(connection, hint) if hint else None
    if hint is None or issue_id is None:
        ends = hint.linked if hint else ()
        live_ends = list(_live_links(connection, ends)) if ends else []
        kept = _store(delivery, now, "passed on" if live_ends else "ignored")
        if kept:
            _pass_on(delivery, live_ends, now)
        return kept
    delivery.issue_id = issue_id
    live = list(_live_links(connection, (issue_id,)).values_list("pk", flat=True))
    strangers = () if live else _takers(connection, hint, issue_id)
    kept = _store(delivery, now, "" if live or strangers else "ignored")
    if kept and live:
        mark_many(LINK, live, lane=connection.lane)
    for binding in strangers if kept else ():
        mark_newcomer(binding, issue_id)
    return kept


def _issue_of_file(connection: Connection, hint: Hint) -> str | None:
    """The issue of a file, which its deliveries do not name (jira.md 7.2); None for a new one.

    Of a new one `jira:issue_updated` tells as well, with its issue.
    """
    child = hint.child
    if child is None or child.kind is not ChildKind.ATTACHMENT:
        return None
    rows = ChildLink.objects.filter(kind=slots.ATTACHMENT, remote_id=child.id)
    of_site = rows.filter(link__binding__connection=connection)
    return of_site.values_list("link__issue_id", flat=True).first()


def _pass_on(delivery: Delivery, ends: Sequence[Link], now: datetime) -> None:
    """A link between issues concerns both: each gets a delivery of its own to judge."""
    for link in ends:
        name = f"{delivery.identifier}/{link.issue_id}"
        copy = Delivery(
            connection=delivery.connection,
            identifier=hashlib.sha256(name.encode()).hexdigest(),
            event=delivery.event,
            issue_id=str(link.issue_id),
            hint=delivery.hint,
        )
        _store(copy, now)
    mark_many(LINK, [link.pk for link in ends], lane=delivery.connection.lane)


def _takers(connection: Connection, hint: Hint, issue_id: str) -> Sequence[Binding]:
    """The two-way bindings that take in issues of the hint's project; paused ones included.

    None of them takes in an issue that was deleted, or whose link has ended.
    """
    ended = Link.objects.filter(binding__connection=connection, issue_id=issue_id)
    if hint.event == DELETED or ended.exists():
        return ()
    here = Q(jira_project_id=hint.project_id or "-") | Q(jira_project_key=hint.project_key or "-")
    found = (
        Binding.objects.select_related("connection")
        .filter(here, connection=connection, direction=Direction.TWO_WAY)
        .exclude(state=BindingState.ENDED)
    )
    return [it for it in found if takes_newcomers(it) and _may_concern(it, hint)]


def _may_concern(binding: Binding, hint: Hint) -> bool:
    """Whether an issue may have come below a project's epic, as far as its changes tell."""
    if binding.project_id is None or not hint.changes:
        return True
    names = {(change.field_id or change.name).casefold() for change in hint.changes}
    return any(it in _OF_PARENTS or it.startswith("customfield_") for it in names)
