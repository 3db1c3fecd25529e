"""What people do in the inbox: choose a side, say what follows a deletion, have it tried again."""

from __future__ import annotations

from typing import Any

from helpers.held import in_minutes
from helpers.histories import World
from helpers.machine import slot_shown
from helpers.own_fields import said_here
from hypothesis import strategies as st
from hypothesis.stateful import rule

from duolog.sync.binding.services import retry_everything
from duolog.sync.engine.again import may_be_sent_again
from duolog.sync.inbox.settling import DELETION_CHOICES, name_of, resolve, resolve_deletion
from duolog.sync.models import Conflict, Hold
from duolog.workplace.models import Property

NTH = st.integers(0, 2)


class OnInbox(World):
    """One rule for each decision."""

    @rule(nth=NTH, here=st.booleans())
    def choose_a_side(self, nth: int, here: bool) -> None:
        """Whoever chooses has seen both values as they were when the conflict was noticed."""
        rows = Conflict.objects.filter(settled_at=None, link__in=self.links()).order_by("pk")
        if rows:
            row = rows[nth % len(rows)]
            resolve(self.bound.owner, row.link, {name_of(row): "here" if here else "jira"})
            slot, two = slot_shown(row.kind, row.key), (row.now_local, row.now_remote)
            kept, lost = (said(slot, value) for value in (two if here else two[::-1]))
            self.memory.chose(row.link_id, slot, kept=kept, lost=lost)

    @rule(nth=NTH, choice=st.sampled_from(DELETION_CHOICES))
    def decide_about_a_deletion(self, nth: int, choice: str) -> None:
        """An item that is in the trash by now, or in a team that follows no Jira, is not sent anew."""
        rows = Hold.objects.filter(slot_kind="deletion", released_at=None).order_by("pk")
        if rows:
            hold = rows[nth % len(rows)]
            is_made_anew = choice == "restore" and hold.slot_key == "remote"
            if not is_made_anew or may_be_sent_again(hold.link):
                resolve_deletion(self.bound.owner, hold, choice)
                self.remade += is_made_anew

    @rule()
    def try_again(self) -> None:
        retry_everything(self.bound.owner, self.bound.workplace)


def said(slot: str, value: Any) -> str:
    """A value of a conflict in the words that are remembered."""
    kind, _, key = slot.partition("/")
    if kind == "property" and not isinstance(value, dict):
        return said_here(Property.objects.get(pk=int(key)), value)
    return in_minutes(value) if slot == "estimate_seconds" else str(value)
