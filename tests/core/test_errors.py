"""What a replica's errors carry, and which of them count as which."""

from __future__ import annotations

from datetime import timedelta

import pytest

from duolog.core.errors import (
    AnswerLost,
    Disconnected,
    Gone,
    Refused,
    Retryable,
    Scope,
    SyncError,
    Unseen,
)
from duolog.core.replica import Written

KINDS = (Retryable, AnswerLost, Refused, Unseen, Gone, Disconnected)


@pytest.mark.parametrize("kind", KINDS)
def test_message_and_hint_reach_people_as_they_stand(kind: type[SyncError]) -> None:
    error = kind("Jira is busy.", hint="Wait a minute.")
    assert (str(error), error.hint) == ("Jira is busy.", "Wait a minute.")
    assert kind("Jira is busy.").hint == ""


@pytest.mark.parametrize(
    ("kind", "caught_as"),
    [
        pytest.param(AnswerLost, Retryable, id="a lost answer may be tried again, after a look"),
        pytest.param(Unseen, Refused, id="what is not seen is held, not taken for gone"),
    ],
)
def test_the_finer_error_is_treated_as_the_coarser(
    kind: type[SyncError], caught_as: type[SyncError]
) -> None:
    assert issubclass(kind, caught_as)


def test_unseen_is_never_taken_for_gone() -> None:
    assert not issubclass(Unseen, Gone)
    assert not issubclass(Gone, Refused)


@pytest.mark.parametrize("kind", [Gone, Refused, Disconnected])
def test_what_needs_a_person_is_never_tried_again(kind: type[SyncError]) -> None:
    assert not issubclass(kind, Retryable)


def test_a_retry_concerns_the_link_unless_it_says_otherwise() -> None:
    assert Retryable("Later.").scope is Scope.LINK
    assert Retryable("Later.").retry_after is None
    busy = Retryable("Later.", scope=Scope.CONNECTION, retry_after=timedelta(seconds=9))
    assert (busy.scope, busy.retry_after) == (Scope.CONNECTION, timedelta(seconds=9))


def test_a_refusal_names_the_fields_and_keeps_its_own_copy() -> None:
    fields = {"summary": "Too long."}
    error = Refused("Jira refused.", fields=fields)
    fields.clear()
    assert error.fields == {"summary": "Too long."}
    assert Refused("Jira refused.").fields == {}


def test_nothing_written_yet_is_nothing_applied_refused_or_interrupted() -> None:
    written = Written()
    assert (written.applied, written.refused, written.interrupted) == ({}, {}, None)
