"""How the files of an item stand with Jira, as its page says it.  Changes nothing, asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from duolog.core import fields as slots
from duolog.sync.models import ChildLink, ChildState, Hold, Link, LinkState
from duolog.workplace.models import WorkItem

FileState: TypeAlias = Literal["in_step", "due", "held"]


@dataclass(frozen=True, slots=True)
class FileStanding:
    """A file that is not on both sides: `state` is `due` or `held`, for which there is a reason."""

    name: str
    state: FileState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standings:
    """The files of an item that are not on both sides: ours by their ids, and Jira's."""

    here: Mapping[int, FileStanding] = field(default_factory=dict)
    only_there: tuple[FileStanding, ...] = ()
    is_linked: bool = False

    def state_of(self, file_id: int) -> FileState | None:
        """How a file here stands; None where its item follows no issue."""
        if not self.is_linked:
            return None
        standing = self.here.get(file_id)
        return standing.state if standing else "in_step"

    def reason_of(self, file_id: int) -> str:
        """Why a file here is held."""
        standing = self.here.get(file_id)
        return standing.reason if standing else ""


def standings_of(item: WorkItem) -> Standings:
    """What of an item's files has not come over, and why; nothing where it follows no issue."""
    link = Link.objects.filter(work_item=item).exclude(state=LinkState.ENDED).first()
    if link is None:
        return Standings()
    rows = ChildLink.objects.filter(link=link, kind=slots.ATTACHMENT)
    open_holds = Hold.objects.filter(link=link, slot_kind=slots.ATTACHMENT, released_at=None)
    held = {hold.slot_key: hold.reason for hold in open_holds}
    known = {row.local_id: row for row in rows}
    there = [r for r in rows if r.local_id is None and r.state != ChildState.ENDED]
    here = item.attachments.filter(deleted_at=None).values_list("pk", "name")
    return Standings(
        is_linked=True,
        here={
            pk: standing
            for pk, name in here
            if (standing := _standing(name, known.get(pk), held)) is not None
        },
        only_there=tuple(
            FileStanding(row.label, "held", held[str(row.pk)])
            for row in there
            if str(row.pk) in held
        ),
    )


def _standing(name: str, row: ChildLink | None, held: Mapping[str, str]) -> FileStanding | None:
    if row is not None and (reason := held.get(str(row.pk))) is not None:
        return FileStanding(name, "held", reason)
    is_there = row is not None and row.remote_id is not None and row.state == ChildState.LINKED
    return None if is_there else FileStanding(name, "due")
