"""What somebody may do: `mypermissions`, `permissions`, and the two bulk questions of Cloud."""

from collections.abc import Iterable, Sequence

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.rest.issues import words
from jirasim.site.errors import Refusal, project_unseen
from jirasim.site.issues import visible
from jirasim.site.model import Issue, Project, User
from jirasim.site.permission_keys import GLOBAL, PROJECT, Permission
from jirasim.site.permissions import may, may_see, visible_projects
from jirasim.site.product import on_cloud
from jirasim.wire.entities import Json

ALL = {**GLOBAL, **PROJECT}
MOST_CHECKED = 1000


def my_permissions(call: Call) -> Answer:
    """GET /mypermissions: for a project or an issue, else anywhere.

    Cloud must be told which (jira.md 5.5); Server says all, under their old keys too.
    """
    project, issue = place_of(call)
    asked = words(call.query.getlist("permissions"))
    if call.product.cloud:
        if not asked:
            raise Refusal(400, "The 'permissions' query parameter is required.")
        unknown = [name for name in asked if name not in ALL]
        if unknown:
            raise Refusal(400, f"Unrecognized permission: {', '.join(unknown)}")
    rows = {}
    for name in asked if call.product.cloud else ALL:
        row = {**described(ALL[name]), "havePermission": _granted(call, name, project, issue)}
        rows[name] = row
        if not call.product.cloud and (old := ALL[name].deprecated):
            rows[old] = {**row, "key": old, "deprecatedKey": True}
    return Answer({"permissions": rows})


def permissions(call: Call) -> Answer:
    """GET /permissions: all that there are; Server tells its administrators alone."""
    if not call.product.cloud:
        require_administrator(call)
    rows = {}
    for one in ALL.values():
        row = described(one)
        if call.product.cloud:
            del row["id"]
        rows[one.key] = row
    return Answer({"permissions": rows})


def check(call: Call) -> Answer:
    """POST /permissions/check: what an account may do, where; unknown places are left out."""
    body = call.object()
    user = _checked_user(call, body)
    wanted_globally = _strings(body.get("globalPermissions"))
    if unknown := [one for one in wanted_globally if one not in GLOBAL]:
        raise Refusal(400, f"Unrecognized permission: {', '.join(unknown)}")
    given = body.get("projectPermissions") or []
    entries = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    rows = [row for entry in entries for row in _project_rows(call, user, entry)]
    return Answer(
        {
            "globalPermissions": [one for one in wanted_globally if may(user, one, None)],
            "projectPermissions": rows,
        }
    )


def permitted_projects(call: Call) -> Answer:
    """POST /permissions/project: where the caller has all of these permissions."""
    wanted = _known_in_projects(_strings(call.object().get("permissions")))
    rows = [
        {"id": int(one.id), "key": one.key}
        for one in call.site.state.projects.values()
        if all(may(call.caller, name, one) for name in wanted)
    ]
    return Answer({"projects": rows})


def require_administrator(call: Call) -> User:
    """The caller, if they administer the site.  Raises Refusal 403."""
    if not may(call.user, "ADMINISTER", None):
        raise Refusal(403, "You do not have permission to administer Jira.")
    return call.user


def place_of(call: Call) -> tuple[Project | None, Issue | None]:
    """The project and issue that the query names, as far as the caller sees them."""
    query = call.query
    named = query.get("issueKey") or query.get("issueId")
    if named:
        issue = visible(call.site, call.caller, named)
        return call.site.state.projects[issue.project_id], issue
    project = query.get("projectKey") or query.get("projectId") or query.get("project")
    return (seen_project(call, project) if project else None), None


def seen_project(call: Call, id_or_key: str) -> Project:
    """A project that the caller may browse.  Raises Refusal 404."""
    project = call.site.find_project(id_or_key)
    if project is None or not may(call.caller, "BROWSE_PROJECTS", project):
        raise project_unseen(id_or_key)
    return project


def described(permission: Permission) -> Json:
    """A permission as both lists give it."""
    return {
        "id": str(permission.number),
        "key": permission.key,
        "name": permission.name,
        "type": "GLOBAL" if permission.key in GLOBAL else "PROJECT",
        "description": permission.description,
    }


def _granted(call: Call, name: str, project: Project | None, issue: Issue | None) -> bool:
    if project is not None or name in GLOBAL:
        return may(call.caller, name, project, issue)
    return any(may(call.caller, name, one) for one in call.site.state.projects.values())


def _checked_user(call: Call, body: Json) -> User | None:
    account_id = body.get("accountId")
    if account_id is None or call.caller is None or account_id == call.caller.account_id:
        return call.caller
    require_administrator(call)
    found = call.site.state.users.get(str(account_id))
    if found is None:
        raise Refusal(400, f"The account '{account_id}' does not exist.")
    return found


def _project_rows(call: Call, user: User | None, entry: Json) -> Iterable[Json]:
    wanted = _known_in_projects(_strings(entry.get("permissions")))
    if not wanted:
        raise Refusal(400, "At least one project permission must be provided.")
    state = call.site.state
    projects = [one for one in map(state.projects.get, _strings(entry.get("projects"))) if one]
    issues = [one for one in map(state.issues.get, _strings(entry.get("issues"))) if one]
    if len(projects) > MOST_CHECKED or len(issues) > MOST_CHECKED:
        raise Refusal(400, "At most 1000 projects and 1000 issues can be checked.")
    seen = visible_projects(call.site, user)
    for name in wanted:
        yield {
            "permission": name,
            "projects": [int(one.id) for one in projects if one in seen and may(user, name, one)],
            "issues": [
                int(one.id)
                for one in issues
                if may_see(call.site, user, one)
                and may(user, name, state.projects[one.project_id], one)
            ],
        }


def _known_in_projects(names: Sequence[str]) -> Sequence[str]:
    unknown = [one for one in names if one not in PROJECT]
    if unknown:
        raise Refusal(400, f"Unrecognized permission: {', '.join(unknown)}")
    return names


def _strings(raw: object) -> list[str]:
    return [str(one) for one in raw] if isinstance(raw, list) else []


ENDPOINTS = (
    Endpoint("GET", "/mypermissions", my_permissions, anonymous=True),
    Endpoint("GET", "/permissions", permissions),
    Endpoint("POST", "/permissions/check", check, anonymous=True, on=on_cloud),
    Endpoint("POST", "/permissions/project", permitted_projects, anonymous=True, on=on_cloud),
)
