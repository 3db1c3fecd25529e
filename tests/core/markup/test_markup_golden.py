"""Our own pairs of Markdown and ADF, read both ways."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from core.markup.markup_samples import doc, golden, node

from duolog.core import markup

CASES = [pytest.param(case, id=str(case["name"])) for case in golden()]


@pytest.mark.parametrize("case", CASES)
def test_markdown_is_written_as_this_adf(case: Mapping[str, str]) -> None:
    assert markup.adf_from_markdown(case["markdown"]) == _document(case)


@pytest.mark.parametrize("case", CASES)
def test_adf_is_read_as_this_markdown(case: Mapping[str, str]) -> None:
    normal = case.get("normal", case["markdown"])
    assert markup.markdown_from_adf(_document(case)) == normal
    assert markup.normalise(case["markdown"]) == normal


def _document(case: Mapping[str, str]) -> dict[str, object]:
    if "line" in case:
        return doc(node("paragraph", *json.loads(case["line"], strict=False)))
    return doc(*json.loads(case["adf"], strict=False))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("# A\n\n> **b** `c`", "A\nb c", id="headings, quotes and emphasis"),
        pytest.param("- a\n  1. b\n\n- [ ] c", "a\nb\n[ ] c", id="lists"),
        pytest.param("- [x] a\n  - [ ] b", "a\nb", id="tasks"),
        pytest.param("| a | b |\n|---|---|\n| c | d |", "a b\nc d", id="tables"),
        pytest.param("```py\nx\n```\n\n---\n\n![cat](u)", "x\ncat", id="code, rules and pictures"),
        pytest.param("a\\\nb", "a\nb", id="breaks"),
    ],
)
def test_plain_text_is_what_a_reader_sees(text: str, words: str) -> None:
    assert markup.plain_text(text) == words


def test_a_task_list_is_one_of_jira_with_lasting_ids() -> None:
    first, second = (markup.adf_from_markdown("- [x] a\n  - [ ] b") for _ in range(2))
    assert first == second
    assert markup.markdown_from_adf(first) == "- [x] a\n  - [ ] b"
    content = first["content"]
    assert isinstance(content, list)
    assert content[0]["type"] == "taskList"
    assert [entry["type"] for entry in content[0]["content"]] == ["taskItem", "taskList"]
