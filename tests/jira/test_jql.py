"""Pieces of JQL: safe to quote anything, never late around a change of clocks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.jira import jql

BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # sets its clock by half an hour
ZONES = st.sampled_from([UTC, BERLIN, LORD_HOWE, ZoneInfo("America/St_Johns")])
START = datetime(2020, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 10 * 365 * 86_400).map(lambda it: START + timedelta(seconds=it))


@given(st.text())
def test_a_quoted_text_is_one_literal_that_says_the_same(text: str) -> None:
    quoted = jql.quote(text)

    assert re.fullmatch(r'"(?:[^"\\]|\\.)*"', quoted)
    escapes = {"n": "\n", "r": "\r", "t": "\t"}
    said = re.sub(r"\\(.)", lambda it: escapes.get(it[1], it[1]), quoted[1:-1])
    assert said == text


@pytest.mark.parametrize(
    ("instant", "zone", "text"),
    [
        pytest.param("2026-11-22T07:48:59", UTC, "2026-11-22 07:48", id="seconds are cut off"),
        pytest.param("2026-11-22T23:30:00", BERLIN, "2026-11-23 00:30", id="in the caller's zone"),
        pytest.param("2026-10-24T23:59:00", BERLIN, "2026-10-25 01:59", id="before the odd hour"),
        pytest.param("2026-10-25T00:10:00", BERLIN, "2026-10-25 01:40", id="in its first run"),
        pytest.param("2026-10-25T01:10:00", BERLIN, "2026-10-25 01:40", id="in its second run"),
        pytest.param("2026-10-25T02:10:00", BERLIN, "2026-10-25 03:10", id="after it"),
        pytest.param("2026-03-29T01:10:00", BERLIN, "2026-03-29 03:10", id="after the lost hour"),
    ],
)
def test_a_moment_as_the_caller_writes_it(instant: str, zone: ZoneInfo, text: str) -> None:
    assert jql.moment(datetime.fromisoformat(instant).replace(tzinfo=UTC), zone) == f'"{text}"'


@given(INSTANTS, ZONES)
def test_however_jira_reads_the_moment_it_is_not_late_and_not_much_too_early(
    instant: datetime, zone: ZoneInfo
) -> None:
    written = datetime.fromisoformat(jql.moment(instant, zone).strip('"'))
    for fold in (0, 1):
        read = written.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        assert timedelta() <= instant - read <= timedelta(hours=3)


def test_changes_of_a_project_since() -> None:
    assert jql.updated_since("FHP", datetime(2026, 11, 22, 7, 48, 59, tzinfo=UTC), BERLIN) == (
        'project = "FHP" AND updated >= "2026-11-22 08:48" ORDER BY updated ASC, key ASC'
    )


def test_new_issues_of_a_project_count_begun_minutes_by_the_clock_of_jira() -> None:
    assert jql.created_within("ORDER", timedelta(minutes=6, seconds=1)) == (
        'project = "ORDER" AND created >= "-7m" ORDER BY created ASC, key ASC'
    )


def test_issues_by_id_take_numbers_only() -> None:
    assert jql.among(["10001", "10002"]) == "id IN (10001, 10002)"
    with pytest.raises(ValueError, match="invalid literal"):
        jql.among(["1) OR (1=1"])
