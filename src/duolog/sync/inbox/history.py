"""What the sync did and what people settled, told in words.  Changes nothing, asks Jira nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from duolog.core.values import Slot
from duolog.people.models import Workplace
from duolog.sync.inbox.settling import writes_of
from duolog.sync.link.baseline import from_json
from duolog.sync.link.record import DELETION, RESTRICTED
from duolog.sync.link.words import SETS, Words, is_text, slot_name
from duolog.sync.models import Conflict, Delivery, Hold, JournalEntry, Link, LinkState
from duolog.sync.undo.writes import may_be_undone
from duolog.workplace.models import Activity, Cause

MOST_SETTLED: Final = 100
_LONGEST: Final = 80
_OF_WHOLE: Final[Mapping[tuple[str, str], str]] = {
    ("remote", "created"): "Made the issue in Jira",
    ("local", "created"): "Made the work item here",
    ("remote", "deleted"): "Deleted the issue in Jira",
    ("local", "deleted"): "Deleted the work item here",
    ("local", "restored"): "Brought back the work item here",
    ("local", "revived"): "The item follows its issue again",
    ("remote", "followed"): "The item was moved to another team; its issue goes on with it",
    ("remote", "parted"): "The item was moved to another team; the issue stays on its own",
    ("local", "moved"): "The issue was moved in Jira; the work item went with it",
    ("remote", "tied"): "Put a web link between the issues before and after the move",
    ("remote", "untied"): "Jira did not take the web link between the issues before and after",
    ("remote", "ended"): "The issue is gone; the item stays on its own",
    ("local", "ended"): "The item is gone; the issue stays on its own",
}
_WINNERS: Final[Mapping[str, str]] = {
    "local": "what was here was kept",
    "remote": "what Jira holds was kept",
    "merged": "both were merged",
    "value": "a third value was chosen",
    "": "both sides came to agree",
}
_DECIDED: Final[Mapping[tuple[str, str], str]] = {
    ("local", "delete"): "The issue was to be deleted, too.",
    ("local", "unlink"): "The issue was kept, unlinked.",
    ("local", "restore"): "The item was brought back.",
    ("remote", "delete"): "The item was to be deleted, too.",
    ("remote", "unlink"): "The item was kept, unlinked.",
    ("remote", "restore"): "The issue was to be made anew.",
}
"""What was decided, by the side that was deleted; forgotten once both are there again."""
_BACK: Final = "Both are there again."


@dataclass(frozen=True, slots=True)
class Line:
    """One write in words.  `is_sent` tells whether it went to Jira or came from there."""

    at: datetime
    is_sent: bool
    words: str
    actor: str
    entry_id: int = 0
    may_undo: bool = False
    undone_by: str = ""


def lines_of(entries: Iterable[JournalEntry], words: Words) -> tuple[Line, ...]:
    """Journal entries of one binding, in the order given."""
    return tuple(
        Line(
            entry.at,
            entry.side == "remote",
            _told(entry, words),
            entry.actor,
            entry.pk,
            may_be_undone(entry),
            entry.undone_by.name if entry.undone_at and entry.undone_by else "",
        )
        for entry in entries
    )


def _told(entry: JournalEntry, words: Words) -> str:
    if entry.kind == "link":
        return whole_words(entry)
    name = slot_name(entry.kind, entry.key)
    if entry.verb == RESTRICTED:
        return f"{name} taken away here: it was restricted in Jira"
    after = words.say(Slot(entry.kind, entry.key), from_json(entry.after))
    if entry.kind in SETS:
        return f"{name} {'removed' if after == 'Not there' else 'added'}"
    if is_text(entry.kind, entry.key):
        return f"{name} deleted" if after == "Not there" else f"{name} written"
    return f"{name} set to {_short(after)}"


def whole_words(entry: JournalEntry) -> str:
    """What was done to a whole side."""
    return _OF_WHOLE.get((entry.side, entry.verb), entry.verb.capitalize())


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


@dataclass(frozen=True, slots=True)
class Seen:
    """Who last changed something on one side, and when, as far as known."""

    who: str = ""
    at: datetime | None = None


def last_here(link: Link) -> Mapping[str, Seen]:
    """Who last changed each field of the item here, by the field's name."""
    rows = Activity.objects.filter(work_item=link.work_item_id).exclude(cause=Cause.SYNC)
    return {
        row.field: Seen(row.actor_name, row.at) for row in rows.order_by("at", "pk") if row.field
    }


def last_there(link: Link) -> Seen:
    """Who last changed the issue in Jira, as its deliveries tell."""
    rows = Delivery.objects.filter(
        connection=link.binding.connection_id, issue_id=link.issue_id or "-"
    ).exclude(outcome="echo")
    latest = rows.order_by("-received_at", "-pk").first()
    if latest is None or not latest.hint.get("actor"):
        return Seen()
    return Seen(str(latest.hint["actor"]), latest.received_at)


def waiting_entry(link: Link) -> str:
    """The id of the inbox entry in which this link waits for a person, or empty."""
    hold = Hold.objects.filter(link=link, released_at=None).order_by("opened_at").first()
    if hold is not None:
        return f"hold-{hold.pk}"
    is_open = Conflict.objects.filter(link=link, settled_at=None).exists()
    return f"conflict-{link.pk}" if is_open else ""


@dataclass(frozen=True, slots=True)
class Settled:
    """Something that waited for a person and no longer does."""

    at: datetime
    title: str
    item_key: str
    issue_key: str
    words: str
    by: str
    is_merge: bool = False
    conflict_id: int = 0


def list_settled(workplace: Workplace) -> Sequence[Settled]:
    """The latest settled conflicts and released holds of a workplace, newest first."""
    conflicts = (
        Conflict.objects.select_related("link__work_item", "settled_by__user")
        .filter(settled_at__isnull=False, link__binding__team__workplace=workplace)
        .order_by("-settled_at")[:MOST_SETTLED]
    )
    holds = (
        Hold.objects.select_related("link__work_item")
        .filter(released_at__isnull=False, link__binding__team__workplace=workplace)
        .order_by("-released_at")[:MOST_SETTLED]
    )
    settled = list(conflicts)
    writes = writes_of(settled)
    found = [_settled_conflict(row, writes[row.pk]) for row in settled]
    found += map(_released_hold, holds)
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:MOST_SETTLED]


def _settled_conflict(row: Conflict, writes: Sequence[JournalEntry]) -> Settled:
    was_undone = any(entry.undone_at for entry in writes)
    outcome = _WINNERS.get(row.winner, row.winner) + (", and undone since" if was_undone else "")
    return Settled(
        at=row.settled_at or row.noticed_at,
        title=_title(row.link),
        item_key=_key(row.link),
        issue_key=row.link.issue_key,
        words=f"{slot_name(row.kind, row.key)}: {outcome}",
        by=row.settled_by.name if row.settled_by else "",
        is_merge=row.winner == "merged",
        conflict_id=row.pk if row.winner and not was_undone else 0,
    )


def _released_hold(row: Hold) -> Settled:
    return Settled(
        at=row.released_at or row.tried_at,
        title=_title(row.link),
        item_key=_key(row.link),
        issue_key=row.link.issue_key,
        words=_with_decision(row),
        by="",
    )


def _with_decision(hold: Hold) -> str:
    if hold.slot_kind != DELETION:
        return hold.reason
    is_back = hold.value is None and hold.link.state != LinkState.ENDED
    decided = _DECIDED.get((hold.slot_key, str(hold.value)), _BACK if is_back else "")
    return f"{hold.reason} {decided}".strip()


def _title(link: Link) -> str:
    return link.work_item.title if link.work_item else link.issue_key


def _key(link: Link) -> str:
    return link.work_item.key if link.work_item else ""
