"""A parsed query and what one can ask it.  Parsing is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jirasim.jql.evaluate import compile_condition
from jirasim.jql.order import check_order, sorted_by, walkable
from jirasim.jql.plan import plan_of
from jirasim.jql.saved import spelled_out
from jirasim.jql.scope import projects_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jirasim.jql.context import Context
    from jirasim.jql.order import Walk
    from jirasim.jql.plan import Plan
    from jirasim.jql.syntax import Condition, Sort
    from jirasim.site.index import Index
    from jirasim.site.model import Issue


@dataclass(frozen=True, slots=True)
class Query:
    """A search restriction, if any, and an order."""

    where: Condition | None = None
    order: tuple[Sort, ...] = ()

    @property
    def bounded(self) -> bool:
        """Whether anything but an order is asked; Cloud refuses searches that are not."""
        return self.where is not None

    def check(self, context: Context) -> None:
        """Raise JqlError with everything that is wrong with fields, operators and values."""
        compile_condition(spelled_out(self.where, context), context)
        check_order(self.order, context)

    def matcher(self, context: Context) -> Callable[[Issue], bool]:
        """Whether an issue is an answer; raises JqlError like `check`."""
        matches = compile_condition(spelled_out(self.where, context), context)
        check_order(self.order, context)
        return matches

    def projects(self, context: Context) -> frozenset[str] | None:
        """The projects to which alone answers can belong; None: no limit."""
        return projects_of(spelled_out(self.where, context), context)

    def plan(self, context: Context, index: Index) -> Plan:
        """Where alone answers can be, for a query without mistakes."""
        return plan_of(spelled_out(self.where, context), context, index)

    def walked(self, context: Context) -> Walk | None:
        """The order of the index, if there is one, that begins the order asked for."""
        return walkable(self.order, context.state)

    def run(self, issues: Iterable[Issue], context: Context) -> list[Issue]:
        """The issues that match, in the order asked for (else newest first)."""
        matches = self.matcher(context)
        return sorted_by(self.order, [issue for issue in issues if matches(issue)], context)
