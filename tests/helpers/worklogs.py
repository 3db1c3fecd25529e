"""Time in a simulated Jira, and an item linked with the issue that it is logged on."""

from __future__ import annotations

from typing import Any

from helpers.bound import Bound
from helpers.jirasim import Account

from duolog.sync.binding.services import Rules
from duolog.workplace.models import WorkItem

TOLD = "2026-03-02T09:00:00.000+0000"


def linked(bound: Bound, rules: Rules | None = None) -> tuple[WorkItem, str]:
    """An item and the id of its issue."""
    item = bound.item()
    bound.bind(rules)
    return item, str(bound.link(item).issue_id)


def there(bound: Bound, issue: str) -> list[dict[str, Any]]:
    """The worklogs of an issue."""
    return list(bound.jira.ask("GET", f"issue/{issue}/worklog")["worklogs"])


def logged_there(bound: Bound, issue: str, by: Account | None = None, **parts: Any) -> str:
    """The id of a new worklog of an issue."""
    body = {"started": TOLD, "timeSpentSeconds": 600, "comment": bound.jira.text("Seen"), **parts}
    return str(bound.jira.ask("POST", f"issue/{issue}/worklog", body, by=by)["id"])
