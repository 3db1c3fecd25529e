"""What people do to properties of an item and to the custom fields of its issue."""

from __future__ import annotations

from typing import Any, Final

from helpers.histories import PICK, World
from helpers.own_fields import KINDS, own_here, own_there, paired, said_here, said_there
from hypothesis import strategies as st
from hypothesis.stateful import rule

from duolog.workplace.services import update_item

OTHERS: Final = sorted({*KINDS} - {"Notes"})
"""Paragraphs are in `acts_on_texts`."""
SELDOM_TWICE: Final = {"Customer", "Effort in days", "Go-live", "Seen at"}


class OnProperties(World):
    """One rule for each side."""

    @rule(pick=PICK, name=st.sampled_from(OTHERS))
    def set_a_property_here(self, pick: int, name: str) -> None:
        found = self.pair(pick)
        row = self.properties[name]
        if found is None:
            return
        link, item, _ = found
        seen, value = own_here(link, item), self._for_us(name)
        update_item(item.pk, {"properties": {row.pk: value}}, actor=self.bound.me)
        if (slot := f"property/{row.pk}") in seen and name in SELDOM_TWICE:
            self.memory.wrote(link.pk, slot, seen[slot], said_here(row, value))

    @rule(pick=PICK, name=st.sampled_from(OTHERS))
    def set_a_field_there(self, pick: int, name: str) -> None:
        found = self.pair(pick)
        row = self.properties[name]
        field = dict(paired(found[0])).get(row) if found else None
        if found is None or field is None:
            return
        link, _, issue = found
        slot, value = f"property/{row.pk}", self._for_jira(name)
        seen = own_there(link, issue["fields"])[slot]
        self.jira.edit(issue["id"], **{field: value})
        if name in SELDOM_TWICE:
            self.memory.wrote(link.pk, slot, seen, said_there(row, value))

    def _for_us(self, name: str) -> Any:
        self.count += 1
        n = self.count
        return {
            "Customer": f"Here {n}",
            "Effort in days": n + 0.5,
            "Impact": ("Small", "Large", None)[n % 3],
            "Platforms": (["web"], ["web", "iOS"], ["Kiosk"], None)[n % 4],
            "Go-live": f"2028-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
            "Seen at": f"2028-{n % 12 + 1:02d}-{n % 28 + 1:02d}T09:30Z",
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
            "Go-live": f"2029-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
            "Seen at": f"2029-{n % 12 + 1:02d}-{n % 28 + 1:02d}T10:30:00.000+0100",
            "Tester": (self.jira.people[0].named, None)[n % 2],
        }[name]
