"""Holidays of regions, as people choose them."""

from __future__ import annotations

from datetime import date

import pytest

from duolog.worklogs.days_off import (
    UnknownRegion,
    check_region,
    holidays_between,
    list_countries,
    list_parts,
)

FIRST, LAST = date(2026, 12, 20), date(2027, 1, 6)


def test_a_part_has_the_holidays_of_its_country_and_its_own() -> None:
    germany, bavaria = (holidays_between(region, FIRST, LAST) for region in ("DE", "DE-BY"))
    assert set(germany) == {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)}
    assert set(bavaria) - set(germany) == {date(2027, 1, 6)}
    assert germany[date(2027, 1, 1)] == "New Year's Day"
    assert holidays_between("", FIRST, LAST) == {}


def test_regions_are_offered_by_name() -> None:
    assert ("DE", "Germany") in [(each.code, each.name) for each in list_countries()]
    assert "United Kingdom" in [each.name for each in list_countries()]
    assert ("DE-BY", "Bayern") in [(each.code, each.name) for each in list_parts("DE")]
    assert list_parts("") == ()


@pytest.mark.parametrize("region", ["XX", "DE-XX", "-BY", "de"])
def test_what_is_on_no_list_is_refused(region: str) -> None:
    with pytest.raises(UnknownRegion, match="of the list"):
        check_region(region)
    assert check_region("DE-BY") == "DE-BY"
    assert check_region("") == ""
