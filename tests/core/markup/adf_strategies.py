"""Generated ADF documents, with nodes of Jira's own in every place the schema allows."""

from __future__ import annotations

from core.markup.markup_samples import Json, doc, node, text
from hypothesis import strategies as st

_words = st.text(alphabet="ab *_`[]()#-.!&<>|\\:\n~é1", min_size=1, max_size=12)
_marks = st.lists(
    st.sampled_from(["strong", "em", "strike", "underline"]), unique=True, max_size=3
).map(lambda kinds: [{"type": kind} for kind in kinds])
_colour = st.just([{"type": "textColor", "attrs": {"color": "#ff5630"}}])
_link = st.just([{"type": "link", "attrs": {"href": "https://example.com/?a=1&b=2"}}])
_code = st.just([{"type": "code"}])
_runs = st.builds(
    lambda words, marks: text(words, *marks), _words, st.one_of(_marks, _colour, _link, _code)
)
_own = st.sampled_from(
    [
        node("hardBreak"),
        node("mention", id="5b10", text="@Ann Lee", localId="m1"),
        node("emoji", shortName=":tada:", text="🎉"),
        node("date", timestamp="1763769600000"),
        node("status", text="IN PROGRESS", color="blue", localId="s1"),
        node("inlineCard", url="https://example.com/browse/FHP-1"),
    ]
)
_line = st.lists(st.one_of(_runs, _own), max_size=4)
_paragraphs = st.builds(lambda line: node("paragraph", *line), _line)
_headings = st.builds(
    lambda line, level: node("heading", *line, level=level), _line, st.integers(1, 6)
)
_codes = st.builds(lambda words: node("codeBlock", text(words), language="python"), _words)
_pictures = st.just(
    node("mediaSingle", node("media", type="file", id="f1", collection="c"), layout="center")
)
_extensions = st.just(node("extension", extensionType="com.example", extensionKey="toc"))


def _lists(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    parts = st.lists(st.one_of(inner, _codes, _pictures), max_size=2)
    items = st.builds(lambda first, rest: node("listItem", first, *rest), _paragraphs, parts)
    kinds = st.sampled_from(["bulletList", "orderedList"])
    return st.builds(
        lambda kind, entries: node(kind, *entries), kinds, st.lists(items, min_size=1, max_size=3)
    )


_nested_lists = _lists(st.one_of(_paragraphs, _lists(_paragraphs)))
_quotes = st.builds(
    lambda blocks: node("blockquote", *blocks),
    st.lists(st.one_of(_paragraphs, _nested_lists, _codes), min_size=1, max_size=2),
)
_panels = st.builds(
    lambda blocks: node("panel", *blocks, panelType="info"),
    st.lists(st.one_of(_paragraphs, _headings), min_size=1, max_size=2),
)
_tasks = st.builds(
    lambda lines: node(
        "taskList",
        *(node("taskItem", *line, localId=f"t{n}", state="TODO") for n, line in enumerate(lines)),
        localId="list",
    ),
    st.lists(_line, min_size=1, max_size=3),
)
_cells = st.one_of(_paragraphs, _nested_lists, _panels)
_tables = st.integers(1, 3).flatmap(
    lambda width: st.lists(
        st.lists(_cells, min_size=width, max_size=width), min_size=1, max_size=3
    ).map(
        lambda rows: node(
            "table",
            *(node("tableRow", *(node("tableCell", cell) for cell in row)) for row in rows),
            layout="default",
        )
    )
)

adf_documents = st.lists(
    st.one_of(
        *(_paragraphs, _headings, _codes, _nested_lists, _quotes, _panels, _tasks, _tables),
        *(_pictures, _extensions, st.just(node("rule"))),
    ),
    max_size=5,
).map(lambda blocks: doc(*blocks))
"""Documents that the schema allows."""
