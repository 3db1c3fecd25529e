"""A parsed query and what one can ask it.  Parsing is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jirasim.jql.evaluate import compile_condition
from jirasim.jql.order import check_order, sorted_by
from jirasim.jql.scope import Scope, scope_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jirasim.jql.context import Context
    from jirasim.jql.syntax import Condition, Sort
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
        compile_condition(self.where, context)
        check_order(self.order, context)

    def scope(self, context: Context) -> Scope:
        """Where alone matching issues can be, so that an index may spare the rest."""
        return scope_of(self.where, context)

    def run(self, issues: Iterable[Issue], context: Context) -> list[Issue]:
        """The issues that match, in the order asked for (else newest first)."""
        matches = compile_condition(self.where, context)
        check_order(self.order, context)
        return sorted_by(self.order, [issue for issue in issues if matches(issue)], context)
