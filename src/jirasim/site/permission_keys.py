"""All permissions by key: number, name, description, and whom a site of the seed grants them.

Numbers are those of Jira's own constants; `GLOBAL` ones belong to groups, the others to schemes.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that can be allowed.  `deprecated` is the key that Server had before 6.4."""

    key: str
    number: int
    name: str
    description: str
    deprecated: str = ""


def _table(*rows: Permission) -> Mapping[str, Permission]:
    return {row.key: row for row in rows}


GLOBAL = _table(
    Permission("ADMINISTER", 0, "Administer Jira", "Perform most administration functions."),
    Permission("SYSTEM_ADMIN", 44, "Jira System Administrators", "Perform all administration."),
    Permission("USER_PICKER", 27, "Browse Users", "Select a user or group from a window."),
    Permission("CREATE_SHARED_OBJECTS", 22, "Create Shared Objects", "Share filters and boards."),
    Permission(
        "MANAGE_GROUP_FILTER_SUBSCRIPTIONS",
        24,
        "Manage Group Filter Subscriptions",
        "Manage the filter subscriptions of groups.",
    ),
    Permission("BULK_CHANGE", 33, "Bulk Change", "Modify many issues at once."),
    Permission("CREATE_PROJECT", 47, "Create projects", "Make projects of one's own."),
)
PROJECT = _table(
    Permission(
        "ADMINISTER_PROJECTS",
        23,
        "Administer Projects",
        "Administer a project in Jira.",
        "PROJECT_ADMIN",
    ),
    Permission(
        "BROWSE_PROJECTS", 10, "Browse Projects", "See projects and their issues.", "BROWSE"
    ),
    Permission(
        "MANAGE_SPRINTS_PERMISSION", 49, "Manage Sprints", "Plan, start and complete sprints."
    ),
    Permission("VIEW_DEV_TOOLS", 29, "View Development Tools", "See the development panel."),
    Permission(
        "VIEW_READONLY_WORKFLOW", 45, "View Read-Only Workflow", "Look at workflows as pictures."
    ),
    Permission("CREATE_ISSUES", 11, "Create Issues", "Ability to create issues.", "CREATE_ISSUE"),
    Permission("EDIT_ISSUES", 12, "Edit Issues", "Ability to edit issues.", "EDIT_ISSUE"),
    Permission(
        "TRANSITION_ISSUES", 46, "Transition Issues", "Ability to transition issues to a status."
    ),
    Permission("ASSIGN_ISSUES", 13, "Assign Issues", "Assign issues to people.", "ASSIGN_ISSUE"),
    Permission("ASSIGNABLE_USER", 17, "Assignable User", "Be assigned to issues."),
    Permission("CLOSE_ISSUES", 18, "Close Issues", "Ability to close issues.", "CLOSE_ISSUE"),
    Permission("DELETE_ISSUES", 16, "Delete Issues", "Ability to delete issues.", "DELETE_ISSUE"),
    Permission("LINK_ISSUES", 21, "Link Issues", "Ability to link issues.", "LINK_ISSUE"),
    Permission("MODIFY_REPORTER", 30, "Modify Reporter", "Change the reporter of issues."),
    Permission("MOVE_ISSUES", 25, "Move Issues", "Move issues between projects.", "MOVE_ISSUE"),
    Permission("RESOLVE_ISSUES", 14, "Resolve Issues", "Resolve and reopen.", "RESOLVE_ISSUE"),
    Permission("SCHEDULE_ISSUES", 28, "Schedule Issues", "Set due dates.", "SCHEDULE_ISSUE"),
    Permission("SET_ISSUE_SECURITY", 26, "Set Issue Security", "Set who may see an issue."),
    Permission("MANAGE_WATCHERS", 32, "Manage Watchers", "Manage watchers.", "MANAGE_WATCHER_LIST"),
    Permission(
        "VIEW_VOTERS_AND_WATCHERS", 31, "View Voters and Watchers", "See who votes and watches."
    ),
    Permission("ADD_COMMENTS", 15, "Add Comments", "Comment on issues.", "COMMENT_ISSUE"),
    Permission(
        "EDIT_ALL_COMMENTS", 34, "Edit All Comments", "Edit all comments.", "COMMENT_EDIT_ALL"
    ),
    Permission(
        "EDIT_OWN_COMMENTS", 35, "Edit Own Comments", "Edit own comments.", "COMMENT_EDIT_OWN"
    ),
    Permission(
        "DELETE_ALL_COMMENTS", 36, "Delete All Comments", "Delete all.", "COMMENT_DELETE_ALL"
    ),
    Permission(
        "DELETE_OWN_COMMENTS", 37, "Delete Own Comments", "Delete own.", "COMMENT_DELETE_OWN"
    ),
    Permission(
        "CREATE_ATTACHMENTS", 19, "Create Attachments", "Attach files.", "CREATE_ATTACHMENT"
    ),
    Permission(
        "DELETE_ALL_ATTACHMENTS",
        38,
        "Delete All Attachments",
        "Delete all attachments.",
        "ATTACHMENT_DELETE_ALL",
    ),
    Permission(
        "DELETE_OWN_ATTACHMENTS",
        39,
        "Delete Own Attachments",
        "Delete own attachments.",
        "ATTACHMENT_DELETE_OWN",
    ),
    Permission("WORK_ON_ISSUES", 20, "Work On Issues", "Log work.", "WORK_ISSUE"),
    Permission(
        "EDIT_OWN_WORKLOGS", 40, "Edit Own Worklogs", "Edit own worklogs.", "WORKLOG_EDIT_OWN"
    ),
    Permission(
        "EDIT_ALL_WORKLOGS", 41, "Edit All Worklogs", "Edit all worklogs.", "WORKLOG_EDIT_ALL"
    ),
    Permission(
        "DELETE_OWN_WORKLOGS", 42, "Delete Own Worklogs", "Delete own.", "WORKLOG_DELETE_OWN"
    ),
    Permission(
        "DELETE_ALL_WORKLOGS", 43, "Delete All Worklogs", "Delete all.", "WORKLOG_DELETE_ALL"
    ),
)
