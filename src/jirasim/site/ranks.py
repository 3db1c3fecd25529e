"""The order of issues that people make by hand: ranks like Jira's LexoRank, and who is where.

A rank such as `0|i0000f:` has a bucket, six digits in base 36, and after the colon as many more
as were needed to come between two others.  Ranks sort as text.
"""

import sys
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
BASE = 36
WIDTH = 6
STEP = 8
FIRST = 18 * BASE ** (WIDTH - 1) + 7
"""Where Jira begins: `i00007`, in the middle, with room on both sides."""
Place = tuple[str, int]


def nth(number: int) -> str:
    """The rank of the issue of this number, counted from 0, on a site that ranked nothing yet."""
    return _written(FIRST + number * STEP, WIDTH)


def after(rank: str) -> str:
    """A rank below the lowest one, which is `rank` (empty: there is none yet)."""
    if not rank:
        return nth(0)
    return _written(_number(rank, WIDTH) + STEP, WIDTH)


def between(higher: str, lower: str) -> str:
    """A rank below `higher` (empty: nothing is above) and above `lower`."""
    width = max(len(_digits(higher)), len(_digits(lower)))
    while True:
        first, last = _number(higher, width), _number(lower, width)
        if last - first > 1:
            return _written((first + last) // 2, width)
        width += 1


class Ranking:
    """All issues from the highest rank to the lowest.  Used under the site's lock."""

    def __init__(self, ranked: Iterable[tuple[str, str]]) -> None:
        self._places: list[Place] = sorted((rank, int(issue_id)) for rank, issue_id in ranked)

    def move(self, issue_id: str, before: str | None, now: str | None) -> None:
        """Put an issue where its rank says; None: it was not there, or is no longer."""
        if before == now:
            return
        if before is not None:
            del self._places[bisect_left(self._places, (before, int(issue_id)))]
        if now is not None:
            insort(self._places, (now, int(issue_id)))

    def lowest(self) -> str:
        """The rank of the last issue; empty when there is none."""
        return self._places[-1][0] if self._places else ""

    def above(self, rank: str) -> str:
        """The next higher rank than this; empty when there is none."""
        place = bisect_left(self._places, (rank, 0))
        return self._places[place - 1][0] if place > 0 else ""

    def below(self, rank: str) -> str:
        """The next lower rank than this; empty when there is none."""
        place = bisect_right(self._places, (rank, sys.maxsize))
        return self._places[place][0] if place < len(self._places) else ""


def _digits(rank: str) -> str:
    return rank.partition("|")[2].replace(":", "")


def _number(rank: str, width: int) -> int:
    return int(_digits(rank).ljust(width, "0")[:width], BASE)


def _written(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, digit = divmod(number, BASE)
        digits = DIGITS[digit] + digits
    return f"0|{digits[:WIDTH]}:{digits[WIDTH:]}"
