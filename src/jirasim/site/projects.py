"""Making, changing, archiving and deleting projects, by the administrators of the site."""

import re
from collections.abc import Iterable
from dataclasses import replace

from jirasim.site import blueprints
from jirasim.site.errors import Refusal
from jirasim.site.events import PROJECT_CREATED, PROJECT_DELETED, PROJECT_UPDATED, Event
from jirasim.site.model import Project, User
from jirasim.site.owners import Json, check_arranges, named_user, text_of
from jirasim.site.permissions import ADMINISTRATORS, LEADERS, MEMBER, USERS, may
from jirasim.site.project_details import ProjectDetails
from jirasim.site.state import Site
from jirasim.site.workflow import Workflow

NOT_ALLOWED = "You must have global administrator rights in order to modify projects."
KEY = re.compile(r"[A-Z][A-Z0-9_]+")
BAD_KEY = (
    "Project keys must start with an uppercase letter, followed by one or more uppercase "
    "alphanumeric characters."
)
LONGEST_KEY = 10
LONGEST_NAME = 80
TYPES = ("software", "business", "service_desk")
ASSIGNEES = ("PROJECT_LEAD", "UNASSIGNED")
LEADS = ("leadAccountId", "lead")
SOFT_DELETED = "project_soft_deleted"
RESTORED = "project_restored_deleted"
ARCHIVED = "project_archived"
UNARCHIVED = "project_restored_archived"
NO_WORKFLOW = Workflow("", "", (), ())


def create(site: Site, actor: User, body: Json) -> Project:
    """A new project from the body of a create request."""
    check_may_make(actor)
    errors = complaints(site, body)
    lead = _lead(site, body, errors)
    if errors:
        raise Refusal(400, fields=errors)
    template = str(body.get("projectTemplateKey") or "")
    blank = Project(
        id=site.next_id("project", first=10010),
        key=text_of(body, "key"),
        name=text_of(body, "name"),
        lead=lead or actor.account_id,
        workflow=NO_WORKFLOW,
        issue_types=(),
        screens={},
        members=dict.fromkeys((actor.account_id, lead or actor.account_id), LEADERS),
        team_managed=site.product.cloud and blueprints.TEAM_TEMPLATE in template,
        group_roles={ADMINISTRATORS: LEADERS, USERS: (MEMBER,)},
        details=ProjectDetails(type_key=text_of(body, "projectTypeKey", "software")),
    )
    made = _filled(site, blueprints.equipped(site, blank), body)
    return _keep(site, actor, made, PROJECT_CREATED)


def edit(site: Site, actor: User, project: Project, body: Json) -> Project:
    """Change what the body names; with another key its issues are renamed."""
    check_arranges(actor, project)
    given = {
        **body,
        "key": body.get("key") or project.key,
        "name": body.get("name") or project.name,
    }
    errors = complaints(site, given, project)
    lead = _lead(site, body, errors)
    if errors:
        raise Refusal(400, fields=errors)
    renamed = replace(project, name=text_of(given, "name"), lead=lead or project.lead)
    after = _filled(site, _rekeyed(site, renamed, text_of(given, "key")), body)
    return _keep(site, actor, after, PROJECT_UPDATED)


def trash(site: Site, actor: User, project: Project) -> None:
    """Put it into Cloud's trash, from where it can be restored."""
    _check_may_delete(site, actor)
    details = replace(project.details, deleted_at=site.now(), deleted_by=actor.account_id)
    _keep(site, actor, replace(project, details=details), SOFT_DELETED)


def delete(site: Site, actor: User, project: Project) -> None:
    """Delete it with its issues, components and versions.  Its issues tell nobody."""
    _check_may_delete(site, actor)
    for issue in [one for one in site.state.issues.values() if one.project_id == project.id]:
        for link in site.links(issue):
            site.untie(link)
        site.remove(issue)
    for table in (site.state.components, site.state.versions):
        for gone in [one.id for one in table.values() if one.project_id == project.id]:
            table.pop(gone)
    del site.state.projects[project.id]
    site.revision += 1
    site.publish(Event(PROJECT_DELETED, site.now(), actor.account_id, subject=project))


def archive(site: Site, actor: User, project: Project) -> None:
    """Keep it for reading only, out of all lists."""
    check_may_make(actor)
    if not project.details.live:
        status = 400 if site.product.cloud else 403
        raise Refusal(status, f"Project with key '{project.key}' is already archived.")
    details = replace(project.details, archived_at=site.now(), archived_by=actor.account_id)
    _keep(site, actor, replace(project, details=details), ARCHIVED)


def restore(site: Site, actor: User, project: Project) -> Project:
    """Bring it back from the trash or the archive."""
    check_may_make(actor)
    old = project.details
    if old.live:
        raise Refusal(400, f"Project with key '{project.key}' is not archived or deleted.")
    kind = UNARCHIVED if old.deleted_at is None else RESTORED
    details = replace(old, archived_at=None, archived_by=None, deleted_at=None, deleted_by=None)
    return _keep(site, actor, replace(project, details=details), kind)


def check_may_make(actor: User) -> None:
    """Raise Refusal 403 unless the actor administers the site."""
    if not may(actor, "ADMINISTER", None):
        raise Refusal(403, NOT_ALLOWED)


def complaints(site: Site, body: Json, project: Project | None = None) -> dict[str, str]:
    """What is wrong with the key, name, type and assignee of a body, in Jira's words."""
    errors: dict[str, str] = {}
    others = [one for one in site.state.projects.values() if one is not project]
    if wrong := key_complaint(text_of(body, "key"), others):
        errors["projectKey"] = wrong
    if wrong := name_complaint(text_of(body, "name"), others):
        errors["projectName"] = wrong
    if text_of(body, "projectTypeKey", "software") not in TYPES:
        errors["projectType"] = "Invalid project type key."
    if body.get("assigneeType") not in (None, *ASSIGNEES):
        errors["assigneeType"] = "Invalid default assignee."
    category = body.get("categoryId")
    if category not in (None, -1, "-1") and str(category) not in site.state.categories:
        errors["categoryId"] = f"A project category with id '{category}' does not exist."
    return errors


def key_complaint(key: str, others: Iterable[Project]) -> str | None:
    """What is wrong with a key, if anything."""
    if not key:
        return "You must specify a unique project key, at least 2 characters long, containing only uppercase letters."
    if not KEY.fullmatch(key):
        return BAD_KEY
    if len(key) > LONGEST_KEY:
        return "The project key must not exceed 10 characters in length."
    for one in others:
        if key in {one.key, *one.details.former_keys}:
            return f"Project '{one.name}' uses this project key."
    return None


def name_complaint(name: str, others: Iterable[Project]) -> str | None:
    """What is wrong with a name, if anything."""
    if not name:
        return "You must specify a valid project name."
    if len(name) > LONGEST_NAME:
        return "The project name must not exceed 80 characters in length."
    if any(one.name.casefold() == name.casefold() for one in others):
        return "A project with that name already exists."
    return None


def _lead(site: Site, body: Json, errors: dict[str, str]) -> str | None:
    try:
        return named_user(site, body, *LEADS)
    except Refusal:
        errors["projectLead"] = "You must specify a valid project lead."
        return None


def _filled(site: Site, project: Project, body: Json) -> Project:
    details, category = project.details, body.get("categoryId", project.details.category_id)
    after = replace(
        details,
        url=text_of(body, "url", details.url),
        assignee_type=text_of(body, "assigneeType", details.assignee_type),
        category_id=None if category in {None, -1, "-1"} else str(category),
    )
    scheme = site.state.schemes.get(str(body.get("permissionScheme")), project.scheme)
    description = text_of(body, "description", project.description)
    return replace(project, details=after, description=description, scheme=scheme)


def _rekeyed(site: Site, project: Project, key: str) -> Project:
    """With another key, also for its issues; the old ones still lead to them."""
    if key == project.key:
        return project
    for issue in [one for one in site.state.issues.values() if one.project_id == project.id]:
        site.store(replace(issue, key=f"{key}-{issue.number}"))
    former = tuple(one for one in (*project.details.former_keys, project.key) if one != key)
    return replace(project, key=key, details=replace(project.details, former_keys=former))


def _keep(site: Site, actor: User, project: Project, kind: str) -> Project:
    site.state.projects[project.id] = project
    site.revision += 1
    site.publish(Event(kind, site.now(), actor.account_id, subject=project))
    return project


def _check_may_delete(site: Site, actor: User) -> None:
    if not may(actor, "ADMINISTER", None):
        raise Refusal(404 if site.product.cloud else 403, NOT_ALLOWED)
