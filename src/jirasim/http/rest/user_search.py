"""Finding people: by what was typed, by what they may do, and the rows of pickers."""

from collections.abc import Callable, Sequence

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.paging import window
from jirasim.http.rest.issues import words
from jirasim.http.rest.permissions import place_of, require_administrator, seen_project
from jirasim.http.rest.persons import (
    everybody,
    matches,
    may_browse,
    refuse_names,
    require_browsing,
)
from jirasim.site.errors import Refusal
from jirasim.site.grants import Group
from jirasim.site.model import Issue, Project, User
from jirasim.site.permission_keys import PROJECT
from jirasim.site.permissions import may
from jirasim.site.product import on_cloud, on_server
from jirasim.wire.entities import Json
from jirasim.wire.people import picked_group, picked_user

LARGEST_PAGE = 1000
FEW = 20
ONE_OF_TWO = "Either the 'query' or the 'accountId' query parameter must be provided."
NO_PLACE = "Either 'project', 'issueKey' or 'issueId' must be provided."


def search(call: Call) -> Answer:
    """GET /user/search of Cloud: active users; the page is cut from those that match."""
    refuse_names(call)
    query, account_id = call.query.get("query"), call.query.get("accountId")
    wanted = call.query.get("property")
    if (query is None) == (account_id is None) and wanted is None:
        raise Refusal(400, ONE_OF_TWO)
    if not may_browse(call):
        return Answer([])
    rows = [
        one
        for one in call.site.state.users.values()
        if one.active
        and account_id in {None, one.account_id}
        and matches(call, one, query)
        and (wanted is None or _has_property(call, one, wanted))
    ]
    return _bare(call, rows)


def _has_property(call: Call, user: User, wanted: str) -> bool:
    """A path such as `propertykey.something.nested=1`."""
    path, _, value = wanted.partition("=")
    key, *inner = path.split(".")
    found = call.site.state.user_properties.get(user.account_id, {}).get(key)
    for step in inner:
        found = found.get(step) if isinstance(found, dict) else None
    return found is not None and str(found).casefold() == value.casefold()


def search_by_name(call: Call) -> Answer:
    """GET /user/search?username=… of Server; a dot finds all (its document)."""
    query = call.query.get("username")
    if query is None:
        raise Refusal(400, "The username query parameter was not provided")
    if not may_browse(call):
        return Answer([])
    active = call.flag("includeActive", default=True)
    inactive = call.flag("includeInactive")
    rows = [
        one
        for one in everybody(call)
        if (active if one.active else inactive) and query and matches(call, one, query)
    ]
    return _bare(call, rows)


def assignable_to(call: Call) -> Answer:
    """GET /user/assignable/search, for a project or an issue."""
    project, issue = place_of(call)
    if project is None:
        raise Refusal(400, NO_PLACE)
    return _able(call, lambda user: may(user, "ASSIGNABLE_USER", project, issue))


def assignable_everywhere(call: Call) -> Answer:
    """GET /user/assignable/multiProjectSearch: in all of these projects."""
    keys = words(call.query.getlist("projectKeys"))
    if not keys:
        raise Refusal(400 if call.product.cloud else 404, "The 'projectKeys' must be provided.")
    projects = [seen_project(call, key) for key in keys]
    return _able(call, lambda user: all(may(user, "ASSIGNABLE_USER", one) for one in projects))


def permitted(call: Call) -> Answer:
    """GET /user/permission/search: administrators ask who may do what somewhere."""
    names = words(call.query.getlist("permissions"))
    if not names or any(one not in PROJECT for one in names):
        raise Refusal(400, "The 'permissions' must be a list of project permissions.")
    project, issue = _required_place(call)
    if not may(call.user, "ADMINISTER_PROJECTS", project):
        require_administrator(call)
    return _able(call, lambda user: all(may(user, one, project, issue) for one in names))


def viewing(call: Call) -> Answer:
    """GET /user/viewissue/search: who can browse the issue, or issues of the project."""
    project, issue = _required_place(call)
    return _able(call, lambda user: may(user, "BROWSE_PROJECTS", project, issue))


def _required_place(call: Call) -> tuple[Project, Issue | None]:
    project, issue = place_of(call)
    if project is None:
        raise Refusal(400, "Either 'issueKey' or 'projectKey' must be provided.")
    return project, issue


def _able(call: Call, able: Callable[[User], bool]) -> Answer:
    """Those who are able and match.  Cloud cuts the page first and filters it then (jira.md 6.10)."""
    cloud = call.product.cloud
    if cloud:
        refuse_names(call)
    query = call.query.get("query" if cloud else "username")
    account_id = call.query.get("accountId") if cloud else None
    if not may_browse(call):
        return Answer([])

    def fits(user: User) -> bool:
        named = account_id in {None, user.account_id}
        return named and user.active and able(user) and matches(call, user, query)

    users = everybody(call)
    if not cloud:
        return _bare(call, [one for one in users if fits(one)])
    _, _, cut = window(call, users[:LARGEST_PAGE], size=50, ceiling=LARGEST_PAGE)
    return Answer([call.wire.entities.user(one) for one in cut if fits(one)])


def _bare(call: Call, rows: Sequence[User]) -> Answer:
    _, _, shown = window(call, rows, size=50, ceiling=LARGEST_PAGE)
    return Answer([call.wire.entities.user(one) for one in shown])


def pick_user(call: Call) -> Answer:
    """GET /user/picker: names with what was typed in bold."""
    excluded = set(words(call.query.getlist("excludeAccountIds")))
    excluded |= set(words(call.query.getlist("exclude")))
    if "exclude" in call.query and "excludeAccountIds" in call.query:
        raise Refusal(400, "Only one of 'exclude' and 'excludeAccountIds' can be provided.")
    return Answer(_found_users(call, size=50, excluded=excluded))


def pick_group(call: Call) -> Answer:
    """GET /groups/picker."""
    return Answer(_found_groups(call))


def pick_either(call: Call) -> Answer:
    """GET /groupuserpicker."""
    require_browsing(call)
    if call.product.cloud and "query" not in call.query:
        raise Refusal(400, "The 'query' query parameter must be provided.")
    return Answer({"users": _found_users(call, size=50), "groups": _found_groups(call)})


def _found_users(call: Call, *, size: int, excluded: set[str] | None = None) -> Json:
    query = call.query.get("query", "")
    rows = [
        one
        for one in (everybody(call) if may_browse(call) else [])
        if one.active
        and matches(call, one, query)
        and not {one.account_id, one.name or one.account_id} & (excluded or set())
    ]
    shown = rows[: max(call.number("maxResults", size, ceiling=LARGEST_PAGE), 0)]
    avatar = call.flag("showAvatar")
    return {
        "users": [picked_user(call.wire, one, query, avatar=avatar) for one in shown],
        "total": len(rows),
        "header": f"Showing {len(shown)} of {len(rows)} matching users",
    }


def _found_groups(call: Call) -> Json:
    query = call.query.get("query", "")
    lax = not call.product.cloud or call.flag("caseInsensitive")
    excluded = {*call.query.getlist("exclude"), *call.query.getlist("excludeId")}

    def fits(group: Group) -> bool:
        if {group.name, group.id} & excluded:
            return False
        return query.casefold() in group.name.casefold() if lax else query in group.name

    groups = sorted(call.site.state.groups.values(), key=lambda one: one.name)
    rows = [one for one in groups if fits(one)]
    shown = rows[: max(call.number("maxResults", FEW, ceiling=LARGEST_PAGE), 0)]
    return {
        "header": f"Showing {len(shown)} of {len(rows)} matching groups",
        "total": len(rows),
        "groups": [picked_group(call.wire, one, query) for one in shown],
    }


ENDPOINTS = (
    Endpoint("GET", "/user/search", search, on=on_cloud),
    Endpoint("GET", "/user/search", search_by_name, on=on_server),
    Endpoint("GET", "/user/assignable/search", assignable_to),
    Endpoint("GET", "/user/assignable/multiProjectSearch", assignable_everywhere),
    Endpoint("GET", "/user/permission/search", permitted),
    Endpoint("GET", "/user/viewissue/search", viewing),
    Endpoint("GET", "/user/picker", pick_user),
    Endpoint("GET", "/groups/picker", pick_group, anonymous=True),
    Endpoint("GET", "/groupuserpicker", pick_either),
)
