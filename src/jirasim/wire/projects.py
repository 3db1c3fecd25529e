"""Projects and their roles as resources of their own, in the forms of both products."""

from collections.abc import Callable, Collection, Mapping
from functools import partial

from jirasim.site import roles
from jirasim.site.model import Issue, Project
from jirasim.site.owners import arranges
from jirasim.site.parts import components_of, versions_of
from jirasim.site.permissions import ROLE_IDS
from jirasim.site.project_details import ProjectCategory
from jirasim.wire.entities import Json
from jirasim.wire.parts import whole_component, whole_version
from jirasim.wire.wire import Wire

CLOUD_EXPAND = "description,lead,issueTypes,url,projectKeys,permissions,insight"
SERVER_EXPAND = "description,lead,url,projectKeys"
LEAD_WITHOUT = frozenset({"timeZone", "emailAddress"})


def category_json(wire: Wire, category: ProjectCategory) -> Json:
    """A category of projects."""
    return {
        "self": f"{wire.api}/projectCategory/{category.id}",
        "id": category.id,
        "name": category.name,
        "description": category.description,
    }


def listed_project(wire: Wire, project: Project, expand: Collection[str] = ()) -> Json:
    """A project in a list, with what `expand` asks for."""
    cloud = wire.site.product.cloud
    body: Json = {
        "expand": CLOUD_EXPAND if cloud else SERVER_EXPAND,
        **wire.entities.project(project),
        "projectTypeKey": project.details.type_key,
    }
    if cloud:
        body |= {"style": project.style, "isPrivate": False, "properties": {}}
    body |= _category(wire, project) | _state(wire, project)
    for word, write in EXPANSIONS.items():
        if word in expand:
            body |= write(wire, project)
    return body


def whole_project(wire: Wire, project: Project) -> Json:
    """A project alone: with lead, parts, types and roles."""
    state, entities = wire.site.state, wire.entities
    components, versions = state.components, state.versions
    written = partial(whole_component, wire) if wire.site.product.cloud else entities.component
    body: Json = {
        **listed_project(wire, project, ("description", "lead", "url", "issueTypes")),
        "components": [written(one) for one in components_of(components, project.id)],
        "versions": [whole_version(wire, one) for one in versions_of(versions, project.id)],
        "assigneeType": project.details.assignee_type,
        "roles": role_links(wire, project),
    }
    if wire.site.product.cloud:
        return body | ({"email": project.details.email} if project.details.email else {})
    return {**body, **_keys(wire, project), "archived": project.details.archived_at is not None}


def role_links(wire: Wire, project: Project) -> Json:
    """The address of each role in the project."""
    base = f"{wire.api}/project/{project.id}/role"
    return {name: f"{base}/{number}" for name, number in ROLE_IDS.items()}


def role_json(wire: Wire, role: str, project: Project | None) -> Json:
    """A role: in a project with those who play it, of the site with nobody."""
    home = wire.api if project is None else f"{wire.api}/project/{project.id}"
    people, groups = ([], []) if project is None else roles.actors(project, role)
    return {
        "self": f"{home}/role/{ROLE_IDS[role]}",
        "name": role,
        "id": int(ROLE_IDS[role]),
        "description": roles.DESCRIPTIONS[role],
        "actors": [
            *(_person(wire, number, one) for number, one in enumerate(people, start=10100)),
            *(_group(wire, number, one) for number, one in enumerate(groups, start=10200)),
        ],
    }


def _person(wire: Wire, number: int, account_id: str) -> Json:
    user = wire.site.state.users[account_id]
    body: Json = {"id": number, "displayName": user.display_name, "type": roles.PEOPLE}
    if wire.site.product.cloud:
        return body | {"actorUser": {"accountId": account_id}}
    return body | {"name": user.name, "actorUser": {"name": user.name, "key": user.key}}


def _group(wire: Wire, number: int, name: str) -> Json:
    group = wire.site.find_group(name)
    known = {"groupId": group.id} if group is not None and wire.site.product.cloud else {}
    return {
        "id": number,
        "displayName": name,
        "type": roles.GROUPS,
        "name": name,
        "actorGroup": {"name": name, "displayName": name, **known},
    }


def _category(wire: Wire, project: Project) -> Json:
    found = wire.site.state.categories.get(project.details.category_id or "")
    return {} if found is None else {"projectCategory": category_json(wire, found)}


def _state(wire: Wire, project: Project) -> Json:
    """Whether it is archived or in the trash; nothing of a living one."""
    details = project.details
    if not wire.site.product.cloud:
        return {} if details.archived_at is None else {"archived": True}
    if details.deleted_at is not None:
        when = wire.stamp(details.deleted_at)
        return {"deleted": True, "deletedDate": when, "deletedBy": wire.user(details.deleted_by)}
    if details.archived_at is not None:
        when = wire.stamp(details.archived_at)
        return {
            "archived": True,
            "archivedDate": when,
            "archivedBy": wire.user(details.archived_by),
        }
    return {}


def _lead(wire: Wire, project: Project) -> Json:
    lead = wire.user(project.lead) or {}
    return {"lead": {name: value for name, value in lead.items() if name not in LEAD_WITHOUT}}


def _types(wire: Wire, project: Project) -> Json:
    types = wire.site.state.issue_types
    return {"issueTypes": [wire.entities.issue_type(types[one]) for one in project.issue_types]}


def _url(_: Wire, project: Project) -> Json:
    return {"url": project.details.url} if project.details.url else {}


def _keys(wire: Wire, project: Project) -> Json:
    if wire.site.product.cloud:
        return {}
    return {"projectKeys": [project.key, *project.details.former_keys]}


def _insight(wire: Wire, project: Project) -> Json:
    if not wire.site.product.cloud:
        return {}
    mine = issues_of(wire, project)
    if not mine:
        return {"insight": {"totalIssueCount": 0}}
    latest = max(one.updated for one in mine)
    return {"insight": {"totalIssueCount": len(mine), "lastIssueUpdateTime": wire.stamp(latest)}}


def _permissions(wire: Wire, project: Project) -> Json:
    if not wire.site.product.cloud:
        return {}
    return {"permissions": {"canEdit": arranges(wire.viewer, project)}}


def issues_of(wire: Wire, project: Project) -> list[Issue]:
    """All issues of a project."""
    return [one for one in wire.site.state.issues.values() if one.project_id == project.id]


EXPANSIONS: Mapping[str, Callable[[Wire, Project], Json]] = {
    "description": lambda _, project: {"description": project.description},
    "lead": _lead,
    "url": _url,
    "issueTypes": _types,
    "projectKeys": _keys,
    "insight": _insight,
    "permissions": _permissions,
}
