"""The test of a connection: who it is, where, and what it may.  Asks Jira, stores nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.utils import timezone

from duolog.connections.models import ConnectionKind, Deployment
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
NEEDED_PERSONAL: Final[Mapping[str, str]] = {
    "BROWSE_PROJECTS": "See projects and issues",
    "WORK_ON_ISSUES": "Log work",
    "EDIT_OWN_WORKLOGS": "Edit your own worklogs",
    "DELETE_OWN_WORKLOGS": "Delete your own worklogs",
    "ADD_COMMENTS": "Write comments",
    "CREATE_ATTACHMENTS": "Attach files",
}
"""The permissions that a person's own worklogs and words need."""
SCOPES: Final[Mapping[str, str]] = {
    "read:jira-work": "see issues",
    "write:jira-work": "write issues, comments and worklogs",
    "read:jira-user": "see people",
    "manage:jira-webhook": "register the webhook",
    "offline_access": "stay connected",
}
"""What an OAuth grant must cover, with what each scope is for."""
ADMINISTER: Final = "ADMINISTER"
"""What registering a webhook needs, save for apps."""
SKEW_TO_NAME: Final = 60
"""Seconds by which the clocks may differ before the report says so."""
_OF_WORKPLACES: Final = frozenset({"manage:jira-webhook"})


@dataclass(frozen=True, slots=True)
class Report:
    """What a test of a connection found.  `skew_seconds` is Jira's clock minus ours.

    `missing` are permissions in words, `missing_scopes` what the consent leaves out.  An
    administrator of Jira may register webhooks; nothing else needs one.
    """

    account_id: str
    account_name: str
    time_zone: str
    version: str
    site_name: str
    missing: tuple[str, ...]
    skew_seconds: int
    warnings: tuple[str, ...]
    deployment: str = Deployment.CLOUD
    email: str = ""
    missing_scopes: tuple[str, ...] = ()
    is_administrator: bool = True

    def to_json(self) -> dict[str, Any]:
        """For the connection's row and the API."""
        return asdict(self)


def needed_by(kind: str) -> Mapping[str, str]:
    """The permissions that a connection of this kind needs, with what each is for."""
    return NEEDED_PERSONAL if kind == ConnectionKind.PERSONAL else NEEDED


def scopes_for(kind: str) -> tuple[str, ...]:
    """The scopes that a connection of this kind needs."""
    if kind == ConnectionKind.PERSONAL:
        return tuple(scope for scope in SCOPES if scope not in _OF_WORKPLACES)
    return tuple(SCOPES)


def check_site(
    client: JiraClient,
    kind: str = ConnectionKind.WORKPLACE,
    *,
    granted: Collection[str] | None = None,
    clock: Callable[[], datetime] = timezone.now,
) -> Report:
    """Ask Jira who we are and what we may.  Raises SyncError in words for a person.

    `granted` are the scopes of the consent, where there was one.
    """
    me = client.people.myself()
    site = client.site.server_info()
    needed = needed_by(kind)
    lacking = set(client.site.permissions([*needed, ADMINISTER]).missing())
    missing = [words for key, words in needed.items() if key in lacking]
    told = site.server_time
    skew = round((told - clock().astimezone(UTC)).total_seconds()) if told else 0
    scopes = () if granted is None else tuple(s for s in scopes_for(kind) if s not in granted)
    return Report(
        account_id=me.account_id,
        account_name=me.display_name,
        time_zone=me.time_zone or "UTC",
        version=site.version,
        site_name=site.server_title,
        missing=tuple(missing),
        skew_seconds=skew,
        warnings=(*_about_rights(missing, kind), *_about_scopes(scopes), *_about_clock(skew)),
        deployment=Deployment.CLOUD if site.is_cloud else Deployment.SERVER,
        email=me.email_address or "",
        missing_scopes=scopes,
        is_administrator=ADMINISTER not in lacking,
    )


def _about_rights(missing: Collection[str], kind: str) -> list[str]:
    if not missing:
        return []
    names = ", ".join(words.lower() for words in missing)
    if kind == ConnectionKind.PERSONAL:
        return [f"In Jira you may not: {names}. Ask a Jira admin for a role that may."]
    return [
        f"The account may not: {names}. Ask a Jira admin to give it a role that may; what "
        "needs the right waits in the Sync inbox until then."
    ]


def _about_scopes(missing: Collection[str]) -> list[str]:
    if not missing:
        return []
    names = ", ".join(f"{scope} ({SCOPES[scope]})" for scope in missing)
    return [
        f"The consent leaves out: {names}. Add them to the OAuth app at Atlassian, under "
        "Permissions, then sign in again."
    ]


def _about_clock(skew: int) -> list[str]:
    if abs(skew) <= SKEW_TO_NAME:
        return []
    return [
        f"Jira's clock is {abs(skew)} s {'ahead of' if skew > 0 else 'behind'} ours. "
        "Set this machine's clock by a time server."
    ]
