"""What pages, API and command line show of synchronisation.  Changes nothing, asks Jira nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from duolog.connections.models import Connection
from duolog.people.errors import NotFound
from duolog.people.models import Member, Workplace
from duolog.sync.basis.scopes import binding_of_team
from duolog.sync.marks import ITEM, LINK
from duolog.sync.models import (
    Binding,
    BindingState,
    Conflict,
    Delivery,
    Hold,
    JournalEntry,
    Link,
    LinkState,
)
from duolog.sync.shown.overview import has_stopped, trouble_of
from duolog.work.queries import Pending, pending
from duolog.workplace.models import Team, WorkItem

DUE: Final = "due"
PAUSED: Final = "paused"
LATEST: Final = 20


@dataclass(frozen=True, slots=True)
class Badge:
    """How a work item stands with its issue: one of in_step, due, held, conflict, differs,
    paused, ended.  `next_try_in` are seconds, where a failed try is to be repeated."""

    link_id: int
    state: str
    issue_id: str
    issue_key: str
    issue_url: str
    reason: str
    synced_at: datetime | None
    next_try_in: float | None = None


def badges(item_ids: Iterable[int]) -> Mapping[int, Badge]:
    """The badge of each of these items that is or was linked, by item."""
    links = (
        Link.objects.select_related("binding__connection")
        .filter(work_item__in=list(item_ids))
        .order_by("pk")
    )
    by_life = sorted(links, key=lambda link: link.state != LinkState.ENDED)
    found = {int(link.work_item_id or 0): link for link in by_life}  # the live or latest one
    waiting = _waiting(found.values())
    return {pk: _badge(link, waiting.get(link.pk)) for pk, link in found.items()}


def badge_of(item: WorkItem) -> Badge | None:
    """The badge of one item."""
    return badges([item.pk]).get(item.pk)


def badge_of_link(link: Link) -> Badge:
    """The badge of one link, its item linked anew since or gone."""
    return _badge(link, _waiting([link]).get(link.pk))


def _waiting(links: Collection[Link]) -> Mapping[int, Pending]:
    """What is to be done for each link: known already, or about to be, as its item has changed."""
    known = pending(LINK, [link.pk for link in links])
    changed = pending(ITEM, [link.work_item_id for link in links if link.work_item_id])
    found = {
        link.pk: known.get(str(link.pk)) or changed.get(str(link.work_item_id)) for link in links
    }
    return {pk: waits for pk, waits in found.items() if waits is not None}


def shown_state(link: Link, waiting: Pending | None) -> str:
    """The state of a link as people are told it."""
    if link.state == LinkState.ENDED:
        return link.state
    if link.binding.state in (BindingState.PAUSED, BindingState.PREVIEW):
        return PAUSED
    if link.state == LinkState.CREATING:
        return DUE
    if waiting is not None and link.state in (LinkState.IN_STEP, LinkState.DIFFERS):
        return DUE
    return str(link.state)


def _reason(link: Link, state: str, told: Pending | None) -> str:
    """Why it stands so; what is due over a connection that has stopped is not on its way."""
    if told is not None:
        return told.error
    if state == DUE and has_stopped(link.binding):
        return trouble_of(link.binding) or link.reason
    return str(link.reason)


def _badge(link: Link, waiting: Pending | None) -> Badge:
    state = shown_state(link, waiting)
    told = waiting if waiting is not None and waiting.error else None
    return Badge(
        link_id=link.pk,
        state=state,
        issue_id=link.issue_id or "",
        issue_key=link.issue_key,
        issue_url=issue_url(link),
        reason=_reason(link, state, told),
        synced_at=link.synced_at,
        next_try_in=told.next_try_in if told else None,
    )


def issue_url(link: Link) -> str:
    """Where a person sees the issue in Jira."""
    if not link.issue_key:
        return ""
    return f"{link.binding.connection.base_url}/browse/{link.issue_key}"


def epic_url(binding: Binding) -> str:
    """Where a person sees a project's epic in Jira; empty while there is none."""
    if not binding.epic_issue_key:
        return ""
    return f"{binding.connection.base_url}/browse/{binding.epic_issue_key}"


def get_link(workplace: Workplace, link_id: int) -> Link:
    """A link of the workplace.  Raises NotFound."""
    link = (
        Link.objects.select_related(
            "binding__connection", "binding__team__workplace", "work_item__status"
        )
        .filter(pk=link_id, binding__team__workplace=workplace)
        .first()
    )
    if link is None:
        raise NotFound("There is no such link in this workplace.")
    return link


def list_bindings(workplace: Workplace) -> Sequence[Binding]:
    """The bindings of a workplace that have not ended."""
    rows = Binding.objects.select_related("team", "project", "connection").filter(
        team__workplace=workplace
    )
    return list(rows.exclude(state=BindingState.ENDED).order_by("pk"))


def get_binding(workplace: Workplace, binding_id: int) -> Binding:
    """A binding of the workplace.  Raises NotFound."""
    binding = (
        Binding.objects.select_related("team__workplace", "project", "connection")
        .filter(pk=binding_id, team__workplace=workplace)
        .first()
    )
    if binding is None:
        raise NotFound("There is no such binding in this workplace.")
    return binding


def binding_of(team: Team) -> Binding | None:
    """The binding of a team that has not ended."""
    return binding_of_team(team)


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """Something that waits for a person: a conflict of one link, or one hold.

    `id` is `conflict-LINK` or `hold-HOLD`.
    """

    id: str
    kind: str
    link: Link
    title: str
    reason: str
    hint: str
    fields: tuple[Conflict, ...]
    hold: Hold | None
    at: datetime

    @property
    def is_deletion(self) -> bool:
        """Whether it asks what is to follow a deletion."""
        return self.hold is not None and self.hold.slot_kind == "deletion"


def inbox(workplace: Workplace, *, kind: str = "") -> Sequence[InboxEntry]:
    """All that waits for a person, newest first; `kind` is conflict, hold or empty for both."""
    entries: list[InboxEntry] = []
    if kind != "hold":
        entries += _conflict_entries(_open_conflicts(workplace))
    if kind != "conflict":
        entries += [_hold_entry(row) for row in _open_holds(workplace)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def inbox_count(workplace: Workplace) -> int:
    """How many entries the inbox has."""
    conflicts = _open_conflicts(workplace).values("link").distinct().count()
    return conflicts + _open_holds(workplace).count()


def get_inbox_entry(workplace: Workplace, entry_id: str) -> InboxEntry:
    """One entry by its id.  Raises NotFound, also when it is settled by now."""
    kind, _, number = entry_id.partition("-")
    pk = int(number) if number.isdecimal() else 0
    found: list[InboxEntry] = []
    if kind == "conflict":
        found = _conflict_entries(_open_conflicts(workplace).filter(link=pk))
    elif kind == "hold":
        found = [_hold_entry(row) for row in _open_holds(workplace).filter(pk=pk)]
    if not found:
        raise NotFound("This is settled by now, or was never in this workplace's inbox.")
    return found[0]


def get_settled(workplace: Workplace, conflict_id: int) -> Conflict:
    """A settled conflict of the workplace.  Raises NotFound."""
    rows = Conflict.objects.select_related(
        "link__work_item", "link__binding__connection", "link__binding__team__workplace"
    ).exclude(settled_at=None)
    row = rows.filter(pk=conflict_id, link__binding__team__workplace=workplace).first()
    if row is None:
        raise NotFound("There is no such settlement in this workplace.")
    return row


def _open_conflicts(workplace: Workplace) -> QuerySet[Conflict]:
    return Conflict.objects.select_related(
        "link__work_item", "link__binding__connection", "link__binding__team__workplace"
    ).filter(settled_at=None, link__binding__team__workplace=workplace)


def _open_holds(workplace: Workplace) -> QuerySet[Hold]:
    return Hold.objects.select_related(
        "link__work_item", "link__binding__connection", "link__binding__team__workplace"
    ).filter(released_at=None, link__binding__team__workplace=workplace)


def _conflict_entries(rows: QuerySet[Conflict]) -> list[InboxEntry]:
    by_link: dict[int, list[Conflict]] = {}
    for row in rows.order_by("noticed_at", "pk"):
        by_link.setdefault(row.link_id, []).append(row)
    return [
        InboxEntry(
            id=f"conflict-{link_id}",
            kind="conflict",
            link=fields[0].link,
            title=_title(fields[0].link),
            reason=fields[0].link.reason,
            hint="Choose which to keep; everything else goes on.",
            fields=tuple(fields),
            hold=None,
            at=max(row.noticed_at for row in fields),
        )
        for link_id, fields in by_link.items()
    ]


def _hold_entry(row: Hold) -> InboxEntry:
    return InboxEntry(
        id=f"hold-{row.pk}",
        kind="hold",
        link=row.link,
        title=_title(row.link),
        reason=row.reason,
        hint=row.hint,
        fields=(),
        hold=row,
        at=row.opened_at,
    )


def _title(link: Link) -> str:
    return link.work_item.title if link.work_item else link.issue_key


def latest_deliveries(connection: Connection, limit: int = LATEST) -> Sequence[Delivery]:
    """The latest deliveries of a connection, newest first."""
    return list(Delivery.objects.filter(connection=connection).order_by("-received_at")[:limit])


def events_seen(connection: Connection) -> frozenset[str]:
    """The events that have come at least once: what was ticked in Jira for certain."""
    rows = Delivery.objects.filter(connection=connection)
    return frozenset(rows.values_list("event", flat=True).distinct())


def last_change_id(member: Member) -> int:
    """The newest journal entry of the member's workplace, for pages that watch for changes."""
    last = JournalEntry.objects.filter(binding__team__workplace=member.workplace_id)
    return last.order_by("-pk").values_list("pk", flat=True).first() or 0
