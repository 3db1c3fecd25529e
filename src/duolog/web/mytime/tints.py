"""A colour for each connection, the same on every page.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TINTS = ("c1", "c2", "c3", "c-ok", "c-warn")


@dataclass(frozen=True, slots=True)
class Tints:
    """Which connection has which colour."""

    by_connection: Mapping[int, str]

    def of(self, connection_id: int) -> str:
        """The class that gives the colour."""
        return self.by_connection.get(connection_id, TINTS[0])


def tints_for(connection_ids: Iterable[int]) -> Tints:
    """Colours for these connections, oldest first; after the last colour they begin again."""
    return Tints({each: TINTS[n % len(TINTS)] for n, each in enumerate(connection_ids)})
