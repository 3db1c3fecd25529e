"""How links end: one side was deleted, and the other follows, stays, or waits for a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from duolog.core.errors import Gone, Refused, Retryable, Unseen
from duolog.core.lifecycle import Fate, OnDelete, fate_of_survivor, too_many_deletions
from duolog.core.values import Side, Slot
from duolog.jira.replica import RemoteReplica
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.seeing import stop_if_hidden
from duolog.sync.engine.lost_ends import free_relations_with
from duolog.sync.engine.moves import is_unseen_since_it_is_back
from duolog.sync.link import record
from duolog.sync.link.baseline import load_base
from duolog.sync.link.causes import reason_of_end
from duolog.sync.link.children import LinkGround
from duolog.sync.link.sightings import deletions_in, last_actor
from duolog.sync.local.replica import LocalReplica
from duolog.sync.models import Delivery, Hold, JournalEntry, Link, LinkState
from duolog.workplace.actors import Actor
from duolog.workplace.models import Cause, WorkItem
from duolog.workplace.services.trash import delete_item

_DAY: Final = timedelta(days=1)


def conclude(
    link: Link,
    ground: Ground,
    error: Gone | Unseen,
    *,
    news: Sequence[Delivery],
    fence: Callable[[], None],
) -> None:
    """One side is not there: settle what becomes of the link, with evidence or not at all."""
    try:
        gone = _deleted_side(link, ground, error, news)
        fate = _fate_there(link, ground) if gone is Side.LOCAL else None
    except Refused as refusal:
        stop_for_a_person(link, refusal, news=news, fence=fence)
        return
    if gone is None:
        stop_for_a_person(link, Refused(str(error), hint=error.hint), news=news, fence=fence)
        return
    with transaction.atomic():
        record.lock_link(link)
        _lock_item(link, gone)
        fate = fate or _fate(link, ground, gone.other)
        free_relations_with(link)
        _carry_out(link, gone, fate, actor=last_actor(deletions_in(news)), news=news)
        fence()


def stop_for_a_person(
    link: Link, error: Refused, *, news: Sequence[Delivery], fence: Callable[[], None]
) -> None:
    """The whole link waits: Jira refuses even to show the issue."""
    with transaction.atomic():
        record.lock_link(link)
        record.hold(link, error)
        _close(link, LinkState.HELD, str(error), news)
        fence()


def _deleted_side(
    link: Link, ground: Ground, error: Gone | Unseen, news: Sequence[Delivery]
) -> Side | None:
    """The side that certainly was deleted; None where it may only be hidden from us."""
    if isinstance(error, Gone):
        return Side.LOCAL
    if deletions_in(news):
        return Side.REMOTE
    if not _was_seen_by_this_account(link, ground):
        return None
    if stop_if_hidden(ground):
        raise Retryable("Jira hides the whole project from us; nothing was changed.")
    return Side.REMOTE


def _was_seen_by_this_account(link: Link, ground: Ground) -> bool:
    """Whether we know that the account could see the issue: another one may never have."""
    since = ground.binding.connection.account_since
    if since is None:
        return True
    return link.state != LinkState.HELD and link.synced_at is not None and link.synced_at > since


def _fate_there(link: Link, ground: Ground) -> Fate:
    """What becomes of the issue; when it is to go, it is gone afterwards.  Raises Refused."""
    fate = _fate(link, ground, Side.REMOTE)
    if fate is Fate.DELETE:
        with transaction.atomic():
            _lock_item(link, Side.LOCAL)
        _delete_issue(ground, link)
    return fate


def _lock_item(link: Link, gone: Side) -> None:
    """Let nobody delete, restore or edit the item.  Raises Retryable if it was just done."""
    item = WorkItem.objects.select_for_update().filter(pk=link.work_item_id or 0).first()
    is_deleted = item is None or item.deleted_at is not None
    if is_deleted != (gone is Side.LOCAL):
        raise Retryable("The work item was deleted or restored just now; we look again.")


def _fate(link: Link, ground: Ground, survivor: Side) -> Fate:
    decided = _decision(link, survivor.other)
    if decided is not None:
        return decided
    binding = ground.binding
    wish = binding.on_delete_jira if survivor is Side.REMOTE else binding.on_delete_here
    around = LinkGround(ground, link)
    try:
        if survivor is Side.LOCAL:
            snapshot = LocalReplica(ground, around, link).observe()
        else:
            snapshot = RemoteReplica(ground.client, str(link.issue_id), around).observe()
    except (Gone, Unseen):
        return Fate.KEEP  # neither side is there: nothing is left to decide about
    if _is_asked(link, survivor.other):
        return Fate.ASK  # whatever policy and guard say by now: the answer is a person's
    fate = fate_of_survivor(load_base(link), snapshot, survivor, on_delete=OnDelete(wish))
    is_wrong_way = survivor is Side.LOCAL and not binding.is_two_way
    is_doubtful = is_wrong_way or is_unseen_since_it_is_back(link) or _too_many(link)
    return Fate.ASK if fate is Fate.DELETE and is_doubtful else fate


def _questions(link: Link, gone: Side) -> QuerySet[Hold]:
    return Hold.objects.filter(link=link, slot_kind=record.DELETION, slot_key=gone.value)


def _is_asked(link: Link, gone: Side) -> bool:
    return _questions(link, gone).filter(released_at=None).exists()


def _decision(link: Link, gone: Side) -> Fate | None:
    """What a person chose for this very deletion, if one did."""
    answered = _questions(link, gone).exclude(released_at=None).order_by("-released_at").first()
    if answered is None or _is_asked(link, gone):
        return None
    return {"delete": Fate.DELETE, "unlink": Fate.KEEP}.get(str(answered.value))


def _too_many(link: Link) -> bool:
    """Whether one more is too many of the links there were a day ago; long ended ones are none."""
    recent = JournalEntry.objects.filter(
        binding=link.binding_id, verb="deleted", kind="link", undoes=None,
        at__gt=timezone.now() - _DAY,
    ).count()  # fmt: skip
    live = Link.objects.filter(binding=link.binding_id).exclude(state=LinkState.ENDED).count()
    return too_many_deletions(recent + 1, live + recent)


def _delete_issue(ground: Ground, link: Link) -> None:
    try:
        ground.client.issues.delete(str(link.issue_id))
    except Unseen:
        return  # an earlier try did it


def _carry_out(link: Link, gone: Side, fate: Fate, *, actor: str, news: Sequence[Delivery]) -> None:
    match fate:
        case Fate.ASK:
            _ask(link, gone)
            _close(link, LinkState.HELD, record.reason_of(link), news)
        case Fate.KEEP:
            record.journal_event(link, gone, "ended", reason_of_end(link, gone, actor))
            _end(link, news)
        case Fate.DELETE:
            if gone is Side.REMOTE and link.work_item_id is not None:
                delete_item(link.work_item_id, actor=Actor(None, actor, Cause.SYNC))
            record.journal_event(link, gone.other, "deleted", reason_of_end(link, gone, actor))
            _end(link, news)


def _ask(link: Link, gone: Side) -> None:
    """Jira never tells whether an issue was deleted or is hidden from us alone (jira.md 6.5)."""
    item = link.work_item.key if link.work_item else "The work item"
    if gone is Side.LOCAL:
        question = Refused(
            f"{item} was deleted here; {link.issue_key} is still there.",
            hint=f"Choose whether {link.issue_key} is deleted too, stays on its own, or {item} "
            "comes back from the trash.",
        )
    else:
        question = Refused(
            f"{link.issue_key} was deleted in Jira, or is hidden from the service account; {item} "
            "is still there.",
            hint=f"Choose whether {item} is deleted too, stays on its own, or {link.issue_key} is "
            "made anew in Jira. If it is only hidden, have a Jira admin show it again: then all "
            "goes on, and nothing has to be chosen.",
        )
    record.hold(link, question, slot=Slot(record.DELETION, gone.value))


def _end(link: Link, news: Sequence[Delivery]) -> None:
    now = timezone.now()
    Hold.objects.filter(link=link, released_at=None).update(released_at=now)
    link.conflicts.filter(settled_at=None).update(settled_at=now)
    link.ended_at = now
    link.save(update_fields=["ended_at"])
    _close(link, LinkState.ENDED, "", news)


def _close(link: Link, state: LinkState, reason: str, news: Sequence[Delivery]) -> None:
    Delivery.objects.filter(pk__in=[d.pk for d in news]).update(
        taken_at=timezone.now(), outcome="looked"
    )
    link.state, link.reason, link.synced_at = state, reason, timezone.now()
    link.looks_done = link.looks_wanted
    link.save(update_fields=["state", "reason", "synced_at", "looks_done"])
