"""Where the pages of something bound to Jira are: of a team among its settings, of a project beside
its items.  Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from duolog.sync.models import Binding
from duolog.workplace.models import Project, Team


@dataclass(frozen=True, slots=True)
class BoundPlace:
    """What is bound, by name, and the addresses of what can be done with it."""

    name: str
    icon: str
    home: str
    jira: str
    rules: str
    progress: str
    act: str
    check: str
    mapping: str
    renew: str
    unlink: str
    spaces: str
    proposal: str


def place_of_team(slug: str, team: Team) -> BoundPlace:
    """The pages of a team."""

    def at(name: str) -> str:
        return reverse(f"web:{name}", args=[slug, team.key_prefix])

    return BoundPlace(
        name=team.shown_name,
        icon="layers",
        home=at("team-jira"),
        jira=at("team-jira"),
        rules=at("binding-rules"),
        progress=at("team-progress"),
        act=at("binding-act"),
        check=at("check-binding"),
        mapping=at("mapping"),
        renew=at("renew-mapping"),
        unlink=at("unlink-team"),
        spaces=at("spaces"),
        proposal=at("team-proposal"),
    )


def place_of_project(slug: str, project: Project) -> BoundPlace:
    """The pages of a project or solution; its own page is their home."""

    def at(name: str) -> str:
        return reverse(f"web:{name}", args=[slug, project.pk])

    return BoundPlace(
        name=project.name,
        icon="briefcase" if project.kind == "solution" else "folder",
        home=at("project"),
        jira=at("project-jira"),
        rules=at("project-rules"),
        progress=at("project-progress"),
        act=at("act-on-project"),
        check=at("check-project"),
        mapping=at("project-mapping"),
        renew=at("renew-project-mapping"),
        unlink=at("unlink-project"),
        spaces=at("project-spaces"),
        proposal=at("project-proposal"),
    )


def place_of(slug: str, binding: Binding) -> BoundPlace:
    """The pages of what a binding keeps in step."""
    if binding.project is not None:
        return place_of_project(slug, binding.project)
    return place_of_team(slug, binding.team)
