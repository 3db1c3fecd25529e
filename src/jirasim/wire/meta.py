"""The forms that Jira describes: create, edit and transition metadata."""

from collections.abc import Sequence

from jirasim.site.fields import Field
from jirasim.site.model import Issue, Project
from jirasim.site.permissions import may
from jirasim.site.screens import creatable, editable
from jirasim.site.workflow import Screen, Transition
from jirasim.wire.entities import Json, Shared
from jirasim.wire.hints import auto_complete
from jirasim.wire.values import choices, value_json
from jirasim.wire.wire import Wire, field_schema

ALWAYS = ("project", "issuetype")
TIED = (("attachment", "CREATE_ATTACHMENTS"), ("issuelinks", "LINK_ISSUES"))
"""What is on every screen of a form besides its fields, and what is needed to use it."""
DEFAULTS = frozenset({"hasDefaultValue", "defaultValue"})
OFFERED = {"project": ("set",), "issuetype": (), "attachment": ("set", "copy")}
"""The operations that a form tells (recorded), where the field itself allows others."""


def create_form(wire: Wire, project: Project, type_id: str) -> dict[str, Json]:
    """The fields of the create screen, by id, for this caller."""
    if wire.viewer is None or not may(wire.viewer, "CREATE_ISSUES", project):
        return {}
    screen = project.screens[type_id]
    offered = creatable(wire.site, project, type_id, wire.viewer)
    names = [*ALWAYS, *(name for name in screen.fields if name in offered), *_tied(wire, project)]
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
    names += _tied(wire, project)
    required = screen.required | {"issuetype"}
    form = {name: _field(wire, project, name, issue, required=name in required) for name in names}
    if may(wire.viewer, "ADD_COMMENTS", project):
        form["comment"] = _field(wire, project, "comment", issue, required=False)
    return form if wire.site.product.cloud else {name: _given(one) for name, one in form.items()}


def transition_form(wire: Wire, issue: Issue, transition: Transition) -> dict[str, Json]:
    """The fields of a transition's screen, by id."""
    project = wire.site.state.projects[issue.project_id]
    screen = transition.screen or Screen()
    return {
        name: _field(wire, project, name, issue, required=name in screen.required)
        for name in screen.fields
    }


def _given(field: Json) -> Json:
    """Server says nothing of defaults where something is there already (recorded)."""
    return {name: one for name, one in field.items() if name not in DEFAULTS}


def _tied(wire: Wire, project: Project) -> list[str]:
    return [name for name, needed in TIED if may(wire.viewer, needed, project)]


def _field(
    wire: Wire, project: Project, name: str, issue: Issue | None = None, *, required: bool
) -> Json:
    found = wire.site.state.fields[name]
    default = _default(wire, found)
    body: Json = {
        "required": required,
        "schema": {"type": "issuelink", "system": "parent"}
        if name == "parent"
        else field_schema(found),
        "name": found.name,
        "key": name,
        **auto_complete(wire, project, found, issue),
        "hasDefaultValue": default is not None,
        "operations": list(OFFERED.get(name, found.operations)),
    }
    if name == "reporter":
        body["hasDefaultValue"] = True
    if default is not None:
        body["defaultValue"] = default
    allowed = _allowed(wire, project, found)
    return body if allowed is None else {**body, "allowedValues": allowed}


def _default(wire: Wire, found: Field) -> object:
    """What a new issue gets when nothing is said."""
    if found.id == "priority":
        return wire.entities.priority(wire.site.state.priorities[wire.site.state.default_priority])
    return None if found.default is None else value_json(wire, found, found.default)


def _allowed(wire: Wire, project: Project, found: Field) -> Sequence[Shared] | None:
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
