"""Time that people logged on the seeded issues.  Writes straight into the state, without events."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from jirasim.seed.chance import seeded
from jirasim.seed.issues import NO_PROPERTIES, paragraphs
from jirasim.site.durations import MINUTE
from jirasim.site.model import Issue, Worklog
from jirasim.site.state import State

DONE = (
    "Reproduced it and wrote a failing test.",
    "Pairing with Jonas on the migration.",
    "Review and a second round of measurements.",
    "Call with support about the two customers.",
)
SPANS = tuple(minutes * MINUTE for minutes in (15, 30, 45, 60, 90, 120, 180, 240))


def add_worklogs(state: State, count: int, *, now: datetime) -> None:
    """`count` worklogs, dealt out evenly; those of an issue lie between its creation and `now`.

    Raises ValueError when there are worklogs but no issues.
    """
    issues = list(state.issues.values())
    if count and not issues:
        raise ValueError("Worklogs need issues to belong to.")
    chance = seeded(state.seed, "worklogs")
    for place, issue in enumerate(issues):
        share = (count - place + len(issues) - 1) // len(issues)
        if share > 0:
            state.issues[issue.id] = _worked_on(state, issue, _moments(issue, share, now), chance)


def _moments(issue: Issue, count: int, now: datetime) -> Iterable[datetime]:
    step = max(now - issue.updated, timedelta()) / (count + 1)
    for number in range(1, count + 1):
        yield (issue.updated + number * step).replace(microsecond=0)


def _worked_on(
    state: State, issue: Issue, moments: Iterable[datetime], chance: random.Random
) -> Issue:
    rows = tuple(_worklog(state, issue, moment, chance) for moment in moments)
    return replace(issue, worklogs=rows, remaining_estimate=0, updated=rows[-1].updated)


def _worklog(state: State, issue: Issue, moment: datetime, chance: random.Random) -> Worklog:
    number = state.counters.get("worklog", 9999) + 1
    state.counters["worklog"] = number
    worklog_id = str(number)
    state.worklog_homes[worklog_id] = issue.id
    author, seconds = chance.choice(state.people), chance.choice(SPANS)
    return Worklog(
        id=worklog_id,
        issue_id=issue.id,
        author=author,
        update_author=author,
        started=moment - timedelta(seconds=seconds),
        seconds=seconds,
        created=moment,
        updated=moment,
        comment=paragraphs(state, chance.choice(DONE)) if chance.random() < 0.5 else None,
        properties=NO_PROPERTIES,
    )
