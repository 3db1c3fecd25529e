"""The interface of one part of a work item: how its slots are read, and how a change is written."""

from __future__ import annotations

from typing import Protocol

from duolog.core.reconcile import Change
from duolog.core.values import Snapshot
from duolog.workplace.actors import Actor
from duolog.workplace.models import WorkItem


class LocalPart(Protocol):
    """One kind of slots of one work item."""

    kinds: frozenset[str]
    """The kinds of slots that this part holds."""

    def take(self, item: WorkItem) -> Snapshot:
        """The slots of this part, complete."""
        ...

    def write(self, item: WorkItem, change: Change, actor: Actor) -> None:
        """Carry out a change of this part, in the caller's transaction, by a service.

        Raises Refused, DomainError or ObjectDoesNotExist where it cannot be.
        """
        ...
