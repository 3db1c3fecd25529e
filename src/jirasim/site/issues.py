"""Making, editing, assigning and deleting issues, by Jira's rules (jira.md 6)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from jirasim.site import additions, attachments, changes, edits, links, properties, worklogs
from jirasim.site.decode import BadValue, Target, UnknownUser, assignee, issue_type
from jirasim.site.errors import Refusal, issue_unseen, issue_unseen_on_server
from jirasim.site.events import (
    COMMENT_DELETED,
    ISSUE_CREATED,
    ISSUE_DELETED,
    Event,
)
from jirasim.site.model import ChangeItem, History, Issue, Project, User
from jirasim.site.parents import check_parent
from jirasim.site.permissions import may, may_see
from jirasim.site.ranks import after
from jirasim.site.recording import record
from jirasim.site.screens import apply_defaults, check_required, creatable, editable
from jirasim.site.state import Site

Json = Mapping[str, object]
TYPE_WANTED = ("Specify an issue type", "Specify a valid issue type")
TYPE_REQUIRED = ("issue type is required", "valid issue type is required")
"""Of no type, and of an unknown one: Cloud, and Server in the words of Jira's own code."""


def visible(site: Site, user: User | None, id_or_key: str) -> Issue:
    """The issue.  Raises Refusal 404 when absent or hidden."""
    found = site.find_issue(id_or_key)
    if found is not None and may_see(site, user, found):
        return found
    if site.product.cloud:
        raise issue_unseen()
    raise issue_unseen_on_server(exists=found is not None, anonymous=user is None)


def create(site: Site, actor: User, body: Json) -> Issue:
    """Make an issue from the body of a create request."""
    fields = edits.as_object(body.get("fields"))
    project = _project(site, actor, fields.get("project"))
    target = Target(site, project, actor)
    type_id = _type(target, fields.get("issuetype"))
    form = {
        **body,
        "fields": {k: v for k, v in fields.items() if k not in {"project", "issuetype"}},
    }
    offered = creatable(site, project, type_id, actor)
    found = edits.read(target, form, settable=offered.__contains__)
    apply_defaults(site, found, offered)
    found.values.setdefault("parent", None)
    check_required(site, project, type_id, found)
    check_parent(target, type_id, found)
    additions.check(site, actor, found)
    found.refuse_if_wrong()
    given = properties.read_list(body.get("properties"))
    issue = _stored(target, type_id, found.values, given)
    _announce_creation(site, actor, issue)
    return additions.apply(site, actor, issue, found)


def edit(site: Site, actor: User, issue: Issue, body: Json) -> Issue:
    """Change fields.  An edit that changes nothing leaves no trace."""
    project = site.state.projects[issue.project_id]
    if not may(actor, "EDIT_ISSUES", project, issue):
        raise Refusal(400, "You do not have permission to edit issues in this project.")
    asked = {key for key, one in body.items() if one is not None}
    if not (site.product.cloud or asked & {"fields", "update", "properties"}):
        raise Refusal(400, edits.NOTHING_ASKED)
    target = Target(site, project, actor, issue)
    fields = {
        k: v
        for k, v in edits.as_object(body.get("fields")).items()
        if not _same_project(site, issue, k, v)
    }
    found = edits.read(target, {**body, "fields": fields}, settable=editable(site, issue, actor))
    check_parent(target, issue.type_id, found)
    additions.check(site, actor, found)
    found.refuse_if_wrong()
    given = properties.read_list(body.get("properties"))
    told = edits.as_object(body.get("historyMetadata"))
    after = change(site, actor, issue, found.values, metadata=told)
    after = additions.apply(site, actor, after, found)
    for key, value in given.items():
        properties.put(site, actor, site.state.issues[after.id], key, value)
    return site.state.issues[after.id]


def assign(site: Site, actor: User, issue: Issue, person: object) -> None:
    """Set the assignee, named as in a field; needs ASSIGN_ISSUES and nothing else."""
    project = site.state.projects[issue.project_id]
    if not may(actor, "ASSIGN_ISSUES", project, issue):
        raise Refusal(
            403 if site.product.cloud else 401, "You do not have permission to assign issues."
        )
    try:
        who = assignee(Target(site, project, actor, issue), person)
    except UnknownUser as error:
        raise Refusal(400 if site.product.cloud else 404, fields={"assignee": str(error)}) from None
    except BadValue as error:
        raise Refusal(400, fields={"assignee": str(error)}) from None
    change(site, actor, issue, {"assignee": who}, assigning=True)


def delete(site: Site, actor: User, issue: Issue, *, with_subtasks: bool) -> None:
    """Delete for good.  Children of an epic survive; sub-tasks go along or forbid it."""
    if not may(actor, "DELETE_ISSUES", site.state.projects[issue.project_id], issue):
        raise Refusal(403, "You do not have permission to delete issues in this project.")
    subtasks = site.subtasks(issue)
    if subtasks and not with_subtasks:
        raise Refusal(
            400,
            f"The issue '{issue.key}' has subtasks.  You must specify the 'deleteSubtasks' "
            "parameter to delete this issue and all its subtasks.",
        )
    for child in site.children(issue):
        if child in subtasks:
            _forget(site, actor, child)
        else:
            site.store(replace(child, parent_id=None))
    _forget(site, actor, issue)


def change(
    site: Site,
    actor: User,
    issue: Issue,
    values: Json,
    *,
    assigning: bool = False,
    metadata: Json | None = None,
) -> Issue:
    """Store new values with one entry of the changelog, and tell listeners.

    Server calls it an assignment only where that was asked for by name (recorded webhooks).
    """
    items = changes.differences(site, issue, issue.with_values(values), values)
    if not items:
        return issue
    assigning = assigning or (site.product.cloud and _only_assignee(items))
    kind = "issue_assigned" if assigning else "issue_updated"
    after = issue.with_values(values)
    return record(site, actor, after, items, kind, metadata=metadata)


def _only_assignee(items: Iterable[ChangeItem]) -> bool:
    return {one.field for one in items} == {"assignee"}


def _project(site: Site, actor: User, raw: object) -> Project:
    given = raw if isinstance(raw, Mapping) else {}
    project = site.find_project(str(given.get("id") or given.get("key") or ""))
    if project is None or not may(actor, "BROWSE_PROJECTS", project):
        absent = raw is None and not site.product.cloud
        said = "project is required" if absent else "valid project is required"
        raise Refusal(400, fields={"project": said})
    if not may(actor, "CREATE_ISSUES", project):
        raise Refusal(403, "You do not have permission to create issues in this project.")
    return project


def _type(target: Target, raw: object) -> str:
    missing, unknown = TYPE_WANTED if target.site.product.cloud else TYPE_REQUIRED
    if raw is None:
        raise Refusal(400, fields={"issuetype": missing})
    try:
        return issue_type(target, raw)
    except BadValue:
        raise Refusal(400, fields={"issuetype": unknown}) from None


def _same_project(site: Site, issue: Issue, name: str, raw: object) -> bool:
    if name != "project" or not isinstance(raw, Mapping):
        return False
    project = site.find_project(str(raw.get("id") or raw.get("key") or ""))
    return project is not None and project.id == issue.project_id


def _stored(target: Target, type_id: str, values: Json, given: Json) -> Issue:
    site, project = target.site, target.project
    now = site.now()
    blank = Issue(
        id=site.next_id("issue"),
        key=f"{project.key}-{site.next_id(f'key of {project.id}', first=1)}",
        project_id=project.id,
        type_id=type_id,
        status_id=project.workflow_of(type_id).initial,
        summary="",
        creator=target.actor.account_id,
        reporter=target.actor.account_id,
        priority_id=site.state.default_priority,
        created=now,
        updated=now,
        status_changed=now,
        properties=given,
        watchers=(target.actor.account_id,) if site.state.settings.autowatch else (),
        rank=after(site.ranking.lowest()),
    )
    issue = blank.with_values(values)
    site.store(issue)
    return issue


def _announce_creation(site: Site, actor: User, issue: Issue) -> None:
    first = changes.initial(site, issue)
    entry = History(site.next_id("history"), actor.account_id, issue.created, first)
    site.publish(
        Event(
            ISSUE_CREATED,
            issue.created,
            actor.account_id,
            issue,
            type_name="issue_created",
            changelog=entry,
        )
    )
    properties.announce(site, actor, issue, issue.properties.items())


def _forget(site: Site, actor: User, issue: Issue) -> None:
    site.remove(issue)
    now, who = site.now(), actor.account_id
    site.publish(Event(ISSUE_DELETED, now, who, issue, type_name="issue_deleted"))
    for comment in issue.comments:
        site.publish(Event(COMMENT_DELETED, now, who, issue, comment=comment, cascade=True))
    worklogs.forget_all(site, who, issue)
    links.forget_all(site, who, issue)
    attachments.forget_all(site, who, issue)
