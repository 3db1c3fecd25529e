"""What people do to texts, passage by passage: the description, and a property of paragraphs."""

from __future__ import annotations

from typing import Any, Final

from helpers.held import words_of
from helpers.histories import PICK, SIDES, Found, World
from helpers.jirasim import adf
from helpers.own_fields import paired
from hypothesis import strategies as st
from hypothesis.stateful import rule

from duolog.workplace.property_values import held_by
from duolog.workplace.services import update_item

CHIP: Final = {"type": "mention", "attrs": {"id": "712020:somebody", "text": "@Somebody"}}
TEXT: Final = st.sampled_from(["description", "Notes"])
AT: Final = st.integers(0, 3)
"""The passage to be replaced; past the last one, another is added."""


class OnTexts(World):
    """On either side, or on both."""

    @rule(pick=PICK, name=TEXT, at=AT, sides=SIDES, apart=AT)
    def write_a_passage(
        self, pick: int, name: str, at: int, sides: tuple[bool, ...], apart: int
    ) -> None:
        """The second of two sides may write in another place."""
        if found := self.pair(pick):
            for nth, here in enumerate(sides):
                write = self._write_here if here else self._write_there
                write(found, name, at + nth * apart)

    def _write_here(self, found: Found, name: str, at: int) -> None:
        link, item, _ = found
        row = self.properties["Notes"]
        text = item.description if name == "description" else dict(held_by(item)).get(row, "")
        passages, new = text.split("\n\n") if text else [], self.new("Here") + "."
        gone = passages[at : at + 1]
        passages[at : at + 1] = [new]
        text = "\n\n".join(passages)
        asked = {name: text} if name == "description" else {"properties": {row.pk: text}}
        update_item(item.pk, asked, actor=self.bound.me)
        self.memory.wrote_passage(link.pk, self._slot(name), "".join(gone), new)

    def _write_there(self, found: Found, name: str, at: int) -> None:
        link, _, issue = found
        if (field := self._field(found, name)) is None:
            return
        new = self.new("There") + "."
        write = self._in_adf if self.jira.is_cloud else self._in_wiki
        gone, text = write(issue["fields"][field], at, new)
        self.jira.edit(issue["id"], **{field: text})
        self.memory.wrote_passage(link.pk, self._slot(name), gone, new)

    def _slot(self, name: str) -> str:
        return name if name == "description" else f"property/{self.properties[name].pk}"

    def _field(self, found: Found, name: str) -> str | None:
        if name == "description":
            return name
        return dict(paired(found[0])).get(self.properties[name])

    def _in_adf(self, doc: Any, at: int, new: str) -> tuple[str, object]:
        """What was there, and the document with the passage, which mentions somebody, in its place."""
        content = list(doc["content"]) if doc else []
        (passage,) = adf(new)["content"]
        passage["content"].append(CHIP)
        gone = content[at : at + 1]
        content[at : at + 1] = [passage]
        return words_of({"type": "doc", "version": 1, "content": gone}), {
            **adf(),
            "content": content,
        }

    def _in_wiki(self, text: Any, at: int, new: str) -> tuple[str, object]:
        passages = str(text).split("\n\n") if text else []
        gone = passages[at : at + 1]
        passages[at : at + 1] = [f"{new} [~somebody]"]
        return "".join(gone), "\n\n".join(passages)
