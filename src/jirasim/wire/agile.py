"""Jira Software in JSON: its fields in an issue, boards, sprints and epics."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from jirasim.site.agile_fields import EPIC_LINK, PARENT_LINK, RANK, SPRINT, agile_fields
from jirasim.site.agile_model import Board, Column, Sprint, SprintState
from jirasim.site.epics import color, done, epic_of, name, sprints_of
from jirasim.site.model import Issue
from jirasim.wire.entities import Json
from jirasim.wire.wire import Wire

NULL = "<null>"
SORTED_SINCE = (9,)
"""From there on the text of a sprint names its parts in alphabetical order."""


def base(wire: Wire) -> str:
    """Where the agile resources are."""
    return f"{wire.site.base_url}/rest/agile/1.0"


def instant(wire: Wire, moment: datetime) -> str:
    """As Java writes it: `Z` on Cloud and wherever the zone is UTC, else an offset."""
    local = moment.astimezone(UTC if wire.site.product.cloud else wire.zone)
    return local.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def sprint(wire: Wire, one: Sprint) -> Json:
    """A sprint by itself; dates that nobody set are left out, as recorded."""
    body: Json = {
        "id": int(one.id),
        "self": f"{base(wire)}/sprint/{one.id}",
        "state": one.state.value,
        "name": one.name,
        **_dates(wire, one),
    }
    if wire.site.product.cloud:
        body |= {"createdDate": instant(wire, one.created), "originBoardId": int(one.board_id)}
        return {**body, "goal": one.goal}
    if one.activated is not None:
        body["activatedDate"] = instant(wire, one.activated)
    body["originBoardId"] = int(one.board_id)
    if one.goal:
        body["goal"] = one.goal
    return body | {"synced": False, "autoStartStop": False}


def _dates(wire: Wire, one: Sprint) -> Json:
    dates = {"startDate": one.start, "endDate": one.end, "completeDate": one.completed}
    return {label: instant(wire, moment) for label, moment in dates.items() if moment is not None}


def _in_field(wire: Wire, one: Sprint) -> Json | str:
    """A sprint in the Sprint field: an object on Cloud, Java's text on every Server."""
    if not wire.site.product.cloud:
        return _java_text(wire, one)
    return {
        "id": int(one.id),
        "name": one.name,
        "state": one.state.value,
        "boardId": int(one.board_id),
        "goal": one.goal,
        **_dates(wire, one),
    }


def _java_text(wire: Wire, one: Sprint) -> str:
    def moment(value: datetime | None) -> str:
        return NULL if value is None else instant(wire, value)

    parts = {
        "id": one.id,
        "rapidViewId": one.board_id,
        "state": one.state.name,
        "name": one.name,
        "startDate": moment(one.start),
        "endDate": moment(one.end),
        "completeDate": moment(one.completed),
        "activatedDate": moment(one.activated),
        "sequence": str(one.position),
        "goal": one.goal,
        "synced": "false",
        "autoStartStop": "false",
        "incompleteIssuesDestinationId": NULL,
    }
    if wire.site.product.version >= SORTED_SINCE:
        parts = dict(sorted(parts.items(), key=lambda part: part[0].lower()))
    said = ",".join(f"{label}={value}" for label, value in parts.items())
    identity = 0x1A2B3C4D ^ int(one.id)
    return f"com.atlassian.greenhopper.service.sprint.Sprint@{identity:x}[{said}]"


def _sprint_field(wire: Wire, issue: Issue) -> object:
    found = [_in_field(wire, one) for one in sprints_of(wire.site, issue)]
    return found or None


def _epic_link(wire: Wire, issue: Issue) -> str | None:
    """The key; in team-managed projects an issue has a parent and no epic link."""
    found = epic_of(wire.site, issue)
    managed = wire.site.state.projects[issue.project_id].team_managed
    if found is None or (managed and wire.site.product.cloud):
        return None
    return found.key


WRITERS: Mapping[str | None, Callable[[Wire, Issue], object]] = {
    EPIC_LINK: _epic_link,
    SPRINT: _sprint_field,
    RANK: lambda _, issue: issue.rank or None,
    PARENT_LINK: lambda _, __: {
        "hasEpicLinkFieldDependency": False,
        "showField": False,
        "nonEditableReason": {
            "reason": "PLUGIN_LICENSE_ERROR",
            "message": "The Parent Link is only available to Jira Premium users.",
        },
    },
}


def epic(wire: Wire, one: Issue) -> Json:
    """An epic by itself and in its issues."""
    return {
        "id": int(one.id),
        "key": one.key,
        "self": f"{base(wire)}/epic/{one.id}",
        "name": name(wire.site, one),
        "summary": one.summary,
        "color": {"key": color(wire.site, one)},
        "done": done(wire.site, one),
    }


def added_fields(wire: Wire, issue: Issue) -> Json:
    """What issues have in the agile API alone."""
    sprints = sprints_of(wire.site, issue)
    running = [one for one in sprints if one.state is not SprintState.CLOSED]
    over = [one for one in sprints if one.state is SprintState.CLOSED]
    found = epic_of(wire.site, issue)
    body: Json = {
        "flagged": False,
        "sprint": sprint(wire, running[-1]) if running else None,
        "epic": None if found is None else epic(wire, found),
    }
    if over:
        body["closedSprints"] = [sprint(wire, one) for one in over]
    return body


def board(wire: Wire, one: Board) -> Json:
    """A board; Server's document knows no location."""
    body: Json = {
        "id": int(one.id),
        "self": f"{base(wire)}/board/{one.id}",
        "name": one.name,
        "type": one.kind,
    }
    if not wire.site.product.cloud:
        return body
    return {**body, "location": _location(wire, one), "isPrivate": one.project_id is None}


def _location(wire: Wire, one: Board) -> Json:
    if one.project_id is None:
        owner = wire.site.state.users[one.owner]
        named = owner.display_name
        return {"userAccountId": owner.account_id, "displayName": named, "name": named}
    project = wire.site.state.projects[one.project_id]
    avatars = wire.entities.project(project)["avatarUrls"]
    shown = f"{project.name} ({project.key})"
    return {
        "projectId": int(project.id),
        "displayName": shown,
        "projectName": project.name,
        "projectKey": project.key,
        "projectTypeKey": "software",
        "avatarURI": avatars["24x24"] if isinstance(avatars, Mapping) else None,
        "name": shown,
    }


def configuration(wire: Wire, one: Board) -> Json:
    """Columns, estimation and ranking, as recorded on either product."""
    state = wire.site.state
    body: Json = {
        "id": int(one.id),
        "name": one.name,
        "type": one.kind,
        "self": f"{base(wire)}/board/{one.id}/configuration",
    }
    if one.project_id is not None:
        project = state.projects[one.project_id]
        link = f"{wire.api}/project/{project.id}"
        named = {"type": "project", "key": project.key, "id": project.id}
        body["location"] = {**named, "self": link, "name": project.name}
    body["filter"] = {"id": one.filter_id, "self": f"{wire.api}/filter/{one.filter_id}"}
    if one.sub_query is not None:
        body["subQuery"] = {"query": one.sub_query}
    columns = [_column(wire, column) for column in one.columns]
    limited = any("min" in column or "max" in column for column in columns)
    body["columnConfig"] = {
        "columns": columns,
        "constraintType": "issueCount" if limited else "none",
    }
    if one.estimation is not None:
        label = state.fields[one.estimation].name
        field = {"fieldId": one.estimation, "displayName": label}
        body["estimation"] = {"type": "field", "field": field}
    rank = agile_fields(wire.site.product).rank
    return {**body, "ranking": {"rankCustomFieldId": int(rank.rpartition("_")[2])}}


def _column(wire: Wire, column: Column) -> Json:
    statuses = [{"id": one, "self": f"{wire.api}/status/{one}"} for one in column.statuses]
    limits = {"min": column.least, "max": column.most}
    set_limits = {name: value for name, value in limits.items() if value is not None}
    return {"name": column.name, "statuses": statuses, **set_limits}
