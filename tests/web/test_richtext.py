"""Markdown becomes HTML that may stand in any page."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.web.richtext import Place, render


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<script>alert(1)</script>", id="a script"),
        pytest.param('<img src=x onerror="alert(1)">', id="a picture with a handler"),
        pytest.param("[go](javascript:alert(1))", id="a link that runs a script"),
        pytest.param("[go](JaVaScRiPt:alert(1))", id="the same in mixed case"),
        pytest.param("[go](data:text/html;base64,PHNjcmlwdD4=)", id="a link with a document in it"),
        pytest.param("[go](vbscript:x)", id="a link in another language"),
        pytest.param("[go](&#106;avascript:alert(1))", id="an entity in the scheme"),
        pytest.param("[go](java\tscript:alert(1))", id="a tab in the scheme"),
        pytest.param("<javascript:alert(1)>", id="an automatic link"),
        pytest.param('[go](https://a.b "x\\" onmouseover=alert(1)")', id="a quote in the title"),
        pytest.param("![x](https://evil.example/pixel.png)", id="a picture from elsewhere"),
        pytest.param("[go]: javascript:alert(1)\n\n[go]", id="a link by reference"),
        pytest.param("<svg/onload=alert(1)>", id="an svg with a handler"),
        pytest.param("<a href='https://x' style='position:fixed'>x</a>", id="a style"),
        pytest.param('[x](jira:panel/a"onclick=1)', id="a chip that breaks out"),
        pytest.param(
            '```"><script>alert(1)</script>\nx\n```', id="a fence whose language is markup"
        ),
    ],
)
def test_hostile_text_is_harmless(text: str) -> None:
    html = render(text)
    tags = [re.sub(r'"[^"]*"', '""', tag) for tag in re.findall(r"<[^>]*>", html)]
    assert not [
        tag for tag in tags if re.search(r"\bon\w+\s*=|style|script|<img|<svg", tag, re.IGNORECASE)
    ]
    for address in re.findall(r'href="([^"]*)"', html):
        assert address.startswith(("http://", "https://", "mailto:"))


@given(st.text(alphabet="<>\"'&()[]!`*_#\n ajvscript:/=onerr", max_size=80))
def test_no_text_makes_a_tag_of_its_own(text: str) -> None:
    html = render(text)
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= {
        *(
            [
                "p",
                "br",
                "hr",
                "em",
                "strong",
                "s",
                "code",
                "pre",
                "blockquote",
                "h1",
                "h2",
                "h3",
                "h4",
                "h5",
                "h6",
            ]
        ),
        *(
            [
                "ul",
                "ol",
                "li",
                "a",
                "span",
                "table",
                "thead",
                "tbody",
                "tr",
                "th",
                "td",
                "input",
                "label",
            ]
        ),
    }
    assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', html))


def test_links_tell_nothing_of_where_one_comes_from() -> None:
    assert 'rel="noopener nofollow"' in render("[x](https://example.com)")


def test_a_chip_is_locked_and_no_link() -> None:
    html = render("Before [Panel: *two* lines](jira:panel/ab12-_Z) after")
    assert '<span class="jchip" data-chip="jira:panel/ab12-_Z">' in html
    assert "<a " not in html
    assert html.count("<span") == html.count("</span>") == 1


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("**so**", "<p><strong>so</strong></p>\n", id="strong"),
        pytest.param("~~so~~", "<p><s>so</s></p>\n", id="struck through"),
        pytest.param("a\\\nb", "<p>a<br>\nb</p>\n", id="a hard break"),
        pytest.param("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>\n", id="plain signs"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_what_markdown_says_is_shown(text: str, html: str) -> None:
    assert render(text) == html


def test_a_task_is_a_box_with_its_words_as_label() -> None:
    html = render("- [x] write it")
    assert "<label>" in html
    assert "disabled" in html


def test_a_mention_shows_the_name_and_leads_nowhere() -> None:
    html = render("Ask [@Maya Lind](member:12) and [@x](member:x)")
    assert '<span class="jchip" data-chip="member:12">@Maya Lind</span>' in html
    assert "<a" not in html


FILES = {
    "7": Place("/w/a/items/A-1/attachments/7", is_picture=True),
    "plan.pdf": Place("/w/a/items/A-1/attachments/8", is_picture=False),
}


def test_a_picture_among_the_files_is_drawn() -> None:
    html = render('![A "view"](attachment:7)', FILES)
    assert '<img class="inpic" src="/w/a/items/A-1/attachments/7" alt="A &quot;view&quot;"' in html


def test_a_link_to_a_file_leads_to_its_content() -> None:
    html = render("[the *plan*](attachment:plan.pdf)", FILES)
    assert '<a href="/w/a/items/A-1/attachments/8"' in html


@pytest.mark.parametrize(
    "text",
    [
        "![x](attachment:9)",
        "[x](attachment:9)",
        "![x](attachment:plan.pdf)",
        "![x](https://elsewhere.example/a.png)",
        "![x](//elsewhere.example/a.png)",
        "![x](/w/a/items/A-1/attachments/7)",
    ],
)
def test_no_other_picture_is_fetched_and_no_link_leads_nowhere(text: str) -> None:
    html = render(text, FILES)
    assert "<img" not in html
    assert "href" not in html
    assert "x" in html


def test_a_place_elsewhere_is_not_drawn_even_if_somebody_gave_it() -> None:
    html = render("![x](attachment:7)", {"7": Place("https://elsewhere.example/", is_picture=True)})
    assert "elsewhere" not in html
