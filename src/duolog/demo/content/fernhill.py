"""The workplace as a whole: its people, teams and projects.  Values only."""

from __future__ import annotations

from typing import Final

from duolog.demo.content import mobile, platform, warehouse
from duolog.demo.content.draft import Container, Crew, Person

NAME: Final = "Fernhill"
SLUG: Final = "fernhill"
DOMAIN: Final = "fernhill.example"
BOUND: Final = "PLAT"
"""The prefix of the team that is kept in step with Jira."""

PEOPLE: Final = (
    Person("maya", "Maya Lind", "owner"),
    Person("aiko", "Aiko Tanabe", "admin"),
    Person("jonas", "Jonas Weber", "member"),
    Person("priya", "Priya Nair", "member"),
    Person("tomas", "Tomás Reyes", "member"),
)
"""The same people as have accounts in the simulated Jira; the first one signs in."""

CREWS: Final = (
    Crew("Platform", BOUND, ("maya", "aiko", "jonas", "priya"), platform.DRAFTS),
    Crew("Mobile", "MOB", ("maya", "aiko", "tomas"), mobile.DRAFTS),
    Crew("Data", "DATA", ("maya", "priya", "jonas"), warehouse.DRAFTS),
)

PROJECTS: Final = (
    Container(
        "Passkeys for everyone",
        "Nobody should need a password by the end of the quarter.\n\n"
        "- sign-in on the web and on both phones\n- a way back for people who lost a device",
        "maya",
        (BOUND, "MOB"),
        -40,
        35,
    ),
    Container(
        "Reading offline",
        "The last fifty documents stay on the phone, **encrypted**, and open without a network.",
        "aiko",
        ("MOB",),
        -25,
        60,
    ),
    Container(
        "One place for numbers",
        "Every report takes its figures from the same tables, so that two reports never disagree.",
        "priya",
        ("DATA", BOUND),
        -60,
        20,
    ),
)
