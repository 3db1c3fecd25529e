"""What people do to the place of an item: to a team that follows no Jira, and back again."""

from __future__ import annotations

from helpers.histories import PICK, World
from hypothesis.stateful import rule

from duolog.workplace.models import WorkItem
from duolog.workplace.services import move_to_team


class OnPlaces(World):
    """One rule for each way."""

    @rule(pick=PICK)
    def item_to_another_team(self, pick: int) -> None:
        if (found := self.pair(pick)) is not None:
            move_to_team(found[1].pk, self.elsewhere(), actor=self.bound.me)

    @rule(pick=PICK)
    def item_back_to_its_team(self, pick: int) -> None:
        gone = WorkItem.objects.filter(team=self.elsewhere(), deleted_at=None).order_by("pk")
        if gone:
            move_to_team(gone[pick % len(gone)].pk, self.bound.team, actor=self.bound.me)
