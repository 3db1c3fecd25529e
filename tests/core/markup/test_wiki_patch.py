"""An edit changes only what was edited: all other wiki markup keeps its bytes."""

from __future__ import annotations

import re

import pytest
from core.markup.wiki_samples import wiki_documents
from hypothesis import given

from duolog.core import markup

DESCRIPTION = (
    "h1.  Plan \r\n"
    "Hello *bold* [~ann]\r\n"
    "second {color:red}line{color} \r\n"
    "\r\n"
    "-  one\r\n"
    "-  two {{x}}\r\n"
    "\r\n \r\n"
    "||Name ||Age||\r\n"
    "| Ann | 7 |\r\n"
    "||Bob|a\\\\b|\r\n"
    "{code:java|title=My code}\r\n"
    "int a;\r\n"
    "{code}\r\n"
    "{quote}\r\n"
    "said *x*\r\n"
    "\r\n"
    "** deep\r\n"
    "{quote}\r\n"
    "bq. short _quote_\r\n"
    "{panel:title=P}\r\n"
    "h1. x\r\n"
    "{panel}\r\n"
)


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        pytest.param(("Plan", "Plans"), ("h1.  Plan", "h1.  Plans"), id="a heading"),
        pytest.param(("# Plan", "## Plan"), ("h1.  Plan", "h2. Plan"), id="another level"),
        pytest.param(("second", "2nd"), ("second", "2nd"), id="one line of a paragraph"),
        pytest.param(("Hello", "Hello\\\nyou"), ("Hello", "Hello\r\nyou"), id="a line more"),
        pytest.param(("- one", "- uno"), ("-  one", "-  uno"), id="an entry of a list"),
        pytest.param(("- two", "- new\n- two"), ("-  two", "- new\r\n-  two"), id="an entry more"),
        pytest.param(("- one\n", ""), ("-  one\r\n", ""), id="an entry less"),
        pytest.param(("| Ann", "| Anna"), ("| Ann |", "| Anna |"), id="a cell"),
        pytest.param(("Bob", "Rob"), ("||Bob", "||Rob"), id="a cell that is a heading"),
        pytest.param(
            ("| Bob", "| Eve | 9 |\n| Bob"), ("||Bob", "|Eve|9|\r\n||Bob"), id="a row more"
        ),
        pytest.param(("int a;", "int b;\nint c;"), ("int a;", "int b;\r\nint c;"), id="code"),
        pytest.param(("My code", "Your code"), ("My code", "Your code"), id="its title"),
        pytest.param(("said", "wrote"), ("said", "wrote"), id="a paragraph in a quote"),
        pytest.param(("deep", "deeper"), ("deep", "deeper"), id="a list in a quote"),
        pytest.param(("short", "long"), ("short", "long"), id="a quoted line"),
    ],
)
def test_an_edit_changes_only_what_was_edited(
    edit: tuple[str, str], changed: tuple[str, str]
) -> None:
    text = markup.markdown_from_wiki(DESCRIPTION)
    assert edit[0] in text
    edited = markup.wiki_from_markdown(text.replace(*edit, 1), previous=DESCRIPTION)
    assert edited == DESCRIPTION.replace(*changed, 1)


@pytest.mark.parametrize(
    ("wiki", "edit", "changed"),
    [
        pytest.param(
            "see [x] -> *{{a}}* now &nbsp;b", ("now", "then"), ("now", "then"), id="a word"
        ),
        pytest.param("a *[~ann] b* end", ("end", "2*3*"), ("end", "2{_}3{_}"), id="the last word"),
        pytest.param("* a [x] b\n* c", ("a", "d"), ("a", "d"), id="a word of an entry"),
        pytest.param("h1. [x] -- b", ("b", "c"), ("b", "c"), id="a word of a heading"),
        pytest.param("one two three", ("two ", ""), ("two ", ""), id="a word less"),
        pytest.param("same same same", ("same ", ""), ("same ", ""), id="one of three"),
        pytest.param("a\\-b c-d", ("c-d", "e"), ("c-d", "e"), id="beside an escaped sign"),
    ],
)
def test_only_the_words_that_changed_are_written_anew(
    wiki: str, edit: tuple[str, str], changed: tuple[str, str]
) -> None:
    text = markup.markdown_from_wiki(wiki)
    edited = markup.wiki_from_markdown(text.replace(*edit, 1), previous=wiki)
    assert edited == wiki.replace(*changed, 1)


def test_blocks_that_changed_places_keep_their_bytes() -> None:
    wiki = "h1.  One\n\n* a \n*  b\n\n{panel}x{panel}"
    first, second, third = markup.markdown_from_wiki(wiki).split("\n\n")
    edited = markup.wiki_from_markdown(f"{third}\n\n{second}\n\n{first}", previous=wiki)
    assert edited == "{panel}x{panel}\n\n* a \n*  b\n\nh1.  One"


def test_what_nobody_sees_stays_between_blocks() -> None:
    wiki = "a\n\n\\\\\n\nb"
    assert markup.wiki_from_markdown("a\n\nc", previous=wiki) == "a\n\n\\\\\n\nc"


def test_a_block_never_runs_into_markup_that_was_never_closed() -> None:
    wiki = "about {code} tags"
    text = "about {code} tags\n\n```py\nx\n```"
    edited = markup.wiki_from_markdown(text, previous=wiki)
    assert markup.markdown_from_wiki(edited) == text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("- call {mention}", "* call [~ann]", id="a person moved into a list"),
        pytest.param("# {color}", "h1. {color:red}*hot*{color}", id="colour moved into a heading"),
        pytest.param("**{mention}** and {mention}", "[~ann] and [~ann]", id="a person twice"),
        pytest.param("> {panel}", "{quote}\n{panel}x{panel}\n{quote}", id="a panel in a quote"),
        pytest.param("{cell}", "a b", id="a cell outside a table is words"),
    ],
)
def test_chips_are_restored_where_they_now_stand(written: str, expected: str) -> None:
    wiki = "[~ann] {color:red}*hot*{color}\n\n{panel}x{panel}\n\n|* a\n* b|"
    text = markup.markdown_from_wiki(wiki)
    found = {kind: f"[{label}](jira:{kind}/{digest})" for label, kind, digest in _chips(text)}
    assert set(found) == {"mention", "color", "panel", "cell"}
    assert markup.wiki_from_markdown(written.format_map(found), previous=wiki) == expected


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("[Bob](jira:mention/0123456789ab)", id="an unknown digest"),
        pytest.param("[Bob](jira:mention/zz)", id="no digest at all"),
    ],
)
def test_a_chip_somebody_typed_is_only_its_words(written: str) -> None:
    assert markup.wiki_from_markdown(written, previous="[~bob]") == "Bob"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("{panel:bgColor=#fff}x{panel}", "{panel:bgColor=#eee}x{panel}", id="a colour"),
        pytest.param("{color:red}x{color}", "{color:blue}x{color}", id="another one"),
        pytest.param("!a.png|width=3!", "!a.png|width=4!", id="a width"),
        pytest.param("+x+", "*+x+*", id="emphasis around it"),
        pytest.param("|* a|", "|* a\n* b|", id="a list in a cell"),
    ],
)
def test_a_change_inside_a_chip_changes_the_text(before: str, after: str) -> None:
    assert markup.markdown_from_wiki(before) != markup.markdown_from_wiki(after)


@given(before=wiki_documents, behind=wiki_documents)
def test_an_edited_block_leaves_all_others_to_the_letter(before: str, behind: str) -> None:
    wiki = f"{before}\n\nh1. Old\n\n{behind}"
    text = markup.markdown_from_wiki(wiki)
    edited = markup.wiki_from_markdown(text.replace("# Old", "# New"), previous=wiki)
    assert edited == f"{before}\n\nh1. New\n\n{behind}"


def _chips(text: str) -> list[tuple[str, str, str]]:
    return re.findall(r"\[([^\]]*)\]\(jira:(\w+)/(\w+)\)", text)


def test_markup_that_shows_nothing_stays_where_nothing_else_stands() -> None:
    before = "{color:black} {color}"
    assert markup.markdown_from_wiki(before) == ""
    after = markup.wiki_from_markdown("Written here.", previous=before)
    assert after.startswith(before)
    assert markup.markdown_from_wiki(after) == "Written here."
