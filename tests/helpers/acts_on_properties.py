"""What people do to properties of an item and to the custom fields of its issue."""

from __future__ import annotations

from typing import Any, Final

from helpers.histories import PICK, SIDES, Found, World
from helpers.own_fields import KINDS, own_here, own_there, paired, said_here, said_there
from hypothesis import strategies as st
from hypothesis.stateful import rule

from duolog.workplace.models import Property
from duolog.workplace.services import update_item

OTHERS: Final = sorted({*KINDS} - {"Notes"})
"""Paragraphs are in `acts_on_texts`."""
SELDOM_TWICE: Final = {"Customer", "Effort in days", "Go-live", "Seen at"}


class OnProperties(World):
    """On either side, or on both."""

    @rule(pick=PICK, name=st.sampled_from(OTHERS), sides=SIDES)
    def set_a_property(self, pick: int, name: str, sides: tuple[bool, ...]) -> None:
        if found := self.pair(pick):
            for here in sides:
                (self._set_here if here else self._set_there)(found, self.properties[name])

    def _set_here(self, found: Found, row: Property) -> None:
        link, item, _ = found
        slot, seen, value = f"property/{row.pk}", own_here(link, item), self._for_us(row.name)
        update_item(item.pk, {"properties": {row.pk: value}}, actor=self.bound.me)
        if slot in seen and row.name in SELDOM_TWICE:
            self.memory.wrote(link.pk, slot, seen[slot], said_here(row, value))

    def _set_there(self, found: Found, row: Property) -> None:
        link, _, issue = found
        if (field := dict(paired(link)).get(row)) is None:
            return
        slot, value = f"property/{row.pk}", self._for_jira(row.name)
        seen = own_there(link, issue["fields"])[slot]
        self.jira.edit(issue["id"], **{field: value})
        if row.name in SELDOM_TWICE:
            self.memory.wrote(link.pk, slot, seen, said_there(row, value))

    def _for_us(self, name: str) -> Any:
        self.count += 1
        n = self.count
        return {
            "Customer": f"Here {n}",
            "Effort in days": n + 0.5,
            "Impact": ("Small", "Large", None)[n % 3],
            "Platforms": (["web"], ["web", "iOS"], ["Kiosk"], None)[n % 4],
            "Go-live": self.day(2028),
            "Seen at": f"{self.day(2028)}T09:30Z",
            "Tester": (self.bound.maya, None)[n % 2],
        }[name]

    def _for_jira(self, name: str) -> Any:
        self.count += 1
        n = self.count
        web, ios, android = ({"value": each} for each in ("Web", "iOS", "Android"))
        return {
            "Customer": f"There {n}",
            "Effort in days": n + 0.25,
            "Impact": ({"value": "Small"}, {"value": "Large"}, None)[n % 3],
            "Platforms": ([ios], [web, ios], [android], None)[n % 4],
            "Go-live": self.day(2029),
            "Seen at": f"{self.day(2029)}T10:30:00.000+0100",
            "Tester": (self.jira.people[0].named, None)[n % 2],
        }[name]
