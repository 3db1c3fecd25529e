"""ORDER BY.  Fields without a value count as the greatest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from jirasim.jql.behaviour import Choice, Days, Moment, Number, Text
from jirasim.jql.errors import JqlError
from jirasim.jql.fields import KEY, find_field
from jirasim.site.index import key_order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jirasim.jql.behaviour import Behaviour
    from jirasim.jql.context import Context
    from jirasim.jql.syntax import Sort
    from jirasim.site.model import Issue
    from jirasim.site.state import State

    Sortable = tuple[bool, float | str | tuple[str, int]]

FIRST: Final = ""
UNSORTABLE: Final = frozenset({"comment", "text", "worklogauthor", "worklogdate", "worklogcomment"})
DESCENDING: Final = frozenset({"priority"})


def check_order(order: Sequence[Sort], context: Context) -> None:
    """Raise JqlError for each field that cannot be sorted by."""
    wrong = [
        f"Not able to sort using field '{sort.field}'."
        for sort in order
        if sort.field.lower() in UNSORTABLE or find_field(sort.field, context.state) is None
    ]
    if wrong:
        raise JqlError(*wrong)


def sorted_by(order: Sequence[Sort], issues: list[Issue], context: Context) -> list[Issue]:
    """The issues in this order; those that tie, oldest first; without an order, newest first."""
    if not order:
        return sorted(issues, key=lambda issue: int(issue.id), reverse=True)
    result = sorted(issues, key=lambda issue: int(issue.id))
    for sort in reversed(order):
        field = find_field(sort.field, context.state)
        if field is not None:
            key = sort_key(sort.field.lower(), field, context.state)
            result.sort(key=key, reverse=descends(sort, field))
    return result


@dataclass(frozen=True, slots=True)
class Walk:
    """An order that the index keeps, and the fields that settle its ties."""

    order: str
    backwards: bool
    ties: tuple[Sort, ...] = ()


def walkable(order: tuple[Sort, ...], state: State) -> Walk | None:
    """How the index can be walked to find issues in this order; None: they must be sorted."""
    if not order:
        return Walk("id", backwards=True)
    first, *ties = order
    field = find_field(first.field, state)
    if field is None:
        return None
    if field is KEY:
        return Walk("key", backwards=descends(first, field))
    if isinstance(field, Moment | Text) and field.order is not None:
        return Walk(field.order, backwards=descends(first, field), ties=tuple(ties))
    return None


def descends(sort: Sort, field: Behaviour) -> bool:
    """Asked for, or the way of such fields: dates newest first, priorities most urgent first."""
    if sort.descending is not None:
        return sort.descending
    return isinstance(field, Moment) or sort.field.lower() in DESCENDING


def sort_key(name: str, field: Behaviour, state: State) -> Callable[[Issue], Sortable]:
    match field:
        case Choice() if field is KEY:
            return lambda issue: (False, key_order(issue))
        case Choice():
            label = LABELS.get(name)
            return lambda issue: choice_key(field, issue, state, label)
        case Text(read):
            return lambda issue: (
                False,
                read(issue).lower() if field.order is None else read(issue),
            )
        case Moment(read_moment):
            return lambda issue: moment_key(read_moment(issue))
        case Number(read_number):
            return lambda issue: number_key(read_number(issue))
        case Days():
            return lambda _: (True, FIRST)


def choice_key(
    field: Choice, issue: Issue, state: State, label: Callable[[str, State], str] | None
) -> Sortable:
    ids = field.read(issue, state)
    if not ids:
        return True, FIRST
    if field.rank is not None:
        rank = field.rank(ids[0], state)
        return (True, FIRST) if rank is None else (False, rank)
    return False, label(ids[0], state) if label is not None else " ".join(sorted(ids))


def moment_key(value: datetime | date | None) -> Sortable:
    if value is None:
        return True, FIRST
    if isinstance(value, datetime):
        return False, value.timestamp()
    return False, value.toordinal()


def number_key(value: float | None) -> Sortable:
    return (True, FIRST) if value is None else (False, value)


def project_label(project_id: str, state: State) -> str:
    return state.projects[project_id].name.lower()


def type_label(type_id: str, state: State) -> str:
    return state.issue_types[type_id].name.lower()


def status_label(status_id: str, state: State) -> str:
    """By category, then in the order in which the site made them."""
    status = state.statuses[status_id]
    return f"{CATEGORY_ORDER.get(status.category.key, 0)} {int(status_id):09}"


def user_label(account_id: str, state: State) -> str:
    user = state.users.get(account_id)
    return "" if user is None else user.display_name.lower()


def issue_label(issue_id: str, state: State) -> str:
    issue = state.issues.get(issue_id)
    return "" if issue is None else f"{issue.key.rpartition('-')[0]} {issue.number:09}"


def resolution_label(resolution_id: str, state: State) -> str:
    return state.resolutions[resolution_id].name.lower()


CATEGORY_ORDER: Final = {"new": 1, "indeterminate": 2, "done": 3}
LABELS: Final[dict[str, Callable[[str, State], str]]] = {
    "project": project_label,
    "issuetype": type_label,
    "type": type_label,
    "status": status_label,
    "assignee": user_label,
    "reporter": user_label,
    "creator": user_label,
    "parent": issue_label,
    "resolution": resolution_label,
}
