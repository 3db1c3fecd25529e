"""The test of a connection: who it is, where, and what it may.  Asks Jira, stores nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.utils import timezone

from duolog.core.errors import Disconnected, SyncError
from duolog.jira.client import JiraClient

NEEDED: Final[Mapping[str, str]] = {
    "BROWSE_PROJECTS": "See projects and issues",
    "CREATE_ISSUES": "Create issues",
    "EDIT_ISSUES": "Edit issues",
    "TRANSITION_ISSUES": "Move issues through the workflow",
    "ASSIGN_ISSUES": "Assign issues",
    "ADD_COMMENTS": "Write comments",
    "EDIT_ALL_COMMENTS": "Edit comments",
    "DELETE_ALL_COMMENTS": "Delete comments",
    "DELETE_ISSUES": "Delete issues",
}
"""The permissions that synchronisation needs, with what each is for."""
SKEW_TO_NAME: Final = 60
"""Seconds by which the clocks may differ before the report says so."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a test of a connection found.  `skew_seconds` is Jira's clock minus ours."""

    account_id: str
    account_name: str
    time_zone: str
    version: str
    site_name: str
    missing: tuple[str, ...]
    skew_seconds: int
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """For the connection's row and the API."""
        return asdict(self)


def check_site(client: JiraClient, *, clock: Callable[[], datetime] = timezone.now) -> Report:
    """Ask Jira who we are and what we may.  Raises SyncError in words for a person."""
    me = client.people.myself()
    site = client.site.server_info()
    missing = client.site.permissions(list(NEEDED)).missing()
    told = site.server_time
    skew = round((told - clock().astimezone(UTC)).total_seconds()) if told else 0
    return Report(
        account_id=me.account_id,
        account_name=me.display_name,
        time_zone=me.time_zone or "UTC",
        version=site.version,
        site_name=site.server_title,
        missing=tuple(NEEDED[key] for key in missing),
        skew_seconds=skew,
        warnings=_warnings(missing, skew),
    )


def _warnings(missing: tuple[str, ...], skew: int) -> tuple[str, ...]:
    words = []
    if missing:
        names = ", ".join(NEEDED[key].lower() for key in missing)
        words.append(
            f"The account may not: {names}. Ask a Jira admin to give it a role that may; what "
            "needs the right waits in the Sync inbox until then."
        )
    if abs(skew) > SKEW_TO_NAME:
        words.append(
            f"Jira's clock is {abs(skew)} s {'ahead of' if skew > 0 else 'behind'} ours. "
            "Set this machine's clock by a time server."
        )
    return tuple(words)


def field_at_fault(error: SyncError) -> str:
    """Which field of the form a failed test is about: `address`, `secret`, or empty for neither."""
    if "address" in error.hint or "site is up" in error.hint:
        return "address"
    return "secret" if isinstance(error, Disconnected) else ""
