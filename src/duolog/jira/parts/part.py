"""The interface of one part of an issue: how its slots are read, and what is sent for a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import Snapshot
from duolog.jira.surroundings import Born
from duolog.jira.wire import Issue


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do in Jira for some changes, in one go or not at all.

    `act` raises SyncError; Refused concerns these changes alone, anything else ends the write.
    What Jira blames by name it puts into `Written.refused` itself, and what Jira holds in place of
    what was written into `Written.applied`.
    """

    changes: Sequence[Change]
    act: Callable[[], None]


class Part(Protocol):
    """One kind of slots of one issue."""

    def take(self, issue: Issue) -> Snapshot:
        """The slots of this part, complete or not at all.  May ask Jira for what is cut off."""
        ...

    def steps(self, changes: Sequence[Change], written: Written) -> Iterable[Step]:
        """What is to be done for those of the changes that concern this part, in order."""
        ...


class ChildPart(Part, Protocol):
    """A part whose slots are things of their own, with ids in Jira: comments, files, worklogs."""

    kind: str
    written: dict[str, Born]
    """What was created or edited, by slot key."""

    def stamps(self) -> Mapping[str, str]:
        """When each child last seen was last changed, by its id in Jira."""
        ...
