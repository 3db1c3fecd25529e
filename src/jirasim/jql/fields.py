"""What each JQL field reads of an issue and which values it knows.  No operators here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from jirasim.jql.lookup import (
    find_category,
    find_component,
    find_issue,
    find_label,
    find_named,
    find_project,
    find_resolution,
    find_sprint,
    find_user,
    find_version,
    find_word,
    issue_number,
    label_key,
    option_finder,
    priority_rank,
    sprints_in,
    version_rank,
)
from jirasim.site.agile_fields import EPIC_LINK, RANK, SPRINT
from jirasim.site.agile_model import SprintState
from jirasim.site.fields import KINDS
from jirasim.text.plain import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jirasim.jql.context import Context
    from jirasim.site.fields import Field
    from jirasim.site.model import Issue
    from jirasim.site.state import State

Ids = tuple[str, ...]
NO_VALUE: Final = "The value '{value}' does not exist for the field '{field}'."
NO_ISSUE: Final = "An issue with key '{value}' does not exist for field '{field}'."


@dataclass(frozen=True, slots=True)
class Choice:
    """A field whose values are things with ids.

    `resolve` gives the ids a written value names, or None when there is no such thing;
    `rank`, where values have an order, the sort key of an id.  `history` is the id under which
    the changelog knows the field, where WAS and CHANGED are supported; `functions` give ids, too,
    by their names in lower case; `index` is the name under which the search index keeps the
    field's values.
    """

    read: Callable[[Issue, State], Ids]
    resolve: Callable[[str, Context], frozenset[str] | None]
    rank: Callable[[str, State], float | tuple[str, int] | None] | None = None
    missing: str = NO_VALUE
    may_be_empty: bool = True
    people: bool = False
    releases: bool = False
    components: bool = False
    functions: Mapping[str, Callable[[Context], frozenset[str]]] | None = None
    history: str | None = None
    index: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A field searched by words."""

    read: Callable[[Issue], str]
    may_be_empty: bool = True


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, or a calendar day without a zone; `order`: under which the index sorts it."""

    read: Callable[[Issue], datetime | date | None]
    order: str | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric custom field."""

    read: Callable[[Issue], float | None]


@dataclass(frozen=True, slots=True)
class Days:
    """Instants of which an issue has many, compared by their day in the caller's zone."""

    read: Callable[[Issue], tuple[datetime, ...]]
    order: str


Behaviour = Choice | Text | Moment | Number | Days


def optional(value: str | None) -> Ids:
    return () if value is None else (value,)


def adf_text(value: object) -> str:
    """The words of a stored text: an ADF document or a string."""
    if isinstance(value, str):
        return value
    return "" if value is None else plain_text(value)


def comments_text(issue: Issue) -> str:
    return "\n".join(adf_text(comment.body) for comment in issue.comments)


def worklogs_text(issue: Issue) -> str:
    return "\n".join(adf_text(worklog.comment) for worklog in issue.worklogs)


def all_text(issue: Issue) -> str:
    parts = (issue.summary, adf_text(issue.description), adf_text(issue.environment))
    return "\n".join((*parts, comments_text(issue)))


def user_field(
    read: Callable[[Issue], str | None], index: str, history: str | None = None
) -> Choice:
    return Choice(
        lambda issue, _: optional(read(issue)),
        find_user,
        people=True,
        history=history,
        index=index,
    )


KEY: Final = Choice(
    lambda issue, _: (issue.id,),
    find_issue,
    rank=issue_number,
    missing=NO_ISSUE,
    may_be_empty=False,
)
TYPE: Final = Choice(lambda issue, _: (issue.type_id,), find_named("issue_types"), index="type")
CATEGORY: Final = Choice(
    lambda issue, state: (str(state.statuses[issue.status_id].category.id),), find_category
)
CREATED: Final = Moment(lambda issue: issue.created, order="created")
UPDATED: Final = Moment(lambda issue: issue.updated, order="updated")
DUE: Final = Moment(lambda issue: issue.due_date)
RESOLVED: Final = Moment(lambda issue: issue.resolved)

SYSTEM: Final[Mapping[str, Behaviour]] = {
    "project": Choice(lambda issue, _: (issue.project_id,), find_project, index="project"),
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
        lambda issue, _: optional(issue.parent_id), find_issue, missing=NO_ISSUE, index="parent"
    ),
    "labels": Choice(
        lambda issue, _: tuple(map(label_key, issue.labels)), find_label, index="labels"
    ),
    "component": Choice(lambda issue, _: issue.components, find_component, components=True),
    "fixversion": Choice(
        lambda issue, _: issue.fix_versions, find_version, rank=version_rank, releases=True
    ),
    "affectedversion": Choice(
        lambda issue, _: issue.affected_versions, find_version, rank=version_rank, releases=True
    ),
    "summary": Text(lambda issue: issue.summary),
    "description": Text(lambda issue: adf_text(issue.description)),
    "environment": Text(lambda issue: adf_text(issue.environment)),
    "comment": Text(comments_text, may_be_empty=False),
    "text": Text(all_text, may_be_empty=False),
    "worklogauthor": Choice(
        lambda issue, _: tuple({one.author for one in issue.worklogs}),
        find_user,
        people=True,
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


def custom(field: Field) -> Behaviour | None:
    """How a custom field behaves, by the type of its values; None if it cannot be searched."""
    if (agile := AGILE.get(field.custom or "")) is not None:
        return agile
    build = CUSTOM.get(f"{field.kind} of {field.items}" if field.items else field.kind)
    return None if build is None else build(field)


def number_field(field: Field) -> Number:
    return Number(lambda issue: as_number(issue.custom.get(field.id)))


def moment_field(field: Field) -> Moment:
    return Moment(lambda issue: as_moment(issue.custom.get(field.id)))


def text_field(field: Field) -> Text:
    return Text(lambda issue: adf_text(issue.custom.get(field.id)))


def option_field(field: Field) -> Choice:
    return Choice(lambda issue, _: as_ids(issue.custom.get(field.id)), option_finder(field))


def people_field(field: Field) -> Choice:
    return Choice(lambda issue, _: as_ids(issue.custom.get(field.id)), find_user, people=True)


def label_field(field: Field) -> Choice:
    return Choice(
        lambda issue, _: tuple(map(label_key, as_ids(issue.custom.get(field.id)))), find_label
    )


def as_number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def as_moment(value: object) -> datetime | date | None:
    return value if isinstance(value, date) else None


def as_ids(value: object) -> Ids:
    if isinstance(value, tuple | list):
        return tuple(str(item) for item in value)
    return () if value is None else (str(value),)


def group_field(field: Field) -> Choice:
    return Choice(lambda issue, _: as_ids(issue.custom.get(field.id)), find_word)


def version_field(field: Field) -> Choice:
    return Choice(
        lambda issue, _: as_ids(issue.custom.get(field.id)),
        find_version,
        rank=version_rank,
        releases=True,
    )


def project_field(field: Field) -> Choice:
    return Choice(lambda issue, _: as_ids(issue.custom.get(field.id)), find_project)


def epic_of(issue: Issue, state: State) -> Ids:
    """The epic that an issue is in."""
    parent = state.issues.get(issue.parent_id or "")
    return (parent.id,) if parent is not None and is_epic(parent, state) else ()


def is_epic(issue: Issue, state: State) -> bool:
    return state.issue_types[issue.type_id].hierarchy_level > 0


def sprints_of(issue: Issue, state: State) -> Ids:
    """A sub-task is in the sprints of its parent."""
    parent = state.issues.get(issue.parent_id or "")
    if parent is None or is_epic(parent, state):
        return issue.sprints
    return parent.sprints


SPRINT_FUNCTIONS: Final = {
    "opensprints": sprints_in(SprintState.ACTIVE),
    "futuresprints": sprints_in(SprintState.FUTURE),
    "closedsprints": sprints_in(SprintState.CLOSED),
}
AGILE: Final[Mapping[str, Behaviour]] = {
    EPIC_LINK: Choice(epic_of, find_issue, missing=NO_ISSUE),
    SPRINT: Choice(sprints_of, find_sprint, functions=SPRINT_FUNCTIONS),
    RANK: Text(lambda issue: issue.rank),
}
CUSTOM: Final[Mapping[str, Callable[[Field], Behaviour]]] = {
    "number": number_field,
    "date": moment_field,
    "datetime": moment_field,
    "string": text_field,
    "doc": text_field,
    "option": option_field,
    "option-with-child": option_field,
    "user": people_field,
    "group": group_field,
    "version": version_field,
    "project": project_field,
    "array of option": option_field,
    "array of user": people_field,
    "array of string": label_field,
    "array of group": group_field,
    "array of version": version_field,
}
