"""What a site keeps beside its issues: links to the outside, and tasks.  No rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RemoteLink:
    """A tie from an issue to something outside (jira.md 6.8).

    `item` and `application` are as they were sent; a link may be known by its `global_id`.
    """

    id: str
    title: str
    url: str
    item: Mapping[str, object]
    application: Mapping[str, object]
    global_id: str | None = None
    relationship: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A request that Jira works off later, with how it went for each issue.

    `unseen` counts the issues that do not exist for who asked; `failed` has the reasons.
    """

    id: str
    actor: str
    submitted: datetime
    total: int
    processed: tuple[str, ...] = ()
    failed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unseen: int = 0
    description: str = ""
