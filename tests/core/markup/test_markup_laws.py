"""The laws of rich text, for any text and any document."""

from __future__ import annotations

import pytest
from core.markup.adf_strategies import adf_documents
from core.markup.markup_samples import Json, doc, markdown_texts, schema
from hypothesis import example, given
from jsonschema_rs import Draft4Validator

from duolog.core import markup


@pytest.fixture(scope="module")
def adf() -> Draft4Validator:
    return schema()


@given(markdown_texts)
@example("**<http://q.r>**<http://q.r>")
@example("\\\\&nbsp;")
@example("www.a.bc\\&amp;")
@example("```\\")
def test_a_normalised_text_is_normal(text: str) -> None:
    normal = markup.normalise(text)
    assert markup.normalise(normal) == normal


@given(markdown_texts)
def test_a_text_comes_back_from_adf_as_its_normal_form(text: str) -> None:
    assert markup.markdown_from_adf(markup.adf_from_markdown(text)) == markup.normalise(text)


@given(markdown_texts)
def test_texts_with_one_normal_form_are_one_document(text: str) -> None:
    assert markup.adf_from_markdown(markup.normalise(text)) == markup.adf_from_markdown(text)


@given(text=markdown_texts)
def test_whatever_is_written_is_valid_adf(text: str, adf: Draft4Validator) -> None:
    adf.validate(markup.adf_from_markdown(text))


@given(adf_documents)
def test_a_decoded_document_is_normal(document: Json) -> None:
    text = markup.markdown_from_adf(document)
    assert markup.normalise(text) == text


@given(adf_documents)
def test_an_unchanged_text_leaves_the_document_to_the_letter(document: Json) -> None:
    text = markup.markdown_from_adf(document)
    assert markup.adf_from_markdown(text, previous=document) == document


@given(document=adf_documents, text=markdown_texts)
def test_an_edited_document_is_valid_and_says_the_text(
    document: Json, text: str, adf: Draft4Validator
) -> None:
    edited = markup.adf_from_markdown(text, previous=document)
    adf.validate(edited)
    assert markup.markdown_from_adf(edited) == markup.normalise(text)


@given(document=adf_documents, other=adf_documents)
def test_chips_of_another_document_become_words_in_a_valid_document(
    document: Json, other: Json, adf: Draft4Validator
) -> None:
    text = markup.markdown_from_adf(document)
    adf.validate(markup.adf_from_markdown(text, previous=other))
    assert "](jira:" not in markup.markdown_from_adf(markup.adf_from_markdown(text))


@given(adf_documents)
def test_a_heading_more_changes_no_other_block(document: Json) -> None:
    text = markup.markdown_from_adf(document)
    edited = markup.adf_from_markdown(f"# Added\n\n{text}", previous=document)
    blocks = document["content"]
    assert isinstance(blocks, list)
    said = [block for block in blocks if markup.markdown_from_adf(doc(block))]
    assert [block for block in _content(edited) if block in said] == said


def _content(document: Json) -> list[object]:
    content = document["content"]
    assert isinstance(content, list)
    return content
