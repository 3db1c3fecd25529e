"""The schemes that projects use, for reading: issue types, workflows, notifications.

Every project has a scheme of its own, under its own id; all share one notification scheme.
"""

from collections.abc import Sequence

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.paging import page
from jirasim.http.rest.issues import words
from jirasim.http.rest.metadata import found, types_of
from jirasim.site.errors import Refusal
from jirasim.site.model import Project
from jirasim.site.owners import arranges, check_administrator
from jirasim.site.permissions import may, visible_projects
from jirasim.site.product import on_cloud, on_server
from jirasim.site.workflow import Transition, Workflow
from jirasim.wire.entities import Json

NOTIFICATIONS = 10000
EVENTS = ((1, "Issue created"), (2, "Issue updated"), (3, "Issue assigned"), (6, "Issue commented"))
EVENT_NAMES = (
    *("Issue Created", "Issue Updated", "Issue Assigned", "Issue Resolved", "Issue Closed"),
    *("Issue Commented", "Issue Reopened", "Issue Deleted", "Issue Moved", "Work Logged On Issue"),
    *("Work Started On Issue", "Work Stopped On Issue", "Generic Event", "Issue Comment Edited"),
    *("Issue Worklog Updated", "Issue Worklog Deleted", "Issue Comment Deleted"),
)
RECIPIENTS = ("CurrentAssignee", "Reporter", "AllWatchers")


def type_schemes(call: Call) -> Answer:
    """GET /issuetypescheme on Cloud."""
    rows = _projects(call, call.query.getlist("id"))
    return Answer(page(call, rows, _type_scheme, path="/issuetypescheme"))


def type_schemes_of_projects(call: Call) -> Answer:
    """GET /issuetypescheme/project?projectId=…"""
    rows = _projects(call, call.query.getlist("projectId"))

    def write(project: Project) -> Json:
        return {"issueTypeScheme": _type_scheme(project), "projectIds": [project.id]}

    return Answer(page(call, rows, write, path="/issuetypescheme/project"))


def type_mappings(call: Call) -> Answer:
    """GET /issuetypescheme/mapping: the types of each scheme."""
    rows = [
        {"issueTypeSchemeId": project.id, "issueTypeId": type_id}
        for project in _projects(call, call.query.getlist("issueTypeSchemeId"))
        for type_id in project.issue_types
    ]
    return Answer(page(call, rows, lambda one: one, path="/issuetypescheme/mapping"))


def server_type_schemes(call: Call) -> Answer:
    """GET /issuetypescheme on Server."""
    check_administrator(call.user)
    rows = [
        {
            "self": f"{call.wire.api}/issuetypescheme/{project.id}",
            "id": project.id,
            "name": f"{project.key}: Issue Type Scheme",
            "description": "",
            "issueTypes": [call.wire.entities.issue_type(one) for one in types_of(call, project)],
        }
        for project in _projects(call, [])
    ]
    return Answer({"schemes": rows})


def workflows(call: Call) -> Answer:
    """GET /workflow/search: each with its statuses and arrows."""
    check_administrator(call.user)
    names, text = call.query.getlist("workflowName"), call.query.get("queryString", "").casefold()
    rows = [
        one
        for one in _workflows(call)
        if (not names or one.name in names) and text in one.name.casefold()
    ]
    whole = words(call.query.getlist("expand"))

    def write(workflow: Workflow) -> Json:
        return _workflow(call, workflow, whole)

    return Answer(page(call, rows, write, path="/workflow/search"))


def server_workflows(call: Call) -> Answer:
    """GET /workflow on Server: names and sizes."""
    check_administrator(call.user)
    rows = [
        {"name": one.name, "description": "", "steps": len(one.statuses), "default": False}
        for one in _workflows(call)
    ]
    return Answer(rows)


def workflow_schemes(call: Call) -> Answer:
    """GET /workflowscheme on Cloud."""

    def write(project: Project) -> Json:
        return _workflow_scheme(call, project)

    return Answer(page(call, _projects(call, []), write, path="/workflowscheme"))


def one_workflow_scheme(call: Call) -> Answer:
    """GET /workflowscheme/{id}; Server calls a missing right 401."""
    if not call.product.cloud and not may(call.user, "ADMINISTER", None):
        raise Refusal(401, "You must administer Jira to look at workflow schemes.")
    rows = _projects(call, [call.params["id"]])
    if not rows:
        raise Refusal(404, f"Could not find workflow scheme with id '{call.params['id']}'.")
    return Answer({**_workflow_scheme(call, rows[0]), "draft": False})


def workflow_schemes_of_projects(call: Call) -> Answer:
    """GET /workflowscheme/project?projectId=… on Cloud."""
    check_administrator(call.user)
    rows = [
        {"projectIds": [one.id], "workflowScheme": _workflow_scheme(call, one)}
        for one in _projects(call, call.query.getlist("projectId"))
    ]
    return Answer({"values": rows})


def workflow_scheme(call: Call) -> Answer:
    """GET /project/{project}/workflowscheme on Server."""
    check_administrator(call.user)
    return Answer(_workflow_scheme(call, found(call)))


def notification_schemes(call: Call) -> Answer:
    """GET /notificationscheme."""
    return Answer(
        page(call, [NOTIFICATIONS], lambda _: _notifications(call), path="/notificationscheme")
    )


def notified_projects(call: Call) -> Answer:
    """GET /notificationscheme/project on Cloud: all use the same."""
    schemes = call.query.getlist("notificationSchemeId")
    projects = call.query.getlist("projectId")
    for given in (*schemes, *projects):
        if not given.isdecimal():
            raise Refusal(400, f"'{given}' is not a number.")
    rows = [
        {"notificationSchemeId": str(NOTIFICATIONS), "projectId": one.id}
        for one in visible_projects(call.site, call.user)
        if (not projects or one.id in projects) and (not schemes or str(NOTIFICATIONS) in schemes)
    ]
    return Answer(page(call, rows, lambda one: one, path="/notificationscheme/project"))


def events(call: Call) -> Answer:
    """GET /events on Cloud: what mail may be sent about."""
    check_administrator(call.user)
    return Answer([{"id": place, "name": name} for place, name in enumerate(EVENT_NAMES, start=1)])


def notification_scheme(call: Call) -> Answer:
    """GET /notificationscheme/{id}."""
    if call.params["id"] != str(NOTIFICATIONS):
        raise Refusal(404, "The notification scheme was not found.")
    return Answer(_notifications(call))


def notifications_of_project(call: Call) -> Answer:
    """GET /project/{project}/notificationscheme."""
    if not arranges(call.user, found(call)):
        raise Refusal(404 if call.product.cloud else 403, "You are not an administrator here.")
    return Answer(_notifications(call))


def _projects(call: Call, wanted: list[str]) -> list[Project]:
    check_administrator(call.user)
    return [one for one in call.site.state.projects.values() if not wanted or one.id in wanted]


def _workflows(call: Call) -> list[Workflow]:
    found_ones: dict[str, Workflow] = {}
    for project in call.site.state.projects.values():
        for one in (project.workflow, *project.workflows.values()):
            found_ones[one.name] = one
    return list(found_ones.values())


def _type_scheme(project: Project) -> Json:
    return {"id": project.id, "name": f"{project.key}: Issue Type Scheme", "description": ""}


def _workflow(call: Call, workflow: Workflow, expand: Sequence[str]) -> Json:
    body: Json = {
        "id": {"name": workflow.name, "entityId": workflow.name},
        "description": "",
        "isDefault": False,
        "hasDraftWorkflow": False,
    }
    statuses = call.site.state.statuses
    if "statuses" in expand:
        body["statuses"] = [{"id": one, "name": statuses[one].name} for one in workflow.statuses]
    if "transitions" in expand:
        body["transitions"] = [_arrow(one) for one in workflow.transitions]
    return body


def _arrow(arrow: Transition) -> Json:
    return {
        "id": arrow.id,
        "name": arrow.name,
        "description": "",
        "from": sorted(arrow.sources or ()),
        "to": arrow.to_status,
        "type": "global" if arrow.is_global else "directed",
    }


def _workflow_scheme(call: Call, project: Project) -> Json:
    return {
        "self": f"{call.wire.api}/workflowscheme/{project.id}",
        "id": int(project.id),
        "name": f"{project.key}: Workflow Scheme",
        "description": "",
        "defaultWorkflow": project.workflow.name,
        "issueTypeMappings": {key: one.name for key, one in project.workflows.items()},
    }


def _notifications(call: Call) -> Json:
    body: Json = {
        "expand": "notificationSchemeEvents,user,group,projectRole,field,all",
        "self": f"{call.wire.api}/notificationscheme/{NOTIFICATIONS}",
        "id": NOTIFICATIONS,
        "name": "Default Notification Scheme",
        "description": "",
    }
    if not {"all", "notificationSchemeEvents"}.intersection(words(call.query.getlist("expand"))):
        return body
    told = [{"id": place, "notificationType": one} for place, one in enumerate(RECIPIENTS, start=1)]
    events = [
        {"event": {"id": number, "name": name, "description": ""}, "notifications": told}
        for number, name in EVENTS
    ]
    return body | {"notificationSchemeEvents": events}


ENDPOINTS = (
    Endpoint("GET", "/issuetypescheme", type_schemes, on=on_cloud),
    Endpoint("GET", "/issuetypescheme/project", type_schemes_of_projects, on=on_cloud),
    Endpoint("GET", "/issuetypescheme/mapping", type_mappings, on=on_cloud),
    Endpoint("GET", "/issuetypescheme", server_type_schemes, on=on_server),
    Endpoint("GET", "/workflow/search", workflows, on=on_cloud),
    Endpoint("GET", "/workflow", server_workflows, on=on_server),
    Endpoint("GET", "/workflowscheme", workflow_schemes, on=on_cloud),
    Endpoint("GET", "/workflowscheme/project", workflow_schemes_of_projects, on=on_cloud),
    Endpoint("GET", "/workflowscheme/{id}", one_workflow_scheme),
    Endpoint("GET", "/project/{project}/workflowscheme", workflow_scheme, on=on_server),
    Endpoint("GET", "/notificationscheme", notification_schemes),
    Endpoint("GET", "/notificationscheme/project", notified_projects, on=on_cloud),
    Endpoint("GET", "/notificationscheme/{id}", notification_scheme),
    Endpoint("GET", "/events", events, on=on_cloud),
    Endpoint("GET", "/project/{project}/notificationscheme", notifications_of_project),
)
