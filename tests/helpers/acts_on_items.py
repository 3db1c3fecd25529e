"""What people do to items and issues: words, choices, labels, people, parents, deletion."""

from __future__ import annotations

from typing import Any

from helpers.held import START, held_here, held_there, live_links
from helpers.histories import NAMES, PICK, SIDES, Found, World
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from duolog.sync.engine.moves import last_verb
from duolog.sync.models import Link
from duolog.workplace.models import WorkItem
from duolog.workplace.services import delete_item, restore_item

PRIORITIES = ("high", "low", "medium")


class OnItems(World):
    """Edits of an item or its issue."""

    @rule(pick=PICK, slot=st.sampled_from(["title", "due_on"]), sides=SIDES)
    def edit_words(self, pick: int, slot: str, sides: tuple[bool, ...]) -> None:
        if found := self.pair(pick):
            for here in sides:
                (self._word_here if here else self._word_there)(found, slot)

    def _word_here(self, found: Found, slot: str) -> None:
        link, item, _ = found
        seen, title = held_here(item)[slot], self.new("Here")
        value = {"title": title, "due_on": self.day(2028)}[slot]
        self.bound.change(item, **{slot: value})
        self.memory.wrote(link.pk, slot, seen, value)

    def _word_there(self, found: Found, slot: str) -> None:
        link, _, issue = found
        seen, title = held_there(issue)[slot], self.new("There")
        told = {"title": (title, "summary"), "due_on": (self.day(2029), "duedate")}
        value, field = told[slot]
        self.jira.edit(issue["id"], **{field: value})
        self.memory.wrote(link.pk, slot, seen, value)

    @rule(pick=PICK)
    def write_a_title_jira_refuses(self, pick: int) -> None:
        if found := self.pair(pick):
            link, item, _ = found
            title = self.new("Here") + " x" * 150
            self.bound.change(item, title=title)
            self.memory.wrote(link.pk, "title", item.title, title)

    @rule(pick=PICK, which=st.integers(0, 2))
    def choose_a_priority_here(self, pick: int, which: int) -> None:
        if found := self.pair(pick):
            self.bound.change(found[1], priority=PRIORITIES[which])

    @rule(pick=PICK, name=st.sampled_from(["High", "Low"]), kind=st.sampled_from(["Bug", "Story"]))
    def choose_there(self, pick: int, name: str, kind: str) -> None:
        found = self.pair(pick)
        if found and self.is_plain(found[2]):
            self.jira.edit(found[2]["id"], priority={"name": name}, issuetype={"name": kind})

    @rule(pick=PICK, here=st.booleans(), label=st.sampled_from(["a", "b", "c"]))
    def label(self, pick: int, here: bool, label: str) -> None:
        if found := self.pair(pick):
            _, item, issue = found
            held = held_here(item)["labels"] if here else held_there(issue)["labels"]
            wanted = sorted({*held.split()} ^ {label})
            if here:
                self.bound.change(item, labels=wanted)
            else:
                self.jira.edit(issue["id"], labels=wanted)

    @rule(
        pick=PICK,
        here=st.booleans(),
        name=st.sampled_from(NAMES),
        field=st.sampled_from(["components", "fix_versions"]),
    )
    def put_in_or_take_out(self, pick: int, here: bool, name: str, field: str) -> None:
        if found := self.pair(pick):
            _, item, issue = found
            held = (held_here(item) if here else held_there(issue))[field]
            wanted = sorted({*filter(None, held.split("|"))} ^ {name})
            if here:
                self.bound.change(item, **{field: wanted})
            else:
                called = {"components": "components", "fix_versions": "fixVersions"}[field]
                self.jira.edit(issue["id"], **{called: [{"name": each} for each in wanted]})

    @rule(pick=PICK, here=st.booleans())
    def choose_a_start(self, pick: int, here: bool) -> None:
        if found := self.pair(pick):
            link, item, issue = found
            seen = (held_here(item) if here else held_there(issue))["start_on"]
            self.count += 1
            day = self.day(2027 if here else 2026)
            if here:
                self.bound.change(item, start_on=day)
            else:
                self.jira.edit(issue["id"], **{START: day})
            self.memory.wrote(link.pk, "start_on", seen, day)

    @rule(pick=PICK, here=st.booleans(), nobody=st.booleans())
    def assign(self, pick: int, here: bool, nobody: bool) -> None:
        if found := self.pair(pick):
            _, item, issue = found
            if here:
                self.bound.change(item, assignee=None if nobody else self.bound.maya)
            else:
                who = None if nobody else self.jira.people[pick % 2].named
                self.jira.edit(issue["id"], assignee=who)

    @rule(pick=PICK, here=st.booleans())
    def put_below_an_epic(self, pick: int, here: bool) -> None:
        found, epic = self.pair(pick), WorkItem.objects.filter(type="epic", deleted_at=None).first()
        if found is None or epic is None or found[1].type != "task":
            return
        above = live_links().filter(work_item=epic).first()
        if here:
            self.bound.change(found[1], parent=epic)
        elif above is not None and self.jira.find(str(above.issue_id)) and self.is_plain(found[2]):
            self.jira.edit(found[2]["id"], **self.jira.below(str(above.issue_id), epic=True))

    def is_plain(self, issue: Any) -> bool:
        """Whether it may lie below an epic."""
        return issue["fields"]["issuetype"]["name"] not in ("Epic", "Sub-task")

    @rule(pick=PICK, here=st.booleans())
    @precondition(World.has_room)
    def put_a_part_below(self, pick: int, here: bool) -> None:
        found = self.pair(pick)
        if found is None or found[1].type in ("epic", "sub_task") or not self.is_plain(found[2]):
            return
        self.created += 1
        if here:
            self.item_in(found[1].team, self.new("Part"), type="sub_task", parent=found[1])
        else:
            above = {"parent": {"id": found[2]["id"]}, "project": {"key": self.space}}
            self.jira.create(self.new("Part"), kind="Sub-task", **above)

    @rule(pick=PICK, here=st.booleans())
    @precondition(lambda self: self.count > 8)
    def delete(self, pick: int, here: bool) -> None:
        if found := self.pair(pick):
            if here:
                delete_item(found[1].pk, actor=self.bound.me)
            else:
                self.jira.delete(found[2]["id"])

    @rule()
    def restore(self) -> None:
        gone = WorkItem.objects.exclude(deleted_at=None).order_by("pk").first()
        if gone is not None:
            was = Link.objects.filter(work_item=gone).order_by("pk").last()
            self.remade += was is not None and last_verb(was) == "deleted"
            restore_item(gone.pk, actor=self.bound.me)
