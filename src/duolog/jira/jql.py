"""Pieces of Jira's query language.  Text only; nothing is asked here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

HALF_AN_HOUR = timedelta(minutes=30)


def quote(text: str) -> str:
    """`text` as a string literal, safe for any value and for reserved words."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t") + '"'


def moment(instant: datetime, zone: tzinfo) -> str:
    """The last whole minute not after `instant`, as `zone` writes it, quoted.

    JQL reads times in the asking account's own zone, to the minute.  Where that zone's clock
    was set back and a time exists twice, the last time before that hour stands in: a query
    may find too much, never too little.
    """
    while _exists_twice(instant.astimezone(zone)):
        instant -= HALF_AN_HOUR
    return quote(instant.astimezone(zone).strftime("%Y-%m-%d %H:%M"))


def updated_since(project_key: str, instant: datetime, zone: tzinfo) -> str:
    """Issues of the project changed at or after `instant`, the oldest change first."""
    return (
        f"project = {quote(project_key)} AND updated >= {moment(instant, zone)} "
        "ORDER BY updated ASC, key ASC"
    )


def created_within(project_key: str, span: timedelta) -> str:
    """Issues of the project created this long ago or later, by Jira's own clock; oldest first."""
    minutes = -(span // timedelta(minutes=-1))
    return (
        f'project = {quote(project_key)} AND created >= "-{minutes}m" ORDER BY created ASC, key ASC'
    )


def all_of(project: str, *conditions: str) -> str:
    """Every issue of the project (id or key) that meets all conditions, in a stable order."""
    return f"{_all(f'project = {quote(project)}', *conditions)} ORDER BY created ASC, key ASC"


def those_of(ids: Iterable[str], *conditions: str) -> str:
    """The issues with these numeric ids that meet all conditions."""
    return _all(among(ids), *conditions)


def _all(first: str, *conditions: str) -> str:
    return " AND ".join([first, *(f"({it})" for it in conditions if it)])


def standing_in(project_key: str, kind: str, statuses: Iterable[str]) -> str:
    """The issues of one type that stand in one of these statuses, longest unchanged first."""
    return (
        f"project = {quote(project_key)} AND issuetype = {int(kind)} AND "
        f"status IN ({', '.join(str(int(it)) for it in statuses)}) ORDER BY updated ASC"
    )


def logged_by_me(first: date, last: date) -> str:
    """The issues on which the asking account logged time, and anybody on one of these days.

    Jira matches author and day for the issue, not for one worklog, and reads the days by the clocks
    of the asking account.  `<=` was seen to round: the day after the last is the bound.
    """
    return f"{_logged_by_me(first, last)} ORDER BY created ASC, key ASC"


def logged_by_me_or_known(first: date, last: date, known: Iterable[str], span: timedelta) -> str:
    """Of the same issues and the known ones, those changed this long ago or later, by Jira's clock."""
    minutes = -(span // timedelta(minutes=-1))
    return (
        f'(({_logged_by_me(first, last)}) OR {among(known)}) AND updated >= "-{minutes}m" '
        "ORDER BY created ASC, key ASC"
    )


def _logged_by_me(first: date, last: date) -> str:
    after = last + timedelta(days=1)
    return f'worklogAuthor = currentUser() AND worklogDate >= "{first}" AND worklogDate < "{after}"'


def among(ids: Iterable[str]) -> str:
    """The issues with these numeric ids."""
    return f"id IN ({', '.join(str(int(it)) for it in ids)})"


def _exists_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
