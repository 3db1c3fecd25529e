"""Every write to our domain, one function per verb, each one transaction.  No reads for pages."""

from duolog.workplace.services.attachments import (
    KeptFile,
    attach,
    delete_attachment,
    keep_file,
    purge_files,
    restore_attachment,
)
from duolog.workplace.services.board import move_item
from duolog.workplace.services.comments import (
    add_comment,
    delete_comment,
    edit_comment,
    withdraw_comment,
)
from duolog.workplace.services.hidden_team import turn_teams_off, turn_teams_on
from duolog.workplace.services.items import (
    NewItem,
    add_label,
    bulk_update,
    create_item,
    remove_label,
    set_property,
    update_item,
)
from duolog.workplace.services.moving import move_to_team
from duolog.workplace.services.projects import archive_project, create_project, update_project
from duolog.workplace.services.properties import (
    archive_property,
    create_property,
    restore_property,
    update_property,
)
from duolog.workplace.services.relation_kinds import (
    add_relation_kind,
    remove_relation_kind,
    rename_relation_kind,
)
from duolog.workplace.services.relations import (
    add_relation,
    add_web_link,
    remove_relation,
    remove_web_link,
)
from duolog.workplace.services.statuses import (
    add_status,
    change_stage,
    remove_status,
    rename_status,
    reorder_statuses,
    update_status,
)
from duolog.workplace.services.teams import (
    add_team_member,
    archive_team,
    create_team,
    remove_team_member,
    rename_team,
)
from duolog.workplace.services.trash import delete_item, purge_trash, restore_item

__all__ = [
    "KeptFile",
    "NewItem",
    "add_comment",
    "add_label",
    "add_relation",
    "add_relation_kind",
    "add_status",
    "add_team_member",
    "add_web_link",
    "archive_project",
    "archive_property",
    "archive_team",
    "attach",
    "bulk_update",
    "change_stage",
    "create_item",
    "create_project",
    "create_property",
    "create_team",
    "delete_attachment",
    "delete_comment",
    "delete_item",
    "edit_comment",
    "keep_file",
    "move_item",
    "move_to_team",
    "purge_files",
    "purge_trash",
    "remove_label",
    "remove_relation",
    "remove_relation_kind",
    "remove_status",
    "remove_team_member",
    "remove_web_link",
    "rename_relation_kind",
    "rename_status",
    "rename_team",
    "reorder_statuses",
    "restore_attachment",
    "restore_item",
    "restore_property",
    "set_property",
    "turn_teams_off",
    "turn_teams_on",
    "update_item",
    "update_project",
    "update_property",
    "update_status",
    "withdraw_comment",
]
