"""What people do to the status: choose one that is several transitions away, and step by hand."""

from __future__ import annotations

from typing import Any, Final

from helpers.held import held_here, held_there
from helpers.histories import PICK, World
from hypothesis import strategies as st
from hypothesis.stateful import rule

from duolog.sync.models import Conflict, Hold, Link
from duolog.workplace.models import WorkItem

STATUSES: Final = ("To do", "In progress", "In review", "Done")


class OnWalks(World):
    """On the line, three steps lead from the first status to the last, which nothing leaves."""

    def __init__(self) -> None:
        super().__init__()
        self.chosen: dict[int, str] = {}
        self.stepped: set[str] = set()

    @rule(pick=PICK, status=st.sampled_from(STATUSES))
    def choose_a_status_here(self, pick: int, status: str) -> None:
        if found := self.pair(pick):
            self.bound.change(found[1], status=status)
            self.chosen[found[1].pk] = status

    @rule(pick=PICK, which=st.integers(0, 5))
    def step_there(self, pick: int, which: int) -> None:
        if (found := self.pair(pick)) is None:
            return
        path = f"issue/{found[2]['id']}/transitions"
        told = self.jira.ask("GET", f"{path}?expand=transitions.fields")["transitions"]
        if told:
            step = told[which % len(told)]
            asked = {"resolution": {"name": "Done"}} if "resolution" in step["fields"] else {}
            self.jira.ask("POST", path, {"transition": {"id": step["id"]}, "fields": asked})
            self.stepped.add(str(found[2]["id"]))

    def judge(self) -> None:
        """Nobody's status is changed by half a walk, and half a walk says where it stands."""
        super().judge()
        for link, item, issue in self.pairs():
            if str(issue["id"]) not in self.stepped and item.pk in self.chosen:
                assert item.status.name == self.chosen[item.pk], (item.key, link.reason)
            if held_here(item)["status"] != held_there(issue)["status"]:
                assert_it_is_said(link, item, issue)


def assert_it_is_said(link: Link, item: WorkItem, issue: Any) -> None:
    """A person is told why the status of the issue is not that of the item, and where it stands."""
    asked = Conflict.objects.filter(link=link, key="status", settled_at=None)
    differs = any(each["key"] == "status" for each in link.differences)
    held = Hold.objects.filter(link=link, slot_key="status", released_at=None).first()
    assert asked.exists() or differs or (held and held.reason), (item.key, link.state)
    if held and "stands at" in held.reason:
        stands = issue["fields"]["status"]["name"]
        assert f"stands at {stands}," in held.reason, (held.reason, stands)
