"""Hostile and broken wiki text: always an answer in a time that grows with its length only."""

from __future__ import annotations

import pytest

from duolog.core import markup


@pytest.mark.parametrize(
    "wiki",
    [
        pytest.param("*" * 1_000_000, id="a megabyte of stars"),
        pytest.param("lorem ipsum dolor " * 55_000, id="a megabyte of words"),
        pytest.param("*a " * 20_000, id="emphasis that never ends"),
        pytest.param("{code:a}" * 20_000, id="code that never ends"),
        pytest.param("".join(f"{{a{n}:x=1}}" for n in range(8_000)), id="macros nobody knows"),
        pytest.param("{{" * 20_000, id="monospaced text that never ends"),
        pytest.param("[a|" * 2_000, id="links that never end"),
        pytest.param("!a" * 20_000, id="pictures that never end"),
        pytest.param("|a" * 10_000, id="a row of ten thousand cells"),
        pytest.param("\\" * 100_000, id="backslashes"),
        pytest.param(" \t" * 100_000, id="blanks"),
        pytest.param("http://x.y/" + ")" * 100_000, id="closing brackets behind an address"),
    ],
)
def test_a_long_text_is_answered(wiki: str) -> None:
    text = markup.markdown_from_wiki(wiki)
    assert markup.wiki_from_markdown(text, previous=wiki) == wiki


@pytest.mark.parametrize("piece", ["*a ", "(*a", "{{", "[a|", "{a:x=1}", "|a", "!a", "??a", "_"])
def test_an_edit_of_a_long_text_is_answered(piece: str) -> None:
    wiki = piece * 2_000
    text = f"# Added\n\n{markup.markdown_from_wiki(wiki)}"
    assert markup.wiki_from_markdown(text, previous=wiki) == f"h1. Added\n\n{wiki}"


@pytest.mark.parametrize(
    ("wiki", "text"),
    [
        pytest.param(None, "", id="no text"),
        pytest.param("", "", id="an empty text"),
        pytest.param(" \r\n\t", "", id="blanks"),
        pytest.param("a\ud800\x00b", "ab", id="characters nobody can store"),
        pytest.param("\\\\", "", id="a line break alone"),
        pytest.param("{quote}{quote}", ">", id="an empty quote"),
        pytest.param("|\n||", "", id="a table without cells"),
        pytest.param("{color:red}", "{color:red}", id="colour that never ends"),
    ],
)
def test_broken_text_is_read(wiki: str | None, text: str) -> None:
    assert markup.markdown_from_wiki(wiki) == text


def test_a_list_nested_too_deeply_ends_in_a_chip() -> None:
    wiki = "\n".join(f"{'*' * depth} a" for depth in range(1, 60))
    text = markup.markdown_from_wiki(wiki)
    assert text.startswith("[List: ")
    assert "](jira:list/" in text
    assert markup.wiki_from_markdown(f"{text}\n\nb", previous=wiki) == f"{wiki}\n\nb"
