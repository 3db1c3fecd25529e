"""Wiki markup and ADF, both ways, judged by Atlassian's own converter (jira.md 8)."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jirasim.text import adf_to_wiki, plain_text, wiki_to_adf

PAIRS = Path(__file__).parents[4] / "shared/jira/wiki/atlaskit_wiki_adf.json"


def doc(*blocks):
    return {"version": 1, "type": "doc", "content": [*blocks]}


def paragraph(*inline):
    return {"type": "paragraph", "content": [*inline]}


def text(words, *marks):
    return {"type": "text", "text": words, **({"marks": [*marks]} if marks else {})}


STRONG, EM, CODE = {"type": "strong"}, {"type": "em"}, {"type": "code"}


def link(href):
    return {"type": "link", "attrs": {"href": href}}


def item(*blocks):
    return {"type": "listItem", "content": [*blocks]}


@pytest.mark.parametrize(
    ("wiki", "document"),
    [
        pytest.param("one\ntwo", doc(paragraph(text("one"), {"type": "hardBreak"}, text("two"))), id="a line end is a hard break"),
        pytest.param("one\n\ntwo", doc(paragraph(text("one")), paragraph(text("two"))), id="a blank line parts paragraphs"),
        pytest.param("h2. Aims", doc({"type": "heading", "attrs": {"level": 2}, "content": [text("Aims")]}), id="a heading"),
        pytest.param("re{*}start{*}ed", doc(paragraph(text("re"), text("start", STRONG), text("ed"))), id="marks inside a word"),
        pytest.param("use {{a*b*}}", doc(paragraph(text("use "), text("a*b*", CODE))), id="no markup inside monospaced"),
        pytest.param("[~accountid:712020:ab] ping", doc(paragraph(
            {"type": "mention", "attrs": {"id": "712020:ab", "text": "", "accessLevel": ""}}, text(" ping"))), id="a mention of an account"),
        pytest.param("[here|https://x.example/a_b_c]", doc(paragraph(text("here", link("https://x.example/a_b_c")))), id="a link"),
        pytest.param("[https://x.example|https://x.example]", doc(paragraph(text("https://x.example", link("https://x.example")))), id="a link that shows its address"),
        pytest.param("{code:python}x = 1\n  y{code}", doc({"type": "codeBlock", "attrs": {"language": "python"}, "content": [text("x = 1\n  y")]}), id="code keeps its lines"),
        pytest.param("{noformat}*a*{noformat}", doc({"type": "codeBlock", "attrs": {}, "content": [text("*a*")]}), id="noformat is code without a language"),
        pytest.param("{quote}a\n\nb{quote}", doc({"type": "blockquote", "content": [paragraph(text("a")), paragraph(text("b"))]}), id="a quotation of two paragraphs"),
        pytest.param("{panel:bgColor=#fffae6}\nMind the gap\n{panel}", doc({"type": "panel", "attrs": {"panelType": "warning"}, "content": [paragraph(text("Mind the gap"))]}), id="a panel by its colour"),
        pytest.param("a\n\n----\n\nb", doc(paragraph(text("a")), {"type": "rule"}, paragraph(text("b"))), id="a rule"),
        pytest.param("* a\n** b\n*# c\n* d", doc({"type": "bulletList", "content": [
            item(paragraph(text("a")),
                 {"type": "bulletList", "content": [item(paragraph(text("b")))]},
                 {"type": "orderedList", "attrs": {"order": 1}, "content": [item(paragraph(text("c")))]}),
            item(paragraph(text("d")))]}), id="lists of both kinds in a list"),
        pytest.param("||*h*||\n|a|", doc({"type": "table", "attrs": {"isNumberColumnEnabled": False, "layout": "default"}, "content": [
            {"type": "tableRow", "content": [{"type": "tableHeader", "attrs": {}, "content": [paragraph(text("h", STRONG))]}]},
            {"type": "tableRow", "content": [{"type": "tableCell", "attrs": {}, "content": [paragraph(text("a"))]}]}]}), id="a table with a head"),
    ],
)  # fmt: skip
def test_markup_and_document_say_the_same(wiki, document):
    assert wiki_to_adf(wiki) == document
    assert adf_to_wiki(document) == wiki


def test_marks_inside_marks_are_written_run_by_run():
    document = wiki_to_adf("a *bold _and_ more* b")
    assert document == doc(
        paragraph(
            text("a "),
            text("bold ", STRONG),
            text("and", STRONG, EM),
            text(" more", STRONG),
            text(" b"),
        )
    )
    assert adf_to_wiki(document) == "a *bold* *_and_* *more* b"


@pytest.mark.parametrize(
    ("wiki", "words"),
    [
        pytest.param("2 * 3 * 4", "2 * 3 * 4", id="a star between blanks"),
        pytest.param("snake_case_name", "snake_case_name", id="underscores inside a word"),
        pytest.param(r"\*not bold\*", "*not bold*", id="escaped signs"),
        pytest.param("[no link]", "[no link]", id="plain brackets"),
        pytest.param("a {unknown} macro", "a {unknown} macro", id="a macro nobody knows"),
        pytest.param("{code}never closed", "{code}never closed", id="a macro left open"),
    ],
)
def test_what_is_no_markup_stays_text(wiki, words):
    assert plain_text(wiki_to_adf(wiki)) == words


def test_list_items_and_cells_hold_macros():
    listed = wiki_to_adf("* see {code}x{code}\n* next")
    assert [one["type"] for one in listed["content"][0]["content"][0]["content"]] == [
        "paragraph",
        "codeBlock",
    ]
    table = wiki_to_adf("|a\nb|{noformat}x|y{noformat}|")
    cells = table["content"][0]["content"][0]["content"]
    assert [plain_text(cell) for cell in cells] == ["a\nb", "x|y"]


@pytest.mark.parametrize(
    ("node", "wiki"),
    [
        ({"type": "decisionList", "content": [{"type": "decisionItem", "content": [text("Ship it")]}]}, "* Ship it"),
        ({"type": "taskList", "content": [{"type": "taskItem", "attrs": {"state": "DONE"}, "content": [text("Oil")]}]}, "* Oil"),
        ({"type": "expand", "attrs": {"title": "More"}, "content": [paragraph(text("x"))]}, "{panel:title=More}\nx\n{panel}"),
        ({"type": "futureBlock", "content": [paragraph(text("kept"))]}, "kept"),
        (paragraph({"type": "status", "attrs": {"text": "on hold"}}), "*[ ON HOLD ]*"),
        (paragraph({"type": "date", "attrs": {"timestamp": "1760486400000"}}), "2025-10-15"),
        (paragraph({"type": "futureInline", "content": [text("kept too")]}), "kept too"),
        (paragraph({"type": "inlineCard", "attrs": {"url": "https://x.example"}}), "[https://x.example|https://x.example|smart-link]"),
    ],
)  # fmt: skip
def test_what_markup_does_not_have_becomes_its_text(node, wiki):
    assert adf_to_wiki(doc(node)) == wiki


LETTERS = st.characters(
    min_codepoint=33,
    max_codepoint=0x2FF,
    exclude_categories=["Cc", "Zs"],
    exclude_characters="\\",  # wiki markup has no way to write one before a sign
)
WORDS = st.text(LETTERS, min_size=1, max_size=8)
SENTENCES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)


@example(["_0_"])
@given(st.lists(SENTENCES, min_size=1, max_size=3))
def test_plain_paragraphs_survive_the_way_through_markup(sentences):
    document = doc(*(paragraph(text(one)) for one in sentences))
    assert wiki_to_adf(adf_to_wiki(document)) == document


STYLES = st.sampled_from(
    [
        (),
        (STRONG,),
        (EM,),
        (STRONG, EM),
        (CODE,),
        ({"type": "strike"},),
        (link("https://x.example/a"),),
    ]
)
RUNS = st.tuples(
    st.text("ab 1é", min_size=1, max_size=6).filter(lambda run: run == run.strip()), STYLES
)


@given(st.lists(RUNS, min_size=1, max_size=6))
def test_marked_runs_keep_their_words_and_their_marks(runs):
    document = doc(paragraph(*(text(words, *marks) for words, marks in runs)))
    back = wiki_to_adf(adf_to_wiki(document))
    assert marks_by_letter(back) == marks_by_letter(document)


def marks_by_letter(document):
    """Every letter with the marks on it; blanks may lose theirs."""
    return [
        (letter, sorted(mark["type"] for mark in run.get("marks", [])))
        for run in document["content"][0]["content"]
        for letter in run["text"]
        if not letter.isspace()
    ]


@given(st.text())
def test_reading_never_fails_and_writing_settles(source):
    once = adf_to_wiki(wiki_to_adf(source))
    assert plain_text(wiki_to_adf(once)).split() == plain_text(wiki_to_adf(source)).split()


def canonical(node):
    """Without the order of marks and the prefix that their converter leaves on account ids."""
    if isinstance(node, list):
        return [canonical(one) for one in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "mention":
        return {"type": "mention", "id": node["attrs"]["id"].removeprefix("accountid:")}
    result = {key: canonical(value) for key, value in node.items()}
    if "marks" in result:
        result["marks"] = sorted(result["marks"], key=lambda mark: mark["type"])
    return result


@pytest.mark.skipif(not PAIRS.exists(), reason="Atlassian's pairs are not on this machine")
def test_most_of_atlassians_own_pairs_agree():
    pairs = json.loads(PAIRS.read_text())["items"]
    read = [canonical(wiki_to_adf(one["wiki"])) == canonical(one["adf"]) for one in pairs]
    written = [
        adf_to_wiki(one["adf"]).replace("accountid:accountid:", "accountid:") == one["wiki_encoded"]
        for one in pairs
    ]
    assert len(pairs) > 400
    assert sum(read) / len(pairs) >= 0.78
    assert sum(written) / len(pairs) >= 0.95
