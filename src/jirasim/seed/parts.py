"""Components, versions and security levels of FHP, and issues that use them and its fields."""

from dataclasses import replace
from datetime import datetime, timedelta

from jirasim.seed.chance import seeded
from jirasim.site.levels import SecurityLevel, SecurityScheme
from jirasim.site.model import Issue
from jirasim.site.parts import Component, Version
from jirasim.site.permissions import ADMINISTRATOR, MEMBER
from jirasim.site.state import State

HOME = "10000"
COMPONENTS = (
    ("Web", "What people see in a browser."),
    ("Mobile app", "iOS and Android."),
    ("Backend", "Everything behind the gateway."),
)
VERSIONS = (("1.0", -60, True), ("1.1", -20, True), ("2.0", 30, False), ("Later", None, False))
SCHEME = SecurityScheme(
    "10000",
    "Fernhill security",
    "Who sees delicate issues.",
    (
        SecurityLevel(
            "10100", "Team only", "For those who work here.", frozenset({ADMINISTRATOR, MEMBER})
        ),
        SecurityLevel(
            "10101",
            "Administrators and reporter",
            "For reports of weak spots.",
            frozenset({ADMINISTRATOR}),
            reporter=True,
        ),
    ),
)
USED_BY_EVERY = 5


def add_parts(state: State, *, now: datetime) -> None:
    """Put them into the state, and use them in every fifth issue."""
    state.security_schemes[SCHEME.id] = SCHEME
    home = state.projects[HOME]
    details = replace(home.details, security_id=SCHEME.id)
    state.projects[HOME] = replace(home, details=details)
    for number, (name, text) in enumerate(COMPONENTS, start=10000):
        lead = state.people[number % len(state.people)]
        state.components[str(number)] = Component(str(number), HOME, name, text, lead)
    for number, (name, days, released) in enumerate(VERSIONS, start=10000):
        when = None if days is None else (now + timedelta(days=days)).date()
        version = Version(str(number), HOME, name, released=released, release=when)
        state.versions[version.id] = replace(version, sequence=number - 10000)
    state.counters |= {"component": 10000 + len(COMPONENTS), "version": 10000 + len(VERSIONS)}
    for issue in list(state.issues.values())[::USED_BY_EVERY]:
        state.issues[issue.id] = _equipped(state, issue)


def _equipped(state: State, issue: Issue) -> Issue:
    chance = seeded(state.seed, f"parts of {issue.id}")
    filled = {
        "customfield_10040": float(chance.choice((1, 2, 5))),
        "customfield_10042": (chance.choice(("10110", "10111", "10112")),),
        "customfield_10045": chance.choice((("10140", "10141"), ("10143",))),
        "customfield_10046": chance.choice(state.people),
    }
    return replace(
        issue,
        components=(chance.choice(list(state.components)),),
        fix_versions=(chance.choice(list(state.versions)),),
        custom={**issue.custom, **filled},
    )
