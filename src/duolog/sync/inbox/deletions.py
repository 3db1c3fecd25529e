"""Many deletions that wait for a person, settled by one decision.

What a binding held because one side was deleted is one group for each side.  A decision is about
exactly what was shown: it names the group's version, and is refused when anything came or went.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from duolog.core.values import Side
from duolog.people.audit import audit
from duolog.people.errors import Invalid, NotFound, Outdated
from duolog.people.models import Member, Workplace
from duolog.people.rights import Right, require
from duolog.sync.engine.again import send_again
from duolog.sync.inbox.settling import DELETION_CHOICES
from duolog.sync.link.record import DELETION
from duolog.sync.marks import INTERACTIVE, LINK, ask_to_look
from duolog.sync.models import Binding, Hold
from duolog.work.marks import retry_now
from duolog.workplace.actors import Actor
from duolog.workplace.models import WorkItem
from duolog.workplace.services.trash import restore_item

FEWEST: Final = 2
_PREFIX: Final = "deletions"
_NAMED: Final = 10
_DONE: Final = {
    "delete": "deleted on the other side too",
    "unlink": "kept, unlinked",
    "restore": "brought back",
}


@dataclass(frozen=True, slots=True)
class Deletions:
    """Deletions of one binding, on one side, that wait: newest first; `id` is told outside."""

    binding: Binding
    side: Side
    holds: tuple[Hold, ...]

    @property
    def id(self) -> str:
        """How it is named outside: `deletions-BINDING-here` or `deletions-BINDING-jira`."""
        return f"{_PREFIX}-{self.binding.pk}-{self.where}"

    @property
    def where(self) -> str:
        """Where they were deleted: here or jira."""
        return "here" if self.side is Side.LOCAL else "jira"

    @property
    def version(self) -> str:
        """What changes with anything that comes or goes."""
        ids = " ".join(str(pk) for pk in sorted(row.pk for row in self.holds))
        return hashlib.sha256(ids.encode()).hexdigest()[:16]

    @property
    def names(self) -> tuple[str, ...]:
        """What would be deleted too, by key and title."""
        return tuple(map(self._name, self.holds))

    def _name(self, hold: Hold) -> str:
        item, issue = hold.link.work_item, hold.link.issue_key
        title = item.title if item is not None else ""
        key = issue if self.side is Side.LOCAL else (item.key if item is not None else "")
        return f"{key} {title}".strip()


def list_deletions(workplace: Workplace) -> Sequence[Deletions]:
    """Where at least two of a binding wait for the same question."""
    rows = (
        Hold.objects.select_related("link__work_item", "link__binding__connection")
        .select_related("link__binding__team__workplace", "link__binding__project")
        .filter(slot_kind=DELETION, released_at=None, link__binding__team__workplace=workplace)
    )
    groups: dict[tuple[int, str], list[Hold]] = {}
    for row in rows.order_by("link__binding", "-opened_at", "-pk"):
        groups.setdefault((row.link.binding_id, row.slot_key), []).append(row)
    return [
        Deletions(holds[0].link.binding, Side(side), tuple(holds))
        for (_, side), holds in groups.items()
        if len(holds) >= FEWEST
    ]


def get_deletions(workplace: Workplace, name: str) -> Deletions:
    """One group by its id.  Raises NotFound, also when it is settled by now."""
    found = next((it for it in list_deletions(workplace) if it.id == name), None)
    if found is None:
        raise NotFound("There are no such deletions to decide about any more.")
    return found


def decide(by: Member, asked: Deletions, choice: str, *, version: str) -> int:
    """Have the same done about all of them; how many they were.

    Raises Invalid, Forbidden, and Outdated where they are not those that were shown.
    """
    require(by, Right.BIND, team=asked.binding.team)
    if choice not in DELETION_CHOICES:
        raise Invalid({"choice": f"Choose one of {', '.join(DELETION_CHOICES)}."})
    with transaction.atomic():
        holds = tuple(_locked(asked))
        if Deletions(asked.binding, asked.side, holds).version != version:
            raise Outdated("Others came or went meanwhile. Look at the list again, then decide.")
        _carry_out(by, holds, choice)
        words = f"{len(holds)} deleted in {asked.where}, {_DONE[choice]}: {_listed(asked.names)}"
        audit(asked.binding.team.workplace, by, "deletions decided", words)
    for hold in holds:
        retry_now(LINK, hold.link_id)
    return len(holds)


def _locked(asked: Deletions) -> Sequence[Hold]:
    rows = Hold.objects.select_for_update(of=("self",)).select_related("link")
    still = rows.filter(
        link__binding=asked.binding,
        slot_kind=DELETION,
        slot_key=asked.side.value,
        released_at=None,
    )
    return list(still.order_by("pk"))


def _carry_out(by: Member, holds: Sequence[Hold], choice: str) -> None:
    ids = [hold.pk for hold in holds]
    Hold.objects.filter(pk__in=ids).update(value=choice, released_at=timezone.now())
    if choice == "restore" and holds[0].slot_key == Side.REMOTE:
        for hold in holds:
            send_again(by, hold.link)
    elif choice == "restore":
        items = [hold.link.work_item_id for hold in holds if hold.link.work_item_id]
        in_trash = WorkItem.objects.filter(pk__in=items, deleted_at__isnull=False)
        for item_id in list(in_trash.order_by("pk").values_list("pk", flat=True)):
            restore_item(item_id, actor=Actor.of(by))
    ask_to_look([hold.link_id for hold in holds], priority=INTERACTIVE)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(name.partition(" ")[0] for name in names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"
