"""Lists of work items as pages show them: filters from the address, groups, the next page.

Presentation only: which items there are is decided by `workplace.queries`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from duolog.people.models import Member
from duolog.sync.shown.queries import badges
from duolog.workplace import queries
from duolog.workplace.models import Priority, Status, WorkItem, WorkItemType
from duolog.workplace.queries import GroupBy, ItemFilter
from duolog.workplace.queries.lists import PAGE


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address narrows a list to; empty means everything."""

    q: str = ""
    status: str = ""
    assignee: str = ""
    priority: str = ""
    type: str = ""
    label: str = ""

    @classmethod
    def of(cls, asked: QueryDict) -> Filters:
        """What the address says; values that name nothing are as good as none."""
        return cls(
            q=asked.get("q", "").strip(),
            status=_number(asked.get("status", "")),
            assignee=_number(asked.get("assignee", "")),
            priority=_one_of(asked.get("priority", ""), Priority.values),
            type=_one_of(asked.get("type", ""), WorkItemType.values),
            label=asked.get("label", "").strip(),
        )

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that narrow, for an address."""
        pairs = {
            "q": self.q,
            "status": self.status,
            "assignee": self.assignee,
            "priority": self.priority,
            "type": self.type,
            "label": self.label,
        }
        return {name: value for name, value in pairs.items() if value}

    def narrow(self, which: ItemFilter) -> ItemFilter:
        """The same list, narrowed."""
        return replace(
            which,
            text=self.q,
            statuses=_set(int(self.status)) if self.status else which.statuses,
            assignee=int(self.assignee) if self.assignee else which.assignee,
            priorities=_set(self.priority) if self.priority else which.priorities,
            types=_set(self.type) if self.type else which.types,
            labels=_set(self.label) if self.label else which.labels,
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Items that stand in one status."""

    status: Status
    name: str
    count: int
    items: tuple[WorkItem, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """One choice above a list."""

    name: str
    label: str
    all: str
    value: str
    choices: tuple[tuple[str, str], ...]


def facets(
    filters: Filters, statuses: Iterable[Status], members: Iterable[Member]
) -> tuple[Facet, ...]:
    """The choices above a team's list."""
    by_status = tuple((str(each.pk), each.name) for each in statuses)
    by_member = tuple((str(each.pk), each.name) for each in members)
    return (
        Facet("status", "Status", "Any status", filters.status, by_status),
        Facet("assignee", "Assignee", "Anybody", filters.assignee, by_member),
        Facet("priority", "Priority", "Any priority", filters.priority, tuple(Priority.choices)),
        Facet("type", "Type", "Any type", filters.type, tuple(WorkItemType.choices)),
    )


def rows_of(
    member: Member, which: ItemFilter, *, cursor: str, path: str, address: Mapping[str, str]
) -> dict[str, Any]:
    """What `web/list/rows.html` draws: one page, grouped by status."""
    page = queries.list_items(member.workplace, which, group=GroupBy.STATUS, page=(cursor, PAGE))
    counts = queries.count_groups(member.workplace, which, GroupBy.STATUS)
    groups = group_by_status(page.items, counts, is_mixed=which.team is None)
    more = urlencode({**address, "cursor": page.next_cursor}) if page.next_cursor else ""
    return {
        "groups": groups,
        "comment_counts": page.comment_counts,
        "badges": badges(item.pk for item in page.items),
        "more_url": f"{path}?{more}" if more else "",
        "here_url": f"{path}?{urlencode(address)}",
        "live_topics": "items",
    }


def group_by_status(
    items: Iterable[WorkItem], counts: Mapping[Any, int], *, is_mixed: bool
) -> tuple[Group, ...]:
    """The items in the order they come, a group for each run of one status.

    Where statuses of several teams are mixed, the group's name tells the team.
    """
    groups = []
    for status_id, run in groupby(items, key=lambda item: item.status_id):
        held = tuple(run)
        status = held[0].status
        name = f"{status.name}, {held[0].team.shown_name}" if is_mixed else status.name
        groups.append(Group(status, name, counts.get(status_id, len(held)), held))
    return tuple(groups)


def _set(value: Any) -> frozenset[Any]:
    return frozenset({value})


def _number(text: str) -> str:
    return text if text.isdecimal() and len(text) < 19 else ""


def _one_of(text: str, values: Iterable[str]) -> str:
    return text if text in values else ""
