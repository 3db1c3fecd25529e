"""Moving an issue to another project, type or parent: new key, same id (jira.md 6.5).

Cloud moves in bulk over REST; Server has no REST for it, people do it in the browser.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from jirasim.site import changes
from jirasim.site.errors import Refusal
from jirasim.site.model import ChangeItem, Issue, Project, User
from jirasim.site.permissions import may
from jirasim.site.recording import record
from jirasim.site.state import Site

MOVED = "issue_moved"
OF_A_PROJECT = ("components", "fixVersions", "versions", "security")
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where issues go.

    `statuses` maps statuses that the new workflow lacks, its first one takes the rest; `values`
    are stored values of fields that the new project demands.
    """

    project: Project
    type_id: str
    parent: Issue | None = None
    statuses: Mapping[str, str] = field(default_factory=dict)
    values: Values = field(default_factory=dict)


def move(site: Site, actor: User, issue: Issue, where: Destination) -> Issue:
    """Move an issue with its sub-tasks.  Old keys lead to it from now on, too."""
    _check(site, actor, issue, where)
    subtasks = site.subtasks(issue)
    follow = {one.id: _subtask_type(site, one, where.project) for one in subtasks}
    after = _moved(site, actor, issue, where)
    for child in subtasks:
        inside = Destination(where.project, follow[child.id], after, where.statuses)
        _moved(site, actor, site.state.issues[child.id], inside)
    return site.state.issues[after.id]


def _check(site: Site, actor: User, issue: Issue, where: Destination) -> None:
    source = site.state.projects[issue.project_id]
    if not may(actor, "MOVE_ISSUES", source):
        raise Refusal(403, "You do not have permission to move issues in this project.")
    if not may(actor, "CREATE_ISSUES", where.project):
        raise Refusal(403, "You do not have permission to create issues in this project.")
    if where.type_id not in where.project.issue_types:
        raise Refusal(400, "The issue type selected is invalid.")
    _check_parent(site, issue, where)
    filled = _filled(issue, where)
    missing = [
        f"{site.state.fields[name].name} is required."
        for name in sorted(where.project.screens[where.type_id].required)
        if filled.value(name) is None or filled.value(name) == ()
    ]
    if missing:
        raise Refusal(400, *missing)


def _check_parent(site: Site, issue: Issue, where: Destination) -> None:
    kind = site.state.issue_types[where.type_id]
    if where.parent is None:
        if kind.subtask and _kept_parent(site, issue, where) is None:
            raise Refusal(400, "Issue type is a sub-task but parent issue key or id not specified.")
        return
    level = site.state.issue_types[where.parent.type_id].hierarchy_level
    if level != kind.hierarchy_level + 1 or where.parent.id == issue.id:
        raise Refusal(400, "Given parent issue does not belong to appropriate hierarchy.")
    if kind.subtask and where.parent.project_id != where.project.id:
        raise Refusal(400, "Sub-tasks must be created in the same project as the parent.")


def _kept_parent(site: Site, issue: Issue, where: Destination) -> str | None:
    """The parent that still fits after the move."""
    parent = site.state.issues.get(issue.parent_id or "")
    if parent is None:
        return None
    kind, types = site.state.issue_types[where.type_id], site.state.issue_types
    fits = types[parent.type_id].hierarchy_level == kind.hierarchy_level + 1
    at_home = not kind.subtask or parent.project_id == where.project.id
    return parent.id if fits and at_home else None


def _subtask_type(site: Site, issue: Issue, project: Project) -> str:
    """The type of a sub-task in the new project: its own, else the first of its kind."""
    if issue.type_id in project.issue_types:
        return issue.type_id
    types = site.state.issue_types
    found = next((one for one in project.issue_types if types[one].subtask), None)
    if found is None:
        raise Refusal(400, "The project has no issue type for the sub-tasks of this issue.")
    return found


def _filled(issue: Issue, where: Destination) -> Issue:
    """The issue with the fields of its new home: what that does not have is dropped."""
    offered = {*where.project.screens[where.type_id].fields}
    custom = {name: value for name, value in issue.custom.items() if name in offered}
    kept = replace(issue, custom=custom)
    if where.project.id != issue.project_id:
        nothing = {name: None if name == "security" else () for name in OF_A_PROJECT}
        kept = kept.with_values(nothing)
    return kept.with_values(where.values)


def _moved(site: Site, actor: User, issue: Issue, where: Destination) -> Issue:
    flow = where.project.workflow_of(where.type_id)
    status = where.statuses.get(issue.status_id, issue.status_id)
    status = status if status in flow.statuses else flow.initial
    statuses = site.state.statuses
    crossed = statuses[status].category != statuses[issue.status_id].category
    after = replace(
        _filled(issue, where),
        key=_key(site, issue, where.project),
        project_id=where.project.id,
        type_id=where.type_id,
        status_id=status,
        parent_id=where.parent.id if where.parent else _kept_parent(site, issue, where),
        status_changed=site.now() if crossed else issue.status_changed,
    )
    return record(site, actor, after, _items(site, issue, after), MOVED)


def _key(site: Site, issue: Issue, project: Project) -> str:
    if project.id == issue.project_id:
        return issue.key
    return f"{project.key}-{site.next_id(f'key of {project.id}', first=1)}"


def _items(site: Site, before: Issue, after: Issue) -> tuple[ChangeItem, ...]:
    """In the recorded order: type, project, status, workflow, key; then what else changed."""
    old, new = (site.state.projects[one.project_id] for one in (before, after))
    flows = (old.workflow_of(before.type_id), new.workflow_of(after.type_id))
    items = [*changes.differences(site, before, after, ("issuetype",))]
    if old.id != new.id:
        items.append(ChangeItem("project", "project", old.id, old.name, new.id, new.name))
    if before.status_id != after.status_id:
        items.append(changes.status(site, before.status_id, after.status_id))
    if flows[0].id != flows[1].id:
        sides = (flows[0].id, flows[0].name, flows[1].id, flows[1].name)
        items.append(ChangeItem("Workflow", None, *sides))
    if before.key != after.key:
        items.append(ChangeItem("Key", None, None, before.key, None, after.key))
    names = (*OF_A_PROJECT, "parent", *dict.fromkeys((*before.custom, *after.custom)))
    return (*items, *changes.differences(site, before, after, names))
