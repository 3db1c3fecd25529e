"""What is filled in on the way to a status, as a table of the mapping page.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from duolog.jira.exits import Shape
from duolog.sync.basis.screen_fields import ScreenField
from duolog.sync.mapping import Choice

KIND: Final = "screens"
TITLE: Final = "Transition screens"


@dataclass(frozen=True, slots=True)
class ScreenRow:
    """One field: `name` of its control in the form, where it is asked for, and what is said."""

    field: str
    name: str
    where: str
    value: str
    is_required: bool
    choices: tuple[Choice, ...]
    suggested: str
    is_number: bool

    @property
    def waits(self) -> bool:
        """Whether a transition waits until somebody says what is to be filled in."""
        return self.is_required and not self.value and not self.suggested

    @property
    def unsaid(self) -> str:
        """What the empty choice means."""
        if self.suggested:
            return f"{self.suggested} (suggested)"
        return "Choose" if self.is_required else "Leave as it is"


@dataclass(frozen=True, slots=True)
class ScreenTable:
    """All fields that the known transitions ask for."""

    rows: tuple[ScreenRow, ...]
    kind: str = KIND
    title: str = TITLE

    @property
    def missing(self) -> int:
        """How many hold up a transition."""
        return sum(row.waits for row in self.rows)


def screen_table(
    fields: Iterable[ScreenField], said: Mapping[str, str], accounts: Sequence[Choice]
) -> ScreenTable:
    """The fields that can be filled in, each with what the mapping says; what waits comes first."""
    rows = [_row(field, said, accounts) for field in fields if field.shape is not Shape.OTHER]
    return ScreenTable(tuple(sorted(rows, key=lambda row: not row.waits)))


def _row(field: ScreenField, said: Mapping[str, str], accounts: Sequence[Choice]) -> ScreenRow:
    choices = tuple(Choice(choice, name) for choice, name in field.choices)
    if field.shape is Shape.ACCOUNT:
        choices = tuple(accounts)
    names = {choice.id: choice.name for choice in choices}
    return ScreenRow(
        field=f"map|{KIND}|out|{field.key}",
        name=field.name,
        where=", ".join(field.places),
        value=said.get(field.key, ""),
        is_required=field.is_required,
        choices=choices,
        suggested=names.get(field.suggestion, ""),
        is_number=field.shape is Shape.NUMBER,
    )
