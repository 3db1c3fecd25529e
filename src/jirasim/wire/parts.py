"""Components and versions as resources of their own."""

from datetime import date

from jirasim.site import releases
from jirasim.site.model import Project
from jirasim.site.parts import Component, Version
from jirasim.wire.entities import Json
from jirasim.wire.wire import Wire


def whole_component(wire: Wire, component: Component) -> Json:
    """With its lead, and who its new issues go to: asked for, and in fact."""
    project = wire.site.state.projects[component.project_id]
    body = dict(wire.entities.component(component))
    if component.lead is not None:
        body["lead"] = wire.user(component.lead)
    kind = component.assignee_type
    wanted, real = _assignee(component, project, kind), _real_type(component, kind)
    body |= {
        "assigneeType": kind,
        "assignee": wire.user(wanted),
        "realAssigneeType": real,
        "realAssignee": wire.user(_assignee(component, project, real)),
        "isAssigneeTypeValid": kind != "COMPONENT_LEAD" or component.lead is not None,
        "project": project.key,
        "projectId": int(project.id),
    }
    body = {name: value for name, value in body.items() if value is not None}
    return body if wire.site.product.cloud else {**body, "archived": component.archived}


def whole_version(wire: Wire, version: Version) -> Json:
    """With its project and its dates; overdue are those that should be out and are not."""
    body = {**wire.entities.version(version), "projectId": int(version.project_id)}
    if not version.description:
        del body["description"]
    for name, when in (("startDate", version.start), ("releaseDate", version.release)):
        if when is not None:
            readable = f"{when.day}/{when:%b/%Y}" if wire.site.product.cloud else _short(when)
            body |= {name: when.isoformat(), f"user{name[0].upper()}{name[1:]}": readable}
    if version.release is not None and not version.released:
        body["overdue"] = version.release < wire.site.now().date()
    return body


def fix_statuses(wire: Wire, version: Version) -> Json:
    """How many of the issues to be fixed in it are how far."""
    counts = {"unmapped": 0, "toDo": 0, "inProgress": 0, "done": 0}
    words = {"new": "toDo", "indeterminate": "inProgress", "done": "done"}
    for issue in releases.holders(wire.site, version, "fixVersions"):
        category = wire.site.state.statuses[issue.status_id].category.key
        counts[words.get(category, "unmapped")] += 1
    return dict(counts)


def _short(when: date) -> str:
    return f"{when.day}/{when:%b/%y}"


def _real_type(component: Component, kind: str) -> str:
    if kind == "COMPONENT_LEAD" and component.lead is None:
        return "PROJECT_DEFAULT"
    return kind


def _assignee(component: Component, project: Project, kind: str) -> str | None:
    match kind:
        case "COMPONENT_LEAD":
            return component.lead
        case "PROJECT_LEAD":
            return project.lead
        case _:
            return None
