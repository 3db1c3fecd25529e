"""What each JQL field reads of an issue and which values it knows.  No operators here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jirasim.jql.behaviour import (
    NO_ISSUE,
    Behaviour,
    Choice,
    Days,
    Moment,
    Number,
    Text,
)
from jirasim.jql.custom_fields import custom
from jirasim.jql.functions import ISSUES, PEOPLE, PROJECTS, TYPES
from jirasim.jql.lookup import (
    find_category,
    find_component,
    find_issue,
    find_label,
    find_named,
    find_number,
    find_project,
    find_resolution,
    find_tied,
    find_user,
    find_version,
    issue_number,
    label_key,
    no_such,
    priority_rank,
    version_rank,
)
from jirasim.jql.readers import (
    adf_text,
    all_text,
    comments_text,
    level_of,
    optional,
    work_ratio,
    worklogs_text,
)
from jirasim.jql.release_functions import COMPONENTS, VERSIONS
from jirasim.site import durations
from jirasim.site.fields import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jirasim.site.fields import Field
    from jirasim.site.model import Issue
    from jirasim.site.state import State

SPENT: Final = "The value '{value}' for the field '{field}' is not a valid duration."


def duration(read: Callable[[Issue], float | None]) -> Number:
    """Seconds, which people write like `2h 30m`; a number alone counts minutes."""
    return Number(read, parse=durations.read, wrong=SPENT)


def user_field(
    read: Callable[[Issue], str | None], index: str, history: str | None = None
) -> Choice:
    return Choice(
        lambda issue, _: optional(read(issue)),
        find_user,
        functions=PEOPLE,
        history=history,
        index=index,
    )


KEY: Final = Choice(
    lambda issue, _: (issue.id,),
    find_issue,
    rank=issue_number,
    missing=NO_ISSUE,
    may_be_empty=False,
    functions=ISSUES,
    index="id",
)
TYPE: Final = Choice(
    lambda issue, _: (issue.type_id,), find_named("issue_types"), functions=TYPES, index="type"
)
CATEGORY: Final = Choice(
    lambda issue, state: (str(state.statuses[issue.status_id].category.id),), find_category
)
CREATED: Final = Moment(lambda issue: issue.created, order="created")
UPDATED: Final = Moment(lambda issue: issue.updated, order="updated")
DUE: Final = Moment(lambda issue: issue.due_date)
RESOLVED: Final = Moment(lambda issue: issue.resolved)

SYSTEM: Final[Mapping[str, Behaviour]] = {
    "project": Choice(
        lambda issue, _: (issue.project_id,), find_project, functions=PROJECTS, index="project"
    ),
    "key": KEY,
    "issue": KEY,
    "issuekey": KEY,
    "id": KEY,
    "issuetype": TYPE,
    "type": TYPE,
    "status": Choice(
        lambda issue, _: (issue.status_id,),
        find_named("statuses"),
        history="status",
        index="status",
    ),
    "statuscategory": CATEGORY,
    "priority": Choice(
        lambda issue, _: optional(issue.priority_id),
        find_named("priorities"),
        rank=priority_rank,
        history="priority",
        index="priority",
    ),
    "resolution": Choice(
        lambda issue, _: optional(issue.resolution_id),
        find_resolution,
        history="resolution",
        index="resolution",
    ),
    "assignee": user_field(lambda issue: issue.assignee, "assignee", history="assignee"),
    "reporter": user_field(lambda issue: issue.reporter, "reporter", history="reporter"),
    "creator": user_field(lambda issue: issue.creator, "creator"),
    "parent": Choice(
        lambda issue, _: optional(issue.parent_id),
        find_issue,
        missing=NO_ISSUE,
        functions=ISSUES,
        index="parent",
    ),
    "labels": Choice(
        lambda issue, _: tuple(map(label_key, issue.labels)), find_label, index="labels"
    ),
    "component": Choice(lambda issue, _: issue.components, find_component, functions=COMPONENTS),
    "fixversion": Choice(
        lambda issue, _: issue.fix_versions, find_version, rank=version_rank, functions=VERSIONS
    ),
    "affectedversion": Choice(
        lambda issue, _: issue.affected_versions,
        find_version,
        rank=version_rank,
        functions=VERSIONS,
    ),
    "watcher": Choice(lambda issue, _: issue.watchers, find_user, functions=PEOPLE),
    "voter": Choice(lambda issue, _: issue.voters, find_user, functions=PEOPLE),
    "watchers": Number(lambda issue: len(issue.watchers)),
    "votes": Number(lambda issue: len(issue.voters)),
    "attachments": Choice(
        lambda issue, _: tuple(one.id for one in issue.attachments), no_such, only_emptiness=True
    ),
    "issuelinktype": Choice(
        lambda issue, _: (issue.id,), find_tied, may_be_empty=False, index="id"
    ),
    "level": Choice(lambda issue, _: optional(issue.security_id), no_such),
    "hierarchylevel": Choice(level_of, find_number, rank=lambda number, _: int(number)),
    "timespent": duration(lambda issue: issue.time_spent),
    "originalestimate": duration(lambda issue: issue.original_estimate),
    "timeoriginalestimate": duration(lambda issue: issue.original_estimate),
    "remainingestimate": duration(lambda issue: issue.remaining_estimate),
    "timeestimate": duration(lambda issue: issue.remaining_estimate),
    "workratio": Number(work_ratio),
    "lastviewed": Moment(lambda _: None),
    "summary": Text(lambda issue: issue.summary),
    "description": Text(lambda issue: adf_text(issue.description)),
    "environment": Text(lambda issue: adf_text(issue.environment)),
    "comment": Text(comments_text, may_be_empty=False),
    "text": Text(all_text, may_be_empty=False),
    "worklogauthor": Choice(
        lambda issue, _: tuple({one.author for one in issue.worklogs}),
        find_user,
        functions=PEOPLE,
        index="worklogs",
    ),
    "worklogdate": Days(lambda issue: tuple(one.started for one in issue.worklogs), "worklogs"),
    "worklogcomment": Text(worklogs_text, may_be_empty=False),
    "created": CREATED,
    "createddate": CREATED,
    "updated": UPDATED,
    "updateddate": UPDATED,
    "statuscategorychangeddate": Moment(lambda issue: issue.status_changed),
    "due": DUE,
    "duedate": DUE,
    "resolved": RESOLVED,
    "resolutiondate": RESOLVED,
}


def find_field(name: str, state: State) -> Behaviour | None:
    """The field of this JQL name (any case), or None when there is none."""
    wanted = name.lower()
    if wanted in SYSTEM:
        return SYSTEM[wanted]
    for field in state.fields.values():
        if field.custom is not None and wanted in clause_names(field):
            return custom(field)
    return None


def clause_names(field: Field) -> frozenset[str]:
    number = field.id.removeprefix("customfield_")
    own = (field.id, field.name, f"cf[{number}]", *field.clauses, *kind_clauses(field))
    return frozenset(name.lower() for name in own)


def kind_clauses(field: Field) -> tuple[str, ...]:
    """Cloud's way to tell namesakes apart, such as `Stage[Dropdown]`."""
    known = KINDS.get((field.custom or "").partition(":")[2])
    return () if known is None else (f"{field.name}[{known.label}]",)
