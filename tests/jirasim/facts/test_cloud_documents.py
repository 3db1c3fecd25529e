"""Version 3 takes what Atlassian's schema of documents admits, and refuses the rest (jira.md 8)."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from helpers.jira_caller import Api, doc

from jirasim.site.adf import admitted

Make = Callable[..., dict[str, Any]]
Node = dict[str, Any]
SHARED: Final = Path(__file__).parents[4] / "shared/jira/adf"


def text(said: str = "x", *marks: str) -> Node:
    return {"type": "text", "text": said, "marks": [{"type": mark} for mark in marks]}


def node(kind: str, *content: Node, **attrs: object) -> Node:
    return {"type": kind, "attrs": attrs, "content": list(content)}


PARAGRAPH: Final = node("paragraph", text())
WRONG: Final[dict[str, Node]] = {
    "text at the root": text(),
    "an empty text": node("paragraph", text("")),
    "a node that nobody knows": node("blink"),
    "a node without a type": {},
    "a paragraph in a paragraph": node("paragraph", PARAGRAPH),
    "text right in an item": node("bulletList", node("listItem", text())),
    "an empty list": node("bulletList"),
    "a heading in an item": node("bulletList", node("listItem", node("heading", text(), level=1))),
    "text right in a cell": node("table", node("tableRow", node("tableCell", text()))),
    "a cell without a row": node("table", node("tableCell", PARAGRAPH)),
    "a seventh level": node("heading", text(), level=7),
    "a heading of no level": node("heading", text()),
    "a panel of no kind": node("panel", PARAGRAPH),
    "a panel in a panel": node(
        "panel", node("panel", PARAGRAPH, panelType="info"), panelType="tip"
    ),
    "a mark that nobody knows": node("paragraph", text("x", "blink")),
    "bold code": node("paragraph", text("x", "code", "strong")),
    "bold text in a block of code": node("codeBlock", text("x", "strong")),
    "a mention of nobody": node("paragraph", node("mention")),
    "a task of no state": node("taskList", node("taskItem", text(), localId="1"), localId="2"),
    "a date that is a number": node("paragraph", node("date", timestamp=5)),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_document_of_another_form_is_refused(api: Api, make: Make, wrong: Node) -> None:
    key = make(description=doc("Before"))["key"]
    given = {"type": "doc", "version": 1, "content": [wrong]}
    reply = api.put(f"/issue/{key}", {"fields": {"description": given}})
    assert (reply.status, reply.json["errors"]) == (400, {"description": "INVALID_INPUT"})
    assert api.post(f"/issue/{key}/comment", {"body": given}).status == 400
    assert api.post(f"/issue/{key}/worklog", {"timeSpent": "1h", "comment": given}).status == 400
    assert api.get(f"/issue/{key}").json["fields"]["description"] == doc("Before")


def documents() -> Iterator[Node]:
    """All samples of the shared material."""

    def within(value: object) -> Iterator[Node]:
        if isinstance(value, dict):
            if value.get("type") == "doc" and "content" in value:
                yield value
            value = list(value.values())
        if isinstance(value, list):
            for one in value:
                yield from within(one)

    for file in sorted((SHARED / "samples").glob("*.json")):
        yield from within(json.loads(file.read_text()))


def test_every_sample_is_admitted() -> None:
    found = list(documents())
    if not found:
        pytest.skip("The samples are not there (../shared/jira/adf).")
    assert len(found) > 150
    assert [one for one in found if not admitted(one)] == []
