"""Every write to worklogs.  Each counts as a change of the work item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone

from duolog.core.durations import render_seconds
from duolog.people.errors import Forbidden, NotFound, Stale
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.people.tokens import Clock
from duolog.worklogs.changes import NewWorklog, read_edits, read_new, words_of
from duolog.worklogs.models import Worklog
from duolog.worklogs.own.acts import Act, begin_here
from duolog.workplace.actors import Actor
from duolog.workplace.lookups import lock_item, reachable
from duolog.workplace.models import WorkItem
from duolog.workplace.record import Entry, record

_AUTHOR_MAX: Final = 160


@transaction.atomic
def log_time_once(item_id: int, new: NewWorklog, act: Act, *, member: Member) -> Worklog | None:
    """An entry of the member; None where this act made it before.

    Raises SaidOtherwise where it made another one.
    """
    return log_time(item_id, new, actor=Actor.of(member)) if begin_here(member, act) else None


@transaction.atomic
def log_time(item_id: int, new: NewWorklog, *, actor: Actor) -> Worklog:
    """An entry of the acting member, in whole minutes."""
    item = lock_item(item_id, actor, Right.LOG_TIME)
    values = read_new(None, new)
    worklog = Worklog.objects.create(work_item=item, member=actor.member, **values)
    _record(item, Entry("time logged", after=words_of(values)), actor, more=worklog.seconds)
    return worklog


@transaction.atomic
def take_in(
    item_id: int,
    new: NewWorklog,
    *,
    author: Member | None,
    author_name: str = "",
    actor: Actor,
) -> Worklog:
    """An entry that somebody else's words tell of, with its seconds as they are.

    Under the member who spent the time, or else the name of whoever it was.
    """
    item = lock_item(item_id, actor, Right.LOG_TIME)
    exact = new.seconds if isinstance(new.seconds, int) else None
    values = read_new(exact, new)
    worklog = Worklog.objects.create(
        work_item=item,
        member=author,
        author_name="" if author else author_name[:_AUTHOR_MAX],
        **values,
    )
    record(item, [Entry("time logged", after=words_of(values))], actor)
    return worklog


@transaction.atomic
def edit_worklog(
    worklog_id: int,
    changes: Mapping[str, object],
    *,
    actor: Actor,
    expected_version: int | None = None,
) -> Worklog:
    """Store what differs of one's own entry; where nothing does, nothing is written.

    Fields: started, seconds (or a text such as 1h 30m), comment, zone.  What is not named, or
    named as it is, stays to the second.
    """
    worklog = _lock(worklog_id, actor)
    _require_own(worklog, actor)
    if expected_version not in (None, worklog.version):
        raise Stale("This entry was changed meanwhile.", version=worklog.version)
    exact = changes.get("seconds") if actor.is_sync else worklog.seconds
    values = read_edits(exact if isinstance(exact, int) else None, changes)
    different = {name: it for name, it in values.items() if getattr(worklog, name) != it}
    if not different:
        return worklog
    before, lasted = _told(worklog), worklog.seconds
    for name, value in different.items():
        setattr(worklog, name, value)
    _store(worklog, *different)
    edited = Entry("time edited", "", before, _told(worklog))
    _record(worklog.work_item, edited, actor, more=worklog.seconds - lasted)
    return worklog


@transaction.atomic
def delete_worklog(worklog_id: int, *, actor: Actor, clock: Clock = timezone.now) -> Worklog:
    """Take one's own entry away; admins may take away anybody's.  It can be restored."""
    worklog = _lock(worklog_id, actor)
    _require_authority(worklog, actor)
    worklog.deleted_at, worklog.deleted_by = clock(), actor.member
    _store(worklog, "deleted_at", "deleted_by")
    deleted = Entry("time deleted", before=_told(worklog))
    _record(worklog.work_item, deleted, actor, more=-worklog.seconds)
    return worklog


@transaction.atomic
def restore_worklog(worklog_id: int, *, actor: Actor) -> Worklog:
    """Have a deleted entry on its item again, as it was."""
    worklog = _lock(worklog_id, actor, deleted=True)
    _require_authority(worklog, actor)
    worklog.deleted_at, worklog.deleted_by = None, None
    _store(worklog, "deleted_at", "deleted_by")
    restored = Entry("time restored", after=_told(worklog))
    _record(worklog.work_item, restored, actor, more=worklog.seconds)
    return worklog


def _lock(worklog_id: int, actor: Actor, *, deleted: bool = False) -> Worklog:
    """The entry, deleted or not as asked, with its work item locked."""
    rows = Worklog.objects.select_related("member__user")
    reached = reachable(rows, actor, "work_item__team__workplace_id")
    item_id = reached.filter(pk=worklog_id).values_list("work_item_id", flat=True).first()
    item = lock_item(item_id, actor, Right.LOG_TIME) if item_id else None
    worklog = reached.filter(pk=worklog_id, deleted_at__isnull=not deleted).first()
    if item is None or worklog is None:
        raise NotFound("There is no such entry of time.")
    worklog.work_item = item
    return worklog


def _store(worklog: Worklog, *fields: str) -> None:
    worklog.version += 1
    worklog.save(update_fields=[*fields, "version", "updated_at"])


def _record(item: WorkItem, entry: Entry, actor: Actor, *, more: int) -> None:
    """Count it as a change of the item, of which `more` seconds were spent than before.

    What remains of the estimate follows what people do, never below nothing; what comes from
    Jira leaves it, since Jira tells of it by itself.
    """
    if actor.is_sync or item.remaining_seconds is None or not more:
        record(item, [entry], actor)
        return
    item.remaining_seconds = max(0, item.remaining_seconds - more)
    record(item, [entry], actor, fields=["remaining_seconds"])


def _told(worklog: Worklog) -> str:
    return words_of(
        {"started_at": worklog.started_at, "zone": worklog.zone, "seconds": worklog.seconds}
    )


def _is_own(worklog: Worklog, actor: Actor) -> bool:
    own = actor.member is not None and worklog.member_id == actor.member.pk
    return own or actor.is_sync


def _require_own(worklog: Worklog, actor: Actor) -> None:
    if not _is_own(worklog, actor):
        raise Forbidden(f"{worklog.author} logged this time; nobody else can change it.")


def _require_authority(worklog: Worklog, actor: Actor) -> None:
    if _is_own(worklog, actor):
        return
    try:
        actor.must(Right.MODERATE, team=worklog.work_item.team)
    except Forbidden as error:
        lasted = render_seconds(worklog.seconds)
        raise Forbidden(f"{worklog.author} logged these {lasted}. {error}") from error
