"""The rules of a binding as a form offers them, and back; what linking would do, in words.  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final, TypeVar

from duolog.core.lifecycle import OnDelete
from duolog.core.policy import ConflictPolicy
from duolog.people.errors import Invalid
from duolog.sync.binding.rules import Rules
from duolog.sync.models import Binding, Direction, Start

E = TypeVar("E", bound=Enum)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice that needs a sentence."""

    value: str
    title: str
    sentence: str


DIRECTIONS: Final = (
    Option(
        Direction.TWO_WAY,
        "Two way",
        "Both sides follow each other. New issues in the space become work items here.",
    ),
    Option(
        Direction.ONE_WAY,
        "One way, to Jira",
        "Changes here go to Jira. Changes in Jira stay in Jira.",
    ),
)
STARTS: Final = (
    Option(Start.EVERYTHING, "Everything", "All that is there already, and all that comes."),
    Option(
        Start.FROM_NOW_ON,
        "From now on",
        "Nothing is sent or fetched now; only what is made or changed from now on.",
    ),
)
CONFLICTS: Final = (
    (ConflictPolicy.ASK.value, "Ask in the Sync inbox"),
    (ConflictPolicy.NEWEST_WINS.value, "The newest wins"),
    (ConflictPolicy.DUOLOG_WINS.value, "What is here wins"),
    (ConflictPolicy.JIRA_WINS.value, "Jira wins"),
)
DELETES: Final = (
    (OnDelete.ASK.value, "Ask in the Sync inbox"),
    (OnDelete.UNLINK.value, "Keep it, unlinked"),
    (OnDelete.DELETE.value, "Delete it too"),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The choices of the form as they stand."""

    direction: str = Direction.TWO_WAY.value
    start: str = Start.EVERYTHING.value
    conflict_policy: str = ConflictPolicy.ASK.value
    on_delete_here: str = OnDelete.ASK.value
    on_delete_jira: str = OnDelete.ASK.value
    start_jira: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Chosen:
        """What was sent, the usual where nothing was."""
        usual = cls()
        return cls(
            direction=given.get("direction", usual.direction),
            start=given.get("start", usual.start),
            conflict_policy=given.get("conflict_policy", usual.conflict_policy),
            on_delete_here=given.get("on_delete_here", usual.on_delete_here),
            on_delete_jira=given.get("on_delete_jira", usual.on_delete_jira),
            start_jira=given.get("start_jira", usual.start_jira),
        )

    @classmethod
    def of_binding(cls, binding: Binding) -> Chosen:
        """What a binding goes by."""
        return cls(
            direction=binding.direction,
            start=binding.start,
            conflict_policy=binding.conflict_policy,
            on_delete_here=binding.on_delete_here,
            on_delete_jira=binding.on_delete_jira,
        )

    def rules(self, kept: Rules | None = None) -> Rules:
        """The rules; what they do not draw stays as kept.  Raises Invalid for a wrong choice."""
        return replace(
            kept or Rules(),
            direction=_one_of(Direction, "direction", self.direction),
            on_delete_here=_one_of(OnDelete, "on_delete_here", self.on_delete_here),
            on_delete_jira=_one_of(OnDelete, "on_delete_jira", self.on_delete_jira),
            conflict_policy=_one_of(ConflictPolicy, "conflict_policy", self.conflict_policy),
        )

    def beginning(self) -> Start:
        """What of the things that exist already is kept in step.  Raises Invalid."""
        return _one_of(Start, "start", self.start)

    def beginning_there(self) -> Start:
        """The same of what is in Jira; where nothing is said, as here.  Raises Invalid."""
        return _one_of(Start, "start_jira", self.start_jira or self.start)


def _one_of(kind: type[E], name: str, value: str) -> E:
    try:
        return kind(value)
    except ValueError:
        raise Invalid({name: "Choose one of the options."}) from None


def what_linking_does(chosen: Chosen, *, items: int, issues: int) -> str:
    """The sentence before the button, with its numbers."""
    sends = chosen.start != Start.FROM_NOW_ON
    fetches = (
        chosen.direction != Direction.ONE_WAY
        and (chosen.start_jira or chosen.start) != Start.FROM_NOW_ON
    )
    if not sends and not fetches:
        return "Linking now sends nothing. What is made or changed from now on crosses."
    sent = f"sends {_count(items, 'item')}" if sends else "sends nothing"
    if fetches:
        return f"Linking now {sent} and brings in {_count(issues, 'issue')}."
    left = f"What is in the space already ({_count(issues, 'issue')}) stays as it is."
    return f"Linking now {sent}. {left}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
