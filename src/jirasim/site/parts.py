"""Components and versions of projects, as frozen values.  No rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a project; `assignee_type` says who gets its new issues."""

    id: str
    project_id: str
    name: str
    description: str = ""
    lead: str | None = None
    assignee_type: str = "PROJECT_DEFAULT"
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A release of a project; `sequence` orders the versions of one project."""

    id: str
    project_id: str
    name: str
    description: str = ""
    released: bool = False
    archived: bool = False
    start: date | None = None
    release: date | None = None
    sequence: int = 0


Components = Mapping[str, Component]
Versions = Mapping[str, Version]


def components_of(components: Components, project_id: str) -> list[Component]:
    """The components of a project, by name."""
    found = (one for one in components.values() if one.project_id == project_id)
    return sorted(found, key=lambda one: one.name.casefold())


def versions_of(versions: Versions, project_id: str) -> list[Version]:
    """The versions of a project, earliest first."""
    found = (one for one in versions.values() if one.project_id == project_id)
    return sorted(found, key=lambda one: one.sequence)
