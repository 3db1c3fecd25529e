"""Whole histories over the real engine: edits on both sides, faults, crashes, lost deliveries.

However they are mixed, once all is well again both sides agree or say why not, nothing exists
twice, and every edit is on both sides or open to a person.
"""

from __future__ import annotations

import contextlib
from typing import Any, ClassVar

import pytest
from django.core.management import call_command
from django.utils import timezone
from helpers.bound import Bound, a_bound_team
from helpers.crashes import crashing_at
from helpers.jirasim import Jira, adf
from helpers.machine import (
    INDEX_LAG,
    Memory,
    assert_nothing_lost,
    assert_nothing_twice,
    heal,
    held_here,
    held_there,
    live_pairs,
)
from helpers.receiver import receiving
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from duolog.connections.webhooks import EVENTS, make_webhook
from duolog.sync.models import Link
from duolog.work.clock import shifted
from duolog.workplace.models import Comment, WorkItem
from duolog.workplace.services.comments import add_comment, delete_comment, edit_comment
from duolog.workplace.services.trash import delete_item

pytestmark = [
    pytest.mark.database,
    pytest.mark.timeout(3600),
    pytest.mark.django_db(transaction=True),
]
STEPS = 20
EXAMPLES = max(4, settings.default.max_examples // 20) if settings.default else 4
SECRET = "between Jira and us"
PICK = st.integers(0, 5)
CHIP = {"type": "mention", "attrs": {"id": "712020:somebody", "text": "@Somebody"}}
FAULTS = ("status_before", "status_after", "cut_before", "cut_after")
HERE_TO_THERE = {"status": ("To do", "In progress", "Done"), "priority": ("high", "low", "medium")}


class Histories(RuleBasedStateMachine):
    """People on both sides, a network that fails, and a process that dies."""

    jira: ClassVar[Jira]
    address: ClassVar[str]
    bound: Bound

    @initialize(seed=st.integers(0, 99), shuffled=st.booleans())
    def start(self, seed: int, shuffled: bool) -> None:
        self.world = contextlib.ExitStack()
        self.bound = self.world.enter_context(a_bound_team(self.jira))
        make_webhook(self.bound.connection, secret=SECRET)
        name = self.bound.connection.webhook_hash
        self.jira.register_webhook(f"{self.address}/{name}", EVENTS, SECRET)
        chance = 0.3 if shuffled else 0.0
        policy = {"loss": chance, "duplicate": chance, "reorder": chance, "seed": seed}
        self.jira.sim("POST", "webhooks/policy", policy)
        lag = INDEX_LAG if shuffled else 0
        self.jira.sim("POST", "settings", {"index_lag_seconds": lag})
        self.memory, self.count, self.created = Memory(), 0, 0
        self.item_here(epic=True)
        self.item_here(epic=False)
        self.bound.bind()
        self.issue_there()
        self.run()

    def teardown(self) -> None:
        if hasattr(self, "bound"):
            try:
                heal(self.bound)
                assert_nothing_lost(self.bound, self.memory)
                assert_nothing_twice(self.bound, self.created)
            finally:
                self.jira.sim("POST", "webhooks/policy", {})
                self.jira.wait_for_deliveries()
                self.jira.sim("POST", "clock", {"now": timezone.now().isoformat()})
                self.world.close()
                call_command("flush", verbosity=0, interactive=False)

    def new(self, word: str) -> str:
        self.count += 1
        return f"{word} {self.count}"

    def pair(self, pick: int) -> tuple[Link, WorkItem, Any] | None:
        pairs = list(live_pairs(self.bound))
        return pairs[pick % len(pairs)] if pairs else None

    @rule(epic=st.booleans())
    def item_here(self, epic: bool) -> None:
        self.created += 1
        self.bound.item(self.new("Item"), type="epic" if epic else "task")

    @rule()
    def issue_there(self) -> None:
        self.created += 1
        self.jira.create(self.new("Issue"))

    @rule(pick=PICK, slot=st.sampled_from(["title", "description", "due_on"]))
    def edit_words_here(self, pick: int, slot: str) -> None:
        if found := self.pair(pick):
            link, item, _ = found
            seen = held_here(item)[slot]
            value = {
                "title": self.new("Here"),
                "description": f"{item.description}\n\n{self.new('Here')}".strip(),
                "due_on": f"2028-01-{self.count % 28 + 1:02d}",
            }[slot]
            item = self.bound.change(item, **{slot: value})
            self.memory.wrote(
                link.pk, slot, seen, held_here(WorkItem.objects.get(pk=item.pk))[slot]
            )

    def with_a_chip(self, text: str) -> object:
        if not self.jira.is_cloud:
            return f"{text} [~somebody]"
        words = adf(text)
        words["content"][0]["content"].append(CHIP)
        return words

    @rule(pick=PICK)
    def write_a_title_jira_refuses(self, pick: int) -> None:
        if found := self.pair(pick):
            link, item, _ = found
            title = self.new("Here") + " x" * 150
            self.bound.change(item, title=title)
            self.memory.wrote(link.pk, "title", item.title, title)

    @rule(pick=PICK, slot=st.sampled_from(["title", "description", "due_on"]))
    def edit_words_there(self, pick: int, slot: str) -> None:
        if found := self.pair(pick):
            link, _, issue = found
            seen = held_there(issue)[slot]
            words = self.with_a_chip(self.new("There"))
            change: dict[str, Any] = {
                "title": {"summary": self.new("There")},
                "description": {"description": words},
                "due_on": {"duedate": f"2029-01-{self.count % 28 + 1:02d}"},
            }[slot]
            self.jira.edit(issue["id"], **change)
            there = self.jira.ask("GET", f"issue/{issue['id']}", by=self.jira.service)
            self.memory.wrote(link.pk, slot, seen, held_there(there)[slot])

    @rule(pick=PICK, slot=st.sampled_from(sorted(HERE_TO_THERE)), which=st.integers(0, 2))
    def choose_here(self, pick: int, slot: str, which: int) -> None:
        if found := self.pair(pick):
            self.bound.change(found[1], **{slot: HERE_TO_THERE[slot][which]})

    @rule(pick=PICK, status=st.sampled_from(["To Do", "In Progress", "Done"]))
    def move_there(self, pick: int, status: str) -> None:
        if found := self.pair(pick):
            with contextlib.suppress(StopIteration):
                self.jira.move(found[2]["id"], status)

    @rule(pick=PICK, name=st.sampled_from(["High", "Low"]), kind=st.sampled_from(["Bug", "Story"]))
    def choose_there(self, pick: int, name: str, kind: str) -> None:
        found = self.pair(pick)
        if found and found[2]["fields"]["issuetype"]["name"] != "Epic":
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
        above = Link.objects.exclude(state="ended").filter(work_item=epic).first()
        if here:
            self.bound.change(found[1], parent=epic)
        elif above is not None and above.issue_id and self.is_task(found[2]):
            self.jira.edit(found[2]["id"], **self.jira.below(above.issue_id, epic=True))

    def is_task(self, issue: Any) -> bool:
        return bool(issue["fields"]["issuetype"]["name"] != "Epic")

    @rule(pick=PICK, here=st.booleans())
    def comment(self, pick: int, here: bool) -> None:
        if found := self.pair(pick):
            link, item, issue = found
            text = self.new("Said")
            if here:
                add_comment(item.pk, text, actor=self.bound.me)
            else:
                self.jira.comment(issue["id"], text)
            self.memory.wrote(link.pk, "comment", "", text)

    @rule(pick=PICK, delete=st.booleans())
    def touch_a_comment_here(self, pick: int, delete: bool) -> None:
        found = self.pair(pick)
        row = Comment.objects.filter(work_item=found[1], deleted_at=None).first() if found else None
        if found is None or row is None:
            return
        text = self.new("Corrected")
        if delete:
            delete_comment(row.pk, actor=self.bound.me)
            self.memory.standing[found[0].pk, "comment"].discard(row.body)
        else:
            edit_comment(row.pk, text, actor=self.bound.me)
            self.memory.wrote(found[0].pk, "comment", row.body, text)

    @rule(pick=PICK, here=st.booleans())
    @precondition(lambda self: self.count > 8)
    def delete(self, pick: int, here: bool) -> None:
        if found := self.pair(pick):
            if here:
                delete_item(found[1].pk, actor=self.bound.me)
            else:
                self.jira.delete(found[2]["id"])

    @rule()
    def run(self) -> None:
        self.jira.wait_for_deliveries()
        self.bound.run()

    @rule()
    def poll(self) -> None:
        self.bound.poll()

    @rule(
        kind=st.sampled_from(FAULTS),
        method=st.sampled_from(["POST", "PUT", "GET"]),
        path=st.sampled_from(["*", "*/issue/bulk", "*/comment"]),
    )
    def run_while_the_network_fails(self, kind: str, method: str, path: str) -> None:
        match = {"method": method, "path": path}
        self.jira.sim("POST", "faults", [{"match": match, "fault": kind}])
        self.bound.run()
        self.jira.sim("POST", "faults", [])
        self.bound.run(within=10)

    @rule(effect=st.integers(1, 40))
    def run_and_die(self, effect: int) -> None:
        crashing_at(effect, self.bound.run)

    @rule(seconds=st.sampled_from([5.0, 70.0, 400.0]))
    def later(self, seconds: float) -> None:
        self.world.enter_context(shifted(seconds))
        self.jira.sim("POST", "clock", {"advance_seconds": seconds})


@pytest.mark.both_deployments
def test_any_history_ends_with_both_sides_equal_or_a_reason(jira: Jira) -> None:
    with receiving() as address:
        Histories.jira, Histories.address = jira, address
        run_state_machine_as_test(
            Histories, settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS)
        )
