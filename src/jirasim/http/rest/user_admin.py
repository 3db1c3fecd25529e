"""Accounts made, changed and ended by administrators, and one's own profile on Server."""

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.rest.permissions import require_administrator
from jirasim.http.rest.persons import requested
from jirasim.site import users
from jirasim.site.errors import Refusal
from jirasim.site.model import User
from jirasim.site.permissions import USERS
from jirasim.site.product import on_cloud, on_server
from jirasim.wire.entities import Json
from jirasim.wire.people import whole_user

WRONG_PASSWORD = "The password is incorrect."  # noqa: S105  # words, no secret
PROFILE = ("name", "displayName", "emailAddress")
NO_TASK = "There is no user anonymization task."


def invite(call: Call) -> Answer:
    """POST /user of Cloud: somebody who has access already is answered as they are."""
    require_administrator(call)
    body = call.object()
    email = str(body.get("emailAddress") or "")
    if "@" not in email:
        raise Refusal(400, fields={"emailAddress": "You must specify a valid email address."})
    if not isinstance(body.get("products"), list):
        raise Refusal(400, fields={"products": "The products must be specified."})
    existing = _by_email(call, email)
    if existing is not None and USERS not in existing.groups:
        raise Refusal(400, f"User '{email}' already exists but does not have access to Jira.")
    name = str(body.get("displayName") or email.partition("@")[0])
    made = existing or users.create(call.site, call.user, email=email, display_name=name)
    return Answer(whole_user(call.wire, made), 201)


def _by_email(call: Call, email: str) -> User | None:
    wanted = email.casefold()
    living = (one for one in call.site.state.users.values() if not one.deleted)
    return next((one for one in living if one.email.casefold() == wanted), None)


def create(call: Call) -> Answer:
    """POST /user of Server."""
    require_administrator(call)
    body = call.object()
    given = _profile(body)
    users.check_details(call.site, given, None)
    made = users.create(
        call.site,
        call.user,
        email=given["emailAddress"],
        display_name=given["displayName"],
        name=given["name"],
    )
    if password := body.get("password"):
        call.site.state.passwords[made.account_id] = str(password)
    return Answer(whole_user(call.wire, made), 201)


def change(call: Call) -> Answer:
    """PUT /user of Server: what is named, the login too; `active` lets in or out."""
    require_administrator(call)
    before, body = requested(call), call.object()
    after = users.change(call.site, call.user, before, _profile(body))
    active = body.get("active")
    if isinstance(active, bool) and active != after.active:
        after = users.set_active(call.site, call.user, after, active=active)
    return Answer(whole_user(call.wire, after))


def delete(call: Call) -> Answer:
    """DELETE /user.  Server refuses while something names the user."""
    require_administrator(call)
    gone = requested(call, missing=400)
    if gone.deleted:
        raise Refusal(404, f"The user named '{gone.name}' does not exist")
    if gone.account_id == call.user.account_id:
        raise Refusal(400, "You cannot delete yourself.")
    ties = [] if call.product.cloud else users.ties_of(call.site, gone)
    if ties:
        raise Refusal(400, f"Cannot delete user '{gone.name}'.", *ties)
    users.delete(call.site, call.user, gone)
    return NO_CONTENT


def change_myself(call: Call) -> Answer:
    """PUT /myself of Server: full name and e-mail, with the password."""
    body = call.object()
    _require_password(call, body.get("password"))
    given = {name: value for name, value in _profile(body).items() if name != "name"}
    after = users.change(call.site, call.user, call.user, given)
    return Answer(whole_user(call.wire, after))


def change_my_password(call: Call) -> Answer:
    """PUT /myself/password."""
    body = call.object()
    _require_password(call, body.get("currentPassword"))
    return _set_password(call, call.user, body)


def change_password(call: Call) -> Answer:
    """PUT /user/password."""
    require_administrator(call)
    return _set_password(call, requested(call), call.object())


def _set_password(call: Call, user: User, body: Json) -> Answer:
    new = body.get("password")
    if not isinstance(new, str) or not new:
        raise Refusal(400, fields={"password": "You must specify a password."})
    call.site.state.passwords[user.account_id] = new
    return NO_CONTENT


def _require_password(call: Call, given: object) -> None:
    if given != call.site.state.passwords.get(call.user.account_id):
        raise Refusal(400, fields={"password": WRONG_PASSWORD})


def give_access(call: Call) -> Answer:
    """POST /user/application: put a user into the group of the product."""
    user = _applicant(call)
    if USERS not in user.groups:
        users.join(call.site, call.site.state.groups[USERS], user)
    return Answer()


def take_access(call: Call) -> Answer:
    """DELETE /user/application."""
    user = _applicant(call)
    if USERS in user.groups:
        users.leave(call.site, call.site.state.groups[USERS], user)
    return NO_CONTENT


def _applicant(call: Call) -> User:
    require_administrator(call)
    if call.query.get("applicationKey") != "jira-software":
        raise Refusal(400, "There is no application with this key.")
    return requested(call, missing=400)


def end_sessions(call: Call) -> Answer:
    """DELETE /user/session/{username}."""
    require_administrator(call)
    user = call.site.find_login(call.params["username"])
    if user is None:
        raise Refusal(404, f"The user named '{call.params['username']}' does not exist")
    sessions = call.site.state.access.sessions
    for secret in [one for one, owner in sessions.items() if owner == user.account_id]:
        del sessions[secret]
    return Answer()


def foresee_anonymisation(call: Call) -> Answer:
    """GET /user/anonymization: what would be done."""
    require_administrator(call)
    user = _named_by_key(call, call.query.get("userKey"))
    return Answer({**_anonymisation(user), "affectedEntities": {}})


def anonymise(call: Call) -> Answer:
    """POST /user/anonymization: done at once, and told as a task."""
    require_administrator(call)
    body = call.object()
    user = _named_by_key(call, body.get("userKey"))
    heir = _named_by_key(call, body["newOwnerKey"]) if body.get("newOwnerKey") else None
    users.anonymise(call.site, call.user, user, heir)
    task = call.site.next_id("anonymization", first=1)
    return Answer(_task(call, user.key, task), 202)


def progress(call: Call) -> Answer:
    """GET /user/anonymization/progress."""
    require_administrator(call)
    last = call.site.state.counters.get("anonymization", 0)
    task = call.query.get("taskId", str(last))
    if task not in {str(one) for one in range(1, last + 1)}:
        raise Refusal(404, NO_TASK)
    return Answer(_task(call, "", task))


def _task(call: Call, key: str, task: str) -> Json:
    return {
        "userKey": key,
        "currentProgress": 100,
        "currentSubTask": "",
        "status": "COMPLETED",
        "errors": {},
        "warnings": {},
        "progressUrl": f"{call.product.context}/rest/api/2/user/anonymization/progress?taskId={task}",
    }


def _anonymisation(user: User) -> Json:
    return {
        "errors": {},
        "warnings": {},
        "success": True,
        "userKey": user.key,
        "userName": user.name,
        "displayName": user.display_name,
        "deleted": user.deleted,
        "email": user.email,
    }


def _named_by_key(call: Call, key: object) -> User:
    if not key:
        raise Refusal(400, "The 'userKey' must be provided.")
    found = next((one for one in call.site.state.users.values() if one.key == key), None)
    if found is None:
        raise Refusal(400, f"The user with the key '{key}' does not exist")
    return found


def _profile(body: Json) -> dict[str, str]:
    return {name: str(body[name] or "") for name in PROFILE if name in body}


ENDPOINTS = (
    Endpoint("POST", "/user", invite, on=on_cloud),
    Endpoint("POST", "/user", create, on=on_server),
    Endpoint("PUT", "/user", change, on=on_server),
    Endpoint("DELETE", "/user", delete),
    Endpoint("PUT", "/myself", change_myself, on=on_server),
    Endpoint("PUT", "/myself/password", change_my_password, on=on_server),
    Endpoint("PUT", "/user/password", change_password, on=on_server),
    Endpoint("POST", "/user/application", give_access, on=on_server),
    Endpoint("DELETE", "/user/application", take_access, on=on_server),
    Endpoint("DELETE", "/user/session/{username}", end_sessions, on=on_server),
    Endpoint("GET", "/user/anonymization", foresee_anonymisation, on=on_server),
    Endpoint("POST", "/user/anonymization", anonymise, on=on_server),
    Endpoint("GET", "/user/anonymization/progress", progress, on=on_server),
)
