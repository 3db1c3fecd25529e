"""The changelog: one item per changed field, worded as Jira does (jira.md 6.5, 7.3)."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import zip_longest
from typing import cast

from jirasim.site import custom_changes
from jirasim.site.agile_fields import agile_fields
from jirasim.site.custom_changes import Display, Pair
from jirasim.site.model import ChangeItem, Issue, RichText, Worklog
from jirasim.site.state import Site
from jirasim.text import as_wiki

PARENT = "IssueParentAssociation"
PARTS = {"components": "Component", "fixVersions": "Fix Version", "versions": "Version"}


def differences(
    site: Site, before: Issue, after: Issue, fields: Iterable[str]
) -> tuple[ChangeItem, ...]:
    """One item for each of these fields whose value changed."""
    return tuple(
        one
        for field_id in fields
        if before.value(field_id) != after.value(field_id)
        for one in items(site, field_id, before.value(field_id), after.value(field_id))
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
        "components",
        "fixVersions",
        "versions",
        "security",
        "duedate",
        "parent",
        "timeoriginalestimate",
        "timeestimate",
    )
    filled = [
        name
        for name in (*given, *issue.custom, agile_fields(site.product).sprint)
        if issue.value(name)
    ]
    found = [one for name in filled for one in items(site, name, None, issue.value(name))]
    return (*found, status(site, None, issue.status_id))


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


def items(site: Site, field_id: str, before: object, after: object) -> tuple[ChangeItem, ...]:
    """What the changelog says of one field: of components and versions, one item for each."""
    if field_id in PARTS:
        return _parts(site, field_id, before, after)
    return (item(site, field_id, before, after),)


def _parts(site: Site, field_id: str, before: object, after: object) -> tuple[ChangeItem, ...]:
    """Those that went beside those that came, as recorded (jira.md 7.3)."""
    old, new = (tuple(cast("tuple[str, ...]", one or ())) for one in (before, after))
    gone = [_part_name(site, field_id, one) for one in old if one not in new]
    come = [_part_name(site, field_id, one) for one in new if one not in old]
    pairs = zip_longest(gone, come, fillvalue=(None, None))
    return tuple(ChangeItem(PARTS[field_id], field_id, *one, *other) for one, other in pairs)


def _part_name(site: Site, field_id: str, part_id: str) -> Pair:
    table = site.state.components if field_id == "components" else site.state.versions
    return part_id, table[part_id].name if part_id in table else None


def item(site: Site, field_id: str, before: object, after: object) -> ChangeItem:
    """What the changelog says of one field that went from one stored value to another."""
    field = site.state.fields.get(field_id)
    if field is not None and field.custom is not None:
        display = custom_changes.display_of(field)
        pairs = (*display(site, before), *display(site, after))
        return ChangeItem(field.name, field_id, *pairs, fieldtype="custom")
    display = DISPLAYS.get(field_id, _plain)
    old_id, old = display(site, before)
    new_id, new = display(site, after)
    if field_id == "parent":
        return _parent_item(site, (old_id, old), (new_id, new))
    return ChangeItem(field_id, field_id, old_id, old, new_id, new)


def _parent_item(site: Site, before: Pair, after: Pair) -> ChangeItem:
    """On Server the epic of an issue is its Epic Link; on Cloud every parent is one."""
    parent = site.state.issues.get(after[0] or before[0] or "")
    epic = parent is not None and site.state.issue_types[parent.type_id].hierarchy_level > 0
    if epic and not site.product.cloud:
        epic_link = agile_fields(site.product).epic_link
        return ChangeItem("Epic Link", epic_link, *before, *after, fieldtype="custom")
    return ChangeItem(PARENT, None, *before, *after)


def ranked(site: Site, *, higher: bool) -> ChangeItem:
    """The item of an issue that was ranked by hand, as recorded."""
    rank = agile_fields(site.product).rank
    how = "Ranked higher" if higher else "Ranked lower"
    return ChangeItem("Rank", rank, "", "", "", how, fieldtype="custom")


def _plain(_: Site, value: object) -> Pair:
    return None, None if value is None else str(value)


def _rich(_: Site, value: object) -> Pair:
    return None, None if value is None else as_wiki(cast("RichText", value))


def _labels(_: Site, value: object) -> Pair:
    return None, " ".join(cast("tuple[str, ...]", value or ()))


def _user(site: Site, value: object) -> Pair:
    return (
        (None, None) if value is None else (str(value), site.state.users[str(value)].display_name)
    )


def _priority(site: Site, value: object) -> Pair:
    return (None, None) if value is None else (str(value), site.state.priorities[str(value)].name)


def _resolution(site: Site, value: object) -> Pair:
    return (None, None) if value is None else (str(value), site.state.resolutions[str(value)].name)


def _level(site: Site, value: object) -> Pair:
    level = None if value is None else site.security_level(str(value))
    return (None, None) if level is None else (level.id, level.name)


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
    "security": _level,
    "issuetype": _type,
    "parent": _parent,
    "duedate": _day,
    "timeoriginalestimate": lambda _, value: _same(value),
    "timeestimate": lambda _, value: _same(value),
}
