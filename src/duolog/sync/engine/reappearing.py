"""Issues that were taken for deleted, and are there after all: they were hidden, or archived.

Jira never tells whether an issue was deleted or is hidden from us (jira.md 6.5), and gives no id a
second time: so one that shows itself again was not deleted, and its link goes on.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from duolog.core.values import Side
from duolog.jira.client import BULK_FETCH
from duolog.sync.basis.scopes import Space
from duolog.sync.engine.moves import TIED, UNTIED, go_on
from duolog.sync.link import record
from duolog.sync.link.causes import WriteCause
from duolog.sync.link.sightings import last_actor
from duolog.sync.models import Binding, Hold, JournalEntry, Link, LinkState
from duolog.workplace.actors import Actor
from duolog.workplace.models import Activity, Cause, WorkItem
from duolog.workplace.services.trash import restore_item


def doubted_links(binding: Binding) -> frozenset[int]:
    """The links whose issue was not to be seen, so that a person is asked what is to follow."""
    asked = Hold.objects.filter(
        link__binding=binding,
        slot_kind=record.DELETION,
        slot_key=Side.REMOTE.value,
        released_at=None,
    )
    return frozenset(asked.values_list("link", flat=True))


def take_up_again(binding: Binding, seen: Collection[str]) -> int:
    """Have the links go on that ended since their issues were not to be seen; how many do."""
    links = Link.objects.filter(binding=binding, state=LinkState.ENDED)
    there = [it for it in links.values_list("issue_id", flat=True) if it in seen]
    parts = (there[start : start + BULK_FETCH] for start in range(0, len(there), BULK_FETCH))
    return sum(
        _go_on(link) for part in parts for link in _vanished(links.filter(issue_id__in=part))
    )


def _vanished(ended: QuerySet[Link]) -> QuerySet[Link]:
    """Those that ended because their issue was gone, by a policy and not by a person's choice."""
    events = JournalEntry.objects.filter(link=OuterRef("pk"), kind="link")
    last = events.exclude(verb__in=[TIED, UNTIED]).order_by("-pk")
    chosen = Hold.objects.filter(
        link=OuterRef("pk"),
        slot_kind=record.DELETION,
        slot_key=Side.REMOTE.value,
        value__in=["delete", "unlink"],
    )
    told = ended.exclude(work_item=None).annotate(
        last_verb=Subquery(last.values("verb")[:1]), last_cause=Subquery(last.values("cause")[:1])
    )
    gone = told.filter(last_verb__in=["deleted", "ended"], last_cause=WriteCause.JIRA)
    return gone.exclude(Exists(chosen))


def _go_on(link: Link) -> bool:
    """False where item or issue went its own way meanwhile: deleted, sent again, taken in beside."""
    with transaction.atomic():
        item = WorkItem.objects.select_for_update().filter(pk=link.work_item_id or 0).first()
        ended = Link.objects.select_for_update().filter(pk=link.pk, state=LinkState.ENDED).first()
        if item is None or ended is None or _goes_its_own_way(item) or _has_another_home(ended):
            return False
        if item.deleted_at is not None:
            restore_item(item.pk, actor=Actor(None, last_actor(()), Cause.SYNC))
        go_on(ended)
    return True


def _has_another_home(ended: Link) -> bool:
    """Whether another binding took the issue in meanwhile: an issue is linked once."""
    beside = Space.of(ended.binding).links().exclude(state=LinkState.ENDED)
    return beside.filter(issue_id=ended.issue_id).exists()


def _goes_its_own_way(item: WorkItem) -> bool:
    if Link.objects.filter(work_item=item).exclude(state=LinkState.ENDED).exists():
        return True
    if item.deleted_at is None:
        return False
    acts = Activity.objects.filter(work_item=item, verb="deleted").order_by("-at", "-pk")
    last = acts.first()
    return last is None or last.cause != Cause.SYNC
