"""A world for histories over the real engine: two sides, a network that fails, a process that dies.

What people do lies in the modules `acts_on_…`, one for each area, with one rule for each thing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, ClassVar

from django.core.management import call_command
from django.db.models import QuerySet
from django.utils import timezone
from helpers.bound import Bound, a_bound_team
from helpers.builders import a_team
from helpers.crashes import crashing_at
from helpers.held import live_links
from helpers.jirasim import Jira
from helpers.machine import (
    INDEX_LAG,
    Memory,
    assert_at_rest,
    assert_nothing_lost,
    assert_nothing_twice,
    heal,
    live_pairs,
    nth_pair,
)
from helpers.own_fields import make_fields, make_properties
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from duolog.connections.webhooks import EVENTS, make_webhook
from duolog.sync.binding.services import Rules
from duolog.sync.models import Link
from duolog.work.clock import shifted
from duolog.workplace.models import Property, Team, WorkItem
from duolog.workplace.services import NewItem, create_item

SECRET = "between Jira and us"
PICK = st.integers(0, 3)
SIDES = st.sampled_from([(True,), (False,), (True, False), (False, True)])
"""Where somebody does something: here, in Jira, or one after the other before anybody looks."""
FAULTS = ("status_before", "status_after", "cut_before", "cut_after", "html", "truncate")
PLACES = ("*", "*/issue/bulk", "*/comment", "*/attachments", "*/issueLink", "*/worklog")
SPACES = ("FHP", "LIN")
"""One in which every status leads to every other, and one that goes line by line."""
MOST = 8
"""More items and issues than that only thin out what happens to each."""
NAMES = ("API", "Web")
"""Of components, and of versions."""
Found = tuple[Link, WorkItem, Any]


def have(jira: Jira, kind: str, name: str, *, project: str) -> None:
    """Have the project know a component or a version of this name."""
    known = jira.ask("GET", f"project/{project}/{kind}s", by=jira.service)
    if name not in {each["name"] for each in known}:
        jira.ask("POST", kind, {"name": name, "project": project}, by=jira.service)


class World(RuleBasedStateMachine):
    """A team bound to a project, and what befalls both."""

    jira: ClassVar[Jira]
    address: ClassVar[str]
    bound: Bound
    space: str
    memory: Memory
    properties: dict[str, Property]

    @initialize(
        space=st.sampled_from(SPACES),
        restricted=st.booleans(),
        seed=st.integers(0, 99),
        shuffled=st.booleans(),
    )
    def start(self, space: str, restricted: bool, seed: int, shuffled: bool) -> None:
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
        self.space, self.is_set = space, False
        self.count = self.created = self.remade = 0
        self.memory = Memory()
        for name in NAMES:
            have(self.jira, "component", name, project=space)
            have(self.jira, "version", name, project=space)
        make_fields(self.jira)
        self.properties = make_properties(self.bound.workplace, self.bound.me)
        self.item_here(epic=True)
        self.item_here(epic=False)
        self.bound.bind(Rules(restricted_comments=restricted), space=space)
        self.issue_there()
        self.run()

    def teardown(self) -> None:
        if hasattr(self, "bound"):
            try:
                heal(self.bound)
                self.judge()
            finally:
                self.jira.sim("POST", "webhooks/policy", {})
                self.jira.wait_for_deliveries()
                self.jira.sim("POST", "clock", {"now": timezone.now().isoformat()})
                self.world.close()
                call_command("flush", verbosity=0, interactive=False)

    def judge(self) -> None:
        """What must hold once all is well again; each area may add to it."""
        assert_nothing_lost(self.bound, self.memory)
        assert_nothing_twice(self.bound, self.space, self.created, self.remade)
        assert_at_rest(self.bound)

    def new(self, word: str) -> str:
        self.count += 1
        return f"{word} {self.count}"

    def day(self, year: int) -> str:
        """A day that is not named twice for a long while."""
        return f"{year}-{self.count % 12 + 1:02d}-{self.count % 28 + 1:02d}"

    def pair(self, pick: int) -> Found | None:
        """A link whose two ends are there, with both."""
        return nth_pair(self.bound, pick)

    def links(self) -> QuerySet[Link]:
        """Those of all pairs."""
        return live_links().filter(work_item__deleted_at=None)

    def pairs(self) -> Iterator[Found]:
        """All of them."""
        return live_pairs(self.bound)

    def elsewhere(self) -> Team:
        """A team that follows no Jira."""
        known = Team.objects.filter(workplace=self.bound.workplace, key_prefix="ELSE").first()
        return known or a_team(self.bound.workplace, name="Elsewhere", key_prefix="ELSE")

    def item_in(self, team: Team, title: str, **fields: object) -> WorkItem:
        """A new item of this team."""
        return create_item(team, NewItem(title=title, **fields), actor=self.bound.me)

    def has_room(self) -> bool:
        """Whether something else may be made."""
        return self.created < MOST

    @rule(epic=st.booleans())
    @precondition(has_room)
    def item_here(self, epic: bool) -> None:
        self.created += 1
        self.bound.item(self.new("Item"), type="epic" if epic else "task")

    @rule()
    @precondition(has_room)
    def issue_there(self) -> None:
        self.created += 1
        self.jira.create(self.new("Issue"), project={"key": self.space})

    @rule()
    def run(self) -> None:
        self.jira.wait_for_deliveries()
        self.bound.run()

    @rule()
    def poll(self) -> None:
        self.bound.poll()

    @rule(
        kind=st.sampled_from(FAULTS),
        method=st.sampled_from(["POST", "PUT", "GET", "DELETE"]),
        path=st.sampled_from(PLACES),
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

    @rule(effect=st.integers(1, 40), nth=st.integers(1, 6))
    def die_while_the_network_fails(self, effect: int, nth: int) -> None:
        self.jira.sim("POST", "faults", [{"match": {"nth": nth}, "fault": "cut_after"}])
        crashing_at(effect, self.bound.run)
        self.jira.sim("POST", "faults", [])

    @rule(seconds=st.sampled_from([5.0, 70.0, 400.0]))
    def later(self, seconds: float) -> None:
        self.world.enter_context(shifted(seconds))
        self.jira.sim("POST", "clock", {"advance_seconds": seconds})

    @rule(seconds=st.sampled_from([-100.0, 900.0]))
    @precondition(lambda self: not self.is_set)
    def our_clock_is_set(self, seconds: float) -> None:
        """Ours alone, and once: the two no longer agree about the time."""
        self.is_set = True
        self.world.enter_context(shifted(seconds))
