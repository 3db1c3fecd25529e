"""The tables of our domain: teams, projects, work items and what hangs on them."""

from duolog.workplace.models.attachments import Attachment
from duolog.workplace.models.items import (
    Activity,
    Cause,
    Comment,
    Component,
    FixVersion,
    FormerKey,
    Label,
    Priority,
    SearchWord,
    WorkItem,
    WorkItemType,
)
from duolog.workplace.models.properties import Property, PropertyValue
from duolog.workplace.models.relations import (
    OWN_READINGS,
    READING_MAX,
    Reading,
    Relation,
    RelationKind,
    WebLink,
)
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
    "OWN_READINGS",
    "READING_MAX",
    "Activity",
    "Attachment",
    "Cause",
    "Comment",
    "Component",
    "FixVersion",
    "FormerKey",
    "Label",
    "Priority",
    "Project",
    "ProjectKind",
    "ProjectState",
    "Property",
    "PropertyValue",
    "Reading",
    "Relation",
    "RelationKind",
    "SearchWord",
    "Stage",
    "Status",
    "Team",
    "TeamMember",
    "WebLink",
    "WorkItem",
    "WorkItemType",
]
