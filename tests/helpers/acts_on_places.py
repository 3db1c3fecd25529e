"""What people do to the place of an item: to a team that follows no Jira, and back again."""

from __future__ import annotations

from helpers.histories import PICK, World
from hypothesis import strategies as st
from hypothesis.stateful import rule

from duolog.workplace.models import WorkItem
from duolog.workplace.services import move_to_team


class OnPlaces(World):
    """Either way."""

    @rule(pick=PICK, back=st.booleans())
    def move_to_a_team(self, pick: int, back: bool) -> None:
        gone = WorkItem.objects.filter(team=self.elsewhere(), deleted_at=None).order_by("pk")
        if back and gone:
            move_to_team(gone[pick % len(gone)].pk, self.bound.team, actor=self.bound.me)
        elif (found := self.pair(pick)) is not None:
            move_to_team(found[1].pk, self.elsewhere(), actor=self.bound.me)
