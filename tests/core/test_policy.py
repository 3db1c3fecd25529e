"""What each policy answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from core.strategies import TITLE

from duolog.core.policy import ConflictPolicy, policy_for
from duolog.core.values import Pair, Side

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(milliseconds=1)


def test_every_choice_is_in_the_table_of_answers() -> None:
    assert {choice.value for choice in ConflictPolicy} == {
        "ask",
        "jira_wins",
        "duolog_wins",
        "newest_wins",
    }


@pytest.mark.parametrize(
    ("choice", "here", "there", "answer"),
    [
        pytest.param(ConflictPolicy.ASK, LATER, NOON, None, id="ask waits for a person"),
        pytest.param(ConflictPolicy.JIRA_WINS, LATER, NOON, Side.REMOTE, id="jira wins"),
        pytest.param(ConflictPolicy.DUOLOG_WINS, NOON, LATER, Side.LOCAL, id="duolog wins"),
        pytest.param(ConflictPolicy.NEWEST_WINS, LATER, NOON, Side.LOCAL, id="newer here"),
        pytest.param(ConflictPolicy.NEWEST_WINS, NOON, LATER, Side.REMOTE, id="newer there"),
        pytest.param(ConflictPolicy.NEWEST_WINS, NOON, NOON, None, id="no edit is the newer"),
        pytest.param(ConflictPolicy.NEWEST_WINS, None, NOON, None, id="no time known here"),
        pytest.param(ConflictPolicy.NEWEST_WINS, NOON, None, None, id="no time known there"),
        pytest.param(ConflictPolicy.NEWEST_WINS, None, None, None, id="no time known at all"),
    ],
)
def test_answers(
    choice: ConflictPolicy, here: datetime | None, there: datetime | None, answer: Side | None
) -> None:
    policy = policy_for(choice, local_changed_at=here, remote_changed_at=there)
    assert policy(TITLE, Pair("a", "a"), Pair("b", "c")) is answer


def test_newest_wins_asks_when_no_times_are_given() -> None:
    assert policy_for(ConflictPolicy.NEWEST_WINS)(TITLE, Pair(), Pair("b", "c")) is None
