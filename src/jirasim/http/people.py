"""Users: oneself, others, search, and who may be assigned."""

from collections.abc import Iterable

from jirasim.http.endpoint import Answer, Call, Endpoint, Unauthenticated
from jirasim.http.paging import page, window
from jirasim.http.permissions import seen_project
from jirasim.site.errors import Refusal
from jirasim.site.issues import visible
from jirasim.site.model import EmailShown, Project, User
from jirasim.site.permissions import assignable, may
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


def _place(call: Call) -> Project:
    query = call.query
    issue = query.get("issueKey") or query.get("issueId")
    if issue:
        return call.site.state.projects[visible(call.site, call.caller, issue).project_id]
    project = query.get("project") or query.get("projectKey")
    if not project:
        raise Refusal(400, "Either 'project', 'issueKey' or 'issueId' must be provided.")
    return seen_project(call, project)


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
)
