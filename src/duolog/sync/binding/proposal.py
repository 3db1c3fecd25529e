"""What binding a team to a Jira project would mean.  Asks Jira, stores nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from duolog.connections.models import Connection
from duolog.connections.services import client_for
from duolog.core.fields import FieldMap
from duolog.jira import epics, jql
from duolog.jira.client import JiraClient
from duolog.jira.wire import CreateField, IssueType
from duolog.people.models import Member
from duolog.sync.basis.ground import statuses_of_team
from duolog.sync.basis.link_types import read_ways
from duolog.sync.basis.own_properties import own_properties
from duolog.sync.basis.screen_fields import ScreenField
from duolog.sync.binding.spaces import assignable
from duolog.sync.doctor import Finding
from duolog.sync.mapping import (
    Choice,
    OwnProperty,
    ProjectMeta,
    match_people,
    suggest,
    unmapped,
    without_counterpart,
)
from duolog.sync.mapping.properties import custom_fields, start_field, why_it_stays
from duolog.workplace.models import Team, WorkItem, WorkItemType
from duolog.workplace.queries import list_readings, list_used_readings

_GIVEN_BY_US = frozenset(
    {"project", "issuetype", "summary", "description", "reporter", "assignee", "priority",
     "labels", "duedate", "parent", "timetracking", "components", "fixVersions"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """A project as it is, a map to start from, and what is in the way.

    `accounts` are the people issues can be assigned to, as far as Jira tells.  `warnings` are
    sentences: values without counterpart, fields Jira requires, rights we lack.  `findings` are
    the link doctor's, where it was asked, and `screens` the fields that it saw transitions ask for.
    """

    project_id: str
    project_key: str
    project_name: str
    meta: ProjectMeta
    fields: FieldMap
    items_here: int
    issues_there: int
    accounts: tuple[Choice, ...]
    warnings: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    screens: tuple[ScreenField, ...] = ()


def propose(
    team: Team,
    connection: Connection,
    project_key: str,
    *,
    items: QuerySet[WorkItem] | None = None,
) -> Proposal:
    """Read the project and suggest, for all items of the team where no others are given.

    Raises SyncError, Unseen for a project we cannot see.
    """
    if items is None:
        items = WorkItem.objects.filter(team=team, deleted_at=None)
    client = client_for(connection)
    project = client.projects.get(project_key)
    meta = read_meta(client, project.id)
    accounts = assignable(client, project.key)
    own = own_properties(team.workplace_id)
    fields = suggest_for(team, meta, accounts)
    missing = client.site.permissions(
        ["BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES"], project_key=project.key
    ).missing()
    return Proposal(
        project_id=project.id,
        project_key=project.key,
        project_name=project.name,
        meta=meta,
        fields=fields,
        items_here=items.count(),
        issues_there=client.search.approximate_count(jql.all_of(project.key)),
        accounts=accounts,
        warnings=(
            *_rights(missing, project.key),
            *_unmapped(team, items, fields),
            *_unpaired(fields, own),
            *_staying(meta),
            *_required(meta),
        ),
    )


def suggest_for(team: Team, meta: ProjectMeta, accounts: Sequence[Choice]) -> FieldMap:
    """A field map for a team to start from; `accounts` are the people Jira tells of."""
    people = match_people(
        [(a.id, a.sort, a.name) for a in accounts],
        [(str(m.pk), m.user.email, m.user.name) for m in _members(team)],
    )
    statuses = [Choice(str(s.pk), s.name, s.stage) for s in team.statuses.all()]
    readings = list_readings(team.workplace)
    own = own_properties(team.workplace_id)
    return suggest(meta, statuses=statuses, people=people, readings=readings, own=own)


def read_meta(client: JiraClient, project: str) -> ProjectMeta:
    """What a project offers; one call for each of its issue types, and four more.

    Of one that is hidden the statuses are not found; the forms of Server are refused instead.
    """
    by_type = client.projects.statuses(project)
    types = client.projects.issue_types(project)
    statuses = {s.id: s for kind in by_type for s in kind.statuses}
    screens = {kind.id: client.projects.create_fields(project, kind.id) for kind in types}
    by_field = client.dialect.parent_is_for_subtasks
    epic_name = _field_of_kind(epics.NAME_KIND, screens) if by_field else ""
    return ProjectMeta(
        types=tuple(Choice(t.id, t.name, str(_level(t, screens[t.id]))) for t in types),
        statuses=tuple(
            Choice(s.id, s.name, s.status_category.key if s.status_category else "new")
            for s in statuses.values()
        ),
        priorities=tuple(Choice(p.id, p.name) for p in client.projects.priorities(project)),
        screens={kind: tuple(f.field_id for f in fields) for kind, fields in screens.items()},
        required={
            kind: tuple(
                f.name
                for f in fields
                if f.must_be_given and f.field_id not in {*_GIVEN_BY_US, epic_name}
            )
            for kind, fields in screens.items()
        },
        ways=read_ways(client),
        start=start_field(screens),
        customs=custom_fields(screens),
        epic_link=_field_of_kind(epics.LINK_KIND, screens) if by_field else "",
        epic_name=epic_name,
        largest_file=client.attachments.meta().upload_limit,
    )


def _level(kind: IssueType, screen: Sequence[CreateField]) -> int:
    """Server does not tell the level: an epic is what is asked for an Epic Name."""
    if kind.subtask:
        return -1
    if kind.hierarchy_level is not None:
        return kind.hierarchy_level
    return 1 if any(epics.is_kind(field, epics.NAME_KIND) for field in screen) else 0


def _field_of_kind(kind: str, screens: Mapping[str, Sequence[CreateField]]) -> str:
    found = (f.field_id for screen in screens.values() for f in screen if epics.is_kind(f, kind))
    return next(found, "")


def _members(team: Team) -> list[Member]:
    rows = Member.objects.filter(workplace=team.workplace_id, left_at=None)
    return list(rows.select_related("user"))


def _rights(missing: tuple[str, ...], key: str) -> list[str]:
    words = {
        "BROWSE_PROJECTS": "see",
        "CREATE_ISSUES": "create issues in",
        "EDIT_ISSUES": "edit issues in",
    }
    return [
        f"The service account may not {words[name]} {key}. Ask a Jira admin to add it to a role "
        "that may."
        for name in missing
    ]


def _unmapped(team: Team, items: QuerySet[WorkItem], fields: FieldMap) -> list[str]:
    assignees = items.exclude(assignee=None).values_list("assignee", "assignee__user__name")
    used = {
        "types": [
            Choice(value, WorkItemType(value).label)
            for value in items.values_list("type", flat=True).distinct()
        ],
        "statuses": [Choice(str(s.pk), s.name) for s in team.statuses.all()],
        "users": [Choice(str(pk), name) for pk, name in assignees.distinct()],
        "relations": [
            Choice(it.value, f"The relation “{it.words}”") for it in list_used_readings(team)
        ],
    }
    return [_without_counterpart(name) for name in unmapped(fields, used)]


def statuses_without_counterpart(teams: Sequence[Team], meta: ProjectMeta) -> list[str]:
    """The statuses of further teams that Jira has nothing for, in sentences."""
    return [
        _without_counterpart(f"{status.name} of {team.shown_name}")
        for team in teams
        for table in [statuses_of_team({}, meta, team.pk)]
        for status in team.statuses.all()
        if table.encode(str(status.pk)) is None
    ]


def _without_counterpart(name: str) -> str:
    return f"{name} has no counterpart in Jira: choose one, or it stays as it is on each side."


def _unpaired(fields: FieldMap, own: Sequence[OwnProperty]) -> list[str]:
    names = without_counterpart(fields.properties, own)
    if not names:
        return []
    return [
        f"Without counterpart in Jira, so kept here alone: {', '.join(names)}. Choose a field or an "
        "option in the mapping, or ask a Jira admin to make one."
    ]


def _staying(meta: ProjectMeta) -> list[str]:
    told = [(field.name, why_it_stays(field)) for field in meta.customs if not field.kinds]
    if not told:
        return []
    names = " ".join(f"{name}: {why}" for name, why in told)
    return [f"Custom fields that stay in Jira, untouched. {names}"]


def _required(meta: ProjectMeta) -> list[str]:
    names = {kind.id: kind.name for kind in meta.types}
    return [
        f"Jira requires {', '.join(fields)} for a new {names.get(kind, kind)}. Ask a Jira admin "
        "for a default, or items of this type will wait in the Sync inbox."
        for kind, fields in meta.required.items()
        if fields
    ]
