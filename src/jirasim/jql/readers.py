"""What JQL reads of issues where that is more than one attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jirasim.text.plain import plain_text

if TYPE_CHECKING:
    from jirasim.jql.behaviour import Ids
    from jirasim.site.model import Issue
    from jirasim.site.state import State


def optional(value: str | None) -> Ids:
    return () if value is None else (value,)


def adf_text(value: object) -> str:
    """The words of a stored text: an ADF document or a string."""
    if isinstance(value, str):
        return value
    return "" if value is None else plain_text(value)


def comments_text(issue: Issue) -> str:
    return "\n".join(adf_text(comment.body) for comment in issue.comments)


def worklogs_text(issue: Issue) -> str:
    return "\n".join(adf_text(worklog.comment) for worklog in issue.worklogs)


def all_text(issue: Issue) -> str:
    parts = (issue.summary, adf_text(issue.description), adf_text(issue.environment))
    return "\n".join((*parts, comments_text(issue)))


def work_ratio(issue: Issue) -> float | None:
    """Percent of the original estimate that was spent; None without an estimate."""
    if not issue.original_estimate:
        return None
    return (issue.time_spent or 0) * 100 // issue.original_estimate


def level_of(issue: Issue, state: State) -> Ids:
    """The level of its type: 1 epic, 0 standard, -1 sub-task."""
    return (str(state.issue_types[issue.type_id].hierarchy_level),)
