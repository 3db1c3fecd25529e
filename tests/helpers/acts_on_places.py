"""What people do to the place of an item: to a team that follows no Jira, and back again."""

from __future__ import annotations

from helpers.histories import PICK, World
from hypothesis import strategies as st
from hypothesis.stateful import rule

from duolog.workplace.models import Team, WorkItem
from duolog.workplace.services import move_to_team


class OnPlaces(World):
    """Either way."""

    @rule(pick=PICK, back=st.booleans())
    def move_to_a_team(self, pick: int, back: bool) -> None:
        """A sub-task does not leave its parent."""
        gone = WorkItem.objects.filter(team=self.elsewhere(), deleted_at=None).order_by("pk")
        if back and gone:
            self._move(gone[pick % len(gone)], self.bound.team)
        elif (found := self.pair(pick)) is not None:
            self._move(found[1], self.elsewhere())

    def _move(self, item: WorkItem, team: Team) -> None:
        parent = item.parent if item.type == "sub_task" else None
        if parent is None or parent.team_id == team.pk:
            move_to_team(item.pk, team, actor=self.bound.me)
