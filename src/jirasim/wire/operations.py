"""`expand=operations`: what the caller can do with an issue, as the buttons of Jira's own page."""

from jirasim.site.model import Issue
from jirasim.site.permissions import may
from jirasim.site.transitions import available
from jirasim.wire.entities import Json
from jirasim.wire.wire import Wire

EDIT = (("edit-issue", "Edit", "EDIT_ISSUES", "/secure/EditIssue!default.jspa"),)
DAILY = (
    ("comment-issue", "Comment", "ADD_COMMENTS", "/secure/AddComment!default.jspa"),
    ("assign-issue", "Assign", "ASSIGN_ISSUES", "/secure/AssignIssue!default.jspa"),
)
MORE = (
    ("log-work", "Log work", "WORK_ON_ISSUES", "/secure/CreateWorklog!default.jspa"),
    ("attach-file", "Attach files", "CREATE_ATTACHMENTS", "/secure/AttachFile!default.jspa"),
    ("link-issue", "Link", "LINK_ISSUES", "/secure/LinkJiraIssue!default.jspa"),
    ("move-issue", "Move", "MOVE_ISSUES", "/secure/MoveIssue!default.jspa"),
    ("delete-issue", "Delete", "DELETE_ISSUES", "/secure/DeleteIssue!default.jspa"),
)
ICONS = {"edit-issue": "aui-icon aui-icon-small aui-iconfont-edit"}


def operations_json(wire: Wire, issue: Issue) -> Json:
    """The groups of the operations bar as recorded: buttons, a menu of more, transitions."""
    context = wire.site.product.context
    page = f"{context}/secure/WorkflowUIDispatcher.jspa?id={issue.id}&action="
    arrows = [
        _link(f"action_id_{one.id}", one.name, f"{page}{one.id}")
        for one in available(wire.site, wire.viewer, issue)
    ]
    menu: Json = {
        "header": {"id": "opsbar-operations_more", "label": "More"},
        "links": [],
        "groups": [{"links": [one], "groups": []} for one in _buttons(wire, issue, MORE)],
    }
    groups = [
        _group("edit-issue_container", 10, _buttons(wire, issue, EDIT)),
        _group("opsbar-operations", 20, _buttons(wire, issue, DAILY), menu),
        _group("opsbar-transitions", 40, arrows),
    ]
    return {"linkGroups": [{"id": "view.issue.opsbar", "links": [], "groups": groups}]}


def _buttons(wire: Wire, issue: Issue, rows: tuple[tuple[str, str, str, str], ...]) -> list[Json]:
    project, context = wire.site.state.projects[issue.project_id], wire.site.product.context
    return [
        _link(name, label, f"{context}{page}?id={issue.id}")
        for name, label, permission, page in rows
        if may(wire.viewer, permission, project)
    ]


def _group(name: str, weight: int, links: list[Json], *groups: Json) -> Json:
    return {"id": name, "weight": weight, "links": links, "groups": list(groups)}


def _link(name: str, label: str, href: str) -> Json:
    body: Json = {"id": name, "styleClass": f"issueaction-{name}"}
    if name in ICONS:
        body["iconClass"] = ICONS[name]
    return {**body, "label": label, "title": label, "href": href, "weight": 10}
