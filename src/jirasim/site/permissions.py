"""Who may do what where.  Answers questions; refuses nothing itself."""

from collections.abc import Mapping

from jirasim.site.model import Comment, Issue, Project, User, Worklog
from jirasim.site.state import Site

GLOBAL = {
    "ADMINISTER": "Administer Jira",
    "SYSTEM_ADMIN": "System Administrator",
    "USER_PICKER": "Browse users and groups",
    "BULK_CHANGE": "Make bulk changes",
    "CREATE_PROJECT": "Create projects",
}
PROJECT = {
    "ADMINISTER_PROJECTS": "Administer Projects",
    "BROWSE_PROJECTS": "Browse Projects",
    "CREATE_ISSUES": "Create Issues",
    "EDIT_ISSUES": "Edit Issues",
    "TRANSITION_ISSUES": "Transition Issues",
    "ASSIGN_ISSUES": "Assign Issues",
    "ASSIGNABLE_USER": "Assignable User",
    "CLOSE_ISSUES": "Close Issues",
    "DELETE_ISSUES": "Delete Issues",
    "LINK_ISSUES": "Link Issues",
    "MODIFY_REPORTER": "Modify Reporter",
    "MOVE_ISSUES": "Move Issues",
    "RESOLVE_ISSUES": "Resolve Issues",
    "SCHEDULE_ISSUES": "Schedule Issues",
    "ADD_COMMENTS": "Add Comments",
    "EDIT_ALL_COMMENTS": "Edit All Comments",
    "EDIT_OWN_COMMENTS": "Edit Own Comments",
    "DELETE_ALL_COMMENTS": "Delete All Comments",
    "DELETE_OWN_COMMENTS": "Delete Own Comments",
    "CREATE_ATTACHMENTS": "Create Attachments",
    "DELETE_ALL_ATTACHMENTS": "Delete All Attachments",
    "DELETE_OWN_ATTACHMENTS": "Delete Own Attachments",
    "MANAGE_WATCHERS": "Manage Watchers",
    "VIEW_VOTERS_AND_WATCHERS": "View Voters and Watchers",
    "WORK_ON_ISSUES": "Work On Issues",
    "EDIT_OWN_WORKLOGS": "Edit Own Worklogs",
    "EDIT_ALL_WORKLOGS": "Edit All Worklogs",
    "DELETE_OWN_WORKLOGS": "Delete Own Worklogs",
    "DELETE_ALL_WORKLOGS": "Delete All Worklogs",
}
ADMINISTRATOR = "Administrator"
MEMBER = "Member"
VIEWER = "Viewer"
ROLES: Mapping[str, frozenset[str]] = {
    ADMINISTRATOR: frozenset(PROJECT),
    MEMBER: frozenset(PROJECT)
    - {
        "ADMINISTER_PROJECTS",
        "MANAGE_WATCHERS",
        "EDIT_ALL_COMMENTS",
        "DELETE_ALL_COMMENTS",
        "DELETE_ISSUES",
        "EDIT_ALL_WORKLOGS",
        "DELETE_ALL_WORKLOGS",
        "DELETE_ALL_ATTACHMENTS",
    },
    VIEWER: frozenset({"BROWSE_PROJECTS"}),
}
ROLE_IDS: Mapping[str, str] = {ADMINISTRATOR: "10002", MEMBER: "10003", VIEWER: "10004"}
EVERYONE = frozenset({"USER_PICKER", "BULK_CHANGE"})


def may(user: User | None, permission: str, project: Project | None) -> bool:
    """Whether the user has this permission, in this project if it is one of a project."""
    if user is None or not user.active:
        return False
    if permission in GLOBAL:
        return user.site_admin or permission in EVERYONE
    if project is None:
        return False
    return permission in ROLES.get(project.members.get(user.account_id, ""), frozenset())


def visible_projects(site: Site, user: User | None) -> tuple[Project, ...]:
    """The projects that the user may browse, by key."""
    found = [p for p in site.state.projects.values() if may(user, "BROWSE_PROJECTS", p)]
    return tuple(sorted(found, key=lambda project: project.key))


def may_see(site: Site, user: User | None, issue: Issue) -> bool:
    """Whether the issue exists for this user."""
    return may(user, "BROWSE_PROJECTS", site.state.projects[issue.project_id])


def may_read(site: Site, user: User | None, issue: Issue, entry: Comment | Worklog) -> bool:
    """Whether a comment or worklog, perhaps restricted to a role, exists for this user."""
    if entry.visibility is None:
        return True
    if user is None:
        return False
    members = site.state.projects[issue.project_id].members
    return members.get(user.account_id) == entry.visibility.value


def assignable(site: Site, project: Project) -> tuple[User, ...]:
    """The accounts that issues of the project may be assigned to, by name."""
    users = (site.state.users[account_id] for account_id in project.members)
    found = [user for user in users if may(user, "ASSIGNABLE_USER", project)]
    return tuple(sorted(found, key=lambda user: user.display_name))
