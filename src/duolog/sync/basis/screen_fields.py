"""The fields that Jira's transitions ask for, as far as they are known, for the mapping page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from duolog.jira.exits import Asked, Exit, Shape
from duolog.jira.screens import suggested
from duolog.sync.basis.workflows import exits_from_json
from duolog.sync.models import Binding, StatusExits


@dataclass(frozen=True, slots=True)
class ScreenField:
    """One field, whichever transitions have it on their screen.

    `places` names the statuses they lead to; `suggestion` is what is filled in where nobody says.
    """

    key: str
    name: str
    is_required: bool
    shape: Shape
    choices: tuple[tuple[str, str], ...]
    places: tuple[str, ...]
    suggestion: str

    @property
    def must_be_said(self) -> bool:
        """Whether a transition waits until somebody says what is to be filled in."""
        return self.is_required and not self.suggestion


def screen_fields(exits: Iterable[Exit]) -> tuple[ScreenField, ...]:
    """The fields of all screens, each once; those that hold up a transition first."""
    found: dict[str, list[tuple[Exit, Asked]]] = {}
    for step in exits:
        for asked in step.asks:
            found.setdefault(asked.key, []).append((step, asked))
    fields = [_merged(met) for met in found.values()]
    return tuple(sorted(fields, key=lambda it: (not it.must_be_said, not it.is_required, it.name)))


def list_screen_fields(binding: Binding) -> tuple[ScreenField, ...]:
    """The same for all that is known of a binding's workflows."""
    rows = StatusExits.objects.filter(binding=binding).exclude(exits=None)
    return screen_fields(step for row in rows for step in exits_from_json(row.exits))


def _merged(met: list[tuple[Exit, Asked]]) -> ScreenField:
    first = next((asked for _, asked in met if asked.is_required), met[0][1])
    choices = {choice: name for _, asked in met for choice, name in asked.choices}
    return ScreenField(
        key=first.key,
        name=first.name,
        is_required=first.is_required,
        shape=first.shape,
        choices=tuple(choices.items()),
        places=tuple(dict.fromkeys(step.to_name for step, _ in met)),
        suggestion=suggested(first) or "",
    )
