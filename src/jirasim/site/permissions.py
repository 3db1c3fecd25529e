"""Who may do what where, by groups and permission schemes.  Answers; refuses nothing itself."""

from collections.abc import Mapping

from jirasim.site.grants import Grant, Holder, PermissionScheme
from jirasim.site.levels import SecurityLevel
from jirasim.site.model import (
    Comment,
    Issue,
    Project,
    User,
    Visibility,
    Worklog,
)
from jirasim.site.permission_keys import GLOBAL, PROJECT
from jirasim.site.state import Site

ADMINISTRATOR = "Administrator"
MEMBER = "Member"
VIEWER = "Viewer"
KEEPERS = "Administrators"
"""The role that every Jira has from the start, and that the documents' examples name."""
ROLE_IDS: Mapping[str, str] = {
    ADMINISTRATOR: "10002",
    MEMBER: "10003",
    VIEWER: "10004",
    KEEPERS: "10005",
}
LEADERS = (ADMINISTRATOR, KEEPERS)
ROLES = frozenset(ROLE_IDS)
NOT_FOR_MEMBERS = frozenset(
    {
        "ADMINISTER_PROJECTS",
        "MANAGE_WATCHERS",
        "EDIT_ALL_COMMENTS",
        "DELETE_ALL_COMMENTS",
        "DELETE_ISSUES",
        "EDIT_ALL_WORKLOGS",
        "DELETE_ALL_WORKLOGS",
        "DELETE_ALL_ATTACHMENTS",
    }
)
ADMINISTRATORS = "jira-administrators"
USERS = "jira-software-users"
CUSTOMERS = "jira-servicedesk-customers"
EVERYONE = frozenset({"USER_PICKER", "BULK_CHANGE", "CREATE_SHARED_OBJECTS"})


def _usual(permission: str) -> tuple[str, ...]:
    """The roles that hold a permission in the default scheme."""
    if permission == "BROWSE_PROJECTS":
        return (ADMINISTRATOR, MEMBER, VIEWER)
    return (ADMINISTRATOR,) if permission in NOT_FOR_MEMBERS else (ADMINISTRATOR, MEMBER)


DEFAULT_SCHEME = PermissionScheme(
    "0",
    "Default Permission Scheme",
    "This is the default Permission Scheme. Any new projects that are created will be assigned this scheme.",
    tuple(
        Grant(str(10000 + 10 * place + rank), key, Holder.ROLE, ROLE_IDS[role])
        for place, key in enumerate(PROJECT)
        for rank, role in enumerate(_usual(key))
    ),
)
PUBLIC_SCHEME = PermissionScheme(
    "10000",
    "Public Permission Scheme",
    "Everybody may look, without logging in.",
    (*DEFAULT_SCHEME.grants, Grant("10900", "BROWSE_PROJECTS", Holder.ANYONE)),
)


def may(
    user: User | None, permission: str, project: Project | None, issue: Issue | None = None
) -> bool:
    """Whether the user has this permission, in this project if it is one of a project.

    Without an issue nobody is its reporter or assignee.
    """
    if user is not None and not user.active:
        return False
    if permission in GLOBAL:
        return user is not None and (is_administrator(user) or permission in EVERYONE)
    if project is None or project.details.deleted_at is not None:
        return False
    if project.details.archived_at is not None and permission != "BROWSE_PROJECTS":
        return False
    mine = standing(user, project, issue)
    return any(
        grant.permission == permission and (grant.holder, grant.parameter) in mine
        for grant in (project.scheme or DEFAULT_SCHEME).grants
    )


def is_administrator(user: User) -> bool:
    """Whether the user administers the whole site."""
    return ADMINISTRATORS in user.groups


def standing(
    user: User | None, project: Project, issue: Issue | None
) -> frozenset[tuple[Holder, str]]:
    """All that somebody is, as grants name their holders."""
    if user is None:
        return frozenset({(Holder.ANYONE, "")})
    account_id = user.account_id
    mine = {(Holder.ANYONE, ""), (Holder.USER, account_id)}
    mine.update((Holder.GROUP, name) for name in user.groups)
    mine.update((Holder.ROLE, ROLE_IDS[role]) for role in roles_of(project, user))
    if USERS in user.groups:
        mine |= {(Holder.APPLICATION_ROLE, ""), (Holder.APPLICATION_ROLE, "jira-software")}
    if project.lead == account_id:
        mine.add((Holder.PROJECT_LEAD, ""))
    if issue is not None and issue.reporter == account_id:
        mine.add((Holder.REPORTER, ""))
    if issue is not None and issue.assignee == account_id:
        mine.add((Holder.ASSIGNEE, ""))
    return frozenset(mine)


def roles_of(project: Project, user: User) -> tuple[str, ...]:
    """The roles of a user in a project: their own, and those of their groups."""
    own = project.members.get(user.account_id, ())
    lent = (roles for group, roles in project.group_roles.items() if group in user.groups)
    return (*own, *(role for roles in lent for role in roles))


def visible_projects(site: Site, user: User | None) -> tuple[Project, ...]:
    """The projects that the user may browse, by key."""
    live = (one for one in site.state.projects.values() if one.details.live)
    found = [one for one in live if may(user, "BROWSE_PROJECTS", one)]
    return tuple(sorted(found, key=lambda project: project.key))


def may_see(site: Site, user: User | None, issue: Issue) -> bool:
    """Whether the issue exists for this user."""
    project = site.state.projects[issue.project_id]
    if not may(user, "BROWSE_PROJECTS", project, issue):
        return False
    if issue.security_id is None:
        return True
    level = site.security_level(issue.security_id)
    mine = user is not None and issue.reporter == user.account_id
    return level is None or is_in_level(user, project, level) or (level.reporter and mine)


def is_in_level(user: User | None, project: Project, level: SecurityLevel) -> bool:
    """Whether the user belongs to a security level through their roles in the project."""
    return user is not None and not level.roles.isdisjoint(roles_of(project, user))


def may_read(site: Site, user: User | None, issue: Issue, entry: Comment | Worklog) -> bool:
    """Whether a comment or worklog, perhaps restricted to a role or group, exists for this user."""
    return is_among(user, site.state.projects[issue.project_id], entry.visibility)


def is_among(user: User | None, project: Project, shown: Visibility | None) -> bool:
    """Whether the user is one of those to whom something is restricted."""
    if shown is None:
        return True
    if user is None:
        return False
    return shown.value in (user.groups if shown.kind == "group" else roles_of(project, user))


def assignable(site: Site, project: Project) -> tuple[User, ...]:
    """The accounts that issues of the project may be assigned to, by name."""
    users = site.state.users.values()
    found = [user for user in users if may(user, "ASSIGNABLE_USER", project)]
    return tuple(sorted(found, key=lambda user: user.display_name))
