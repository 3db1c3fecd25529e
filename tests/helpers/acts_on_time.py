"""What people do to time: worklogs of an item or its issue, and what they estimate."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from helpers.held import held_here, held_there
from helpers.histories import PICK, SIDES, Found, World
from helpers.worklogs import logged_there
from hypothesis import strategies as st
from hypothesis.stateful import rule

from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.models import Worklog
from duolog.worklogs.services import delete_worklog, edit_worklog, log_time

NINE: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)


class OnTime(World):
    """Each worklog lasts for another number of minutes."""

    @rule(pick=PICK, here=st.booleans())
    def log_time(self, pick: int, here: bool) -> None:
        if found := self.pair(pick):
            link, item, issue = found
            said, lasts = self.new("Worked"), self._a_while()
            started = NINE + timedelta(minutes=self.count)
            if here:
                new = NewWorklog(started=started, seconds=lasts, comment=said)
                log_time(item.pk, new, actor=self.bound.me)
            else:
                told = {"started": f"{started:%Y-%m-%dT%H:%M:%S}.000+0000"}
                logged_there(self.bound, issue["id"], **told, timeSpentSeconds=lasts)
            self.memory.wrote(link.pk, "worklog", "", str(lasts))

    @rule(pick=PICK, delete=st.booleans())
    def touch_time_here(self, pick: int, delete: bool) -> None:
        found = self.pair(pick)
        mine = {"work_item": found[1], "member": self.bound.owner} if found else {}
        row = Worklog.objects.filter(**mine, deleted_at=None).order_by("pk").first()
        if found is None or row is None:
            return
        if delete:
            delete_worklog(row.pk, actor=self.bound.me)
            self.memory.standing[found[0].pk, "worklog"].discard(str(row.seconds))
        else:
            lasts = self._a_while()
            edit_worklog(row.pk, {"seconds": lasts}, actor=self.bound.me)
            self.memory.wrote(found[0].pk, "worklog", str(row.seconds), str(lasts))

    @rule(pick=PICK, which=st.integers(0, 1), delete=st.booleans())
    def touch_time_there(self, pick: int, which: int, delete: bool) -> None:
        found = self.pair(pick)
        told = found[2]["fields"]["worklog"]["worklogs"] if found else []
        if found is None or not told:
            return
        one = told[which % len(told)]
        path, seen = f"issue/{found[2]['id']}/worklog/{one['id']}", str(one["timeSpentSeconds"])
        if delete:
            self.jira.ask("DELETE", path, by=self.jira.service)
            self.memory.standing[found[0].pk, "worklog"].discard(seen)
        else:
            lasts = self._a_while()
            self.jira.ask("PUT", path, {"timeSpentSeconds": lasts}, by=self.jira.service)
            self.memory.wrote(found[0].pk, "worklog", seen, str(lasts))

    @rule(pick=PICK, slot=st.sampled_from(["estimate", "remaining"]), sides=SIDES)
    def estimate(self, pick: int, slot: str, sides: tuple[bool, ...]) -> None:
        """What remains follows from work, too: it is compared, not remembered."""
        if found := self.pair(pick):
            for here in sides:
                minutes = self._a_while() // 60
                write = self._estimate_here if here else self._estimate_there
                was = write(found, slot, minutes)
                if slot == "estimate":
                    self.memory.wrote(found[0].pk, "estimate_seconds", was, str(minutes))

    def _estimate_here(self, found: Found, slot: str, minutes: int) -> str:
        """What was there."""
        name = f"{slot}_seconds"
        self.bound.change(found[1], **{name: 60 * minutes})
        return held_here(found[1])[name]

    def _estimate_there(self, found: Found, slot: str, minutes: int) -> str:
        called = {"estimate": "originalEstimate", "remaining": "remainingEstimate"}[slot]
        self.jira.edit(found[2]["id"], timetracking={called: f"{minutes}m"})
        return held_there(found[2])[f"{slot}_seconds"]

    def _a_while(self) -> int:
        self.count += 1
        return 60 * self.count
