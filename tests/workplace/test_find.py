"""Quick find: by key, title and full text, each word as the beginning of a word."""

from __future__ import annotations

from time import process_time

import pytest
from helpers.builders import a_team, an_item, the_owner
from hypothesis import given
from hypothesis import strategies as st

from duolog.workplace import queries, services
from duolog.workplace.actors import Actor
from duolog.workplace.models import SearchWord, Team
from duolog.workplace.words import LONGEST, end_of, terms_of, words_of


@given(st.lists(st.text()))
def test_every_text_is_found_by_its_own_words(texts: list[str]) -> None:
    words = words_of(texts)
    for text in texts:
        assert all(any(term <= word < end_of(term) for word in words) for term in terms_of(text))


@given(st.text(), st.integers(min_value=1, max_value=LONGEST))
def test_the_beginning_of_a_word_is_a_range(text: str, length: int) -> None:
    for word in words_of([text]):
        beginning = word.decode()[:length].encode()
        assert beginning <= word < end_of(beginning)
        assert len(word.decode()) <= LONGEST


@pytest.mark.parametrize("letter", ["ß", "1", "_", "a-"])
def test_a_text_of_one_endless_word_is_read_once(letter: str) -> None:
    """Such as a picture in letters: read anew from each of them, it would take half an hour."""
    began = process_time()
    words = words_of([letter * 200_000 + " PLAT-4"])
    assert process_time() - began < 5
    assert {b"plat-4", b"plat", b"4"} <= words


@pytest.fixture
def team() -> Team:
    team = a_team()
    actor = Actor.of(the_owner(team.workplace))
    an_item(team, title="Straße sperren", description="wegen PLAT-4 and the webhook")
    an_item(team, title="Retry the webhook", description="100% of café_owners")
    an_item(team, title="Nothing")
    said = an_item(team, title="Elsewhere")
    services.add_comment(said.pk, "The *signature* is wrong", actor=actor)
    return team


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        pytest.param("webhook", ["PLAT-2", "PLAT-1"], id="a title goes before a description"),
        pytest.param("WEBH retr", ["PLAT-2"], id="beginnings in any order and case"),
        pytest.param("strasse", ["PLAT-1"], id="letters that fold together"),
        pytest.param("signat", ["PLAT-4"], id="a word of a comment"),
        pytest.param("plat-4", ["PLAT-4", "PLAT-1"], id="the key, then whoever mentions it"),
        pytest.param("4", ["PLAT-4", "PLAT-1"], id="the number of a key"),
        pytest.param("ebhook", [], id="not the middle of a word"),
        pytest.param("webhook nothing", [], id="all words, not any"),
        pytest.param("café_o", ["PLAT-2"], id="no wild cards in words"),
        pytest.param("w_bhook", [], id="an underscore stands for itself"),
        pytest.param("%", [], id="a text without a word"),
        pytest.param("\x00", [], id="a NUL"),
        pytest.param("\ud800", [], id="half of a surrogate pair"),
    ],
)
@pytest.mark.database
@pytest.mark.django_db
def test_find(team: Team, text: str, keys: list[str]) -> None:
    assert [item.key for item in queries.find(team.workplace, text)] == keys


@pytest.mark.database
@pytest.mark.django_db
def test_what_is_no_longer_said_is_no_longer_found(team: Team) -> None:
    actor = Actor.of(the_owner(team.workplace))
    item = queries.get_item(team.workplace, "PLAT-4")
    comment = item.comments.get()
    services.edit_comment(comment.pk, "It is right", actor=actor)
    assert not queries.find(team.workplace, "signature")
    services.delete_comment(comment.pk, actor=actor)
    assert not queries.find(team.workplace, "right")
    services.update_item(item.pk, {"title": "Renamed"}, actor=actor)
    assert not queries.find(team.workplace, "elsewhere")
    stored = SearchWord.objects.filter(work_item=item).values_list("word", flat=True)
    assert {bytes(word) for word in stored} == {b"plat-4", b"plat", b"4", b"renamed"}
    services.delete_item(item.pk, actor=actor)
    assert not queries.find(team.workplace, "renamed")
