"""The structured query for users of Cloud: who has to do with which issues, or has a property."""

import re
from collections.abc import Callable, Iterable

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.paging import address, window
from jirasim.http.rest.persons import everybody, require_browsing
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue, User
from jirasim.site.permissions import may_see
from jirasim.site.product import on_cloud
from jirasim.wire.entities import Json, Shared

Test = Callable[[User], bool]
SIZE, LARGEST = 100, 1000
INVOLVED = re.compile(r"is\s+(\w+)\s+of\s+(\([^)]*\)|[\w-]+)\Z", re.IGNORECASE)
PROPERTY = re.compile(r'\[([^\]]+)\]((?:\.[\w-]+)*)\s+is\s+(?:"([^"]*)"|(\S+))\Z', re.IGNORECASE)
SPLIT = r'\s+{}\s+(?=(?:[^"]*"[^"]*")*[^"]*\Z)'
TRANSITION = "status"


def find(call: Call) -> Answer:
    """GET /user/search/query: a page of users, cut before it is filtered."""
    return _found(call, "/user/search/query", call.wire.entities.user)


def find_keys(call: Call) -> Answer:
    """GET /user/search/query/key: the same, as accounts alone."""

    def write(user: User) -> Shared:
        return {"accountId": user.account_id, "key": user.account_id}

    return _found(call, "/user/search/query/key", write)


def _found(call: Call, path: str, write: Callable[[User], Shared]) -> Answer:
    require_browsing(call)
    wanted = _either(call, call.query.get("query", "").strip())
    users = everybody(call)[:LARGEST]
    start, limit, cut = window(call, users, size=SIZE, ceiling=LARGEST)
    last = start + len(cut) >= len(users)
    body: Json = {
        "self": address(call, path, start=start, limit=limit),
        "maxResults": limit,
        "startAt": start,
        "total": len(users),
        "isLast": last,
        "values": [write(one) for one in cut if wanted(one)],
    }
    if not last:
        body["nextPage"] = address(call, path, start=start + limit, limit=limit)
    return Answer(body)


def _either(call: Call, text: str) -> Test:
    tests = [_all(call, part) for part in re.split(SPLIT.format("OR"), text, flags=re.IGNORECASE)]
    return lambda user: any(test(user) for test in tests)


def _all(call: Call, text: str) -> Test:
    parts = re.split(SPLIT.format("AND"), text, flags=re.IGNORECASE)
    tests = [_statement(call, part.strip()) for part in parts]
    return lambda user: all(test(user) for test in tests)


def _statement(call: Call, text: str) -> Test:
    if involved := INVOLVED.match(text):
        role, places = involved[1].lower(), involved[2].strip("()")
        if role not in ROLES:
            raise _wrong(text)
        named = [one.strip() for one in places.split(",") if one.strip()]
        issues = [issue for one in named for issue in _issues(call, one)]
        accounts = {one for issue in issues for one in ROLES[role](call, issue) if one}
        return lambda user: user.account_id in accounts
    if said := PROPERTY.match(text):
        steps = said[2].strip(".").split(".") if said[2] else []
        value = said[3] if said[3] is not None else said[4]
        return lambda user: _value(call, user, said[1], steps) == value
    raise _wrong(text)


def _wrong(text: str) -> Refusal:
    return Refusal(400, f"The query statement '{text}' is invalid.")


def _issues(call: Call, named: str) -> Iterable[Issue]:
    """The issue of this key, or all of the project, as far as the caller sees them."""
    issue, project = call.site.find_issue(named), call.site.find_project(named)
    if issue is None and project is None:
        raise Refusal(400, f"The project or issue '{named}' does not exist.")
    if issue is not None:
        found = [issue]
    else:
        wanted = project.id if project is not None else ""
        found = [one for one in call.site.state.issues.values() if one.project_id == wanted]
    return [one for one in found if may_see(call.site, call.caller, one)]


def _value(call: Call, user: User, key: str, steps: list[str]) -> object:
    found = call.site.state.user_properties.get(user.account_id, {}).get(key)
    for step in steps:
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _transitioners(_: Call, issue: Issue) -> Iterable[str | None]:
    return (
        entry.author
        for entry in issue.history
        if any(item.field == TRANSITION for item in entry.items)
    )


ROLES: dict[str, Callable[[Call, Issue], Iterable[str | None]]] = {
    "assignee": lambda _, issue: [issue.assignee],
    "reporter": lambda _, issue: [issue.reporter],
    "commenter": lambda _, issue: [one.author for one in issue.comments],
    "watcher": lambda _, issue: issue.watchers,
    "voter": lambda _, issue: issue.voters,
    "transitioner": _transitioners,
}
ENDPOINTS = (
    Endpoint("GET", "/user/search/query", find, on=on_cloud),
    Endpoint("GET", "/user/search/query/key", find_keys, on=on_cloud),
)
