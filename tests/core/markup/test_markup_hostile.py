"""Hostile and broken input: always an answer, and nothing of it lost."""

from __future__ import annotations

import pytest
from core.markup.markup_samples import doc, node, paragraph

from duolog.core import markup


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(">" * 10_000, id="ten thousand quotes"),
        pytest.param("\n".join("  " * depth + "- a" for depth in range(200)), id="a deep list"),
        pytest.param("- " * 50 + "a", id="a deep list on one line"),
    ],
)
def test_what_is_nested_too_deeply_is_kept_as_code(text: str) -> None:
    assert markup.adf_from_markdown(text)["content"] == [
        {"type": "codeBlock", "content": [{"type": "text", "text": text}]}
    ]
    assert markup.markdown_from_adf(markup.adf_from_markdown(text)) == markup.normalise(text)


def test_references_do_not_multiply_a_text() -> None:
    text = f"[a]: /{'u' * 1_000}\n\n" + "[a] " * 1_000
    assert len(markup.normalise(text)) < 2 * len(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("lorem ipsum dolor " * 55_000, id="a megabyte of words"),
        pytest.param("a" * 1_000_000, id="a megabyte in one word"),
        pytest.param("[" * 3_000, id="opening brackets"),
        pytest.param("*a **b " * 3_000, id="emphasis that never ends"),
        pytest.param("https://x.y/" + ")" * 50_000, id="closing brackets behind an address"),
        pytest.param("- [ ] a\n" * 1_000, id="the same task a thousand times"),
    ],
)
def test_a_long_text_is_answered(text: str) -> None:
    assert markup.markdown_from_adf(markup.adf_from_markdown(text)) == markup.normalise(text)


@pytest.mark.parametrize(
    ("document", "text"),
    [
        pytest.param(None, "", id="no document"),
        pytest.param({}, "", id="an empty object"),
        pytest.param({"content": "x"}, "", id="content that is no list"),
        pytest.param(doc(paragraph()), "", id="an empty paragraph"),
        pytest.param(doc({"type": "text", "text": 5}), "[5](jira:text/", id="a number as text"),
        pytest.param(doc({}), "[Node](jira:node/", id="a node without a type"),
        pytest.param(doc(node("bulletList")), "[BulletList](jira:", id="a list without entries"),
        pytest.param(doc(node("heading", level=9)), "[Heading](jira:", id="a level that is none"),
        pytest.param(doc(node("table")), "[Table](jira:", id="a table without rows"),
        pytest.param(doc(paragraph("a\ud800\x00b")), "ab", id="characters nobody can store"),
    ],
)
def test_a_broken_document_is_read(document: dict[str, object] | None, text: str) -> None:
    written = markup.markdown_from_adf(document)
    assert written.startswith(text) if text else not written
    if document is not None:
        assert markup.adf_from_markdown(written, previous=document) == document


def test_a_document_nested_too_deeply_ends_in_a_chip() -> None:
    document = paragraph("deep")
    for _ in range(60):
        document = node("bulletList", node("listItem", document))
    text = markup.markdown_from_adf(doc(document))
    assert "](jira:bulletList/" in text
    assert markup.normalise(text) == text
    assert markup.adf_from_markdown(text, previous=doc(document)) == doc(document)


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("javascript:alert(1)", id="a script"),
        pytest.param("java&#10;script:alert(1)", id="a script with a newline in its name"),
        pytest.param("vbscript:x", id="another script"),
        pytest.param("file:///etc/passwd", id="a file"),
    ],
)
def test_a_dangerous_address_is_never_a_link(target: str) -> None:
    assert '"link"' not in str(markup.adf_from_markdown(f"[x](<{target}>)")).replace("'", '"')
