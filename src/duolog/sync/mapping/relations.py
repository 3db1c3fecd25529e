"""Which of our relations is which link of Jira's: suggested by the words of both ends.  Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from duolog.core.fields import ValueMap
from duolog.jira.ways import inverse_way
from duolog.sync.mapping.meta import Choice
from duolog.workplace.models import Reading


def suggest_relations(ways: Sequence[Choice], readings: Sequence[Reading]) -> ValueMap:
    """Our readings and Jira's ways whose words agree at both ends, else whose type is called so.

    A way that no reading of ours says stays on Jira's side, and the other way round.
    """
    outbound: dict[str, str] = {}
    for reading in readings:
        if not reading.is_told_by_second and (way := _way_for(reading, ways, outbound)):
            outbound[reading.value] = way
            outbound[reading.inverse_value] = inverse_way(way)
    return ValueMap(outbound, {way: value for value, way in outbound.items()})


def _way_for(reading: Reading, ways: Sequence[Choice], taken: Mapping[str, str]) -> str | None:
    words = {way.id: way.name for way in ways}
    free = [way for way in ways if way.id not in taken.values()]
    free = [way for way in free if (inverse_way(way.id) == way.id) == reading.is_symmetric]
    told_alike = (
        way.id
        for way in free
        if _same(way.name, reading.words)
        and _same(words.get(inverse_way(way.id), ""), reading.inverse_words)
    )
    called_so = (way.id for way in free if _same(way.sort, reading.words))
    return next(chain(told_alike, called_so), None)


def relation_problems(
    relations: ValueMap, readings: Sequence[Reading], ways: Sequence[Choice]
) -> tuple[str, ...]:
    """Why these tables cannot be used: the two ends of a link would tell different relations."""
    names = {way.id: way.name for way in ways}
    return tuple(
        f"The relation “{reading.words}” goes to Jira as “{names.get(way, way)}”: then "
        f"“{reading.inverse_words}” must go, and come back, as its other end."
        for reading in readings
        if (way := relations.encode(reading.value)) is not None
        and not _fits(relations, reading, way)
    )


def _fits(relations: ValueMap, reading: Reading, way: str) -> bool:
    inverse = relations.encode(reading.inverse_value)
    told = relations.canonical(reading.value), relations.canonical(reading.inverse_value)
    known = {relations.decode(way), relations.decode(inverse_way(way))}
    return inverse == inverse_way(way) and set(told) == known


def _same(one: str, other: str) -> bool:
    return bool(one.strip()) and one.strip().casefold() == other.strip().casefold()
