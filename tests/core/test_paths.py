"""The laws of ways through a workflow, against all the ways there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from duolog.core.paths import reachable, shortest

STATUSES = "abcdef"


@dataclass(frozen=True)
class Step:
    to: str
    has_screen: bool = False
    number: int = 0


Exits = Mapping[str, Sequence[Step]]

steps = st.builds(Step, st.sampled_from(STATUSES), st.booleans(), st.integers(0, 3))
workflows = st.dictionaries(st.sampled_from(STATUSES), st.lists(steps, max_size=4))
ends = st.sampled_from(STATUSES)


def every_way(exits: Exits, start: str, goal: str) -> Iterator[tuple[Step, ...]]:
    """All ways that pass no status twice."""

    def onward(
        at: str, passed: frozenset[str], way: tuple[Step, ...]
    ) -> Iterator[tuple[Step, ...]]:
        if at == goal:
            yield way
            return
        for step in exits.get(at, ()):
            if step.to not in passed:
                yield from onward(step.to, passed | {step.to}, (*way, step))

    return onward(start, frozenset({start}), ())


def cost(way: Sequence[Step]) -> tuple[int, int]:
    return len(way), sum(step.has_screen for step in way)


@given(workflows, ends, ends)
def test_no_way_is_shorter_and_none_as_short_has_fewer_screens(
    exits: Exits, start: str, goal: str
) -> None:
    found = shortest(exits, start, goal)
    ways = [cost(way) for way in every_way(exits, start, goal)]
    assert (found is None) == (not ways)
    if found is not None:
        assert cost(found) == min(ways)


@given(workflows, ends, ends)
def test_a_way_found_can_be_walked(exits: Exits, start: str, goal: str) -> None:
    at = start
    for step in shortest(exits, start, goal) or ():
        assert step in exits[at]
        at = step.to
    assert at in {start, goal}


@given(workflows, ends, ends)
def test_no_way_means_that_the_goal_is_out_of_reach(exits: Exits, start: str, goal: str) -> None:
    assert (shortest(exits, start, goal) is None) == (goal not in reachable(exits, start))


@given(workflows, ends, ends, st.integers(0, 3))
def test_what_cannot_be_used_is_not_used(exits: Exits, start: str, goal: str, barred: int) -> None:
    def usable(step: Step) -> bool:
        return step.number != barred

    left = {at: [step for step in steps if usable(step)] for at, steps in exits.items()}
    assert shortest(exits, start, goal, usable=usable) == shortest(left, start, goal)
    assert reachable(exits, start, usable=usable) == reachable(left, start)


@given(workflows, ends)
def test_the_nearest_comes_first(exits: Exits, start: str) -> None:
    lengths = [len(shortest(exits, start, goal) or ()) for goal in reachable(exits, start)]
    assert lengths == sorted(lengths)
    assert reachable(exits, start)[0] == start


def test_of_two_ways_as_short_the_one_without_a_screen_is_taken() -> None:
    exits = {
        "open": [Step("review", has_screen=True), Step("doing")],
        "doing": [Step("done")],
        "review": [Step("done")],
    }
    assert [step.to for step in shortest(exits, "open", "done") or ()] == ["doing", "done"]


def test_a_longer_way_is_not_taken_to_avoid_a_screen() -> None:
    exits = {
        "open": [Step("done", has_screen=True), Step("doing")],
        "doing": [Step("done")],
    }
    assert shortest(exits, "open", "done") == (Step("done", has_screen=True),)


def test_where_it_stands_already_needs_no_step() -> None:
    assert shortest({}, "open", "open") == ()
