"""An edit changes only what was edited: everything else keeps its nodes to the letter."""

from __future__ import annotations

import pytest
from core.markup.markup_samples import Json, doc, node, paragraph, text

from duolog.core import markup

CENTRED = {**paragraph("Title"), "marks": [{"type": "alignment", "attrs": {"align": "center"}}]}


def task(words: str, local_id: str, state: str = "TODO") -> Json:
    return node("taskItem", text(words), localId=local_id, state=state)


def cell(words: str, **attrs: object) -> Json:
    return node("tableCell", paragraph(words, localId=f"p-{words}"), **attrs)


def item(words: str) -> Json:
    return node("listItem", paragraph(words, localId=f"p-{words}"), localId=f"i-{words}")


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        pytest.param(
            [paragraph("a", localId="1"), paragraph("b", localId="2")],
            ("b", "c"),
            [paragraph("a", localId="1"), paragraph("c", localId="2")],
            id="an edited paragraph keeps its own id",
        ),
        pytest.param(
            [CENTRED, paragraph("x")],
            ("Title", "New title"),
            [{**CENTRED, "content": [text("New title")]}, paragraph("x")],
            id="an edited paragraph stays centred",
        ),
        pytest.param(
            [paragraph("a"), node("paragraph"), paragraph("b")],
            ("b", "c"),
            [paragraph("a"), node("paragraph"), paragraph("c")],
            id="an empty paragraph stays between two others",
        ),
        pytest.param(
            [paragraph("a", localId="1"), paragraph("b", localId="2")],
            ("a\n\nb", "b\n\na"),
            [paragraph("b", localId="2"), paragraph("a", localId="1")],
            id="paragraphs that changed places keep their ids",
        ),
        pytest.param(
            [node("bulletList", item("a"), item("b"), localId="l")],
            ("b", "b\n- c"),
            [
                node(
                    "bulletList",
                    *(item("a"), item("b"), node("listItem", paragraph("c"))),
                    localId="l",
                )
            ],
            id="a longer list keeps the entries it had",
        ),
        pytest.param(
            [node("taskList", task("a", "1"), task("b", "2"), localId="l")],
            ("[ ] b", "[x] b"),
            [node("taskList", task("a", "1"), task("b", "2", "DONE"), localId="l")],
            id="a task that was done keeps its id",
        ),
        pytest.param(
            [
                node(
                    "table",
                    node("tableRow", cell("h", background="#eee"), cell("i", colwidth=[90])),
                    node("tableRow", cell("a"), cell("b", background="#fff")),
                    layout="wide",
                )
            ],
            ("a |", "c |"),
            [
                node(
                    "table",
                    node("tableRow", cell("h", background="#eee"), cell("i", colwidth=[90])),
                    node(
                        "tableRow", node("tableCell", paragraph("c")), cell("b", background="#fff")
                    ),
                    layout="wide",
                )
            ],
            id="an edited cell leaves the rest of its table",
        ),
        pytest.param(
            [node("codeBlock", text("x = 1"), language="python", wrap=True)],
            ("x = 1", "x = 2"),
            [node("codeBlock", text("x = 2"), language="python", wrap=True)],
            id="edited code keeps its way of wrapping",
        ),
        pytest.param(
            [paragraph("a", localId="1"), node("rule", localId="2"), paragraph("b", localId="3")],
            ("---\n\n", ""),
            [paragraph("a", localId="1"), paragraph("b", localId="3")],
            id="a deleted rule takes nothing with it",
        ),
        pytest.param(
            [node("heading", text("H"), level=2, localId="h")],
            ("## H", "### H"),
            [node("heading", text("H"), level=3, localId="h")],
            id="a heading moved to another level keeps its id",
        ),
    ],
)
def test_an_edit_changes_only_what_was_edited(
    before: list[Json], edit: tuple[str, str], after: list[Json]
) -> None:
    written = markup.markdown_from_adf(doc(*before))
    assert edit[0] in written
    edited = markup.adf_from_markdown(written.replace(*edit, 1), previous=doc(*before))
    assert edited == doc(*after)


def test_a_new_task_has_an_id_of_its_own() -> None:
    before = markup.adf_from_markdown("- [ ] a\n- [ ] a")
    after = markup.adf_from_markdown("- [ ] a\n- [ ] a\n- [ ] a\n\nx", previous=before)
    content = after["content"]
    assert isinstance(content, list)
    ids = [entry["attrs"]["localId"] for entry in content[0]["content"]]
    assert len(set(ids)) == 3


def test_what_stands_beside_the_content_is_kept() -> None:
    before = {**doc(paragraph("a")), "beside": 1}
    assert markup.adf_from_markdown("b", previous=before) == {**doc(paragraph("b")), "beside": 1}


def test_the_document_that_is_patched_is_not_changed() -> None:
    before = doc(node("bulletList", item("a"), item("b")))
    same = doc(node("bulletList", item("a"), item("b")))
    markup.adf_from_markdown("- a\n- c", previous=before)
    assert before == same


def test_paragraphs_that_show_nothing_stay_where_nothing_else_stands() -> None:
    tab = paragraph("\v", localId="1")
    before = doc(tab)
    assert markup.markdown_from_adf(before) == ""
    after = markup.adf_from_markdown("Written here.", previous=before)
    assert after == doc(tab, paragraph("Written here."))
    empty = doc(node("paragraph"))
    after = markup.adf_from_markdown("Written here.", previous=empty)
    assert after == doc(paragraph("Written here.")), "an empty paragraph alone is no text"
