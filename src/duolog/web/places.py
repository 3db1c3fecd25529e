"""The pages the palette can jump to.  Reads nothing but the frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from duolog.web.pages import Shell

MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A page and how the palette shows it."""

    words: str
    url: str
    icon: str
    hint: str


PAGES: Final = (
    ("My time", "time", "clock"),
    ("Reports of my time", "time-reports", "chart-column"),
    ("Working hours", "working-hours", "clock"),
    ("My items", "mine", "circle-dot"),
    ("Sync inbox", "inbox", "inbox"),
    ("Sync journal", "journal", "history"),
    ("Notifications", "notices", "bell"),
    ("Projects", "projects", "folder"),
    ("Profile", "profile", "user"),
    ("API tokens", "tokens", "key-round"),
    ("Your connections", "own-connections", "unplug"),
    ("Members", "members", "users"),
    ("Jira connection", "jira", "unplug"),
    ("Workplace settings", "settings", "settings"),
    ("Trash", "trash", "trash-2"),
)


def places_matching(shell: Shell, text: str) -> tuple[Place, ...]:
    """Places whose words hold the text, teams and projects first."""
    wanted = text.casefold()
    hits = [place for place in _places(shell) if wanted in place.words.casefold()]
    return tuple(hits[:MOST])


def _places(shell: Shell) -> Iterator[Place]:
    slug = shell.slug
    for team in shell.teams:
        url = reverse("web:team", args=[slug, team.key_prefix])
        hidden = Place("Work items", url, "layers", "Page")
        yield hidden if team.is_hidden else Place(team.name, url, "layers", "Team")
    for project in shell.projects:
        url = reverse("web:project", args=[slug, project.pk])
        yield Place(project.name, url, "folder", "Project")
    for words, name, icon in PAGES:
        yield Place(words, reverse(f"web:{name}", args=[slug]), icon, "Page")
