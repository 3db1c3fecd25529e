"""Web links between the issue that an item had and the one it has, after it was moved here.

One piece of work for each end, asked for once both issues are known.  Jira keeps one web link of a
name on an issue, so that a step that is repeated after a crash does nothing twice.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction

from duolog.connections.services import client_for
from duolog.core.errors import Refused
from duolog.core.values import Side
from duolog.jira.client import NewWebLink
from duolog.sync.engine.moves import TIED, UNTIED
from duolog.sync.link import record
from duolog.sync.link.causes import Reason, WriteCause
from duolog.sync.marks import TIE
from duolog.sync.models import Link
from duolog.sync.shown.queries import issue_url
from duolog.work.marks import mark
from duolog.work.queue import Job, LeaseLost, finish

FORMER, OWN = "former", "own"
_WORDS: Final = {FORMER: "was moved to", OWN: "was moved from"}


def want_ties(link: Link) -> None:
    """The issue of a moved item is known: both ends are to name each other."""
    former = link.moved_from
    if former is None or former.issue_id is None:
        return
    for end, on in ((FORMER, former), (OWN, link)):
        mark(TIE, f"{link.pk}:{end}", lane=on.binding.connection.lane)


def tie(job: Job) -> None:
    """Put the web link on one of the two issues, or say that Jira refused it.  Raises SyncError."""
    link_id, _, end = job.key.partition(":")
    link = (
        Link.objects.select_related(
            "binding__connection__workplace",
            "moved_from__binding__connection__workplace",
        )
        .filter(pk=int(link_id))
        .first()
    )
    former = link.moved_from if link is not None else None
    if link is None or former is None:
        on, verb = None, ""
    else:
        on, to = (former, link) if end == FORMER else (link, former)
        verb = _put(on, to, link.token, _WORDS[end])
    with transaction.atomic():
        if on is not None:
            record.journal_event(on, Side.REMOTE, verb, Reason(WriteCause.HERE, ""))
        if not finish(job):
            raise LeaseLost


def _put(on: Link, to: Link, token: str, words: str) -> str:
    title = f"{to.issue_key} {to.work_item.title}" if to.work_item else to.issue_key
    new = NewWebLink(f"duolog:moved:{token}", issue_url(to), title[:255], words)
    try:
        client_for(on.binding.connection).links.put_web_link(str(on.issue_id), new)
    except Refused:  # links are turned off there, or the issue is gone: nothing depends on it
        return UNTIED
    return TIED
