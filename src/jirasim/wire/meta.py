"""The forms that Jira describes: create, edit and transition metadata."""

from jirasim.site.fields import Field
from jirasim.site.model import Issue, Project
from jirasim.site.permissions import may
from jirasim.site.screens import creatable, editable
from jirasim.site.workflow import Screen, Transition
from jirasim.wire.entities import Json
from jirasim.wire.values import choices
from jirasim.wire.wire import Wire, field_schema

ALWAYS = ("project", "issuetype")


def create_form(wire: Wire, project: Project, type_id: str) -> dict[str, Json]:
    """The fields of the create screen, by id, for this caller."""
    if wire.viewer is None or not may(wire.viewer, "CREATE_ISSUES", project):
        return {}
    screen = project.screens[type_id]
    offered = creatable(wire.site, project, type_id, wire.viewer)
    names = [*ALWAYS, *(name for name in screen.fields if name in offered)]
    required = screen.required | frozenset(ALWAYS)
    if wire.site.state.issue_types[type_id].subtask:
        required |= {"parent"}
    return {name: _field(wire, project, name, required=name in required) for name in names}


def edit_form(wire: Wire, issue: Issue) -> dict[str, Json]:
    """The fields that this caller may edit, by id."""
    project = wire.site.state.projects[issue.project_id]
    if wire.viewer is None or not may(wire.viewer, "EDIT_ISSUES", project):
        return {}
    settable = editable(wire.site, issue, wire.viewer)
    screen = project.screens[issue.type_id]
    names = [name for name in ("issuetype", *screen.fields) if settable(name)]
    form = {name: _field(wire, project, name, required=name in screen.required) for name in names}
    if may(wire.viewer, "ADD_COMMENTS", project):
        form["comment"] = _field(wire, project, "comment", required=False)
    return form


def transition_form(wire: Wire, issue: Issue, transition: Transition) -> dict[str, Json]:
    """The fields of a transition's screen, by id."""
    project = wire.site.state.projects[issue.project_id]
    screen = transition.screen or Screen()
    return {
        name: _field(wire, project, name, required=name in screen.required)
        for name in screen.fields
    }


def _field(wire: Wire, project: Project, name: str, *, required: bool) -> Json:
    found = wire.site.state.fields[name]
    body: Json = {
        "required": required,
        "schema": {"type": "issuelink", "system": "parent"}
        if name == "parent"
        else field_schema(found),
        "name": found.name,
        "key": name,
        "hasDefaultValue": name in {"priority", "reporter"} or found.default is not None,
        "operations": list(found.operations),
    }
    if name in {"assignee", "reporter"}:
        body["autoCompleteUrl"] = f"{wire.api}/user/assignable/search?project={project.key}&query="
    allowed = _allowed(wire, project, found)
    return body if allowed is None else {**body, "allowedValues": allowed}


def _allowed(wire: Wire, project: Project, found: Field) -> list[Json] | None:
    state, entities = wire.site.state, wire.entities
    match found.id:
        case "priority":
            return [entities.priority(one) for one in state.priorities.values()]
        case "resolution":
            return [entities.resolution(one) for one in state.resolutions.values()]
        case "issuetype":
            return [entities.issue_type(state.issue_types[one]) for one in project.issue_types]
        case "project":
            return [entities.project(project)]
        case _:
            return choices(wire, project, found)
