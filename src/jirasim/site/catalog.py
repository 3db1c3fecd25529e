"""What every Cloud site has: categories, statuses, priorities, types and fields.

The names and ids are those of a fresh Cloud site as recorded (jira.md 6.1).
"""

from jirasim.site.model import (
    Field,
    IssueType,
    LinkType,
    Option,
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

STORY_POINTS = "customfield_10016"
START_DATE = "customfield_10015"
ACCEPTANCE = "customfield_10030"
STAGE = "customfield_10031"
REFERENCE = "customfield_10032"
CUSTOM_TYPES = "com.atlassian.jira.plugin.system.customfieldtypes"
LABEL_VERBS = ("add", "set", "remove")


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


def _custom(name: str, label: str, kind: str, custom: str, *options: Option) -> Field:
    number = name.rpartition("_")[2]
    return Field(
        name, label, kind, custom=custom, clauses=(f"cf[{number}]", label), options=options
    )


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
        "fixVersions", "Fix versions", "array", "version", clauses=("fixVersion",), operations=()
    ),
    _system("statusCategory", "Status Category", "statusCategory", "statusCategory"),
    _system("resolution", "Resolution", "resolution", "resolution", writable=True),
    _system("lastViewed", "Last Viewed", "datetime"),
    _system("priority", "Priority", "priority", "priority", writable=True),
    Field("labels", "Labels", "array", "string", clauses=("labels",), operations=LABEL_VERBS),
    _system("timeestimate", "Remaining Estimate", "number"),
    _system("aggregatetimeoriginalestimate", "Σ Original Estimate", "number"),
    Field(
        "versions",
        "Affects versions",
        "array",
        "version",
        clauses=("affectedVersion",),
        operations=(),
    ),
    Field(
        "issuelinks", "Linked Issues", "array", "issuelinks", clauses=("issueLink",), operations=()
    ),
    _system("assignee", "Assignee", "user", "assignee", writable=True),
    _system("status", "Status", "status", "status"),
    Field("components", "Components", "array", "component", clauses=("component",), operations=()),
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
    Field("worklog", "Log Work", "array", "worklog", operations=(), navigable=False),
    _system("timespent", "Time Spent", "number"),
    _system("aggregatetimespent", "Σ Time Spent", "number"),
    _system("resolutiondate", "Resolved", "datetime", "resolutiondate", "resolved"),
    _system("workratio", "Work Ratio", "number"),
    _system("watches", "Watchers", "watches"),
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
    _system("security", "Security Level", "securitylevel", "level"),
    Field("attachment", "Attachment", "array", "attachment", operations=(), navigable=False),
    _system("summary", "Summary", "string", "summary", writable=True),
    _system("environment", "Environment", "doc", "environment", writable=True),
    _system("duedate", "Due date", "date", "due", "duedate", writable=True),
    Field(
        "comment",
        "Comment",
        "comments-page",
        clauses=("comment",),
        operations=("add",),
        navigable=False,
    ),
    _custom(START_DATE, "Start date", "date", f"{CUSTOM_TYPES}:datepicker"),
    _custom(
        STORY_POINTS,
        "Story point estimate",
        "number",
        "com.pyxis.greenhopper.jira:jsw-story-points",
    ),
    _custom(ACCEPTANCE, "Acceptance notes", "doc", f"{CUSTOM_TYPES}:textarea"),
    _custom(
        STAGE,
        "Stage",
        "option",
        f"{CUSTOM_TYPES}:select",
        Option("10100", "Test"),
        Option("10101", "Staging"),
        Option("10102", "Production"),
    ),
    _custom(REFERENCE, "Ticket reference", "string", f"{CUSTOM_TYPES}:textfield"),
)
