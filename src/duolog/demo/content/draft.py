"""The shapes in which the demo's content is written down.  Values only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment by somebody, named by the first word of their e-mail, and the answers to it."""

    by: str
    text: str
    answers: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A work item of the demo.

    `name` is how others refer to it as the one they lie `under`.  `due` and `age` count days from
    the day the demo is made, forwards and backwards.
    """

    title: str
    name: str = ""
    under: str = ""
    type: str = "task"
    status: str = "To do"
    priority: str = "none"
    assignee: str = ""
    reporter: str = "maya"
    labels: tuple[str, ...] = ()
    due: int | None = None
    age: float = 10.0
    description: str = ""
    project: str = ""
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Stint:
    """Time that the owner has logged; `back` counts working days, from the last before today."""

    back: int
    at: str
    spent: str
    on: str
    comment: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at Fernhill; `login` is what stands before the @ of their address."""

    login: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Container:
    """A project of the demo; the days count from the day the demo is made."""

    name: str
    description: str
    lead: str
    teams: tuple[str, ...]
    starts: int
    due: int


@dataclass(frozen=True, slots=True)
class Crew:
    """A team of the demo with its people and its work items, parents before what is under them."""

    name: str
    prefix: str
    people: tuple[str, ...]
    drafts: tuple[Draft, ...]
