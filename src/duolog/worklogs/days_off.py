"""Public holidays of a country or a part of it, as the library `holidays` knows them.

A region is named by its ISO 3166 codes: `DE`, or `DE-BY` for a part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Final

import holidays
from holidays.registry import COUNTRIES

_LANGUAGE: Final = "en_US"
_WORD_BEGINS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=DR)(?=Congo)")


class UnknownRegion(ValueError):
    """No region by this name; the message is a sentence for whoever chose it."""


@dataclass(frozen=True, slots=True)
class Region:
    """A country or a part of it."""

    code: str
    name: str


@cache
def list_countries() -> tuple[Region, ...]:
    """Every country whose holidays are known, by name."""
    known = (
        Region(code, _WORD_BEGINS.sub(" ", name).replace(" And ", " and "))
        for name, code, *_ in COUNTRIES.values()
    )
    return tuple(sorted(known, key=lambda each: each.name))


@cache
def list_parts(country: str) -> tuple[Region, ...]:
    """The parts of a country that have holidays of their own, by name."""
    if not country:
        return ()
    known = _calendar(country, "", None)
    names = {code: name for name, code in known.subdivisions_aliases.items()}
    parts = (Region(f"{country}-{code}", names.get(code, code)) for code in known.subdivisions)
    return tuple(sorted(parts, key=lambda each: each.name))


def holidays_between(region: str, first: date, last: date) -> Mapping[date, str]:
    """The holidays of the region from the first to the last day, by day, with their names.

    Of no region, named by nothing, there are none.
    """
    if not region:
        return {}
    found: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        found |= _of_year(region, year)
    return {day: name for day, name in found.items() if first <= day <= last}


def check_region(region: str) -> str:
    """The region as it is; raises `UnknownRegion`."""
    country, _, part = region.partition("-")
    if country and country not in {each.code for each in list_countries()}:
        raise UnknownRegion("Choose a country of the list.")
    if part and region not in {each.code for each in list_parts(country)}:
        raise UnknownRegion("Choose a part of the list.")
    return region


@lru_cache(maxsize=256)
def _of_year(region: str, year: int) -> Mapping[date, str]:
    country, _, part = region.partition("-")
    return dict(_calendar(country, part, year))


def _calendar(country: str, part: str, year: int | None) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=part or None, years=year, language=_LANGUAGE)
