"""Who asks, when and where: all that a query's meaning depends on besides the issues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from jirasim.jql.query import Query
    from jirasim.site.model import Project
    from jirasim.site.state import State


@dataclass(frozen=True, slots=True)
class Context:
    """One caller at one moment.

    `zone` is the caller's profile time zone, in which dates are read; `account_id` is None for
    an anonymous caller; `visible_projects` None means all of them, and `hidden` are issues that
    their security level keeps from the caller.  `parse` reads the queries of saved filters.
    """

    state: State
    now: datetime
    zone: tzinfo
    account_id: str | None = None
    visible_projects: frozenset[str] | None = None
    parse: Callable[[str], Query] | None = None
    hidden: frozenset[str] = frozenset()

    def sees(self, project: Project) -> bool:
        """Whether the caller may know of this project."""
        return self.visible_projects is None or project.id in self.visible_projects
