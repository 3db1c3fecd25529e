"""What the sync wrote, as pages, API and command line ask for it.  Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from duolog.core.values import ABSENT
from duolog.people.errors import NotFound
from duolog.people.models import Workplace
from duolog.sync.link.baseline import to_json
from duolog.sync.models import JournalEntry, Link, Run

LATEST = 20


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which entries are meant; what is empty narrows nothing.  `item` is a work item's key.

    What an item or an issue began with is told by the making of it; `with_beginnings` lists each
    of its fields, too.
    """

    binding_id: int | None = None
    link_id: int | None = None
    run_id: int | None = None
    item: str = ""
    side: str = ""
    cause: str = ""
    with_beginnings: bool = True

    def narrow(self, rows: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
        """Only the entries that are meant."""
        asked = {
            "binding": self.binding_id,
            "link": self.link_id,
            "run": self.run_id,
            "link__work_item__key": self.item,
            "side": self.side,
            "cause": self.cause,
        }
        if not self.with_beginnings:
            rows = rows.exclude(kind="field", before=to_json(ABSENT))
        return rows.filter(**{name: value for name, value in asked.items() if value})


EVERYTHING = JournalFilter()


def history(
    link: Link, limit: int = LATEST, *, before: int | None = None
) -> Sequence[JournalEntry]:
    """The latest writes of a link, newest first; `before` is the id of the last one shown."""
    rows = JournalEntry.objects.select_related("undone_by__user").filter(link=link)
    return _page(rows, before, limit)


def list_journal(
    workplace: Workplace,
    which: JournalFilter = EVERYTHING,
    *,
    before: int | None = None,
    limit: int = 100,
) -> Sequence[JournalEntry]:
    """What the sync wrote in a workplace, newest first."""
    return _page(which.narrow(_of(workplace)), before, limit)


def get_entry(workplace: Workplace, entry_id: int) -> JournalEntry:
    """One entry of the workplace's journal.  Raises NotFound."""
    entry = _of(workplace).filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("There is no such entry in the journal of this workplace.")
    return entry


def get_run(workplace: Workplace, run_id: int) -> Run:
    """One run of the workplace.  Raises NotFound."""
    rows = Run.objects.select_related("binding__team__workplace", "binding__connection", "undoes")
    run = rows.filter(pk=run_id, binding__team__workplace=workplace).first()
    if run is None:
        raise NotFound("There is no such run in this workplace.")
    return run


def _of(workplace: Workplace) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.select_related(
        "link__work_item", "binding__team__workplace", "binding__connection", "run",
        "undone_by__user",
    ).filter(binding__team__workplace=workplace)  # fmt: skip


def _page(rows: QuerySet[JournalEntry], before: int | None, limit: int) -> Sequence[JournalEntry]:
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[:limit])
