"""What becomes of a link when a whole replica disappears.  Pure."""

from __future__ import annotations

from enum import StrEnum

from duolog.core.values import ABSENT, Base, Pair, Side, Snapshot


class OnDelete(StrEnum):
    """What a binding wants done here (or in Jira) when the other replica was deleted."""

    ASK = "ask"
    UNLINK = "unlink"
    DELETE = "delete"


class Fate(StrEnum):
    """What becomes of the replica that is left."""

    DELETE = "delete"  # the survivor follows the other replica
    KEEP = "keep"  # the link ends, the survivor stays
    ASK = "ask"  # a person decides


def fate_of_survivor(base: Base, survivor: Snapshot, side: Side, *, on_delete: OnDelete) -> Fate:
    """What to do with the replica on `side`; an edit since the base beats a deletion.

    Without a base nothing shows that the two were ever in step, so a person decides.
    """
    match on_delete:
        case OnDelete.ASK:
            return Fate.ASK
        case OnDelete.UNLINK:
            return Fate.KEEP
        case OnDelete.DELETE:
            edited = any(
                survivor.get(slot, ABSENT) != base.get(slot, Pair()).of(side)
                for slot in {*base, *survivor}
            )
            return Fate.ASK if edited or not base else Fate.DELETE


def too_many_deletions(deletions: int, links: int, *, floor: int = 5, share: float = 0.2) -> bool:
    """Whether so many of a binding's links vanished in a day that a fault is likelier than a wish."""
    return deletions > floor and deletions > links * share
