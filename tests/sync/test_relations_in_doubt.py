"""Made here, its answer lost, removed here: the link goes from Jira too, however late it comes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from helpers.bound import Bound
from helpers.crashes import LONGEST_LAG, at_every_effect, crashing_behind
from helpers.killed import STEP

from duolog.sync.marks import INTERACTIVE, ask_to_look
from duolog.sync.models import Link, RelationTrial
from duolog.work.marks import retry_now
from duolog.workplace import queries
from duolog.workplace.models import Reading, Relation, WorkItem
from duolog.workplace.services import add_relation, remove_relation

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def pair(bound: Bound) -> tuple[WorkItem, WorkItem]:
    """Two items in step."""
    pump, valve = bound.item("Pump"), bound.item("Valve")
    bound.bind()
    return pump, valve


def relate(bound: Bound, pair: tuple[WorkItem, WorkItem], reading: Reading) -> Relation:
    return add_relation(pair[0].pk, reading, pair[1].pk, actor=bound.me)


def related_with_lost_answers(bound: Bound, pair: tuple[WorkItem, WorkItem], fault: str) -> None:
    """Both ends set about to make a link, and neither learns what came of it; then it goes."""
    match = {"method": "POST", "path": f"{bound.jira.rest}/issueLink"}
    bound.jira.sim("POST", "faults", [{"match": match, "fault": fault, "times": 2}])
    made = relate(bound, pair, Reading.BLOCKS)
    bound.run()
    remove_relation(made.pk, actor=bound.me)


def tie(bound: Bound, pair: tuple[WorkItem, WorkItem]) -> None:
    """Link the issues in Jira: by a person, or by a request of ours that was long under way."""
    source, target = (str(bound.link(item).issue_id) for item in pair)
    ends = {"inwardIssue": {"id": source}, "outwardIssue": {"id": target}}
    bound.jira.ask("POST", "issueLink", {"type": {"name": "Blocks"}, **ends})


def look(bound: Bound, item: WorkItem) -> None:
    ask_to_look([bound.link(item).pk])
    bound.run()


def count(bound: Bound, item: WorkItem) -> tuple[int, int]:
    """How many relations an item has, here and in Jira."""
    issue = bound.jira.get(str(bound.link(item).issue_id))
    return len(queries.list_related(item)), len(issue["issuelinks"])


def assert_gone(bound: Bound, pair: tuple[WorkItem, WorkItem]) -> None:
    bound.run(within=LONGEST_LAG)
    bound.poll()
    for item in pair:
        look(bound, item)
        assert count(bound, item) == (0, 0)
    assert set(Link.objects.values_list("state", flat=True)) == {"in_step"}
    assert not RelationTrial.objects.exists()


@pytest.mark.parametrize("tried", [True, False], ids=["the end that sent it", "the other end"])
def test_what_came_is_removed_there_whichever_end_looks_first(
    bound: Bound, pair: tuple[WorkItem, WorkItem], tried: bool
) -> None:
    made = relate(bound, pair, Reading.RELATES_TO)
    assert crashing_behind("/issueLink", 1, bound.run)
    assert count(bound, pair[0]) == (1, 1)
    remove_relation(made.pk, actor=bound.me)
    first = RelationTrial.objects.get(tried_at__isnull=not tried).link
    ask_to_look([first.pk], priority=INTERACTIVE)
    assert_gone(bound, pair)


@pytest.mark.parametrize("first", [0, 1], ids=["the end that told it first", "the other end"])
def test_what_comes_late_is_removed_there(
    bound: Bound, pair: tuple[WorkItem, WorkItem], first: int
) -> None:
    related_with_lost_answers(bound, pair, "cut_before")
    bound.run(within=3)
    assert count(bound, pair[0]) == (0, 0)
    tie(bound, pair)
    look(bound, pair[first])
    assert_gone(bound, pair)


def test_one_that_was_sent_again_and_removed_does_not_come_back_with_the_first_request(
    bound: Bound, pair: tuple[WorkItem, WorkItem]
) -> None:
    match = {"method": "POST", "path": f"{bound.jira.rest}/issueLink"}
    bound.jira.sim("POST", "faults", [{"match": match, "fault": "cut_before", "times": 2}])
    made = relate(bound, pair, Reading.BLOCKS)
    bound.run(within=3)
    assert count(bound, pair[0]) == (1, 1)
    remove_relation(made.pk, actor=bound.me)
    for item in pair:
        retry_now("link", bound.link(item).pk)
    bound.run()
    assert count(bound, pair[0]) == (0, 0)
    tie(bound, pair)
    assert_gone(bound, pair)


def test_what_never_came_is_forgotten_and_a_link_by_a_person_then_comes_here(
    bound: Bound, pair: tuple[WorkItem, WorkItem]
) -> None:
    related_with_lost_answers(bound, pair, "cut_before")
    assert_gone(bound, pair)
    tie(bound, pair)
    bound.poll()
    assert [count(bound, item) for item in pair] == [(1, 1), (1, 1)]


def test_removed_after_a_crash_at_any_effect_nothing_comes_back(
    bound: Bound, pair: tuple[WorkItem, WorkItem]
) -> None:
    made: list[Relation] = []

    def work(_: int) -> Callable[[], object]:
        made[:] = [relate(bound, pair, Reading.BLOCKS)]
        return bound.run

    def remove() -> None:
        remove_relation(made[0].pk, actor=bound.me)

    def check(_: int) -> None:
        assert_gone(bound, pair)

    assert at_every_effect(bound, work, check, range(1, 1_000, STEP), meanwhile=remove) > 5
