"""The rich editor gives back what Markdown it was given, or does not take it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

MOUNT = """async (text) => {
  const field = document.createElement("textarea");
  field.setAttribute("aria-label", "Text");
  field.value = text;
  document.querySelector("main").append(field);
  const { mount } = await import(document.querySelector("script[type=module]").src.replace("app.js", "editor.js"));
  await mount(field);
  const isRich = field.hidden;
  const kept = field.value;
  field.nextElementSibling?.remove();
  field.remove();
  return [isRich, kept];
}"""

RICH = [
    pytest.param("Plain words.", id="plain words"),
    pytest.param("**bold** *italic* ~~gone~~ `code`", id="each mark"),
    pytest.param("***both*** and **bold *and* bold**", id="marks in marks"),
    pytest.param("2 \\* 3 \\* 4 and \\_so\\_ and snake_case_name", id="signs that mean nothing"),
    pytest.param(
        "\\# no heading\n\n\\- no list\n\n1\\. no number\n\n\\> no quote", id="line starts"
    ),
    pytest.param("a &amp; b \\&lt; c \\< d \\[e\\]", id="entities"),
    pytest.param("`` a ` b `` and `` ` ``", id="code with ticks"),
    pytest.param("# One\n\n## Two\n\n###### Six", id="headings"),
    pytest.param("- one\n- two\n  - deeper\n    1. deepest\n- three", id="nested lists"),
    pytest.param("3. three\n4. four", id="a list that starts at three"),
    pytest.param("- one\n\n* other", id="two lists in a row"),
    pytest.param("> quoted\n>\n> - list", id="a quote with a list"),
    pytest.param("````js\nlet a = `x`;\n```\n````", id="code with a fence in it"),
    pytest.param("a\\\nb", id="a hard break"),
    pytest.param("[words](https://example.com/a_(b)) <https://example.com>", id="links"),
    pytest.param("| a | b |\n| --- | --- |\n| 1 \\| 2 | **x** |\n|  | y |", id="a table"),
    pytest.param("---\n\nafter", id="a rule"),
    pytest.param("See [Panel: two \\[x\\]](jira:panel/ab12).", id="a chip"),
    pytest.param("**a**b **c** d*e*", id="marks inside words"),
]
PLAIN = [
    pytest.param("- [ ] one\n- [x] two", id="tasks"),
    pytest.param("![words](https://example.com/x.png)", id="a picture"),
    pytest.param("[a](jira:panel/ab12) [**b** c](jira:panel/cd34)", id="a chip with marks in it"),
    pytest.param('[a](https://example.com "title")', id="a link with a title"),
]


@pytest.mark.parametrize("text", RICH)
def test_the_editor_takes_it_and_says_it_again(text: str, open_page: Callable[..., Page]) -> None:
    assert mounted(open_page, text) == [True, text]


@pytest.mark.parametrize("text", PLAIN)
def test_what_the_editor_would_lose_stays_markdown(
    text: str, open_page: Callable[..., Page]
) -> None:
    assert mounted(open_page, text) == [False, text]


def mounted(open_page: Callable[..., Page], text: str) -> Any:
    """Whether the editor took the text, and the text after that."""
    return open_page("/w/fernhill/profile").evaluate(MOUNT, text)
