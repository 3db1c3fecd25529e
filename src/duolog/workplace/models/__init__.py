"""The tables of our domain: teams, projects, work items and what hangs on them."""

from duolog.workplace.models.attachments import Attachment
from duolog.workplace.models.items import (
    Activity,
    Cause,
    Comment,
    Label,
    Priority,
    SearchWord,
    WorkItem,
    WorkItemType,
)
from duolog.workplace.models.relations import Reading, Relation, RelationType, WebLink
from duolog.workplace.models.teams import (
    Project,
    ProjectKind,
    ProjectState,
    Stage,
    Status,
    Team,
    TeamMember,
)

__all__ = [
    "Activity",
    "Attachment",
    "Cause",
    "Comment",
    "Label",
    "Priority",
    "Project",
    "ProjectKind",
    "ProjectState",
    "Reading",
    "Relation",
    "RelationType",
    "SearchWord",
    "Stage",
    "Status",
    "Team",
    "TeamMember",
    "WebLink",
    "WorkItem",
    "WorkItemType",
]
