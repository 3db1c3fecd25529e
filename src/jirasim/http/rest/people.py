"""Users: oneself, one by one, and whole lists."""

from collections.abc import Iterable

from jirasim.http.endpoint import Answer, Call, Endpoint, Unauthenticated
from jirasim.http.paging import page, window
from jirasim.http.rest.issues import words
from jirasim.http.rest.permissions import require_administrator
from jirasim.http.rest.persons import known, refuse_names, requested, require_browsing
from jirasim.site.errors import Refusal
from jirasim.site.model import User
from jirasim.site.product import on_cloud, on_server
from jirasim.wire import people as wire_people

LARGEST_PAGE = 1000
BULK_PAGE = 10
STREAM_PAGE = 2000


def myself(call: Call) -> Answer:
    """GET /myself: the only sure test of a credential (jira.md 1)."""
    if call.caller is None:
        raise Unauthenticated
    return _whole(call, call.caller)


def get(call: Call) -> Answer:
    """GET /user?accountId=…, or by username or key on Server."""
    require_browsing(call)
    found = requested(call)
    if found.deleted and not call.product.cloud:
        require_administrator(call)
    return _whole(call, found)


def _whole(call: Call, user: User) -> Answer:
    expand = words(call.query.getlist("expand"))
    return Answer(wire_people.whole_user(call.wire, user, expand))


def groups(call: Call) -> Answer:
    """GET /user/groups?accountId=…"""
    require_browsing(call)
    found = requested(call)
    rows = wire_people.groups_of(call.wire, found)
    return Answer([wire_people.group(call.wire, one) for one in rows])


def bulk(call: Call) -> Answer:
    """GET /user/bulk?accountId=…&accountId=…"""
    refuse_names(call)
    asked = call.query.getlist("accountId")
    if not asked:
        raise Refusal(400, "At least one account ID must be provided.")
    users = call.site.state.users
    rows = [users[one] for one in dict.fromkeys(asked) if one in users]
    body = page(call, rows, call.wire.entities.user, path="/user/bulk", size=BULK_PAGE)
    return Answer(body)


def migration(call: Call) -> Answer:
    """GET /user/bulk/migration: the accounts of those that were known by name or key."""
    keys, names = call.query.getlist("key"), call.query.getlist("username")
    if bool(keys) == bool(names):
        raise Refusal(400, "Either the 'key' or the 'username' query parameter must be provided.")
    rows = []
    for user in call.site.state.users.values():
        name, key = user.name or user.account_id, user.key or user.account_id
        if key in keys or name in names:
            rows.append({"username": name, "key": key, "accountId": user.account_id})
    _, _, shown = window(call, rows, size=BULK_PAGE, ceiling=LARGEST_PAGE)
    return Answer(shown)


def email(call: Call) -> Answer:
    """GET /user/email: for approved apps alone (jira.md 6.10), and no caller is one here."""
    known(call, call.query.get("accountId", ""))
    raise Refusal(400, "The calling app is not approved to use this API.")


def all_users(call: Call) -> Answer:
    """GET /users/search: all accounts, those that left and apps too."""
    require_browsing(call)
    rows = list(call.site.state.users.values())
    _, _, shown = window(call, rows, size=50, ceiling=LARGEST_PAGE)
    return Answer([call.wire.entities.user(one) for one in shown])


def stream(call: Call) -> Answer:
    """GET /user/list of Server: page after page by cursor, without a total."""
    require_administrator(call)
    users = [one for one in call.site.state.users.values() if not one.deleted]
    begin, limit = _cursor(call), max(call.number("maxResults", STREAM_PAGE), 1)
    rest = [one for one in users if _number(one) > begin]
    shown = rest[:limit]
    base = f"{call.wire.api}/user/list?maxResults={limit}"
    body: dict[str, object] = {
        "self": f"{base}&cursor={begin}" if begin else base,
        "maxResults": limit,
        "isLast": len(shown) == len(rest),
        "values": [call.wire.entities.user(one) for one in shown],
    }
    if len(shown) < len(rest):
        last = _number(shown[-1])
        body |= {"nextCursor": str(last), "nextPage": f"{base}&cursor={last}"}
    return Answer(body)


def _cursor(call: Call) -> int:
    return call.number("cursor", 0)


def _number(user: User) -> int:
    """The running number in the key of an account."""
    return int("".join(filter(str.isdigit, user.key)) or 0)


def application_roles(call: Call) -> Answer:
    """GET /applicationrole."""
    require_administrator(call)
    return Answer([wire_people.application_role(call.wire)])


def application_role(call: Call) -> Answer:
    """GET /applicationrole/{key}"""
    require_administrator(call)
    found = wire_people.application_role(call.wire)
    if call.params["key"] != found["key"]:
        raise Refusal(404, f"The application role '{call.params['key']}' does not exist.")
    return Answer(found)


def _none(_: Call) -> Answer:
    return Answer([])


def no_duplicates(call: Call) -> Answer:
    """GET /user/duplicated/count: one directory has no doubles."""
    require_administrator(call)
    return Answer({"count": 0})


ENDPOINTS: Iterable[Endpoint] = (
    Endpoint("GET", "/myself", myself),
    Endpoint("GET", "/user", get),
    Endpoint("GET", "/user/groups", groups, on=on_cloud),
    Endpoint("GET", "/user/bulk", bulk, on=on_cloud),
    Endpoint("GET", "/user/bulk/migration", migration, on=on_cloud),
    Endpoint("GET", "/user/email", email, on=on_cloud),
    Endpoint("GET", "/user/email/bulk", email, on=on_cloud),
    Endpoint("GET", "/users", all_users, on=on_cloud),
    Endpoint("GET", "/users/search", all_users, on=on_cloud),
    Endpoint("GET", "/user/list", stream, on=on_server),
    Endpoint("GET", "/user/duplicated/count", no_duplicates, on=on_server),
    Endpoint("GET", "/user/duplicated/list", _none, on=on_server),
    Endpoint("GET", "/user/a11y/personal-settings", _none, on=on_server),
    Endpoint("GET", "/applicationrole", application_roles),
    Endpoint("GET", "/applicationrole/{key}", application_role),
)
