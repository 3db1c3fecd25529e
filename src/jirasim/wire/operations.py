"""`expand=operations`: what the caller can do with an issue, as the buttons of Jira's own page."""

from jirasim.site.model import Issue
from jirasim.site.permissions import may
from jirasim.site.transitions import available
from jirasim.wire.entities import Json
from jirasim.wire.wire import Wire

BUTTONS = (
    ("edit-issue", "Edit", "EDIT_ISSUES", "/secure/EditIssue!default.jspa"),
    ("comment-issue", "Comment", "ADD_COMMENTS", "/secure/AddComment!default.jspa"),
    ("assign-issue", "Assign", "ASSIGN_ISSUES", "/secure/AssignIssue!default.jspa"),
    ("log-work", "Log work", "WORK_ON_ISSUES", "/secure/CreateWorklog!default.jspa"),
    ("link-issue", "Link", "LINK_ISSUES", "/secure/LinkJiraIssue!default.jspa"),
    ("move-issue", "Move", "MOVE_ISSUES", "/secure/MoveIssue!default.jspa"),
    ("delete-issue", "Delete", "DELETE_ISSUES", "/secure/DeleteIssue!default.jspa"),
)


def operations_json(wire: Wire, issue: Issue) -> Json:
    """The groups of the operations bar: buttons, then transitions."""
    project = wire.site.state.projects[issue.project_id]
    buttons = [
        _link(name, label, f"{page}?id={issue.id}")
        for name, label, permission, page in BUTTONS
        if may(wire.viewer, permission, project)
    ]
    page = f"/secure/WorkflowUIDispatcher.jspa?id={issue.id}&action="
    arrows = [
        _link(f"action_id_{one.id}", one.name, f"{page}{one.id}")
        for one in available(wire.site, wire.viewer, issue)
    ]
    groups = [
        _group("opsbar-operations", 20, buttons),
        _group("opsbar-transitions", 40, arrows),
    ]
    bar: Json = {"id": "view.issue.opsbar", "links": [], "groups": groups}
    return {"linkGroups": [bar]}


def _group(name: str, weight: int, links: list[Json]) -> Json:
    return {"id": name, "weight": weight, "links": links, "groups": []}


def _link(name: str, label: str, href: str) -> Json:
    return {"id": name, "label": label, "title": label, "href": href, "weight": 10}
