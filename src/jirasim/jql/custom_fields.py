"""How custom fields behave in JQL, by the type of their values."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from jirasim.jql.behaviour import NO_ISSUE, Behaviour, Choice, Ids, Moment, Number, Text
from jirasim.jql.errors import JqlError
from jirasim.jql.functions import PEOPLE, PROJECTS
from jirasim.jql.lookup import (
    find_issue,
    find_label,
    find_project,
    find_sprint,
    find_user,
    find_version,
    find_word,
    label_key,
    option_finder,
    sprints_in,
    version_rank,
)
from jirasim.jql.readers import adf_text
from jirasim.jql.release_functions import VERSIONS
from jirasim.site.agile_fields import EPIC_LINK, RANK, SPRINT
from jirasim.site.agile_model import SprintState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jirasim.jql.context import Context
    from jirasim.jql.functions import Function
    from jirasim.jql.syntax import Call
    from jirasim.site.fields import Field
    from jirasim.site.model import Issue
    from jirasim.site.state import State


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
    return Choice(
        lambda issue, _: as_ids(issue.custom.get(field.id)),
        option_finder(field),
        functions=cascades(field),
    )


def cascades(field: Field) -> Mapping[str, Function]:
    """`cascadeOption("first")` and `cascadeOption("first", "second")` of a cascading select."""

    def chosen(call: Call, _: Context) -> frozenset[str]:
        wanted = [text.lower() for text in call.arguments]
        found = [one for one in field.roots if wanted[:1] in ([one.id], [one.value.lower()])]
        if len(wanted) > 1:
            roots = {one.id for one in found}
            second = (one for one in field.options if one.parent in roots)
            found = [one for one in second if wanted[1] in (one.id, one.value.lower())]
        if not found:
            raise JqlError(
                f"The option '{', '.join(call.arguments)}' for function '{call.name}' "
                f"does not exist in the field '{field.name}'."
            )
        return frozenset(one.id for one in found)

    return {"cascadeoption": chosen} if field.kind == "option-with-child" else {}


def people_field(field: Field) -> Choice:
    return Choice(lambda issue, _: as_ids(issue.custom.get(field.id)), find_user, functions=PEOPLE)


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
        functions=VERSIONS,
    )


def project_field(field: Field) -> Choice:
    return Choice(
        lambda issue, _: as_ids(issue.custom.get(field.id)), find_project, functions=PROJECTS
    )


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
    RANK: Text(lambda issue: issue.rank, order="rank"),
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
