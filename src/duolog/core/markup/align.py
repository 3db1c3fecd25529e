"""Which old parts live on in a new sequence; pure, for any hashable values."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

_LOOK_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the result: new, old, or a new one in the place of an old one.

    `new` is None where an old part without visible content is kept; `old` is None where
    nothing old corresponds.
    """

    new: int | None
    old: int | None
    same: bool = False


def align(
    new: Sequence[T], old: Sequence[T | None], alike: Callable[[T, T], bool]
) -> Iterator[Step]:
    """The steps that make the new sequence, reusing each old part at most once.

    Equal parts are reused wherever they stand now.  Between them, a new part takes the place
    of an old one that is alike.  Invisible old parts (None) stay behind the part before them.
    """
    visible = [index for index, part in enumerate(old) if part is not None]
    same = _equal_parts(new, old, visible)
    edited = _edited_parts(new, old, visible, same, alike)
    yield from (Step(None, index) for index in range(visible[0] if visible else len(old)))
    for index in range(len(new)):
        reused = same.get(index)
        place = edited.get(index) if reused is None else reused
        yield Step(index, place, same=reused is not None)
        if place is not None:
            yield from _invisible_behind(old, place)


def _invisible_behind(old: Sequence[T | None], place: int) -> Iterator[Step]:
    for index in range(place + 1, len(old)):
        if old[index] is not None:
            return
        yield Step(None, index)


def _equal_parts(
    new: Sequence[T], old: Sequence[T | None], visible: Sequence[int]
) -> dict[int, int]:
    """For each new part the equal old part it reuses, matched from the end and in order."""
    found: dict[int, int] = {}
    tail = 0
    while tail < min(len(new), len(visible)) and new[-1 - tail] == old[visible[-1 - tail]]:
        found[len(new) - 1 - tail] = visible[-1 - tail]
        tail += 1
    places: defaultdict[T | None, deque[int]] = defaultdict(deque)
    for index in visible[: len(visible) - tail]:
        places[old[index]].append(index)
    for index in range(len(new) - tail):
        if waiting := places.get(new[index]):
            found[index] = waiting.popleft()
    return found


def _edited_parts(
    new: Sequence[T],
    old: Sequence[T | None],
    visible: Sequence[int],
    same: dict[int, int],
    alike: Callable[[T, T], bool],
) -> dict[int, int]:
    """For each remaining new part the old part whose place it takes."""
    position = {place: number for number, place in enumerate(visible)}
    taken = set(same.values())
    found: dict[int, int] = {}
    next_free = 0
    for index, part in enumerate(new):
        if index in same:
            next_free = position[same[index]] + 1
            continue
        for number in range(next_free, min(next_free + _LOOK_AHEAD, len(visible))):
            before = old[visible[number]]
            if visible[number] in taken or before is None:
                break
            if alike(part, before):
                found[index] = visible[number]
                taken.add(visible[number])
                next_free = number + 1
                break
    return found
