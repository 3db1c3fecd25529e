"""Ranks always leave room between two others, and sort as text."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from jirasim.site.ranks import Ranking, after, between, nth


def test_the_first_ranks_are_as_recorded() -> None:
    assert [nth(number) for number in range(4)] == [
        "0|i00007:",
        "0|i0000f:",
        "0|i0000n:",
        "0|i0000v:",
    ]
    assert after("") == nth(0)
    assert after(nth(5)) == nth(6)


@given(st.lists(st.floats(0, 1), max_size=80))
def test_there_is_always_room_between_neighbours(places: list[float]) -> None:
    ranks = [nth(0), nth(1)]
    for place in places:
        at = int(place * len(ranks))
        above = ranks[at - 1] if at > 0 else ""
        ranks.insert(at, after(above) if at == len(ranks) else between(above, ranks[at]))
    assert all(higher < lower for higher, lower in pairwise(ranks))


def test_the_same_place_can_be_taken_a_thousand_times() -> None:
    first, last = nth(0), nth(1)
    for _ in range(1000):
        lower = between(first, last)
        assert first < lower < last
        last = lower
    assert len(last) < 250


def test_a_ranking_knows_its_neighbours() -> None:
    ranking = Ranking((nth(number), str(number)) for number in (2, 0, 1))
    assert (ranking.above(nth(0)), ranking.above(nth(1)), ranking.below(nth(2))) == ("", nth(0), "")
    middle = between(nth(0), nth(1))
    ranking.move("7", None, middle)
    assert (ranking.below(nth(0)), ranking.above(nth(1))) == (middle, middle)
    ranking.move("7", middle, nth(9))
    assert (ranking.below(nth(0)), ranking.lowest()) == (nth(1), nth(9))
    ranking.move("7", nth(9), None)
    assert ranking.lowest() == nth(2)
