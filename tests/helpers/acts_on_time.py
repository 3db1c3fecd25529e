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

    @rule(pick=PICK, here=st.booleans(), delete=st.booleans())
    def touch_time(self, pick: int, here: bool, delete: bool) -> None:
        if found := self.pair(pick):
            seen, lasts = (self._touch_here if here else self._touch_there)(found, delete)
            self.memory.standing[found[0].pk, "worklog"].discard(seen)
            if lasts:
                self.memory.wrote(found[0].pk, "worklog", seen, lasts)

    def _touch_here(self, found: Found, delete: bool) -> tuple[str, str]:
        """How long it lasted and lasts, nothing where there is none."""
        rows = Worklog.objects.filter(work_item=found[1], member=self.bound.owner)
        row = rows.filter(deleted_at=None).order_by("pk").first()
        if row is None:
            return "", ""
        if delete:
            delete_worklog(row.pk, actor=self.bound.me)
            return str(row.seconds), ""
        lasts = self._a_while()
        edit_worklog(row.pk, {"seconds": lasts}, actor=self.bound.me)
        return str(row.seconds), str(lasts)

    def _touch_there(self, found: Found, delete: bool) -> tuple[str, str]:
        told = found[2]["fields"]["worklog"]["worklogs"]
        if not told:
            return "", ""
        one = told[self.count % len(told)]
        path, seen = f"issue/{found[2]['id']}/worklog/{one['id']}", str(one["timeSpentSeconds"])
        if delete:
            self.jira.ask("DELETE", path, by=self.jira.service)
            return seen, ""
        lasts = self._a_while()
        self.jira.ask("PUT", path, {"timeSpentSeconds": lasts}, by=self.jira.service)
        return seen, str(lasts)

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
