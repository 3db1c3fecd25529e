"""Workflows: statuses, the arrows between them, and what each arrow asks and does.  No rules."""

from dataclasses import dataclass
from enum import Enum

GENERIC = "issue_generic"


@dataclass(frozen=True, slots=True)
class Screen:
    """The fields that a form offers, and those of them that must be filled."""

    fields: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()


class Who(Enum):
    """How a condition decides who may follow an arrow."""

    PERMISSION = "those who have a permission"
    ROLE = "those who are in a role"
    ASSIGNEE = "the assignee alone"
    REPORTER = "the reporter alone"


@dataclass(frozen=True, slots=True)
class Condition:
    """Hides an arrow from others; `value` is the permission or the role."""

    who: Who
    value: str = ""


@dataclass(frozen=True, slots=True)
class Validator:
    """Refuses to follow an arrow while the field is empty after it, with its own message."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Transition:
    """An arrow of a workflow.  `sources` None: from every status (global).

    `resolution` sets one, `clears_resolution` empties it, else the screen alone decides.
    A `looped` arrow leaves the status as it is.  `remote_only` hides it from people, so that only
    programs follow it.  `event` is the type that Server's workflow fires; Cloud's are generic.
    """

    id: str
    name: str
    to_status: str
    sources: frozenset[str] | None = None
    screen: Screen | None = None
    resolution: str | None = None
    event: str = GENERIC
    clears_resolution: bool = False
    looped: bool = False
    remote_only: bool = False
    conditions: tuple[Condition, ...] = ()
    validators: tuple[Validator, ...] = ()

    @property
    def is_global(self) -> bool:
        """Whether the transition is offered in every status."""
        return self.sources is None

    def leads_from(self, status_id: str) -> bool:
        """Whether the arrow begins here."""
        return self.sources is None or status_id in self.sources

    def target(self, status_id: str) -> str:
        """The status after following it from this one."""
        return status_id if self.looped else self.to_status


@dataclass(frozen=True, slots=True)
class Workflow:
    """Statuses in board order, where issues begin, and the arrows."""

    name: str
    initial: str
    statuses: tuple[str, ...]
    transitions: tuple[Transition, ...]
    id: str = "10000"
