"""Workflows whole, as Cloud's newer call tells them to administrators: POST /workflows."""

from collections.abc import Iterator

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.site.errors import Refusal
from jirasim.site.model import Status
from jirasim.site.permissions import may
from jirasim.site.product import on_cloud
from jirasim.site.workflow import Transition, Workflow
from jirasim.wire.entities import Json

CATEGORIES = {"new": "TODO", "indeterminate": "IN_PROGRESS", "done": "DONE"}
SCOPE: Json = {"type": "GLOBAL"}


def read(call: Call) -> Answer:
    """Those of pairs of a project and a type, or by name or id, with their arrows.

    Without *Administer Jira* it is 401, not 403, as the document says.
    """
    if not may(call.user, "ADMINISTER", None):
        raise Refusal(401, "You do not have permission to read workflows.")
    found_ones = {one.name: one for one in _asked(call)}
    used = dict.fromkeys(status for one in found_ones.values() for status in one.statuses)
    statuses = call.site.state.statuses
    return Answer(
        {
            "statuses": [_status(statuses[one]) for one in used],
            "workflows": [_workflow(one) for one in found_ones.values()],
        }
    )


def _asked(call: Call) -> Iterator[Workflow]:
    body, projects = call.object(), call.site.state.projects
    names = {*_listed(body, "workflowNames"), *_listed(body, "workflowIds")}
    for project in projects.values():
        for one in (project.workflow, *project.workflows.values()):
            if one.name in names:
                yield one
    for pair in _listed(body, "projectAndIssueTypes"):
        if isinstance(pair, dict) and str(pair.get("projectId")) in projects:
            project = projects[str(pair["projectId"])]
            yield project.workflow_of(str(pair.get("issueTypeId")))


def _listed(body: Json, name: str) -> list[object]:
    rows = body.get(name)
    return list(rows) if isinstance(rows, list) else []


def _status(status: Status) -> Json:
    return {
        "id": status.id,
        "statusReference": status.id,
        "name": status.name,
        "description": status.description,
        "statusCategory": CATEGORIES.get(status.category.key, "TODO"),
        "scope": SCOPE,
    }


def _workflow(workflow: Workflow) -> Json:
    places = [
        {"statusReference": one, "deprecated": False, "properties": {}} for one in workflow.statuses
    ]
    return {
        "id": workflow.name,
        "name": workflow.name,
        "description": "",
        "isEditable": True,
        "scope": SCOPE,
        "statuses": places,
        "transitions": [_begin(workflow), *map(_arrow, workflow.transitions)],
        "version": {"id": workflow.name, "versionNumber": 0},
    }


def _begin(workflow: Workflow) -> Json:
    goal = {"toStatusReference": workflow.initial}
    return {**_transition("1", "Create", "INITIAL"), **goal, "links": []}


def _arrow(arrow: Transition) -> Json:
    """A looped one has no goal; what a screen asks for is not told."""
    kind = "GLOBAL" if arrow.is_global else "DIRECTED"
    links = [
        {"fromStatusReference": one, "fromPort": 0, "toPort": 1}
        for one in sorted(arrow.sources or ())
    ]
    body = {**_transition(arrow.id, arrow.name, kind), "links": links}
    if not arrow.looped:
        body["toStatusReference"] = arrow.to_status
    if arrow.screen is not None:
        screen = {"ruleKey": "system:transition-screen", "parameters": {"screenId": "10000"}}
        body["transitionScreen"] = screen
    return body


def _transition(number: str, name: str, kind: str) -> dict[str, object]:
    rules: dict[str, object] = {"actions": [], "validators": [], "triggers": [], "properties": {}}
    return {"id": number, "name": name, "description": "", "type": kind, **rules}


ENDPOINTS = (Endpoint("POST", "/workflows", read, on=on_cloud),)
