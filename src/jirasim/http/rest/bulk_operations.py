"""Cloud's bulk operations: delete, move, transition, watch; and how far they have come."""

from collections.abc import Callable, Mapping
from functools import partial

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.rest.issues import words
from jirasim.site import issues, moves, tasks, transitions, watching
from jirasim.site.decode import BadValue, Target
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue, Project
from jirasim.site.outside import Task
from jirasim.site.product import on_cloud
from jirasim.site.values import decode
from jirasim.site.workflow import Transition
from jirasim.wire.entities import Json

Parts = Mapping[str, object]


def answering(handler: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
    """The handler with refusals in the shape that bulk operations have."""

    def handled(call: Call) -> Answer:
        try:
            return handler(call)
        except Refusal as refusal:
            said = (*refusal.messages, *refusal.fields.values())
            return Answer({"errors": [{"message": one} for one in said]}, refusal.status)

    return handled


def submitted(call: Call, deeds: tasks.Deeds) -> Answer:
    """201 with the number to ask about."""
    return Answer({"taskId": tasks.run(call.site, call.user, deeds).id}, 201)


def chosen(body: Parts, name: str = "selectedIssueIdsOrKeys") -> tuple[str, ...]:
    """The issues of a request, each once."""
    raw = body.get(name)
    if not isinstance(raw, list):
        raise Refusal(400, f"The '{name}' must be a list of issue ids or keys.")
    return tuple(dict.fromkeys(map(str, raw)))


def delete(call: Call) -> Answer:
    """POST /bulk/issues/delete: with their sub-tasks."""
    deed = partial(issues.delete, call.site, call.user, with_subtasks=True)
    return submitted(call, [(one, deed) for one in chosen(call.object())])


def watch(call: Call) -> Answer:
    """POST /bulk/issues/watch: oneself."""
    return _watch(call, watching.watch)


def unwatch(call: Call) -> Answer:
    """POST /bulk/issues/unwatch: oneself."""
    return _watch(call, watching.unwatch)


def _watch(call: Call, deed: Callable[..., None]) -> Answer:
    def done(issue: Issue) -> None:
        deed(call.site, call.user, issue, call.user)

    return submitted(call, [(one, done) for one in chosen(call.object())])


def transition(call: Call) -> Answer:
    """POST /bulk/issues/transition: several groups, each with its arrow."""
    inputs = call.object().get("bulkTransitionInputs")
    if not isinstance(inputs, list):
        raise Refusal(400, "The 'bulkTransitionInputs' must be a list.")
    deeds = []
    for one in inputs:
        group = one if isinstance(one, Mapping) else {}
        body = {"transition": {"id": group.get("transitionId")}}
        deed = partial(transitions.take, call.site, call.user, body=body)
        deeds += [(name, deed) for name in chosen(group)]
    return submitted(call, deeds)


def available(call: Call) -> Answer:
    """GET /bulk/issues/transition: by workflow, the arrows that all its issues share."""
    names = words(call.query.getlist("issueIdsOrKeys"))
    if not names:
        raise Refusal(400, "The 'issueIdsOrKeys' must be given.")
    groups: dict[str, list[Issue]] = {}
    for name in names:
        issue = issues.visible(call.site, call.caller, name)
        groups.setdefault(transitions.workflow_of(call.site, issue).id, []).append(issue)
    rows = [_shared(call, group) for group in groups.values()]
    return Answer({"availableTransitions": rows})


def _shared(call: Call, group: list[Issue]) -> Json:
    offers = [
        {one.id: one for one in transitions.available(call.site, call.caller, issue)}
        for issue in group
    ]
    common = [one for one in offers[0].values() if all(one.id in offer for offer in offers)]
    plain = [one for one in common if one.screen is None and not one.looped]
    every = {number for offer in offers for number in offer}
    return {
        "issues": [issue.key for issue in group],
        "isTransitionsFiltered": len(plain) < len(every),
        "transitions": [_arrow(call, one) for one in plain],
    }


def _arrow(call: Call, arrow: Transition) -> Json:
    status = call.site.state.statuses[arrow.to_status]
    goal = {"statusId": int(status.id), "statusName": status.name}
    return {"transitionId": int(arrow.id), "transitionName": arrow.name, "to": goal}


def move(call: Call) -> Answer:
    """POST /bulk/issues/move: to one project, type and parent for each part of the mapping."""
    mapping = call.object().get("targetToSourcesMapping")
    if not isinstance(mapping, Mapping) or not mapping:
        raise Refusal(400, "The 'targetToSourcesMapping' must be given.")
    deeds: list[tuple[str, tasks.Deed]] = []
    for where, raw in mapping.items():
        parts = raw if isinstance(raw, Mapping) else {}
        goal = _destination(call, str(where), parts)
        deed = partial(moves.move, call.site, call.user, where=goal)
        deeds += [(name, deed) for name in chosen(parts, "issueIdsOrKeys")]
    return submitted(call, deeds)


def _destination(call: Call, where: str, parts: Parts) -> moves.Destination:
    """`project,type[,parent]`, and what the part says of statuses and demanded fields."""
    project_name, type_id, parent = [*where.split(","), "", ""][:3]
    project = call.site.find_project(project_name.strip())
    if project is None:
        raise Refusal(400, f"No project could be found with key '{project_name}'.")
    return moves.Destination(
        project,
        type_id.strip(),
        issues.visible(call.site, call.caller, parent.strip()) if parent.strip() else None,
        _statuses(parts),
        _values(call, project, parts),
    )


def _statuses(parts: Parts) -> Mapping[str, str]:
    """From old statuses to new ones; on the wire each new one lists its old ones."""
    return {
        str(old): str(new)
        for one in _rows(parts, "targetStatus", "statuses")
        for new, olds in one.items()
        if isinstance(olds, list)
        for old in olds
    }


def _values(call: Call, project: Project, parts: Parts) -> Mapping[str, object]:
    found: dict[str, object] = {}
    for fields in _rows(parts, "targetMandatoryFields", "fields"):
        for name, given in fields.items():
            raw = given.get("value") if isinstance(given, Mapping) else None
            found[str(name)] = _value(call, project, str(name), raw)
    return found


def _value(call: Call, project: Project, name: str, raw: object) -> object:
    """The stored value of a demanded field: single values come in a list of one text."""
    known = call.site.state.fields.get(name)
    if known is None:
        raise Refusal(400, f"The field '{name}' does not exist.")
    single = known.items is None and isinstance(raw, list)
    value = (raw[0] if raw else None) if single and isinstance(raw, list) else raw
    if known.kind in {"option", "priority", "user"} and isinstance(value, str):
        value = {"id": value}
    if known.kind == "number" and isinstance(value, str):
        value = float(value)
    try:
        return decode(Target(call.site, project, call.user), known, value)
    except (BadValue, ValueError) as error:
        raise Refusal(400, fields={name: str(error)}) from None


def _rows(parts: Parts, name: str, inner: str) -> list[Parts]:
    raw = parts.get(name)
    rows = raw if isinstance(raw, list) else []
    found = [one.get(inner) for one in rows if isinstance(one, Mapping)]
    return [one for one in found if isinstance(one, Mapping)]


def progress(call: Call) -> Answer:
    """GET /bulk/queue/{task}: how it goes, then how it went for each issue that is seen."""
    task = call.site.state.tasks.get(call.params["task_id"])
    if task is None:
        raise Refusal(400, "The task id '{}' is not valid.".format(call.params["task_id"]))
    return Answer(_progress(call, task))


def _progress(call: Call, task: Task) -> Json:
    when = task.submitted.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    body: Json = {
        "taskId": task.id,
        "submittedBy": call.wire.user(task.actor),
        "created": when,
        "started": when,
        "updated": when,
        "totalIssueCount": task.total,
    }
    if tasks.is_running(call.site, task):
        return {**body, "status": "RUNNING", "progressPercent": 0}
    body |= {"status": "COMPLETE", "progressPercent": 100}
    body["processedAccessibleIssues"] = [int(one) for one in task.processed]
    if task.failed:
        failed = {one: list(reasons) for one, reasons in task.failed.items()}
        body["failedAccessibleIssues"] = failed
    return {**body, "invalidOrInaccessibleIssueCount": task.unseen}


ENDPOINTS = tuple(
    Endpoint(method, f"/bulk/{path}", answering(handler), on=on_cloud)
    for method, path, handler in (
        ("POST", "issues/delete", delete),
        ("POST", "issues/move", move),
        ("POST", "issues/watch", watch),
        ("POST", "issues/unwatch", unwatch),
        ("GET", "issues/transition", available),
        ("POST", "issues/transition", transition),
        ("GET", "queue/{task_id}", progress),
    )
)
