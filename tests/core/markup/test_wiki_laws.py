"""The laws of wiki markup, for any Markdown and any wiki text."""

from __future__ import annotations

from core.markup.markup_samples import markdown_texts
from core.markup.wiki_samples import sample_wiki_texts, wiki_documents, wiki_texts
from hypothesis import example, given

from duolog.core import markup


@given(markdown_texts)
@example("[a](<\\\\b> 'c\\\\d') ![e](<\\\\f>)")
@example("[![a, b](http://c.d 'e')](http://f.g)")
@example("7. a\n8. b")
@example("- a\n\n  - b\n\n  c")
@example("- a\n  - b\n\n  * c")
@example("| a | b |\n|:-:|--:|\n| c | d\\|e<br>f |")
@example('[a](b "c") ![d](e "f") ![g](http://h.i)')
@example("soft\nbreak and hard\\\nbreak\\\n\\\nempty line")
@example("`a}}b` `{c}` ` d ` `\\`")
@example("un**believ**able ~~a~~b _c_d")
def test_a_text_comes_back_from_wiki_as_its_normal_form(text: str) -> None:
    assert markup.markdown_from_wiki(markup.wiki_from_markdown(text)) == markup.normalise(text)


@given(wiki_texts)
@example("mailto:a@b.cd-> x")
@example("[mailto:a@b.c-]")
def test_what_is_read_of_wiki_is_normal(wiki: str) -> None:
    text = markup.markdown_from_wiki(wiki)
    assert markup.normalise(text) == text


@given(wiki_texts)
def test_an_unchanged_text_leaves_the_wiki_to_the_letter(wiki: str) -> None:
    text = markup.markdown_from_wiki(wiki)
    assert markup.wiki_from_markdown(text, previous=wiki) == wiki


@given(wiki=wiki_texts, text=markdown_texts)
def test_an_edited_wiki_says_the_text(wiki: str, text: str) -> None:
    edited = markup.wiki_from_markdown(text, previous=wiki)
    assert markup.markdown_from_wiki(edited) == markup.normalise(text)


@given(wiki_texts)
def test_an_added_heading_says_so_beside_any_wiki(wiki: str) -> None:
    text = f"# Added\n\n{markup.markdown_from_wiki(wiki)}"
    edited = markup.wiki_from_markdown(text, previous=wiki)
    assert markup.markdown_from_wiki(edited) == markup.normalise(text)


@given(wiki_documents)
def test_an_added_block_leaves_all_others_to_the_letter(wiki: str) -> None:
    text = markup.markdown_from_wiki(wiki)
    before = markup.wiki_from_markdown(f"# Added\n\n{text}", previous=wiki)
    assert before.startswith("h1. Added")
    assert before.removeprefix("h1. Added").lstrip() == wiki.lstrip()
    behind = markup.wiki_from_markdown(f"{text}\n\n# Added", previous=wiki)
    assert behind.endswith("h1. Added")
    assert behind.removesuffix("h1. Added").rstrip() == wiki.rstrip()


def test_the_shared_samples_keep_the_laws() -> None:
    samples = sample_wiki_texts()
    assert len(samples) > 400
    for wiki in samples:
        text = markup.markdown_from_wiki(wiki)
        assert markup.normalise(text) == text
        assert markup.wiki_from_markdown(text, previous=wiki) == wiki
