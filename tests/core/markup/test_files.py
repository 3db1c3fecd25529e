"""Pictures and links that lead to files: made to lead elsewhere, and named as wiki text does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.core import markup

EVERYWHERE = """\
![one](attachment:1)

# A [head](attachment:1)

> - ![in a list](attachment:1 "tip")
> - [x] no [link](https://a.example)

| a | b |
| --- | --- |
| ![cell](attachment:1) | [c](attachment:1) |

- [ ] task [t](attachment:1)
  - [x] below [u](attachment:1)

[![linked](attachment:1)](attachment:1)

`[code](attachment:1)`

```
![code](attachment:1)
```

[Panel](jira:panel/0123456789ab)"""


def test_every_picture_and_link_is_led_elsewhere_and_nothing_else() -> None:
    before = markup.normalise(EVERYWHERE)
    there = markup.repoint(before, {"attachment:1": "https://jira.example/f/10"}.get)
    assert there.count("attachment:1") == 2  # within code nothing leads anywhere
    assert "jira:panel/0123456789ab" in there
    assert markup.repoint(there, {"https://jira.example/f/10": "attachment:1"}.get) == before


def test_words_stand_for_what_leads_to_files() -> None:
    text = "![A view](attachment:1)\n\n![](attachment:2)\n\nsee [it *now*](attachment:1), [b](https://c)"
    assert markup.without_files(text) == ("A view\n\nPicture\n\nsee it *now*, [b](https://c)")


@pytest.mark.parametrize("text", ["", "plain", "a < b", "[a](b)", "* loose *  text"])
def test_a_text_in_which_nothing_leads_elsewhere_stays_to_the_letter(text: str) -> None:
    assert markup.repoint(text, lambda _: None) == text


@given(st.text(min_size=1))
def test_a_file_is_found_by_its_address(name: str) -> None:
    address = markup.file_address(name)
    assert markup.named_file(address) == name
    assert (
        markup.repoint(f"![]({address})", {address: "https://a.example"}.get) != f"![]({address})"
    )


@pytest.mark.parametrize(
    ("wiki", "text"),
    [
        ("!shot.png!", "![](attachment:shot.png)"),
        ("!my shot.png|alt=A view!", "![A view](attachment:my%20shot.png)"),
        ("!übersicht (2).JPG!", "![](attachment:%C3%BCbersicht%20%282%29.JPG)"),
        ("[!shot.png!|https://a.example]", "[![](attachment:shot.png)](https://a.example)"),
    ],
)
def test_wiki_text_names_files_by_their_names(wiki: str, text: str) -> None:
    assert markup.markdown_from_wiki(wiki) == text
    assert markup.wiki_from_markdown(text) == wiki


@pytest.mark.parametrize(
    "wiki",
    [
        pytest.param("!shot.png|thumbnail!", id="small"),
        pytest.param("!shot.png|width=300!", id="sized"),
        pytest.param("see !shot.png! there", id="within a line"),
        pytest.param("!no name of a file!", id="no file"),
        pytest.param("!/secure/x.png!", id="a path"),
    ],
)
def test_a_picture_of_jiras_that_says_more_stays_locked(wiki: str) -> None:
    text = markup.markdown_from_wiki(wiki)
    assert "jira:image/" in text
    assert "attachment:" not in text
    assert markup.wiki_from_markdown(f"New\n\n{text}", previous=wiki) == f"New\n\n{wiki}"


@pytest.mark.parametrize("name", ["a|b.png", "a!b.png", "a[b].png", "a:b.png", "plain", "a&b.png"])
def test_a_name_that_wiki_text_cannot_say_comes_back_all_the_same(name: str) -> None:
    text = f"![]({markup.file_address(name)})"
    assert markup.markdown_from_wiki(markup.wiki_from_markdown(text)) == text


def test_a_media_node_of_jiras_stays_locked_and_whole() -> None:
    media = {
        "type": "mediaSingle",
        "attrs": {"layout": "center"},
        "content": [
            {"type": "media", "attrs": {"type": "file", "id": "9d1c", "collection": ""}},
        ],
    }
    document = {"version": 1, "type": "doc", "content": [media]}
    text = markup.markdown_from_adf(document)
    assert "jira:mediaSingle/" in text
    assert markup.repoint(text, lambda _: "https://elsewhere.example") == text
    edited = markup.adf_from_markdown(f"New\n\n{text}", previous=document)
    assert edited["content"][1] == media
