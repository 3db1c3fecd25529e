"""What every Cloud site has: categories, statuses, priorities, types and fields.

The names and ids are those of a fresh Cloud site as recorded (jira.md 6.1).
"""

from jirasim.site.fields import VERBS, Field, Option, custom_field
from jirasim.site.model import (
    IssueType,
    LinkType,
    Priority,
    Resolution,
    Status,
    StatusCategory,
)

UNDEFINED = StatusCategory(1, "undefined", "No Category", "medium-gray")
TO_DO = StatusCategory(2, "new", "To Do", "blue-gray")
DONE = StatusCategory(3, "done", "Done", "green")
IN_PROGRESS = StatusCategory(4, "indeterminate", "In Progress", "yellow")
CATEGORIES = (UNDEFINED, TO_DO, IN_PROGRESS, DONE)

STATUSES = (
    Status("10000", "Backlog", TO_DO),
    Status("10001", "To Do", TO_DO),
    Status("3", "In Progress", IN_PROGRESS, "Somebody is working on it at the moment."),
    Status("10002", "In Review", IN_PROGRESS),
    Status("10003", "Done", DONE),
    Status("10004", "Cancelled", DONE, "Given up; nothing leads out of here."),
)
PRIORITIES = (
    Priority("1", "Highest", 0, "Blocks everything else.", "#d04437"),
    Priority("2", "High", 1, "Could block others soon.", "#f15c75"),
    Priority("3", "Medium", 2, "The usual.", "#f79232"),
    Priority("4", "Low", 3, "Easily worked around.", "#707070"),
    Priority("5", "Lowest", 4, "Nobody would miss it.", "#999999"),
)
RESOLUTIONS = (
    Resolution("10000", "Done", "The work is finished."),
    Resolution("10001", "Won't Do", "The work will not be done."),
    Resolution("10002", "Duplicate", "The same as another issue."),
    Resolution("10003", "Cannot Reproduce", "Nobody could make it happen again."),
)
EPIC = IssueType("10000", "Epic", 1, "A large piece of work with many parts.")
STORY = IssueType("10001", "Story", 0, "Something a user wants to do.")
TASK = IssueType("10002", "Task", 0, "A piece of work.")
BUG = IssueType("10004", "Bug", 0, "Something that does not work as it should.")
SUBTASK = IssueType("10003", "Sub-task", -1, "A part of another issue.")
TYPES = (EPIC, STORY, TASK, BUG, SUBTASK)

LINK_TYPES = (
    LinkType("10000", "Blocks", "is blocked by", "blocks"),
    LinkType("10001", "Cloners", "is cloned by", "clones"),
    LinkType("10002", "Duplicate", "is duplicated by", "duplicates"),
    LinkType("10003", "Relates", "relates to", "relates to"),
)

START_DATE = "customfield_10015"
ACCEPTANCE = "customfield_10030"
STAGE = "customfield_10031"
REFERENCE = "customfield_10032"


def _system(name: str, label: str, kind: str, *clauses: str, writable: bool = False) -> Field:
    operations = ("set",) if writable else ()
    return Field(
        name,
        label,
        kind,
        clauses=clauses,
        operations=operations,
        orderable=writable,
        searchable=bool(clauses),
    )


ONE_OF_EACH = (
    custom_field("customfield_10040", "Effort in days", "float"),
    custom_field("customfield_10041", "Seen at", "datetime"),
    custom_field(
        "customfield_10042",
        "Platforms",
        "multiselect",
        Option("10110", "Web"),
        Option("10111", "iOS"),
        Option("10112", "Android"),
    ),
    custom_field(
        "customfield_10043",
        "Impact",
        "radiobuttons",
        Option("10120", "Small"),
        Option("10121", "Large"),
    ),
    custom_field(
        "customfield_10044",
        "Checks",
        "multicheckboxes",
        Option("10130", "Reviewed"),
        Option("10131", "Documented"),
    ),
    custom_field(
        "customfield_10045",
        "Region",
        "cascadingselect",
        Option("10140", "Europe"),
        Option("10141", "Berlin", parent="10140"),
        Option("10142", "Zurich", parent="10140"),
        Option("10143", "Asia"),
        Option("10144", "Tokyo", parent="10143"),
    ),
    custom_field("customfield_10046", "Tester", "userpicker"),
    custom_field("customfield_10047", "Approvers", "multiuserpicker"),
    custom_field("customfield_10048", "Owning group", "grouppicker"),
    custom_field("customfield_10049", "Informed groups", "multigrouppicker"),
    custom_field("customfield_10050", "Keywords", "labels"),
    custom_field("customfield_10051", "Design page", "url"),
    custom_field("customfield_10052", "Target version", "version"),
    custom_field("customfield_10053", "Tested versions", "multiversion"),
    custom_field("customfield_10054", "Related project", "project"),
)
"""A custom field of each common kind."""

CLOUD_ONLY = frozenset({"statuscategorychangedate", "statusCategory", "issuerestriction"})
"""Fields that no Server has (jira.md 6.1)."""
SERVER_NAMES = {
    "components": "Component/s",
    "fixVersions": "Fix Version/s",
    "versions": "Affects Version/s",
    "duedate": "Due Date",
    "subtasks": "Sub-Tasks",
    "timetracking": "Time Tracking",
    "timeoriginalestimate": "Original Estimate",
}
"""How Server names fields that Cloud names otherwise, as recorded."""
SERVER_ONLY = frozenset({"archivedby", "archiveddate"})
"""Fields that no Cloud site has here."""

FIELDS = (
    _system(
        "statuscategorychangedate",
        "Status Category Changed",
        "datetime",
        "statusCategoryChangedDate",
    ),
    _system("issuetype", "Issue Type", "issuetype", "issuetype", "type", writable=True),
    _system("parent", "Parent", "issuelink", "parent", writable=True),
    _system("project", "Project", "project", "project"),
    Field(
        "fixVersions",
        "Fix versions",
        "array",
        "version",
        clauses=("fixVersion",),
        operations=VERBS,
    ),
    _system("statusCategory", "Status Category", "statusCategory", "statusCategory"),
    _system("resolution", "Resolution", "resolution", "resolution", writable=True),
    _system("lastViewed", "Last Viewed", "datetime"),
    _system("priority", "Priority", "priority", "priority", writable=True),
    Field("labels", "Labels", "array", "string", clauses=("labels",), operations=VERBS),
    _system("timeestimate", "Remaining Estimate", "number"),
    _system("aggregatetimeoriginalestimate", "Σ Original Estimate", "number"),
    Field(
        "versions",
        "Affects versions",
        "array",
        "version",
        clauses=("affectedVersion",),
        operations=VERBS,
    ),
    Field(
        "issuelinks",
        "Linked Issues",
        "array",
        "issuelinks",
        clauses=("issueLink",),
        operations=("add", "copy"),
    ),
    _system("assignee", "Assignee", "user", "assignee", writable=True),
    _system("status", "Status", "status", "status"),
    Field(
        "components",
        "Components",
        "array",
        "component",
        clauses=("component",),
        operations=VERBS,
    ),
    _system("issuekey", "Key", "string", "id", "issue", "issuekey", "key"),
    _system("aggregatetimeestimate", "Σ Remaining Estimate", "number"),
    _system("creator", "Creator", "user", "creator"),
    Field(
        "subtasks",
        "Sub-tasks",
        "array",
        "issuelinks",
        operations=(),
        searchable=False,
        orderable=False,
    ),
    _system("reporter", "Reporter", "user", "reporter", writable=True),
    _system("aggregateprogress", "Σ Progress", "progress"),
    _system("progress", "Progress", "progress"),
    _system("votes", "Votes", "votes"),
    Field("worklog", "Log Work", "array", "worklog", operations=("add",), navigable=False),
    _system("timespent", "Time Spent", "number"),
    _system("aggregatetimespent", "Σ Time Spent", "number"),
    _system("resolutiondate", "Resolved", "datetime", "resolutiondate", "resolved"),
    _system("workratio", "Work Ratio", "number"),
    _system("watches", "Watchers", "watches"),
    _system("archivedby", "Archiver", "user"),
    _system("archiveddate", "Archived", "datetime"),
    _system("created", "Created", "datetime", "created", "createdDate"),
    _system("updated", "Updated", "datetime", "updated", "updatedDate"),
    _system("timeoriginalestimate", "Original estimate", "number"),
    _system("description", "Description", "doc", "description", writable=True),
    Field(
        "timetracking",
        "Time tracking",
        "timetracking",
        operations=("set", "edit"),
        navigable=False,
    ),
    _system("security", "Security Level", "securitylevel", "level", writable=True),
    Field("attachment", "Attachment", "array", "attachment", operations=(), navigable=False),
    _system("summary", "Summary", "string", "summary", writable=True),
    _system("environment", "Environment", "doc", "environment", writable=True),
    _system("duedate", "Due date", "date", "due", "duedate", writable=True),
    Field(
        "comment",
        "Comment",
        "comments-page",
        clauses=("comment",),
        operations=("add", "edit", "remove"),
        navigable=False,
    ),
    Field("issuerestriction", "Restrict to", "issuerestriction", operations=(), navigable=False),
    custom_field(START_DATE, "Start date", "datepicker"),
    custom_field(ACCEPTANCE, "Acceptance notes", "textarea"),
    custom_field(
        STAGE,
        "Stage",
        "select",
        Option("10100", "Test"),
        Option("10101", "Staging"),
        Option("10102", "Production"),
    ),
    custom_field(REFERENCE, "Ticket reference", "textfield"),
    *ONE_OF_EACH,
)
