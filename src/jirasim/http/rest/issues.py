"""One issue: create, read, edit, assign, delete.  Rules are the site's."""

from jirasim.http.beans import ISSUE, USER, checked
from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.site import issues, transitions
from jirasim.site.archive import archive, check_open, restore
from jirasim.site.edits import INVALID_PAYLOAD
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue, User
from jirasim.site.permissions import is_administrator, may
from jirasim.site.product import on_server, server_since
from jirasim.site.state import Site
from jirasim.wire.entities import Json
from jirasim.wire.incoming import issue_body
from jirasim.wire.issues import Selection, brief, issue_json
from jirasim.wire.meta import edit_form

NOTIFY = "To discard the user notification either admin or project admin permissions are required."

OVERRIDES = ("overrideScreenSecurity", "overrideEditableFlag")
NO_OVERRIDE = "Only Connect and Forge apps can override whether a field can be edited."


def words(raw: object) -> tuple[str, ...]:
    """A comma-separated text, or a list of texts, as words."""
    parts = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(parts, list | tuple):
        return ()
    return tuple(word.strip() for part in parts for word in str(part).split(",") if word.strip())


def selection_of(call: Call, *, default: str = "*all") -> Selection:
    """What the query asks to see of an issue."""
    fields = tuple(word for given in call.query.getlist("fields") for word in words(given))
    properties = tuple(word for given in call.query.getlist("properties") for word in words(given))
    return Selection(fields or (default,), frozenset(words(call.query.get("expand"))), properties)


def found(call: Call) -> Issue:
    """The issue of the path.  Raises Refusal 404."""
    return issues.visible(call.site, call.caller, call.params["id"])


def writable(call: Call) -> Issue:
    """The issue of the path, to be changed.  Raises Refusal 404, or 403 for an archived one."""
    issue = found(call)
    check_open(issue)
    return issue


def created_json(call: Call, issue: Issue, outcome: Json | None = None) -> Json:
    """What a create answers: ids, and on Cloud how its transition went if it had one."""
    body: Json = {"id": issue.id, "key": issue.key, "self": f"{call.wire.api}/issue/{issue.id}"}
    return body if outcome is None or not call.product.cloud else {**body, "transition": outcome}


def make(call: Call, body: Json) -> Json:
    """Create one issue, then follow its transition if it names one."""
    request = issue_body(call.site, body, version=call.version)
    issue = issues.create(call.site, call.user, request)
    if body.get("transition") is None:
        return created_json(call, issue)
    return created_json(call, issue, _transition(call, issue, body))


def _transition(call: Call, issue: Issue, body: Json) -> Json:
    try:
        transitions.take(call.site, call.user, issue, {"transition": body["transition"]})
    except Refusal as refusal:
        messages = list(refusal.messages)
        return {
            "status": refusal.status,
            "errorCollection": {"errorMessages": messages, "errors": refusal.fields},
        }
    return {"status": 200, "errorCollection": {"errorMessages": [], "errors": {}}}


def create(call: Call) -> Answer:
    """POST /issue."""
    return Answer(make(call, checked(call, ISSUE)), 201)


def get(call: Call) -> Answer:
    """GET /issue/{id}: reads the truth, not the index."""
    return Answer(issue_json(call.wire, found(call), selection_of(call)))


def edit(call: Call) -> Answer:
    """PUT /issue/{id}: 204, or on Cloud 200 with the issue when `returnIssue=true`."""
    issue, body = writable(call), checked(call, ISSUE)
    if call.product.cloud:
        check_on_cloud(call)
    check_notify(call.site, call.user, issue, silent=not call.flag("notifyUsers", default=True))
    after = issues.edit(
        call.site, call.user, issue, issue_body(call.site, body, version=call.version)
    )
    if not (call.product.cloud and call.flag("returnIssue")):
        return NO_CONTENT
    return Answer(issue_json(call.wire, after, selection_of(call)))


def check_on_cloud(call: Call) -> None:
    """A body is needed, and apps alone may override what cannot be edited (the document)."""
    if not call.raw_body.strip():
        raise Refusal(400, INVALID_PAYLOAD)
    if any(call.flag(name) for name in OVERRIDES) and not call.app:
        raise Refusal(403, NO_OVERRIDE)


def check_notify(site: Site, user: User, issue: Issue, *, silent: bool) -> None:
    """Only administrators may keep mail from being sent."""
    project = site.state.projects[issue.project_id]
    if silent and not (is_administrator(user) or may(user, "ADMINISTER_PROJECTS", project)):
        raise Refusal(400 if site.product.cloud else 403, NOTIFY)


def assign(call: Call) -> Answer:
    """PUT /issue/{id}/assignee."""
    body = {key: _as_text(value) for key, value in checked(call, USER).items()}
    if call.product.cloud and "accountId" not in body:
        raise Refusal(400, "The request must name an 'accountId', which may be null.")
    issues.assign(call.site, call.user, writable(call), body)
    return NO_CONTENT


def _as_text(value: object) -> object:
    """A number as the text that Jira's bean makes of it: clients write -1 for *automatic*."""
    return str(value) if type(value) is int else value


def delete(call: Call) -> Answer:
    """DELETE /issue/{id}."""
    with_subtasks = call.flag("deleteSubtasks")
    issues.delete(call.site, call.user, writable(call), with_subtasks=with_subtasks)
    return NO_CONTENT


def edit_meta(call: Call) -> Answer:
    """GET /issue/{id}/editmeta."""
    return Answer({"fields": edit_form(call.wire, found(call))})


def subtasks(call: Call) -> Answer:
    """GET /issue/{id}/subtask: references to them."""
    return Answer([brief(call.wire, one) for one in call.site.subtasks(found(call))])


def put_away(call: Call) -> Answer:
    """PUT /issue/{id}/archive."""
    archive(call.site, call.user, found(call))
    return NO_CONTENT


def bring_back(call: Call) -> Answer:
    """PUT /issue/{id}/restore."""
    restore(call.site, call.user, found(call))
    return NO_CONTENT


ENDPOINTS = (
    Endpoint("POST", "/issue", create),
    Endpoint("GET", "/issue/{id}", get, anonymous=True),
    Endpoint("PUT", "/issue/{id}", edit),
    Endpoint("DELETE", "/issue/{id}", delete),
    Endpoint("PUT", "/issue/{id}/assignee", assign),
    Endpoint("GET", "/issue/{id}/editmeta", edit_meta, anonymous=True),
    Endpoint("GET", "/issue/{id}/subtask", subtasks, on=on_server),
    Endpoint("PUT", "/issue/{id}/archive", put_away, on=server_since(8, 1)),
    Endpoint("PUT", "/issue/{id}/restore", bring_back, on=server_since(8, 1)),
)
