"""Undo of what the sync wrote: one write, one item, one run.

Taking a write back is an edit here, made by the person who asks for it: our side gets the value
from before, the base stays, and so the next pass carries it to Jira like any other edit.  Jira is
looked at first, so that nothing newer is ever overwritten; what does not fit is kept, with words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from duolog.core import fields as slots
from duolog.core.errors import Gone, Retryable, Unseen
from duolog.core.reconcile import Change
from duolog.core.undo import Obstacle, Past, Verdict, final, take_back
from duolog.core.values import ABSENT, Side, Slot, Snapshot
from duolog.jira.replica import RemoteReplica
from duolog.jira.wire import Issue
from duolog.people.errors import DomainError, Outdated
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.scopes import directions_of
from duolog.sync.link import record
from duolog.sync.link.baseline import from_json, load_base, to_json
from duolog.sync.link.causes import WriteCause
from duolog.sync.link.children import LinkGround
from duolog.sync.local.replica import LocalReplica
from duolog.sync.models import JournalEntry, Link, LinkState, Run
from duolog.sync.undo.wholes import DONE, KINDS_OF_WHOLE, UNDOABLE, undo_whole
from duolog.workplace.actors import Actor
from duolog.workplace.services.attachments import restore_attachment
from duolog.workplace.services.comments import edit_comment, restore_comment

WORDS: Final[Mapping[Obstacle, str]] = {
    Obstacle.MOVED_HERE: "It was changed here since, so the former value is not put over it.",
    Obstacle.MOVED_THERE: "It was changed in Jira since, so the former value is not put over it.",
    Obstacle.BORN_WITH: "It was made with this; undo the making of it instead.",
    Obstacle.NO_COUNTERPART: "What Jira held before has no counterpart here. Set it in Jira.",
    Obstacle.READ_ONLY: "This follows Jira alone. Change it there.",
}
ENDED: Final = "The item and the issue no longer follow each other. Change each where it is."
KEPT_BACK: Final = "This is only for some people in Jira by now, so it does not cross."
NOT_THERE: Final = "One of the two sides is not there any more."


@dataclass(frozen=True, slots=True)
class Kept:
    """A write that was not undone, and why."""

    entry: JournalEntry
    why: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the writes that were to be undone."""

    undone: tuple[JournalEntry, ...] = ()
    kept: tuple[Kept, ...] = ()

    @classmethod
    def none(cls, entries: Iterable[JournalEntry], why: str) -> Result:
        """Not one of them was undone."""
        return cls(kept=tuple(Kept(entry, why) for entry in entries))


def undo_write(by: Member, entry: JournalEntry) -> Result:
    """Undo one write.  Raises Outdated with the reason where that is not possible, SyncError."""
    result = _undo(by, [entry])
    if result.kept:
        raise Outdated(result.kept[0].why)
    return result


def undo_item(by: Member, link: Link, *, since: datetime | None = None) -> Result:
    """Undo all writes of an item since a moment, or those of its last pass.

    Raises Outdated where not one of them could be undone.
    """
    result = _undo(by, writes_of(link, since=since))
    if not result.undone:
        why = result.kept[0].why if result.kept else "The sync has written nothing that is left."
        raise Outdated(why)
    return result


def writes_of(link: Link, *, since: datetime | None = None) -> Sequence[JournalEntry]:
    """What the sync wrote of an item and nobody undid, newest first."""
    rows = JournalEntry.objects.filter(link=link, undone_at=None).order_by("-pk")
    if since is not None:
        return list(rows.filter(at__gte=since))
    latest = rows.first()
    return [] if latest is None else list(rows.filter(at=latest.at))


def may_be_undone(entry: JournalEntry) -> bool:
    """Whether an undo may be asked for; whether it fits is only known by looking."""
    if entry.undone_at is not None or entry.link_id is None:
        return False
    if entry.kind in KINDS_OF_WHOLE:
        return (entry.verb, entry.side) in UNDOABLE
    if entry.kind == slots.COMMENT and entry.before is None and entry.after is None:
        return False  # forgotten: Jira restricted the comment
    if entry.verb == record.RESTRICTED:
        return False
    return entry.before != to_json(ABSENT) or entry.kind != "field"


def _undo(by: Member, entries: Sequence[JournalEntry]) -> Result:
    if not entries:
        return Result()
    link = _whole(entries[0])
    if link is None:
        return Result.none(entries, ENDED)
    require(by, right_for(entries), team=link.binding.team)
    return undo_of_link(by, Ground(link.binding), link, entries)


def right_for(entries: Iterable[JournalEntry]) -> Right:
    """What undoing takes: whoever deletes or brings back a whole item may bind, too."""
    is_whole = any(entry.kind in KINDS_OF_WHOLE for entry in entries)
    return Right.BIND if is_whole else Right.SETTLE


def _whole(entry: JournalEntry) -> Link | None:
    return (
        Link.objects.select_related(
            "binding__connection__workplace", "binding__team__workplace", "work_item__team"
        )
        .filter(pk=entry.link_id or 0)
        .first()
    )


def undo_of_link(
    by: Member,
    ground: Ground,
    link: Link,
    entries: Sequence[JournalEntry],
    issue: Issue | None = None,
    *,
    run: Run | None = None,
) -> Result:
    """Undo these writes of one link, given newest first.  Rights are the caller's to ask for.

    `issue` is the issue where it has just been read, `run` the run that undoes.  Raises SyncError where Jira cannot be asked.
    """
    whole = [entry for entry in entries if entry.kind in KINDS_OF_WHOLE]
    if whole:
        why = undo_whole(by, ground, link, whole[-1], run=run)
        if why:
            return Result.none(entries, why)
        rest = [entry.pk for entry in entries if entry.undone_at is None]
        JournalEntry.objects.filter(pk__in=rest, undone_at=None).update(
            undone_at=timezone.now(), undone_by=by
        )
        return Result(undone=tuple(entries))
    if link.state == LinkState.ENDED or not link.issue_id:
        return Result.none(entries, ENDED)
    return _undo_slots(by, ground, link, entries, issue, run)


def _undo_slots(
    by: Member,
    ground: Ground,
    link: Link,
    entries: Sequence[JournalEntry],
    issue: Issue | None,
    run: Run | None,
) -> Result:
    around = LinkGround(ground, link)
    remote = RemoteReplica(ground.client, str(link.issue_id), around)
    try:
        there = remote.observe() if issue is None else remote.take(issue)
    except Unseen:
        return Result.none(entries, NOT_THERE)
    with transaction.atomic():
        try:
            record.lock_link(link)
            local = LocalReplica(ground, around, link)
            here = local.observe_locked(Slot(it.kind, it.key) for it in entries)
        except (Gone, Retryable):
            return Result.none(entries, NOT_THERE)
        return _Undoing(by, link, around, local, here, there, run).carry_out(entries)


@dataclass(frozen=True, slots=True)
class _Undoing:
    """One link under lock, as both sides hold it, and who undoes."""

    by: Member
    link: Link
    around: LinkGround
    local: LocalReplica
    here: Snapshot
    there: Snapshot
    run: Run | None

    def carry_out(self, entries: Sequence[JournalEntry]) -> Result:
        """Judge, write here, and note what was undone; in the caller's transaction."""
        fresh = self._not_undone(entries)
        judged = self._judge(fresh)
        wanted = final(self._changes(judged), self.here)
        refused = self._write(wanted)
        kept = [Kept(entry, DONE) for entry in entries if entry not in fresh]
        undone = []
        for entry, verdict in judged:
            slot = Slot(entry.kind, entry.key)
            if isinstance(verdict, Obstacle):
                kept.append(Kept(entry, WORDS[verdict]))
            elif slot in refused:
                kept.append(Kept(entry, refused[slot]))
            else:
                undone.append(entry)
        self._note(undone, {change.slot: change for change in wanted})
        return Result(tuple(undone), tuple(kept))

    def _not_undone(self, entries: Sequence[JournalEntry]) -> list[JournalEntry]:
        """Those that nobody undid meanwhile; the link's lock lets one ask at a time."""
        ids = [entry.pk for entry in entries]
        rows = JournalEntry.objects.filter(pk__in=ids, undone_at=None).order_by("-pk")
        return list(rows)

    def _judge(self, entries: Sequence[JournalEntry]) -> list[tuple[JournalEntry, Verdict]]:
        pasts = [
            Past(
                Side(entry.side),
                Slot(entry.kind, entry.key),
                from_json(entry.before),
                from_json(entry.after),
            )
            for entry in entries
        ]
        base = load_base(self.link)
        sides = directions_of(self.link.binding).sides
        verdicts = take_back(pasts, base, self.here, self.there, writable=sides)
        return list(zip(entries, verdicts, strict=True))

    def _changes(self, judged: Iterable[tuple[JournalEntry, Verdict]]) -> list[Change]:
        return [verdict for _, verdict in judged if isinstance(verdict, Change)]

    def _write(self, changes: Sequence[Change]) -> dict[Slot, str]:
        """Give our side its former values; what it will not take, with the reason."""
        refused: dict[Slot, str] = {}
        plain = []
        for change in changes:
            if self.around.is_restricted(change.slot):
                refused[change.slot] = KEPT_BACK
            elif not self._is_return(change):
                plain.append(change)
            elif why := self._bring_back(change):
                refused[change.slot] = why
        written = self.local.write(plain, actor=Actor.of(self.by))
        return refused | {slot: str(error) for slot, error in written.refused.items()}

    def _is_return(self, change: Change) -> bool:
        """Whether a child of the item that was deleted is to come back."""
        is_child = change.slot.kind in slots.CHILDREN
        return is_child and change.expected is ABSENT and change.value is not ABSENT

    def _bring_back(self, change: Change) -> str:
        row = self.around.row(change.slot.key)
        actor = Actor.of(self.by)
        try:
            if row.local_id is None or change.slot.kind == slots.WORKLOG:
                return "It is not kept here any more, so it cannot come back."
            if change.slot.kind == slots.ATTACHMENT:
                restore_attachment(row.local_id, actor=actor)
            else:
                restore_comment(row.local_id, actor=actor)
                text = self.around.files.to_here(str(change.value))
                edit_comment(row.local_id, text, actor=actor)
        except DomainError as error:
            return str(error)
        return ""

    def _note(self, undone: Sequence[JournalEntry], written: Mapping[Slot, Change]) -> None:
        """Mark what was undone, once, and journal the one edit of each slot that did it."""
        now = timezone.now()
        JournalEntry.objects.filter(pk__in=[entry.pk for entry in undone]).update(
            undone_at=now, undone_by=self.by
        )
        first = {Slot(entry.kind, entry.key): entry for entry in undone}  # the oldest stands last
        JournalEntry.objects.bulk_create(
            JournalEntry(
                binding_id=self.link.binding_id,
                link=self.link,
                side=Side.LOCAL.value,
                kind=slot.kind,
                key=slot.key,
                before=to_json(written[slot].expected),
                after=to_json(written[slot].value),
                actor=self.by.name,
                cause=WriteCause.UNDO,
                undoes=entry,
                run=self.run,
                at=now,
            )
            for slot, entry in first.items()
        )
