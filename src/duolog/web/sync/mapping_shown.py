"""The mapping of a binding control by control, so that of two who save it neither is overwritten.

A choice that its control does not offer is not shown in it.  Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from duolog.sync.mapping import Choice, Offer
from duolog.web.seen import Shown
from duolog.web.sync.mapping_tables import PREFIX, PROPERTIES, Row, Table
from duolog.web.sync.screen_table import ScreenTable


@dataclass(frozen=True, slots=True)
class Drawn:
    """All tables of the page."""

    tables: Sequence[Table]
    screens: ScreenTable
    offers: Sequence[Offer]

    @property
    def can_suggest(self) -> bool:
        """Whether anything that is not chosen yet suggests itself."""
        rows = (row for table in self.tables for row in (*table.out, *table.into))
        return any(row.suggested for row in rows) or any(
            offer.suggested and not offer.chosen for offer in self.offers
        )

    def shown(self) -> dict[str, Shown]:
        """What each control shows, by its name in the form."""
        return dict((*self._of_tables(), *self._of_screens(), *self._of_offers()))

    def _of_tables(self) -> Iterator[tuple[str, Shown]]:
        for table in self.tables:
            yield from _rows(table.title, table.out, _named(table.there, "Not mapped"))
            yield from _rows(f"{table.title} of Jira", table.into, _named(table.here, "Not mapped"))

    def _of_screens(self) -> Iterator[tuple[str, Shown]]:
        for row in self.screens.rows:
            words = _named(row.choices, row.unsaid) if row.choices else {}
            yield row.field, _one_of(f"{self.screens.title}, {row.name}", row.value, words)

    def _of_offers(self) -> Iterator[tuple[str, Shown]]:
        for offer in self.offers:
            words = {"": "Not kept in step", **{own.id: own.name for own in offer.fits}}
            name = f"{PREFIX}|{PROPERTIES}|in|{offer.custom.id}"
            yield name, _one_of(f"Custom fields, {offer.custom.name}", offer.chosen, words)


def _rows(title: str, rows: Iterable[Row], words: Mapping[str, str]) -> Iterator[tuple[str, Shown]]:
    return ((row.field, _one_of(f"{title}, {row.name}", row.value, words)) for row in rows)


def _named(choices: Iterable[Choice], unset: str) -> Mapping[str, str]:
    return {"": unset, **{choice.id: choice.name for choice in choices}}


def _one_of(label: str, value: str, words: Mapping[str, str]) -> Shown:
    return Shown(label, value if not words or value in words else "", words)
