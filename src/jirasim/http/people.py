"""Users: oneself, others, search, and who may be assigned."""

from collections.abc import Iterable

from jirasim.http.endpoint import Answer, Call, Endpoint, Unauthenticated
from jirasim.http.issues import words
from jirasim.http.paging import page, window
from jirasim.site.errors import Refusal, project_unseen
from jirasim.site.issues import visible
from jirasim.site.model import EmailShown, Project, User
from jirasim.site.permissions import GLOBAL, PROJECT, assignable, may
from jirasim.wire.entities import Json

LARGEST_PAGE = 1000
BULK_PAGE = 10


def myself(call: Call) -> Answer:
    """GET /myself: the only sure test of a credential (jira.md 1)."""
    if call.caller is None:
        raise Unauthenticated
    return Answer(call.wire.entities.whole_user(call.caller))


def get(call: Call) -> Answer:
    """GET /user?accountId=…"""
    account_id = call.query.get("accountId", "")
    user = call.site.state.users.get(account_id)
    if user is None:
        raise Refusal(404, "Specified user does not exist or you do not have required permissions")
    return Answer(call.wire.entities.whole_user(user))


def search(call: Call) -> Answer:
    """GET /user/search: prefix of a name, or an exact e-mail even where it is hidden."""
    query, account_id = call.query.get("query"), call.query.get("accountId")
    if (query is None) == (account_id is None):
        raise Refusal(
            400, "Either the 'query' or the 'accountId' query parameter must be provided."
        )
    if not may(call.caller, "USER_PICKER", None):
        return Answer([])
    users = list(call.site.state.users.values())
    rows = [one for one in users if one.account_id == account_id or _matches(one, query)]
    return Answer(_bare(call, rows))


def all_users(call: Call) -> Answer:
    """GET /users/search."""
    return Answer(_bare(call, list(call.site.state.users.values())))


def assignable_to(call: Call) -> Answer:
    """GET /user/assignable/search: the page is cut first and filtered then (jira.md 6.10)."""
    project = _place(call)
    everybody = sorted(call.site.state.users.values(), key=lambda one: one.display_name)
    _, _, cut = window(call, everybody, size=50, ceiling=LARGEST_PAGE)
    query, account_id = call.query.get("query"), call.query.get("accountId")
    able = set(assignable(call.site, project))
    rows = [
        one
        for one in cut
        if one in able
        and account_id in {None, one.account_id}
        and (not query or _matches(one, query))
    ]
    return Answer([call.wire.entities.user(one) for one in rows])


def bulk(call: Call) -> Answer:
    """GET /user/bulk?accountId=…&accountId=…"""
    asked = call.query.getlist("accountId")
    if not asked:
        raise Refusal(400, "At least one account ID must be provided.")
    known = call.site.state.users
    rows = [known[one] for one in asked if one in known]
    body = page(call, rows, call.wire.entities.user, path="/user/bulk", size=BULK_PAGE)
    return Answer(body)


def my_permissions(call: Call) -> Answer:
    """GET /mypermissions?permissions=…, for a project or an issue."""
    asked = words(call.query.getlist("permissions"))
    if not asked:
        raise Refusal(400, "The 'permissions' query parameter is required.")
    unknown = [name for name in asked if name not in GLOBAL | PROJECT]
    if unknown:
        raise Refusal(400, f"Unrecognized permission: {', '.join(unknown)}")
    project = _context(call)
    rows = {
        name: {**_described(name), "havePermission": _granted(call, name, project)}
        for name in asked
    }
    return Answer({"permissions": rows})


def permissions(_: Call) -> Answer:
    """GET /permissions: all that there are."""
    rows = {name: _described(name) for name in GLOBAL | PROJECT}
    return Answer({"permissions": rows})


def _granted(call: Call, name: str, project: Project | None) -> bool:
    if project is not None or name in GLOBAL:
        return may(call.caller, name, project)
    return any(may(call.caller, name, one) for one in call.site.state.projects.values())


def _described(name: str) -> Json:
    kind = "GLOBAL" if name in GLOBAL else "PROJECT"
    label = (GLOBAL | PROJECT)[name]
    numbers = {key: str(number) for number, key in enumerate(GLOBAL | PROJECT)}
    return {
        "id": numbers[name],
        "key": name,
        "name": label,
        "type": kind,
        "description": f"{label}.",
    }


def _context(call: Call) -> Project | None:
    query = call.query
    issue = query.get("issueKey") or query.get("issueId")
    if issue:
        return call.site.state.projects[visible(call.site, call.caller, issue).project_id]
    project = query.get("projectKey") or query.get("projectId")
    return _seen(call, project) if project else None


def _place(call: Call) -> Project:
    query = call.query
    issue = query.get("issueKey") or query.get("issueId")
    if issue:
        return call.site.state.projects[visible(call.site, call.caller, issue).project_id]
    project = query.get("project") or query.get("projectKey")
    if not project:
        raise Refusal(400, "Either 'project', 'issueKey' or 'issueId' must be provided.")
    return _seen(call, project)


def _seen(call: Call, id_or_key: str) -> Project:
    project = call.site.find_project(id_or_key)
    if project is None or not may(call.caller, "BROWSE_PROJECTS", project):
        raise project_unseen(id_or_key)
    return project


def _matches(user: User, query: str | None) -> bool:
    if not query:
        return query is not None
    wanted = query.casefold()
    if user.email.casefold() == wanted:
        return True
    parts: Iterable[str] = (user.display_name, *user.display_name.split())
    if user.email_shown is EmailShown.SHOWN:
        parts = (*parts, user.email)
    return any(part.casefold().startswith(wanted) for part in parts)


def _bare(call: Call, rows: list[User]) -> list[Json]:
    _, _, shown = window(call, rows, size=50, ceiling=LARGEST_PAGE)
    return [call.wire.entities.user(one) for one in shown]


ENDPOINTS = (
    Endpoint("GET", "/myself", myself),
    Endpoint("GET", "/user", get),
    Endpoint("GET", "/user/search", search),
    Endpoint("GET", "/user/assignable/search", assignable_to),
    Endpoint("GET", "/user/bulk", bulk),
    Endpoint("GET", "/users", all_users),
    Endpoint("GET", "/users/search", all_users),
    Endpoint("GET", "/mypermissions", my_permissions, anonymous=True),
    Endpoint("GET", "/permissions", permissions),
)
