"""The interface of one side of a link, as the engine sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from duolog.core.errors import Refused, SyncError
from duolog.core.reconcile import Change
from duolog.core.values import Slot, Snapshot, Value


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the changes handed to one side.

    `interrupted` is the error after which nothing more was tried; what landed before it is in
    `applied` all the same, so that nothing done is forgotten.
    """

    applied: dict[Slot, Value] = field(default_factory=dict)
    refused: dict[Slot, Refused] = field(default_factory=dict)
    interrupted: SyncError | None = None


class Replica(Protocol):
    """One end of a link."""

    def observe(self) -> Snapshot:
        """All that this side holds, complete; raises rather than return less."""
        ...

    def write(self, changes: Sequence[Change]) -> Written:
        """Carry out the changes addressed to this side; each is compared with `expected` first."""
        ...
