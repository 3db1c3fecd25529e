"""Jira's notation, piece by piece: what each becomes in Markdown, and how it is written."""

from __future__ import annotations

import re

import pytest

from duolog.core import markup

SAME = [
    pytest.param("h1. Title", "# Title", id="a heading"),
    pytest.param("h6. Title", "###### Title", id="the smallest heading"),
    pytest.param("*bold*", "**bold**", id="strong"),
    pytest.param("_em_", "*em*", id="emphasis"),
    pytest.param("-del-", "~~del~~", id="struck out"),
    pytest.param("_*both*_", "_**both**_", id="strong in emphasis"),
    pytest.param("un{*}believ{*}able", "un**believ**able", id="strong inside a word"),
    pytest.param("{{mono}}", "`mono`", id="monospaced"),
    pytest.param("{{\\{a\\}\\}}}", "`{a}}`", id="brackets in monospaced text"),
    pytest.param("one\ntwo", "one\\\ntwo", id="a line end is a break"),
    pytest.param("one \ttwo", "one\ntwo", id="a line end nobody sees"),
    pytest.param("one\n\\\\\ntwo", "one\\\n\\\ntwo", id="an empty line in a paragraph"),
    pytest.param("one\n\ntwo", "one\n\ntwo", id="two paragraphs"),
    pytest.param("----", "---", id="a rule"),
    pytest.param("* a\n** b\n*# c\n* d", "- a\n  - b\n  1. c\n- d", id="mixed lists"),
    pytest.param("# a\n## b\n#* c", "1. a\n   1. b\n   - c", id="numbered lists"),
    pytest.param("* a\n\n* b", "- a\n\n* b", id="two lists"),
    pytest.param("* \\[ ] a\n* \\[x] b", "- [ ] a\n- [x] b", id="tasks"),
    pytest.param("* \\\\\n* a", "-\n- a", id="an empty entry"),
    pytest.param("* a\\\\\n\\\\\nb", "- a\n\n  b", id="two paragraphs in an entry"),
    pytest.param("# {anchor:md-start-7}a\n# b", "7. a\n8. b", id="another first number"),
    pytest.param(
        "* a\n** b\n* {anchor:md-more}c", "- a\n\n  - b\n\n  c", id="an entry that goes on"
    ),
    pytest.param(
        "* a\n{code:sh}\nls\n{code}", "- a\n\n  ```sh\n  ls\n  ```", id="code in an entry"
    ),
    pytest.param("||a||b||\n|1|2|", "| a | b |\n| --- | --- |\n| 1 | 2 |", id="a table"),
    pytest.param(
        "||a||{anchor:md-end}b||\n|x\\\\y| |",
        "| a | b |\n| --- | --: |\n| x<br>y |  |",
        id="a break, an empty cell, a column to the right",
    ),
    pytest.param("||a||\n|x\\|y|", "| a |\n| --- |\n| x\\|y |", id="a bar in a cell"),
    pytest.param("{noformat}\nx\n{noformat}", "```\nx\n```", id="code without a language"),
    pytest.param("{code:java}\nx\n{code}", "```java\nx\n```", id="code"),
    pytest.param(
        "{code:java|title=My code}\nx\n{code}", '```java title="My code"\nx\n```', id="titled code"
    ),
    pytest.param(
        "{code:c}\n{code\u200b}\n{code}", "```c\n{code}\n```", id="code about {code} itself"
    ),
    pytest.param("{quote}\na\n\nb\n{quote}", "> a\n>\n> b", id="a quote"),
    pytest.param("http://x.y/a_b_c", "http://x.y/a_b_c", id="a bare address"),
    pytest.param("[a b|http://x.y]", "[a b](http://x.y)", id="a link"),
    pytest.param("[a|http://x.y|tip]", '[a](http://x.y "tip")', id="a link with a tip"),
    pytest.param("[a|#part]", "[a](#part)", id="a link to an anchor"),
    pytest.param("[a|b|md-]", "[a](b)", id="an address Jira would not link"),
    pytest.param("!http://x.y/z.png!", "![](http://x.y/z.png)", id="a picture"),
    pytest.param(
        "!http://x.y/z.png|alt=a cat,title=b!", '![a cat](http://x.y/z.png "b")', id="its words"
    ),
    pytest.param(
        "[!http://x.y/z.png!|http://x.y]", "[![](http://x.y/z.png)](http://x.y)", id="it as a link"
    ),
    pytest.param("FHP-12 is done", "FHP-12 is done", id="a key of an issue"),
    pytest.param("snake_case_name", "snake_case_name", id="underscores inside a word"),
    pytest.param("2*3*4", "2\\*3\\*4", id="stars between numbers"),
    pytest.param("C:\\dir\\file", "C:\\dir\\file", id="a path"),
    pytest.param("a -> b", "a -> b", id="an arrow"),
    pytest.param("a {place} and {place}", "a {place} and {place}", id="words in curly brackets"),
    pytest.param('{"a": {"b": 1}}', '{"a": {"b": 1}}', id="JSON"),
    pytest.param("a\\[0]", "a[0]", id="square brackets"),
    pytest.param("\\[x] no link", "[x] no link", id="a box that is no task"),
    pytest.param("\\*no bold\\*", "\\*no bold\\*", id="escaped stars"),
    pytest.param("\\!bang!", "!bang!", id="exclamation marks"),
    pytest.param("\\?? and \\?\\??", "?? and ???", id="question marks"),
    pytest.param("\\:) \\(/) f\\(x)", ":) (/) f(x)", id="what looks like an emoticon"),
    pytest.param("a \\-\\- b", "a -- b", id="two hyphens"),
    pytest.param("h1\\. no heading", "h1. no heading", id="what looks like a heading"),
    pytest.param("\\# no list", "\\# no list", id="what looks like a list"),
    pytest.param("\\|no table|", "|no table|", id="what looks like a table"),
    pytest.param("\\{code} \\{color:red}", "{code} {color:red}", id="what looks like a macro"),
    pytest.param("&#92;\\server", "\\\\\\server", id="two backslashes"),
    pytest.param("AT&T \\&amp;", "AT&T \\&amp;", id="what looks like an entity"),
]


@pytest.mark.parametrize(("wiki", "text"), SAME)
def test_wiki_is_read_as_this_markdown(wiki: str, text: str) -> None:
    assert markup.markdown_from_wiki(wiki) == text


@pytest.mark.parametrize(("wiki", "text"), SAME)
def test_markdown_is_written_as_this_wiki(wiki: str, text: str) -> None:
    assert markup.wiki_from_markdown(text) == wiki


@pytest.mark.parametrize(
    ("wiki", "text"),
    [
        pytest.param("h3.Title", "### Title", id="a heading without a blank"),
        pytest.param("  h2. Title", "## Title", id="a heading further in"),
        pytest.param("x h2. Title", "x h2. Title", id="no heading inside a line"),
        pytest.param("h7. Title", "h7. Title", id="no seventh heading"),
        pytest.param("bq. said", "> said", id="a quoted line"),
        pytest.param("- a\n- b", "- a\n- b", id="a list of dashes"),
        pytest.param("* a\n**** b", "- a\n  - * - b", id="a list that leaves out levels"),
        pytest.param("* a\nb\n\nc", "- a\\\n  b\n\nc", id="an entry ends at an empty line"),
        pytest.param("*a*b*", "**a\\*b**", id="a sign before a letter ends nothing"),
        pytest.param("a*b* *c *d", "a\\*b\\* \\*c \\*d", id="signs that are no phrase"),
        pytest.param("*a\nb*", "\\*a\\\nb\\*", id="a phrase ends on its line"),
        pytest.param("**a**", "\\***a**\\*", id="doubled signs"),
        pytest.param("a -- b --- c", "a \N{EN DASH} b \N{EM DASH} c", id="dashes"),
        pytest.param("--\na", "\N{EN DASH}\\\na", id="a dash alone"),
        pytest.param("[http://x.y]", "http://x.y", id="an address in brackets"),
        pytest.param("[mailto:a@b.cd]", "a@b.cd", id="a mail address"),
        pytest.param("[x] [a b] [a|b] [a|b|c]", "[x] [a b] [a|b] [a|b|c]", id="only brackets"),
        pytest.param("[*a*]", "[**a**]", id="markup between brackets"),
        pytest.param("me &amp; &#124; you", "me & | you", id="entities"),
        pytest.param("{code}x{code}", "```\nx\n```", id="code on one line"),
        pytest.param("a {code}x{code} b", "a\n\n```\nx\n```\n\nb", id="code in a paragraph"),
        pytest.param(
            "{code:title=A.java}\nx\n{code}", "```title=A.java\nx\n```", id="only a title"
        ),
        pytest.param("a{color:red} {color}b", "a b", id="coloured blanks"),
        pytest.param("{CODE}x{CODE}", "```\nx\n```", id="capitals"),
        pytest.param("{code} {quote}", "{code} {quote}", id="macros that never end"),
        pytest.param("{id} and {id}", "{id} and {id}", id="words in curly brackets"),
        pytest.param("{{code}}", "`code`", id="a monospaced word that is a macro's name"),
        pytest.param("\\{code}x\\{code}", "{code}x{code}", id="escaped tags"),
        pytest.param("|a|b|\n|c|", "| a | b |\n| --- | --- |\n| c |  |", id="a short row"),
        pytest.param("||a|b|", "| a | b |\n| --- | --- |", id="a heading in front of a row"),
        pytest.param("|a\nb|", "| a<br>b |\n| --- |", id="a line end in a cell"),
        pytest.param("a\r\nb\rc", "a\\\nb\\\nc", id="all ends of lines"),
    ],
)
def test_wiki_as_people_type_it_is_read_as_jira_shows_it(wiki: str, text: str) -> None:
    assert markup.markdown_from_wiki(wiki) == text


@pytest.mark.parametrize(
    ("wiki", "label", "kind"),
    [
        pytest.param("[~jsmith]", "@jsmith", "mention", id="a person"),
        pytest.param("[Jo|~jsmith]", "@jsmith", "mention", id="a person under another name"),
        pytest.param("[~accountid:5b10]", "@5b10", "mention", id="a person of Cloud"),
        pytest.param("[^plan.pdf]", "File plan.pdf", "attachment", id="a file"),
        pytest.param("!shot.png|thumbnail!", "Image shot.png", "image", id="a small one"),
        pytest.param(
            "!http://x.y/z.png|width=3!", "Image http://x.y/z.png", "image", id="a sized one"
        ),
        pytest.param("+ins+", "ins", "inserted", id="inserted"),
        pytest.param("^up^", "up", "superscript", id="superscript"),
        pytest.param("~down~", "down", "subscript", id="subscript"),
        pytest.param("??cited??", "cited", "citation", id="cited"),
        pytest.param("{color:red}*hot*{color}", "hot", "color", id="coloured"),
        pytest.param("(/)", "✅", "emoji", id="an emoticon"),
        pytest.param(":)", "🙂", "emoji", id="a smile"),
        pytest.param("{anchor:top}", "Anchor top", "anchor", id="an anchor"),
        pytest.param(
            "{panel:title=T|bgColor=#fff}\nh1. a\n\n* [~b] [c|http://d]\n{panel}",
            "Panel T: a @b c",
            "panel",
            id="panel",
        ),
        pytest.param("{jira-chart:project=A}", "Jira-chart project=A", "jirachart", id="a plugin"),
        pytest.param("{deck:id=a}\nx\n{deck}", "Deck: x", "deck", id="a plugin with a body"),
        pytest.param("{gadget}\nx\n{gadget}", "Gadget: x", "gadget", id="one on its own lines"),
        pytest.param("[a|file://x/y]", "a", "link", id="an address that may not be linked"),
    ],
)
def test_what_markdown_cannot_say_is_a_readable_chip(wiki: str, label: str, kind: str) -> None:
    pattern = rf"\[{re.escape(label)}\]\(jira:{kind}/[0-9a-f]{{12}}\)"
    text = markup.markdown_from_wiki(wiki)
    assert re.fullmatch(pattern, text.replace("\\", ""))
    assert markup.wiki_from_markdown(f"y\n\n{text}", previous=f"x\n\n{wiki}") == f"y\n\n{wiki}"
