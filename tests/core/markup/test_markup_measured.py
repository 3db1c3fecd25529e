"""How faithful rich text is over Atlassian's and others' samples; the bar of richtext.md."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from difflib import SequenceMatcher

import pytest
from core.markup.markup_samples import Json, sample_documents, sample_texts, schema
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin

from duolog.core import markup

_HTML = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_HTML.use(tasklists_plugin)

Report = Callable[[str, object], None]


def meaning(text: str) -> str:
    """The HTML of the text, without what only tells how it was typed."""
    html = re.sub(r"</?p>\n?", "\n", _HTML.render(markup_linked(text)))
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", re.sub(r"\s+", " ", html)).strip()


def markup_linked(text: str) -> str:
    """The text with each bare address in angle brackets, for both sides of a comparison."""
    return re.sub(r"(?<![\w(<\"\[/.=@])(https?://[^\s<>()|*\]]*\w)(?![^\s<>]*>)", r"<\1>", text)


def similarity(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def test_markdown_samples_come_back_with_their_meaning(record_testsuite_property: Report) -> None:
    texts = sorted(set(sample_texts()))
    valid = schema().is_valid
    started = time.perf_counter()
    documents = [markup.adf_from_markdown(text) for text in texts]
    spent = (time.perf_counter() - started) / len(texts)
    back = [markup.markdown_from_adf(document) for document in documents]
    pairs = [(meaning(text), meaning(now)) for text, now in zip(texts, back, strict=True)]
    exact = sum(before == after for before, after in pairs) / len(pairs)
    alike = sum(similarity(*pair) for pair in pairs) / len(pairs)
    again = [markup.markdown_from_adf(markup.adf_from_markdown(text)) for text in back]
    stable = sum(map(str.__eq__, back, again)) / len(back)
    for name, value in (
        ("exact", exact),
        ("alike", alike),
        ("stable", stable),
        ("ms", spent * 1e3),
    ):
        record_testsuite_property(name, round(value, 4))
    assert all(map(valid, documents))
    assert exact >= 0.93
    assert alike >= 0.974
    assert stable == 1


def test_documents_of_jira_are_unchanged_by_an_unchanged_text() -> None:
    documents = sample_documents()
    changed = [
        document
        for document in documents
        if markup.adf_from_markdown(markup.markdown_from_adf(document), previous=document)
        != document
    ]
    assert len(documents) > 500
    assert changed == []


def test_documents_of_jira_keep_their_blocks_when_one_is_added() -> None:
    for document in sample_documents():
        text = f"{markup.markdown_from_adf(document)}\n\n# Added"
        edited = markup.adf_from_markdown(text, previous=document)
        assert _blocks(edited)[:-1] == _blocks(document) or not markup.markdown_from_adf(document)


def _blocks(document: Json) -> list[object]:
    content = document.get("content", [])
    assert isinstance(content, list)
    return content


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("- a\n- b", "* a\n\n* b", True, id="a loose and a tight list mean the same"),
        pytest.param("**a**", "*a*", False, id="strong and emphasised do not"),
        pytest.param("1. a", "2. a", False, id="another start of a list does not"),
    ],
)
def test_the_measure_sees_meaning(one: str, other: str, same: bool) -> None:
    assert (meaning(one) == meaning(other)) is same
