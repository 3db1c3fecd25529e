"""The events an admin webhook may ask for (jira.md 7.2).  Names only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jirasim.site.product import Product

SERVER_ONLY: Final = "jira:worklog_updated"


def events_of(product: Product) -> frozenset[str]:
    """What an admin webhook of this Jira may ask for."""
    return EVENTS if product.cloud else EVENTS | {SERVER_ONLY}


EVENTS: Final = frozenset(
    [
        *(f"jira:issue_{what}" for what in ("created", "updated", "deleted")),
        *(f"issue_property_{what}" for what in ("set", "deleted")),
        *(
            f"{kind}_{what}"
            for kind in ("worklog", "comment", "issuetype", "filter", "user")
            for what in ("created", "updated", "deleted")
        ),
        *(
            f"{kind}_{what}"
            for kind in ("attachment", "issuelink")
            for what in ("created", "deleted")
        ),
        *(
            f"project_{what}"
            for what in (
                "created",
                "updated",
                "deleted",
                "soft_deleted",
                "restored_deleted",
                "archived",
                "restored_archived",
            )
        ),
        *(
            f"jira:version_{what}"
            for what in ("released", "unreleased", "created", "moved", "updated", "deleted")
        ),
        *(
            f"option_{what}_changed"
            for what in (
                "voting",
                "watching",
                "unassigned_issues",
                "subtasks",
                "attachments",
                "issuelinks",
                "timetracking",
            )
        ),
        *(f"sprint_{what}" for what in ("created", "deleted", "updated", "started", "closed")),
        *(f"board_{what}" for what in ("created", "updated", "deleted", "configuration_changed")),
        "jira_expression_evaluation_failed",
        "app_access_to_objects_blocked",
    ]
)
