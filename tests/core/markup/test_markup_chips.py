"""Locked chips: what Markdown cannot say, kept, moved, seen when changed, never smuggled."""

from __future__ import annotations

import re

import pytest
from core.markup.markup_samples import Json, doc, node, paragraph, text

from duolog.core import markup

MENTION = node("mention", id="5b10", text="@Ann Lee", localId="m1")
PANEL = node("panel", paragraph("Deploy on Friday"), panelType="info", localId="p1")
UNDERLINED = text("really", {"type": "underline"})
FILE = node("mediaSingle", node("media", type="file", id="f", collection="c"), layout="center")
STATUS = node("status", text="DONE", color="green")
WIDE_CELL = [paragraph("one"), paragraph("two")]


def table(*rows: list[list[Json]]) -> Json:
    made = (
        node("tableRow", *(node("tableCell", *cell, background="#ffffff") for cell in row))
        for row in rows
    )
    return node("table", *made, layout="default")


@pytest.mark.parametrize(
    ("block", "pattern"),
    [
        pytest.param(
            paragraph("Ask ", MENTION),
            r"Ask \[@Ann Lee\]\(jira:mention/[0-9a-f]{12}\)",
            id="a person",
        ),
        pytest.param(
            PANEL, r"\[Panel info: Deploy on Friday\]\(jira:panel/[0-9a-f]{12}\)", id="a panel"
        ),
        pytest.param(
            paragraph(node("date", timestamp="1763769600000")),
            r"\[2025-11-22\]\(jira:date/[0-9a-f]{12}\)",
            id="a date",
        ),
        pytest.param(
            paragraph(node("inlineCard", url="https://example.com/a")),
            r"\[https://example\.com/a\]\(jira:inlineCard/[0-9a-f]{12}\)",
            id="a smart link",
        ),
        pytest.param(
            paragraph(UNDERLINED),
            r"\[really\]\(jira:text/[0-9a-f]{12}\)",
            id="a style Markdown lacks",
        ),
        pytest.param(
            node("fromTheFuture", paragraph("x")),
            r"\[FromTheFuture: x\]\(jira:fromTheFuture/[0-9a-f]{12}\)",
            id="a node nobody knows yet",
        ),
        pytest.param(
            table([[paragraph("h")]], [WIDE_CELL]),
            r"\| h \|\n\| --- \|\n\| \[one two\]\(jira:cell/[0-9a-f]{12}\) \|",
            id="a table cell of two paragraphs",
        ),
    ],
)
def test_what_markdown_cannot_say_is_a_readable_chip(block: Json, pattern: str) -> None:
    assert re.fullmatch(pattern, markup.markdown_from_adf(doc(block)))


@pytest.mark.parametrize(
    ("before", "after", "seen"),
    [
        pytest.param(
            PANEL,
            node("panel", paragraph("Deploy on Friday"), panelType="info", localId="p2"),
            False,
            id="another local id is no change",
        ),
        pytest.param(
            PANEL,
            node("panel", paragraph("Deploy on Friday"), panelType="info", panelColor="#fff"),
            True,
            id="another colour of a panel is a change",
        ),
        pytest.param(
            node("panel", paragraph("x" * 90, "old"), panelType="note"),
            node("panel", paragraph("x" * 90, "new"), panelType="note"),
            True,
            id="a change behind the end of the label is a change",
        ),
    ],
)
def test_a_change_inside_a_chip_changes_the_text(before: Json, after: Json, seen: bool) -> None:
    texts = {markup.markdown_from_adf(doc(block)) for block in (before, after)}
    assert (len(texts) == 2) is seen


PREVIOUS = doc(
    PANEL, paragraph("Ask ", MENTION, " now"), FILE, table([[paragraph("h")]], [WIDE_CELL])
)


def chips() -> dict[str, str]:
    """Each chip of the document, by its kind."""
    found = re.findall(r"(\[[^]]*\]\(jira:(\w+)/\w+\))", markup.markdown_from_adf(PREVIOUS))
    return {kind: chip for chip, kind in found}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(
            "Before\n\n{mediaSingle}\n\n{panel}",
            [paragraph("Before"), FILE, PANEL],
            id="blocks that changed places",
        ),
        pytest.param(
            "- call {mention}",
            [node("bulletList", node("listItem", paragraph("call ", MENTION)))],
            id="a person moved into a list",
        ),
        pytest.param(
            "- {mediaSingle}",
            [node("bulletList", node("listItem", FILE))],
            id="a picture moved into a list",
        ),
        pytest.param(
            "- a\n- {panel}",
            [node("bulletList", node("listItem", paragraph("a"))), PANEL],
            id="a panel, which no list may hold, stands behind the list",
        ),
        pytest.param(
            "See {panel} here",
            [paragraph("See"), PANEL, paragraph("here")],
            id="a block in a line divides the line",
        ),
        pytest.param(
            "**{mention}** twice {mention}",
            [paragraph(MENTION, " twice ", MENTION)],
            id="a chip used twice",
        ),
        pytest.param(
            "# {panel}",
            [node("heading", text("Panel info: Deploy on Friday"), level=1)],
            id="a panel in a heading is words",
        ),
        pytest.param("{cell}", [paragraph("one two")], id="a cell outside a table is words"),
    ],
)
def test_chips_are_restored_where_they_now_stand(written: str, expected: list[Json]) -> None:
    edited = markup.adf_from_markdown(written.format_map(chips()), previous=PREVIOUS)
    assert edited["content"] == expected


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("[Bob](jira:mention/0123456789ab)", id="an unknown digest"),
        pytest.param("[Bob](jira:mention/zz)", id="no digest at all"),
        pytest.param("[Bob](JIRA:anything)", id="the scheme in capitals"),
        pytest.param("![Bob](jira:mention/0123456789ab)", id="a picture"),
        pytest.param("[![Bob](jira:x/y)](jira:mention/0123456789ab)", id="a picture in a link"),
        pytest.param("[Bob][r]\n\n[r]: jira:mention/0123456789ab", id="by reference"),
    ],
)
def test_a_chip_somebody_typed_is_only_its_words(written: str) -> None:
    edited = markup.adf_from_markdown(written, previous=PREVIOUS)
    assert edited["content"] == [paragraph("Bob")]


def test_a_chip_with_an_edited_label_is_the_words_of_the_editor() -> None:
    written = chips()["mention"].replace("Ann Lee", "Bob")
    assert markup.adf_from_markdown(written, previous=PREVIOUS)["content"] == [paragraph("@Bob")]


def test_a_chip_stays_a_chip_in_normal_form() -> None:
    written = markup.markdown_from_adf(doc(paragraph(STATUS)))
    assert markup.normalise(written) == written
    assert markup.plain_text(written) == "DONE"
