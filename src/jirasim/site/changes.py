"""The changelog: one item per changed field, worded as Jira does (jira.md 6.5, 7.3)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import cast

from jirasim.site.model import ChangeItem, Issue, RichText, Worklog
from jirasim.site.state import Site
from jirasim.text import as_wiki

Pair = tuple[str | None, str | None]
Display = Callable[[Site, object], Pair]
PARENT = "IssueParentAssociation"


def differences(
    site: Site, before: Issue, after: Issue, fields: Iterable[str]
) -> tuple[ChangeItem, ...]:
    """One item for each of these fields whose value changed."""
    return tuple(
        item(site, field_id, before.value(field_id), after.value(field_id))
        for field_id in fields
        if before.value(field_id) != after.value(field_id)
    )


def initial(site: Site, issue: Issue) -> tuple[ChangeItem, ...]:
    """The items of a creation: every field that was given a value, and the first status."""
    given = (
        "summary",
        "description",
        "priority",
        "assignee",
        "reporter",
        "labels",
        "duedate",
        "parent",
        "timeoriginalestimate",
        "timeestimate",
    )
    items = [item(site, name, None, issue.value(name)) for name in given if issue.value(name)]
    custom = [
        item(site, name, None, value) for name, value in issue.custom.items() if value is not None
    ]
    return (*items, *custom, status(site, None, issue.status_id))


def status(site: Site, before: str | None, after: str) -> ChangeItem:
    """The item of a status change; `before` None at creation, where Jira writes `Status`."""
    name = "status" if before is not None else "Status"
    old = site.state.statuses[before].name if before is not None else None
    return ChangeItem(name, "status", before, old, after, site.state.statuses[after].name)


def work(
    before: Issue, after: Issue, entry: tuple[Worklog | None, Worklog | None]
) -> tuple[ChangeItem, ...]:
    """The items of logged work: the estimate and the sum where they moved, and which worklog."""
    pairs = (
        ("timeestimate", before.remaining_estimate, after.remaining_estimate),
        ("timespent", before.time_spent, after.time_spent),
    )
    moved = [_seconds_item(name, old, new) for name, old, new in pairs if old != new]
    old, new = (None if one is None else one.id for one in entry)
    return (*moved, ChangeItem("WorklogId", None, old, old, new, new))


def _seconds_item(name: str, before: int | None, after: int | None) -> ChangeItem:
    return ChangeItem(name, name, *_same(before), *_same(after))


def _same(value: object) -> Pair:
    return (None, None) if value is None else (str(value), str(value))


def item(site: Site, field_id: str, before: object, after: object) -> ChangeItem:
    """What the changelog says of one field that went from one stored value to another."""
    if field_id in site.state.fields and site.state.fields[field_id].custom is not None:
        return _custom(site, field_id, before, after)
    display = DISPLAYS.get(field_id, _plain)
    old_id, old = display(site, before)
    new_id, new = display(site, after)
    if field_id == "parent":
        return ChangeItem(PARENT, None, old_id, old, new_id, new)
    return ChangeItem(field_id, field_id, old_id, old, new_id, new)


def _custom(site: Site, field_id: str, before: object, after: object) -> ChangeItem:
    field = site.state.fields[field_id]
    display = {"option": _option(field_id), "doc": _rich}.get(field.kind, _plain)
    old_id, old = display(site, before)
    new_id, new = display(site, after)
    return ChangeItem(field.name, field_id, old_id, old, new_id, new, fieldtype="custom")


def _plain(_: Site, value: object) -> Pair:
    if isinstance(value, float):
        return None, f"{value:g}"
    return None, None if value is None else str(value)


def _rich(_: Site, value: object) -> Pair:
    return None, None if value is None else as_wiki(cast("RichText", value))


def _option(field_id: str) -> Display:
    def display(site: Site, value: object) -> Pair:
        names = {option.id: option.value for option in site.state.fields[field_id].options}
        return (None, None) if value is None else (str(value), names[str(value)])

    return display


def _labels(_: Site, value: object) -> Pair:
    return "", " ".join(cast("tuple[str, ...]", value or ()))


def _user(site: Site, value: object) -> Pair:
    return (
        (None, None) if value is None else (str(value), site.state.users[str(value)].display_name)
    )


def _priority(site: Site, value: object) -> Pair:
    return (None, None) if value is None else (str(value), site.state.priorities[str(value)].name)


def _resolution(site: Site, value: object) -> Pair:
    return (None, None) if value is None else (str(value), site.state.resolutions[str(value)].name)


def _type(site: Site, value: object) -> Pair:
    return (None, None) if value is None else (str(value), site.state.issue_types[str(value)].name)


def _parent(site: Site, value: object) -> Pair:
    if value is None:
        return None, None
    found = site.state.issues.get(str(value))
    return str(value), found.key if found is not None else None


def _day(_: Site, value: object) -> Pair:
    if not isinstance(value, date):
        return None, None
    return value.isoformat(), f"{value.isoformat()} 00:00:00.0"


DISPLAYS: Mapping[str, Display] = {
    "description": _rich,
    "environment": _rich,
    "labels": _labels,
    "assignee": _user,
    "reporter": _user,
    "priority": _priority,
    "resolution": _resolution,
    "issuetype": _type,
    "parent": _parent,
    "duedate": _day,
    "timeoriginalestimate": lambda _, value: _same(value),
    "timeestimate": lambda _, value: _same(value),
}
