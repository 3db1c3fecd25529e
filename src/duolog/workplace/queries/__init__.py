"""Every read of our domain that is more than a primary-key get.  Writes nothing.

All of them begin at a workplace: that of the member who asks.
"""

from duolog.workplace.queries.attachments import (
    StoredFile,
    files_named,
    find_file,
    get_attachment,
    list_attachments,
)
from duolog.workplace.queries.board import Column, board
from duolog.workplace.queries.containers import (
    ProjectProgress,
    find_hidden_team,
    get_project,
    get_status,
    get_team,
    list_projects,
    list_team_members,
    list_teams,
)
from duolog.workplace.queries.details import (
    ItemDetail,
    count_sub_tasks,
    get_comment,
    get_item,
    item_detail,
    list_activity,
    list_comments,
)
from duolog.workplace.queries.find import find
from duolog.workplace.queries.lists import (
    GroupBy,
    GroupKey,
    ItemFilter,
    Page,
    Sort,
    count_groups,
    group_of,
    list_items,
    list_trash,
)
from duolog.workplace.queries.live import Changes, changes_since
from duolog.workplace.queries.properties import get_property, list_properties
from duolog.workplace.queries.relations import (
    Related,
    get_reading,
    get_relation,
    get_relation_kind,
    get_web_link,
    list_readings,
    list_related,
    list_relation_kinds,
    list_used_readings,
    list_web_links,
)
from duolog.workplace.queries.rows import load_whole

__all__ = [
    "Changes",
    "Column",
    "GroupBy",
    "GroupKey",
    "ItemDetail",
    "ItemFilter",
    "Page",
    "ProjectProgress",
    "Related",
    "Sort",
    "StoredFile",
    "board",
    "changes_since",
    "count_groups",
    "count_sub_tasks",
    "files_named",
    "find",
    "find_file",
    "find_hidden_team",
    "get_attachment",
    "get_comment",
    "get_item",
    "get_project",
    "get_property",
    "get_reading",
    "get_relation",
    "get_relation_kind",
    "get_status",
    "get_team",
    "get_web_link",
    "group_of",
    "item_detail",
    "list_activity",
    "list_attachments",
    "list_comments",
    "list_items",
    "list_projects",
    "list_properties",
    "list_readings",
    "list_related",
    "list_relation_kinds",
    "list_team_members",
    "list_teams",
    "list_trash",
    "list_used_readings",
    "list_web_links",
    "load_whole",
]
