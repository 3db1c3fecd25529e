"""From the JSON of a system field to its stored value, or to Jira's complaint about it.

On Cloud rich text arrives as ADF: the wiki text of v2 is converted before it comes here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from jirasim.site import document, durations
from jirasim.site.model import Issue, IssueType, Project, User
from jirasim.site.permissions import may
from jirasim.site.state import Site

LINE_LENGTH = 255
NOT_A_STRING = "Operation value must be a string"
NOT_AN_OBJECT = "data was not an object"


class BadValue(Exception):
    """A value that the field refuses; the message is what Jira says under its name."""


class UnknownUser(BadValue):
    """Nobody is called so."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a value is going: the project, and the issue unless it is being made."""

    site: Site
    project: Project
    actor: User
    issue: Issue | None = None


Decoder = Callable[[Target, object], object]


class Named(Protocol):
    """Anything that Jira finds by id or by name."""

    @property
    def name(self) -> str: ...


def summary(raw: object) -> str:
    """1 to 255 characters on one line."""
    if raw is None or raw == "":
        raise BadValue("You must specify a summary of the issue.")
    if not isinstance(raw, str):
        raise BadValue(NOT_A_STRING)
    if "\n" in raw or "\r" in raw:
        raise BadValue("The summary is invalid because it contains newline characters.")
    if not raw.strip():
        raise BadValue("You must specify a summary of the issue.")
    if len(raw) > LINE_LENGTH:
        raise BadValue("Summary must be less than 255 characters.")
    return raw


def rich_text(target: Target, raw: object) -> object:
    """A document on Cloud, wiki text on Server, or nothing."""
    try:
        return document.read(target.site.product, raw)
    except document.BadDocument as error:
        raise BadValue(str(error)) from None


def labels(raw: object) -> tuple[str, ...]:
    """A set of words.  Order is not kept."""
    if raw is None:
        return ()
    if not isinstance(raw, list):
        raise BadValue("data was not an array")
    return tuple(sorted({label(one) for one in raw}))


def label(raw: object) -> str:
    """One label: no blanks, at most 255 characters."""
    if not isinstance(raw, str):
        raise BadValue("string expected at index 0")
    if re.search(r"\s", raw):
        raise BadValue(f"The label '{raw}' contains spaces which is invalid.")
    if not raw:
        raise BadValue("The label '' is invalid.")
    if len(raw) > LINE_LENGTH:
        raise BadValue(f"The label '{raw}' exceeds the maximum length of 255 characters.")
    return raw


def day(raw: object) -> date | None:
    """A date without a zone, `yyyy-MM-dd`."""
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str):
        raise BadValue(NOT_A_STRING)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw):
        raise BadValue(f"Error parsing date string: {raw}")
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise BadValue(f"Error parsing date string: {raw}") from None


def priority(target: Target, raw: object) -> str | None:
    """By id or name; None clears it."""
    return _named(target.site.state.priorities, raw, "priority")


def resolution(target: Target, raw: object) -> str | None:
    """By id or name; None clears it."""
    return _named(target.site.state.resolutions, raw, "resolution")


def issue_type(target: Target, raw: object) -> str:
    """By id or name, among the types of the project; never between sub-task and standard."""
    types = target.site.state.issue_types
    allowed = target.site.state.settings.subtasks
    mine = {
        type_id: types[type_id]
        for type_id in target.project.issue_types
        if allowed or not types[type_id].subtask
    }
    try:
        found = _named(mine, raw, "issue type")
    except BadValue:
        found = None
    if found is None or not _keeps_level(target, mine[found]):
        raise BadValue("The issue type selected is invalid.")
    return found


def assignee(target: Target, raw: object) -> str | None:
    """The user; None and "-1" (automatic) leave the issue unassigned."""
    reference = _reference(target, raw)
    if reference is None or reference == "-1":
        return None
    user = _user(target, reference)
    if not may(user, "ASSIGNABLE_USER", target.project):
        raise BadValue(f"User '{reference}' cannot be assigned issues.")
    return user.account_id


def reporter(target: Target, raw: object) -> str | None:
    """The user who is named."""
    reference = _reference(target, raw)
    return None if reference is None else _user(target, reference).account_id


def parent(target: Target, raw: object) -> str | None:
    """By id or key, or `{"none": true}`.  Whether it fits is judged with the type."""
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        raise BadValue(NOT_AN_OBJECT)
    if raw.get("none") is True:
        return None
    found = target.site.find_issue(str(raw.get("id") or raw.get("key") or ""))
    if found is None or not may(
        target.actor, "BROWSE_PROJECTS", target.site.state.projects[found.project_id]
    ):
        raise BadValue("Could not find issue by id or key.")
    return found.id


def timetracking(target: Target, raw: object) -> Mapping[str, int | None]:
    """The estimates that are named; the first of the two that an issue gets is both."""
    if not isinstance(raw, Mapping):
        raise BadValue(NOT_AN_OBJECT)
    named = {
        field_id: _estimate(target, raw[name], name)
        for name, field_id in ESTIMATES.items()
        if raw.get(name) is not None
    }
    for field_id in ESTIMATES.values() if named else ():
        if target.issue is None or target.issue.value(field_id) is None:
            named.setdefault(field_id, next(iter(named.values())))
    return named


ESTIMATES = {"originalEstimate": "timeoriginalestimate", "remainingEstimate": "timeestimate"}
DECODERS: Mapping[str, Decoder] = {
    "summary": lambda _, raw: summary(raw),
    "description": rich_text,
    "environment": rich_text,
    "labels": lambda _, raw: labels(raw),
    "duedate": lambda _, raw: day(raw),
    "priority": priority,
    "resolution": resolution,
    "issuetype": issue_type,
    "assignee": assignee,
    "reporter": reporter,
    "parent": parent,
    "timetracking": timetracking,
}


def _estimate(target: Target, raw: object, name: str) -> int:
    found = durations.read(str(raw), target.site.state.measure)
    if found is None:
        raise BadValue(f"The {name} '{raw}' is not a valid duration.")
    return found


def _named(table: Mapping[str, Named], raw: object, message: str) -> str | None:
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        raise BadValue(f"Specify a valid 'id' or 'name' for {message}")
    key = "id" if raw.get("id") is not None else "name"
    wanted = str(raw.get(key, ""))
    if key == "id" and wanted in table:
        return wanted
    for number, one in table.items():
        if key == "name" and one.name.casefold() == wanted.casefold():
            return number
    raise BadValue(f"{message.capitalize()} {key} '{wanted}' is not valid")


def _keeps_level(target: Target, wanted: IssueType) -> bool:
    if target.issue is None:
        return True
    return target.site.state.issue_types[target.issue.type_id].subtask == wanted.subtask


def _reference(target: Target, raw: object) -> str | None:
    """How a value names a user: Cloud by account id, Server by login name (jira.md 6.1)."""
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        raise BadValue(NOT_AN_OBJECT)
    cloud = target.site.product.cloud
    found = raw.get("accountId", raw.get("id")) if cloud else raw.get("name")
    if found is not None and not isinstance(found, str):
        raise BadValue(f"expected '{'id' if cloud else 'name'}' property to be a string")
    return found


def _user(target: Target, reference: str) -> User:
    site = target.site
    user = site.state.users.get(reference) if site.product.cloud else site.find_login(reference)
    if user is None:
        raise UnknownUser(f"User '{reference}' does not exist.")
    return user
