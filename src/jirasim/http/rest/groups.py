"""Groups over REST: reading, making, ending, and their members."""

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.paging import page
from jirasim.http.rest.permissions import require_administrator
from jirasim.http.rest.persons import known, require_browsing
from jirasim.site import users
from jirasim.site.errors import Refusal
from jirasim.site.grants import Group
from jirasim.site.model import User
from jirasim.site.permissions import ADMINISTRATORS, USERS
from jirasim.site.product import Product, on_cloud
from jirasim.wire import people as wire

NO_NAME = "The group name is not specified."
MEMBERS_PAGE = 50
ACCESS = {"site-admin": {"site-admins"}, "admin": {ADMINISTRATORS}, "user": {USERS}}


def get(call: Call) -> Answer:
    """GET /group: deprecated, but there (on Server until 9.x)."""
    require_browsing(call)
    group = _found(call)
    shown = "users" in call.query.get("expand", "")
    return Answer(wire.group_with_users(call.wire, group, _members(call, group), shown=shown))


def listed(call: Call) -> Answer:
    """GET /group/bulk: all groups, or those of these names, ids, and of this access."""
    require_browsing(call)
    names, ids = set(call.query.getlist("groupName")), set(call.query.getlist("groupId"))
    access, product = call.query.get("accessType"), call.query.get("applicationKey")
    if access is not None and access not in ACCESS:
        raise Refusal(400, f"The access type '{access}' is not valid.")
    rows = [
        one
        for one in sorted(call.site.state.groups.values(), key=lambda group: group.name)
        if (not (names or ids) or one.name in names or one.id in ids)
        and (access is None or one.name in ACCESS[access])
        and (product is None or (product == "jira-software" and one.name == USERS))
    ]

    def write(group: Group) -> dict[str, object]:
        return {"name": group.name, "groupId": group.id}

    return Answer(page(call, rows, write, path="/group/bulk"))


def members(call: Call) -> Answer:
    """GET /group/member: a page of at most 50, by name."""
    if not call.product.cloud:
        require_administrator(call)
    require_browsing(call)
    group = _found(call)
    rows = _members(call, group)
    body = page(call, rows, call.wire.entities.user, path="/group/member", ceiling=MEMBERS_PAGE)
    return Answer(body)


def create(call: Call) -> Answer:
    """POST /group."""
    require_administrator(call)
    made = users.create_group(call.site, str(call.object().get("name") or ""))
    return Answer(wire.group_with_users(call.wire, made, (), shown=True), 201)


def delete(call: Call) -> Answer:
    """DELETE /group; `swapGroup` must exist where it is given."""
    require_administrator(call)
    group = _found(call)
    heir = call.query.get("swapGroupId") or call.query.get("swapGroup")
    if heir and call.site.find_group(heir) is None:
        raise _unknown(call, heir)
    users.delete_group(call.site, group)
    return Answer()


def join(call: Call) -> Answer:
    """POST /group/user."""
    require_administrator(call)
    group, body = _found(call), call.object()
    user = _member(call, body.get("accountId" if call.product.cloud else "name"))
    users.join(call.site, group, user)
    rows = call.site.members_of(group.name)
    return Answer(wire.group_with_users(call.wire, group, rows, shown=False), 201)


def leave(call: Call) -> Answer:
    """DELETE /group/user."""
    require_administrator(call)
    group = _found(call)
    user = _member(call, call.query.get("accountId" if call.product.cloud else "username"))
    users.leave(call.site, group, user)
    return Answer()


def _found(call: Call) -> Group:
    name = call.query.get("groupId") or call.query.get("groupname")
    if not name:
        raise Refusal(400, NO_NAME)
    found = call.site.find_group(name)
    if found is None:
        raise _unknown(call, name)
    return found


def _unknown(call: Call, name: str) -> Refusal:
    if call.query.get("groupId") == name:
        return Refusal(404, f"The group with id '{name}' does not exist.")
    return Refusal(404, f"The group named '{name}' does not exist.")


def _member(call: Call, named: object) -> User:
    if call.product.cloud:
        if not named:
            raise Refusal(400, "The 'accountId' must be provided.")
        return known(call, str(named))
    found = call.site.find_login(str(named or ""))
    if found is None:
        raise Refusal(404, f"The user named '{named}' does not exist")
    return found


def _members(call: Call, group: Group) -> list[User]:
    inactive = call.flag("includeInactiveUsers")
    return [one for one in call.site.members_of(group.name) if one.active or inactive]


def _still_there(product: Product) -> bool:
    return product.cloud or product.version < (10,)


ENDPOINTS = (
    Endpoint("GET", "/group", get, on=_still_there),
    Endpoint("POST", "/group", create),
    Endpoint("DELETE", "/group", delete),
    Endpoint("GET", "/group/bulk", listed, on=on_cloud),
    Endpoint("GET", "/group/member", members),
    Endpoint("POST", "/group/user", join),
    Endpoint("DELETE", "/group/user", leave),
)
