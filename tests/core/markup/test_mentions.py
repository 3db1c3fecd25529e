"""Mentions: links to members here, Jira's own signs there, and back to the letter."""

from __future__ import annotations

import pytest

from duolog.core.markup import adf_from_markdown, markdown_from_adf, markdown_from_wiki
from duolog.core.markup.mentions import (
    Document,
    People,
    mention_of,
    mentioned_accounts,
    mentioned_logins,
    mentioned_members,
    wiki_with_links,
    wiki_with_mentions,
    with_mentions_of,
    with_people,
)

ADA = {"type": "mention", "attrs": {"id": "acc:1", "text": "@Ada", "localId": "m1"}}
OTHER = {"type": "mention", "attrs": {"id": "acc:9", "text": "@Else"}}
PEOPLE = People(
    members={"acc:1": "12", "ada": "12"},
    called={"12": "acc:1"},
    names={"12": "Ada [of] Lovelace", "5": "Bob"},
)
LOGINS = People(members={"ada": "12"}, called={"12": "ada"}, names={"12": "Ada Lovelace"})


def doc(*paragraphs: list[object]) -> dict[str, object]:
    content = [{"type": "paragraph", "content": each} for each in paragraphs]
    return {"type": "doc", "version": 1, "content": content}


def _blocks(document: dict[str, object]) -> list[object]:
    content = document["content"]
    assert isinstance(content, list)
    return content


def said(text: str) -> dict[str, object]:
    return {"type": "text", "text": text}


def test_a_mention_is_read_as_its_member_and_written_back_to_the_letter() -> None:
    there = doc([said("Ask "), ADA, said(" or "), OTHER], [said("Thanks "), ADA])
    held = Document(there, PEOPLE)
    text = markdown_from_adf(held.linked)
    assert text.startswith(r"Ask [@Ada \[of\] Lovelace](member:12) or [@Else](jira:mention/")
    assert held.restored(adf_from_markdown(text, previous=held.linked)) == there
    edited = held.restored(
        adf_from_markdown(text.replace("Thanks", "Thank you"), previous=held.linked)
    )
    assert _blocks(edited)[0] == _blocks(there)[0]
    assert mentioned_accounts(edited) == {"acc:1", "acc:9"}


def test_a_member_whom_jira_does_not_know_is_a_plain_name() -> None:
    text = "Ask [@Bob](member:5), **[@Nobody](member:99)** and [@Ada](member:12)"
    assert with_people(text, PEOPLE) == (r"Ask @Bob, @Nobody and [@Ada \[of\] Lovelace](member:12)")
    made = Document({}, PEOPLE).restored(adf_from_markdown(text))
    assert mentioned_accounts(made) == {"acc:1"}
    assert "member:" not in str(made)


def test_a_plain_name_of_jira_stays_the_mention_it_is_here() -> None:
    before = "Ask [@Bob](member:5) and [@Ada](member:12)"
    assert with_mentions_of("Now ask @Bob and @Ada", before, {"5"}) == (
        "Now ask [@Bob](member:5) and @Ada"
    )


@pytest.mark.parametrize(
    "wiki",
    [
        pytest.param("Ask [~ada] and [~else]", id="in a line"),
        pytest.param("* one [~ada]\n* two", id="in a list"),
        pytest.param("||a||b||\n|[~ada]|x|", id="in a table"),
        pytest.param("{code}\n[~ada]\n{code}\n\nand {{[~ada]}} but [~ada]", id="beside code"),
    ],
)
def test_wiki_text_comes_back_to_the_letter(wiki: str) -> None:
    linked = wiki_with_links(wiki, LOGINS)
    assert linked != wiki
    assert "[@Ada Lovelace](member:12)" in markdown_from_wiki(linked)
    assert wiki_with_mentions(linked, LOGINS) == wiki
    assert "ada" in mentioned_logins(wiki)


def test_who_is_mentioned_is_found_in_links_alone() -> None:
    assert mentioned_members("`[@A](member:1)` [@B](member:2) member:3 <member:4>") == {"2", "4"}
    assert mentioned_logins("{noformat}[~a]{noformat} [~b]") == {"b"}
    assert mention_of("7", "A]b") == r"[@A\]b](member:7)"
