"""Relations that are being put into Jira: known as ours even where the answer to that is lost.

Jira keeps a link between two issues once, however often it is sent, so a doubtful one is sent
again at once.  But it may be removed here before it was ever seen there, and either end may be
the first to see it: then it goes from Jira, too, however late it comes there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from duolog.core import fields as slots
from duolog.core.errors import AnswerLost, Retryable, SyncError
from duolog.core.fields import FieldMap, relation_slot, told_in
from duolog.core.values import Pair, Slot, Snapshot
from duolog.jira.ways import inverse_way
from duolog.sync.link.doubts import seconds_left
from duolog.sync.link.ends import Ends
from duolog.sync.models import Link, RelationTrial


def told_at_other_end(fields: FieldMap, slot: Slot, item_id: int | None) -> Slot:
    """A relation of this item as the item at its other end tells it."""
    reading, _ = told_in(slot)
    inverse = fields.relations.decode(inverse_way(fields.relations.encode(reading) or ""))
    return relation_slot(inverse, str(item_id))


class Trials:
    """The relations of one link that are being put into Jira, by either end."""

    def __init__(self, link: Link, ends: Ends, fields: FieldMap) -> None:
        self._link = link
        self._ends = ends
        self._fields = fields
        rows = RelationTrial.objects.filter(link=link)
        self._known = {Slot(slots.RELATION, row.key): row.tried_at for row in rows}
        tried = {slot: at for slot, at in self._known.items() if at is not None}
        self._waits = seconds_left(tried)

    def held(self, here: Snapshot, there: Snapshot) -> Mapping[Slot, Pair]:
        """Those that came into Jira and are gone here since: what both sides held of them."""
        came = [slot for slot in self._known if slot in there and slot not in here]
        return {slot: Pair(there[slot], there[slot]) for slot in came}

    def awaited(self) -> Retryable | None:
        """Why we must look again: one tried before this pass may still show in Jira."""
        if not self._waits:
            return None
        return Retryable(
            "The answer to a new link between issues was lost; we look whether it still comes.",
            retry_after=timedelta(seconds=max(self._waits.values())),
        )

    def intend(self, added: Sequence[Slot], moment: float) -> None:
        """These relations are about to be put into Jira."""
        RelationTrial.objects.bulk_create(
            [RelationTrial(link=self._link, key=slot.key, tried_at=moment) for slot in added],
            update_conflicts=True,
            unique_fields=["link", "key"],
            update_fields=["tried_at"],
        )
        RelationTrial.objects.bulk_create(
            [RelationTrial(link_id=pk, key=slot.key) for pk, slot in self._at_other_ends(added)],
            ignore_conflicts=True,
        )
        self._known |= dict.fromkeys(added, moment)

    def record(self, base: Mapping[Slot, Pair], error: SyncError | None) -> None:
        """Forget, in the last transaction of a pass, those that are over: in the base by now, or
        certainly not in Jira.  What only the other end tried is over when that end says so.
        """
        if isinstance(error, AnswerLost):
            return
        over = [slot for slot in self._known if slot not in self._waits]
        mine = [slot for slot in over if self._known[slot] is not None]
        others = [slot for slot in over if self._known[slot] is None and error is None]
        done = [*mine, *(it for it in others if it in base or not self._is_tried_there(it))]
        RelationTrial.objects.filter(link=self._link, key__in=[it.key for it in done]).delete()
        for pk, told in self._at_other_ends([slot for slot in mine if slot not in base]):
            RelationTrial.objects.filter(link=pk, key=told.key, tried_at=None).delete()

    def _is_tried_there(self, slot: Slot) -> bool:
        return any(
            RelationTrial.objects.filter(link=pk, key=told.key).exclude(tried_at=None).exists()
            for pk, told in self._at_other_ends([slot])
        )

    def _at_other_ends(self, told: Sequence[Slot]) -> Sequence[tuple[int, Slot]]:
        """The link of each relation's other end, with the slot it has there."""
        links = self._ends.links_of([told_in(slot)[1] for slot in told])
        item = self._link.work_item_id
        return [
            (links[told_in(slot)[1]], told_at_other_end(self._fields, slot, item))
            for slot in told
            if told_in(slot)[1] in links
        ]
