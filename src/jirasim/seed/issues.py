"""Plausible work for a software project.  Writes straight into the state, without events."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from jirasim.seed.chance import seeded
from jirasim.site.agile_fields import agile_fields
from jirasim.site.catalog import BUG, DONE, EPIC, STORY, SUBTASK, TASK
from jirasim.site.model import ChangeItem, Comment, History, Issue, Project, RichText
from jirasim.site.ranks import nth
from jirasim.site.state import State

EPICS = (
    "Sign-in without passwords",
    "Faster first page",
    "Invoices people can read",
    "Offline reading on the phone",
    "One search for everything",
    "Moving customers to the new storage",
)
VERBS = (
    "Show",
    "Fix",
    "Explain",
    "Speed up",
    "Test",
    "Translate",
    "Log",
    "Retry",
    "Remove",
    "Limit",
)
THINGS = (
    "the invoice preview",
    "the search box on small screens",
    "session renewal after sleep",
    "the nightly export",
    "error pages of the gateway",
    "the upload of large pictures",
    "the weekly digest",
    "address suggestions",
    "the import of old contracts",
    "keyboard shortcuts in lists",
    "the consent banner",
    "payment reminders",
)
REASONS = (
    "when the network is slow",
    "for people with two accounts",
    "before the spring release",
    "as support asked",
    "on Safari",
    "for the new tariff",
    "after a time-out",
    "in the Japanese version",
)
REMARKS = (
    "I can reproduce it with the demo account; happens about every third time.",
    "Half of it is done, the rest waits for the new certificate.",
    "Could we agree on the wording first? Draft is in the design folder.",
    "Measured again after the change: from 840 ms down to 210 ms.",
    "Talked to support, two customers are affected.",
    "Merged. I will watch the dashboard over the weekend.",
)
LABELS = ("backend", "frontend", "mobile", "docs", "security", "payments", "support")
PER_EPIC = 12
NO_PROPERTIES: Mapping[str, object] = {}
"""Shared by all that have none; values are never changed in place."""
MINUTE = timedelta(minutes=1)


def add_issues(state: State, count: int, *, now: datetime) -> None:
    """`count` issues in FHP: epics, then stories, tasks and bugs within them, some sub-tasks."""
    chance = seeded(state.seed, "issues")
    project = next(one for one in state.projects.values() if one.key == "FHP")
    epics: list[Issue] = []
    parents: list[Issue] = []
    for number, created in enumerate(_moments(now, count), start=1):
        issue = _issue(state, project, chance, (number, created))
        if issue.type_id == EPIC.id:
            epics.append(issue)
        elif issue.type_id == SUBTASK.id and parents:
            issue = replace(issue, parent_id=chance.choice(parents[-PER_EPIC:]).id)
        else:
            kind = issue.type_id if issue.type_id != SUBTASK.id else TASK.id
            parent = epics[-1].id if epics and chance.random() < 0.8 else None
            issue = replace(issue, type_id=kind, parent_id=parent)
            parents.append(issue)
        state.issues[issue.id] = issue
        state.issue_ids[issue.key] = issue.id
    state.counters[f"key of {project.id}"] = count


def paragraphs(state: State, *texts: str) -> RichText:
    """Plain paragraphs, in the form of the product."""
    return _document(texts) if state.product.cloud else "\n\n".join(texts)


@cache
def _document(texts: tuple[str, ...]) -> RichText:
    """One document for the same words, however many issues say them."""
    content = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in texts]
    return {"type": "doc", "version": 1, "content": content}


@cache
def _estimated(field: str, points: float | None) -> Mapping[str, object]:
    return {field: points}


def _moments(now: datetime, count: int) -> Iterator[datetime]:
    step = timedelta(days=90) / max(count, 1)
    for number in range(count):
        yield (now - timedelta(days=91) + number * step).replace(microsecond=0)


def _issue(
    state: State, project: Project, chance: random.Random, place: tuple[int, datetime]
) -> Issue:
    number, created = place
    type_id, summary = _type(number, chance), _summary(number, chance)
    remark, creator = chance.choice(REMARKS), chance.choice(state.people)
    issue = Issue(
        id=_next(state, "issue"),
        key=f"{project.key}-{number}",
        project_id=project.id,
        type_id=type_id,
        status_id=project.workflow.initial,
        summary=summary,
        description=paragraphs(state, remark, "Please keep the support team informed."),
        creator=creator,
        reporter=chance.choice(state.people),
        assignee=chance.choice((None, *state.people)),
        priority_id=chance.choice("1233345"),
        labels=tuple(sorted(chance.sample(LABELS, chance.choice((0, 0, 1, 2))))),
        due_date=_due(chance, created),
        created=created,
        updated=created,
        status_changed=created,
        custom=_estimated(
            agile_fields(state.product).points,
            chance.choice((None, None, 1.0, 2.0, 3.0, 5.0, 8.0)),
        ),
        rank=nth(number - 1),
        properties=NO_PROPERTIES,
        watchers=(creator,),
    )
    return _discussed(state, _progressed(state, project, issue, chance), chance)


def _type(number: int, chance: random.Random) -> str:
    if number % PER_EPIC == 1:
        return EPIC.id
    return chance.choice((STORY.id, STORY.id, TASK.id, TASK.id, BUG.id, SUBTASK.id))


def _summary(number: int, chance: random.Random) -> str:
    if number % PER_EPIC == 1:
        return EPICS[number // PER_EPIC % len(EPICS)]
    return f"{chance.choice(VERBS)} {chance.choice(THINGS)} {chance.choice(REASONS)}"


def _due(chance: random.Random, created: datetime) -> date | None:
    return (
        (created + timedelta(days=chance.randrange(20, 120))).date()
        if chance.random() < 0.3
        else None
    )


def _progressed(state: State, project: Project, issue: Issue, chance: random.Random) -> Issue:
    status_id = chance.choice(project.workflow.statuses)
    if status_id == issue.status_id:
        return issue
    when = issue.created + chance.randrange(60, 1440) * MINUTE
    before, after = state.statuses[issue.status_id], state.statuses[status_id]
    item = ChangeItem("status", "status", before.id, before.name, after.id, after.name)
    author = issue.assignee or issue.creator
    done = after.category == DONE
    return replace(
        issue,
        status_id=status_id,
        status_changed=when,
        updated=when,
        resolution_id="10000" if done else None,
        resolved=when if done else None,
        history=(History(_next(state, "history"), author, when, (item,)),),
    )


def _discussed(state: State, issue: Issue, chance: random.Random) -> Issue:
    comments = []
    for number in range(chance.choice((0, 0, 0, 1, 2))):
        author = chance.choice(state.people)
        when = issue.updated + (number + 1) * MINUTE
        comment_id = _next(state, "comment")
        state.comment_homes[comment_id] = issue.id
        text = paragraphs(state, chance.choice(REMARKS))
        comments.append(
            Comment(
                comment_id, issue.id, author, author, text, when, when, properties=NO_PROPERTIES
            )
        )
    if not comments:
        return issue
    return replace(issue, comments=tuple(comments), updated=comments[-1].updated)


def _next(state: State, kind: str) -> str:
    number = state.counters.get(kind, 9999) + 1
    state.counters[kind] = number
    return str(number)
