"""Rich text for tests: generated texts and documents, the schema, and the shared samples."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import strategies as st
from jsonschema_rs import Draft4Validator

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests/golden/markup"
SHARED = ROOT.parent / "shared/jira"

Json = dict[str, object]

_SNIPPETS = [
    *"abc \n*_~`[]()<>!#-+.:|\\&=1\"'{}\t/@,;é“—\u00a0\u2028",
    *("\n\n", "**", "```", "~~", "~~~", "- ", "* ", "1. ", "3) ", "> ", "# ", "## ", "    "),
    *("[ ] ", "[x] ", "| a | b |\n|---|:-:|\n", "---", "<br>", "\\\n", "  \n", "://", "[r]"),
    *("https://x.y/a_b_", "www.a.bc", "a@b.cd", "![a](u)", "[l](http://u)", "<http://q.r>"),
    *("&amp;", "&#32;", "&nbsp;", "[r]: /u\n", "javascript:", '"t"'),
]

markdown_texts = st.one_of(
    st.lists(st.sampled_from(_SNIPPETS), max_size=30).map("".join),
    st.text(max_size=60),
)
"""Any text, most of it thick with markup; none holds a chip."""


def shared(path: str) -> Json:
    """A file of the shared Jira material, or a skip where it is absent."""
    file = SHARED / path
    if not file.exists():
        pytest.skip(f"needs {file}, which is not part of the project")
    loaded: Json = json.loads(file.read_text())
    return loaded


def schema() -> Draft4Validator:
    """Atlassian's schema of ADF."""
    return Draft4Validator(shared("adf/full.json"))


def samples() -> Iterator[Mapping[str, object]]:
    """All shared pairs with an ADF document or a Markdown text in them."""
    for path in (
        "adf/samples/atlaskit_markdown_to_adf.json",
        "adf/samples/marklassian_markdown_to_adf.json",
        "adf/samples/adf_bridge_adf_to_markdown.json",
        "adf/samples/documents.json",
        "wiki/atlaskit_wiki_adf.json",
    ):
        items = shared(path)["items"]
        assert isinstance(items, list)
        yield from items


def sample_texts() -> list[str]:
    """The Markdown texts of the shared pairs."""
    return [str(item["markdown"]) for item in samples() if item.get("markdown") is not None]


def sample_documents() -> list[Json]:
    """The valid ADF documents of the shared pairs."""
    return [
        item["adf"]
        for item in samples()
        if isinstance(item.get("adf"), dict) and item.get("adf_valid")
    ]


def golden() -> list[Mapping[str, object]]:
    """Our own pairs of Markdown and ADF."""
    return [
        case
        for file in sorted(GOLDEN.glob("*.toml"))
        for case in tomllib.loads(file.read_text())["case"]
    ]


def doc(*blocks: object) -> Json:
    return {"version": 1, "type": "doc", "content": list(blocks)}


def node(kind: str, *content: object, **attrs: object) -> Json:
    made: Json = {"type": kind}
    if attrs:
        made["attrs"] = attrs
    if content:
        made["content"] = list(content)
    return made


def text(words: str, *marks: object) -> Json:
    return {"type": "text", "text": words, **({"marks": list(marks)} if marks else {})}


def paragraph(*content: object, **attrs: object) -> Json:
    inlines = (text(part) if isinstance(part, str) else part for part in content)
    return node("paragraph", *inlines, **attrs)
