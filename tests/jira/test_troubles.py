"""What a person is told: every trouble has its words, and each says what to do."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from duolog.core.errors import Disconnected, Refused, Retryable, SyncError
from duolog.jira.auth import Method
from duolog.jira.troubles import (
    WORDS,
    Barred,
    Trouble,
    Unreached,
    ended,
    field_at_fault,
    words_for,
)

FACTS = {
    "status": 401,
    "goal": "https://elsewhere.example",
    "host": "jira.example",
    "address": "10.0.0.1",
    "objection": "is inside a private network",
}
EVERY = [(trouble, method) for trouble in Trouble for method in (None, *Method)]


@pytest.mark.parametrize(("trouble", "method"), EVERY)
def test_every_trouble_has_a_sentence_and_advice_for_every_method(
    trouble: Trouble, method: Method | None
) -> None:
    sentence, hint = words_for(trouble, method, **FACTS)
    assert sentence.endswith(".")
    assert hint.endswith(".")
    assert "{" not in sentence + hint


def test_only_known_facts_are_asked_for() -> None:
    asked = {
        name
        for rows in WORDS.values()
        for words in rows.values()
        for _, name, _, _ in Formatter().parse(words.sentence)
        if name
    }
    assert asked == set(FACTS)


@pytest.mark.parametrize(
    ("method", "advice"),
    [
        pytest.param(Method.API_TOKEN, "account which made the token", id="the e-mail must match"),
        pytest.param(Method.PAT, "whether tokens are switched off", id="an admin may forbid them"),
        pytest.param(Method.BASIC, "not the e-mail address", id="a user name is no e-mail"),
        pytest.param(Method.BASIC, "SSO", id="single sign-on may forbid passwords"),
        pytest.param(Method.OAUTH, "Connect again", id="a consent is given anew"),
    ],
)
def test_the_advice_of_the_seeds_is_given_where_it_applies(method: Method, advice: str) -> None:
    assert advice in words_for(Trouble.WRONG, method, status=401)[1]


@pytest.mark.parametrize(
    ("error", "field"),
    [
        pytest.param(Barred(Trouble.WRONG, "x"), "secret", id="a credential"),
        pytest.param(Barred(Trouble.OUT_OF_BOUNDS, "x"), "address", id="a private address"),
        pytest.param(Unreached(Trouble.UNKNOWN_NAME, "x"), "address", id="an unknown name"),
        pytest.param(Unreached(Trouble.CERTIFICATE, "x"), "ca_certificate", id="a certificate"),
        pytest.param(Disconnected("x"), "secret", id="whatever else ends a connection"),
        pytest.param(Retryable("x"), "", id="something that passes"),
        pytest.param(Refused("x"), "", id="something refused"),
    ],
)
def test_a_form_points_at_the_field_that_is_wrong(error: SyncError, field: str) -> None:
    assert field_at_fault(error) == field


def test_a_known_end_is_named() -> None:
    assert str(ended(Method.API_TOKEN, date(2026, 3, 14))) == "The API token ended on 2026-03-14."
    assert "Personal Access Tokens" in ended(Method.PAT, date(2026, 3, 14)).hint


def test_the_page_has_every_sentence_and_its_advice() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "connecting.md").read_text()
    for trouble, rows in WORDS.items():
        shown = [words for method, words in rows.items() if method or len(rows) <= len(Method)]
        for words in shown:
            assert f"| {words.sentence} |" in page, trouble
            assert f"| {words.hint} |" in page, trouble
