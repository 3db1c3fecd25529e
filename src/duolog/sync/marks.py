"""Marks what is due.  Every trigger ends here; none of them does any work itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from duolog.sync.models import Binding, BindingState, Link, LinkState, OutsideLink, Preview
from duolog.work.marks import BACKGROUND, INTERACTIVE, NORMAL, mark, mark_many
from duolog.workplace.models import Relation

ITEM: Final = "item"  # marked by duolog.workplace with each change
LINK: Final = "link"
CREATE: Final = "create"
EPIC: Final = "epic"
NEWCOMER: Final = "newcomer"
SEND: Final = "send"
FETCH: Final = "fetch"
POLL: Final = "poll"
TIE: Final = "tie"  # one end of the web links after a move: LINK:END
SWEEP: Final = "sweep"
PREVIEW: Final = "preview"  # one preview being made: BINDING:PREVIEW
APPLY: Final = "apply"  # what was approved of one: BINDING:PREVIEW
UNDO: Final = "undo"  # of one run, by its id: BINDING:RUN
COMPARE: Final = "compare"
META: Final = "meta"  # what a binding's project offers is read anew


def mark_links(links: Iterable[Link], *, priority: int = NORMAL) -> None:
    """These links are due.  Each must have its binding and connection loaded."""
    by_lane: dict[str, list[int]] = {}
    for link in links:
        by_lane.setdefault(link.binding.connection.lane, []).append(link.pk)
    for lane, ids in sorted(by_lane.items()):
        mark_many(LINK, ids, lane=lane, priority=priority)


def ask_to_look(link_ids: Iterable[int], *, priority: int = NORMAL) -> None:
    """These links must read Jira again, whatever they believe to know."""
    ids = list(link_ids)
    with transaction.atomic():
        Link.objects.filter(pk__in=ids).update(looks_wanted=F("looks_wanted") + 1)
        mark_links(_live(ids), priority=priority)


def mark_binding(kind: str, binding: Binding, *, priority: int = NORMAL, due_in: float = 0) -> None:
    """Some work of a binding as a whole is due, in the lane of its connection."""
    mark(kind, binding.pk, lane=binding.connection.lane, priority=priority, due_in=due_in)


def ask_to_renew(binding: Binding, *, older_than: timedelta) -> None:
    """What the binding's project offers is to be read anew, if what is known is that old."""
    known_at = binding.meta_fetched_at
    if known_at is None or timezone.now() - known_at > older_than:
        mark_binding(META, binding, priority=BACKGROUND)


def mark_preview(kind: str, preview: Preview, *, priority: int = NORMAL) -> None:
    """A preview is to be made, or what was approved of it is to be carried out."""
    lane = preview.binding.connection.lane
    mark(kind, f"{preview.binding_id}:{preview.pk}", lane=lane, priority=priority)


def mark_newcomer(binding: Binding, issue_id: str, *, due_in: float = 0) -> None:
    """An issue of the binding's project is not linked yet, as far as we know."""
    key = f"{binding.pk}:{issue_id}"
    mark(NEWCOMER, key, lane=binding.connection.lane, priority=NORMAL, due_in=due_in)


def wake_family(links: Iterable[Link]) -> None:
    """Issues were linked: whatever names them as parent, or is related to them, can say so now."""
    linked = [link for link in links if link.work_item_id is not None]
    if not linked:
        return
    _wake_relatives(linked)
    binding_ids = {link.binding_id for link in linked}
    named = {f"jira:{name}" for link in linked for name in (link.issue_id, link.issue_key)}
    differing = Link.objects.filter(
        state__in=[LinkState.DIFFERS, LinkState.CONFLICT, LinkState.HELD]
    )
    children = differing.filter(work_item__parent__in=[link.work_item_id for link in linked])
    orphans = [
        link.pk
        for link in differing.filter(binding__in=binding_ids)
        if any(d["jira"] in named for d in link.differences)
    ]
    ask_to_look({*children.values_list("pk", flat=True), *orphans})


def _wake_relatives(linked: Sequence[Link]) -> None:
    """Items related to theirs, and issues linked with theirs, look again."""
    items = [link.work_item_id for link in linked]
    pairs = Relation.objects.filter(Q(from_item__in=items) | Q(to_item__in=items))
    others = {item for pair in pairs.values_list("from_item", "to_item") for item in pair}
    named = OutsideLink.objects.filter(issue_id__in=[link.issue_id for link in linked])
    here = {link.binding.connection.base_url for link in linked}
    waiting = Link.objects.filter(
        Q(work_item__in=others.difference(items)) | Q(outside_links__in=named),
        binding__connection__base_url__in=here,
    )
    ask_to_look(waiting.exclude(state=LinkState.CREATING).values_list("pk", flat=True).distinct())


def _live(ids: Iterable[int]) -> Iterable[Link]:
    return (
        Link.objects.select_related("binding__connection")
        .filter(pk__in=list(ids), binding__state=BindingState.ACTIVE)
        .exclude(state=LinkState.ENDED)
    )


__all__ = [
    "APPLY",
    "BACKGROUND",
    "COMPARE",
    "CREATE",
    "EPIC",
    "FETCH",
    "INTERACTIVE",
    "ITEM",
    "LINK",
    "META",
    "NEWCOMER",
    "NORMAL",
    "POLL",
    "PREVIEW",
    "SEND",
    "SWEEP",
    "TIE",
    "UNDO",
    "ask_to_look",
    "ask_to_renew",
    "mark_binding",
    "mark_links",
    "mark_newcomer",
    "mark_preview",
    "wake_family",
]
