"""What a webhook says of something that is no issue: a project, a user, a version, a sprint …"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

from jirasim.site.agile_model import Board, Sprint
from jirasim.site.events import Event
from jirasim.site.model import IssueType, Project, User
from jirasim.site.parts import Version
from jirasim.wire import agile
from jirasim.wire.entities import Json, Shared
from jirasim.wire.wire import Wire

Writer = Callable[[Wire, object], object]


def subject_body(wire: Wire, event: Event) -> Json | None:
    """The subject under its name, or None for a kind of subject that nobody writes."""
    found = WRITERS.get(type(event.subject))
    if found is None:
        return None
    name, write = found
    return {name: write(wire, event.subject)}


def identity(subject: object) -> tuple[str, str] | None:
    """The name of this kind of subject and the id of this one, or None for an unknown kind."""
    found = WRITERS.get(type(subject))
    if found is None:
        return None
    return found[0], str(getattr(subject, "id", ""))


def project(wire: Wire, subject: object) -> Json:
    """As recorded in `project_created`; the id is a number."""
    one = cast("Project", subject)
    body = wire.entities.project(one)
    return {
        "self": body["self"],
        "id": int(one.id),
        "key": one.key,
        "name": one.name,
        "avatarUrls": body["avatarUrls"],
        "projectLead": wire.user(one.lead),
        "assigneeType": "admin.assignee.type.unassigned",
    }


def user(wire: Wire, subject: object) -> Shared:
    """A user, as inside other objects."""
    return wire.entities.user(cast("User", subject))


def issue_type(wire: Wire, subject: object) -> Shared:
    """An issue type, as inside an issue."""
    return wire.entities.issue_type(cast("IssueType", subject))


def version(wire: Wire, subject: object) -> Json:
    """A version, as inside an issue, with its project."""
    one = cast("Version", subject)
    return {**wire.entities.version(one), "projectId": int(one.project_id)}


def sprint(wire: Wire, subject: object) -> Json:
    """A sprint, as the agile API gives it."""
    return agile.sprint(wire, cast("Sprint", subject))


def board(wire: Wire, subject: object) -> Json:
    """A board, as the agile API gives it."""
    return agile.board(wire, cast("Board", subject))


WRITERS: Final[Mapping[type, tuple[str, Writer]]] = {
    Project: ("project", project),
    User: ("user", user),
    IssueType: ("issuetype", issue_type),
    Version: ("version", version),
    Sprint: ("sprint", sprint),
    Board: ("board", board),
}
