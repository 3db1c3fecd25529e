"""Which fields a form offers to whom, and which it insists on."""

from collections.abc import Container

from jirasim.site.edits import Edits, Settable
from jirasim.site.model import Issue, Project, User
from jirasim.site.permissions import may
from jirasim.site.state import Site
from jirasim.site.workflow import Screen

READ_ONLY_IN_EDIT = frozenset({"project", "resolution", "comment"})
NEEDS = {
    "assignee": "ASSIGN_ISSUES",
    "reporter": "MODIFY_REPORTER",
    "duedate": "SCHEDULE_ISSUES",
}


def creatable(site: Site, project: Project, type_id: str, user: User) -> frozenset[str]:
    """The fields that this user may fill when making an issue of this type."""
    fields = {
        name
        for name in _screen(project, type_id).fields
        if _allowed(project, user, name) and not site.state.fields[name].trashed
    }
    childless = not (site.product.cloud or site.state.issue_types[type_id].subtask)
    return frozenset(fields - {"parent"} if childless else fields)


def editable(site: Site, issue: Issue, user: User) -> Settable:
    """Which fields this user may edit: Cloud looks at the field, Server at the edit screen too."""
    project = site.state.projects[issue.project_id]
    screens = project.screens.values() if site.product.cloud else (project.screens[issue.type_id],)
    offered = {name for screen in screens for name in screen.fields}
    closed = READ_ONLY_IN_EDIT if site.product.cloud else READ_ONLY_IN_EDIT | {"parent"}

    def settable(name: str) -> bool:
        if name in closed or name not in site.state.fields or site.state.fields[name].trashed:
            return False
        return name in offered | {"issuetype"} and _allowed(project, user, name)

    return settable


def apply_defaults(site: Site, found: Edits, offered: Container[str]) -> None:
    """Give each field of the form that the request leaves out its default."""
    for field in site.state.fields.values():
        if field.default is not None and field.id in offered and field.id not in found.values:
            found.values[field.id] = field.default


def check_required(site: Site, project: Project, type_id: str, found: Edits) -> None:
    """Add a complaint for each required field that is empty."""
    for name in sorted(_screen(project, type_id).required):
        if found.values.get(name) is None and name not in found.errors:
            found.errors[name] = (
                "You must specify a summary of the issue."
                if name == "summary"
                else f"{site.state.fields[name].name} is required."
            )


def _screen(project: Project, type_id: str) -> Screen:
    return project.screens[type_id]


def _allowed(project: Project, user: User, name: str) -> bool:
    return name not in NEEDS or may(user, NEEDS[name], project)
