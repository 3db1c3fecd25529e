"""Issues that a person may mean: at hand at once, and found by Jira over their own connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from helpers.builders import a_member
from helpers.own_time import Logged
from helpers.ways_in import CLOUD, SERVER, a_site

from duolog.people.models import Member
from duolog.worklogs.own.habits import keep_at_hand
from duolog.worklogs.own.picking import known_issues, search_issues

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[CLOUD, SERVER], ids=["cloud", "server"])
def logged(request: Any, settings: Any) -> Iterator[Logged]:
    with a_site({**request.param, "issues": 12}, settings) as site:
        yield Logged(site)


@pytest.fixture
def maya() -> Member:
    return a_member()


def test_an_issue_is_found_by_key_and_by_words_and_kept_at_hand(
    logged: Logged, maya: Member
) -> None:
    connection, wanted = logged.connect(maya), logged.issues[3]
    assert known_issues(maya, "") == ()
    (by_key,) = search_issues(connection, f" {wanted.key.lower()} ")
    assert by_key.key == wanted.key
    title = wanted.summary
    word = max((part for part in title.split() if part.isalpha()), key=len)
    found = search_issues(connection, f'{word[:-1]} ("')
    assert by_key in found
    assert by_key.summary == title
    assert search_issues(connection, "FHP-99999") == ()
    assert search_issues(connection, '"!') == ()
    keep_at_hand(maya, by_key.pk, kept=True)
    assert known_issues(maya, word) == known_issues(maya, word, connection.pk) == (by_key,)
    assert known_issues(maya, word, connection.pk + 1) == ()
    assert known_issues(maya, "zzz") == ()
