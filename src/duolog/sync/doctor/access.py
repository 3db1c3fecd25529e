"""What the account may do in the project, and whether the connection and its webhook work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final, NamedTuple

from django.conf import settings
from django.utils import timezone

from duolog.connections.models import Health, Method, WebhookKind
from duolog.connections.report import SCOPES, SKEW_TO_NAME, scopes_for
from duolog.core.lifecycle import OnDelete
from duolog.sync.doctor.findings import Case, Finding, Findings, Severity, fine

SILENT_AFTER: Final = timedelta(days=3)


class Need(NamedTuple):
    """A permission, what it is for in words, and whether nothing works without it."""

    key: str
    words: str
    severity: Severity = Severity.WARNS
    applies: Callable[[Case], bool] = lambda _: True


def _deletes_there(case: Case) -> bool:
    return bool(case.binding.on_delete_jira == OnDelete.DELETE.value)


NEEDS: Final = (
    Need("BROWSE_PROJECTS", "see the project", Severity.BLOCKS),
    Need("CREATE_ISSUES", "create issues", Severity.BLOCKS),
    Need("EDIT_ISSUES", "edit issues", Severity.BLOCKS),
    Need("TRANSITION_ISSUES", "move issues through the workflow"),
    Need("ASSIGN_ISSUES", "assign issues"),
    Need("SCHEDULE_ISSUES", "set due dates"),
    Need("MODIFY_REPORTER", "set the reporter"),
    Need("ADD_COMMENTS", "write comments"),
    Need("EDIT_ALL_COMMENTS", "edit comments"),
    Need("DELETE_ALL_COMMENTS", "delete comments"),
    Need("CREATE_ATTACHMENTS", "attach files"),
    Need("DELETE_ALL_ATTACHMENTS", "remove files"),
    Need("LINK_ISSUES", "link issues"),
    Need("WORK_ON_ISSUES", "log work"),
    Need(
        "DELETE_ISSUES", "delete issues, as the rules of this binding say", applies=_deletes_there
    ),
)


def check_connection(case: Case) -> Findings:
    """Whether the credential works, and covers what is needed."""
    connection = case.binding.connection
    if connection.health == Health.ENDED:
        yield Finding(
            "connection",
            Severity.BLOCKS,
            "The connection to Jira was removed.",
            "Connect the workplace again, then link the team.",
            case.connection_page,
        )
    elif connection.health != Health.CONNECTED:
        yield Finding(
            "connection",
            Severity.BLOCKS,
            f"The connection to Jira has stopped: {connection.reason}",
            connection.hint or "Enter a working credential.",
            case.connection_page,
        )
    else:
        yield fine(
            "connection", f"Connected to {connection.base_url} as {connection.account_name}."
        )


def check_scopes(case: Case) -> Findings:
    """Whether the consent covers what is needed; only OAuth tells."""
    connection = case.binding.connection
    if connection.method != Method.OAUTH:
        return
    granted = connection.scopes.split()
    missing = [scope for scope in scopes_for(connection.kind) if scope not in granted]
    if not missing:
        yield fine("scopes", "The consent covers all that is needed.")
        return
    names = ", ".join(f"{scope} ({SCOPES[scope]})" for scope in missing)
    yield Finding(
        "scopes",
        Severity.BLOCKS if "write:jira-work" in missing else Severity.WARNS,
        f"The consent leaves out {names}.",
        "Add them to the OAuth app at Atlassian, under Permissions, then sign in again.",
        case.connection_page,
    )


def check_permissions(case: Case) -> Findings:
    """What the account may not do in the project.  Raises SyncError."""
    needs = [need for need in NEEDS if need.applies(case)]
    asked = case.client.site.permissions([need.key for need in needs], project_key=case.key)
    missing = set(asked.missing())
    for need in needs:
        if need.key in missing:
            what_then = (
                "Nothing can be kept in step without that"
                if need.severity is Severity.BLOCKS
                else "What needs it waits in the Sync inbox"
            )
            yield Finding(
                "permissions",
                need.severity,
                f"The service account may not {need.words} in {case.key}. {what_then}.",
                f"Ask a Jira admin to give it a role that may ({need.key}).",
                case.permissions_page,
            )
    if not missing:
        yield fine("permissions", f"The service account may do all that is needed in {case.key}.")


def check_webhook(case: Case) -> Findings:
    """Whether Jira tells of its changes."""
    connection, every = case.binding.connection, _minutes(settings.POLL_EVERY)
    if not case.binding.is_two_way:
        return
    without = f"Until then changes in Jira are found by looking every {every}."
    problem = None
    if not connection.webhook_hash:
        problem = "There is no webhook.", "Set one up, so that changes in Jira come at once."
    elif connection.webhook_trouble:
        problem = connection.webhook_trouble, "Register the webhook again."
    elif connection.webhook_kind == WebhookKind.DYNAMIC and not connection.webhook_jira_id:
        problem = "The webhook is no longer registered in Jira.", "Register it again."
    elif connection.last_delivery_at is None:
        problem = (
            "The webhook has not delivered anything yet.",
            "Change an issue in Jira; if nothing comes, compare the URL in Jira with ours.",
        )
    elif timezone.now() - connection.last_delivery_at > SILENT_AFTER:
        days = (timezone.now() - connection.last_delivery_at).days
        problem = (
            f"No webhook has come from Jira for {days} days.",
            "Open the webhook in Jira and check that its URL is ours.",
        )
    if problem is None:
        yield fine("webhook", "Jira tells of its changes by webhook.")
        return
    sentence, fix = problem
    yield Finding("webhook", Severity.WARNS, f"{sentence} {without}", fix, case.connection_page)


def check_clocks(case: Case) -> Findings:
    """How far the clocks are apart, and in which zone the account reads dates."""
    connection = case.binding.connection
    skew = int(connection.report.get("skew_seconds", 0) or 0)
    if abs(skew) > SKEW_TO_NAME:
        yield Finding(
            "clock",
            Severity.WARNS,
            f"Jira's clock is {abs(skew)} s {'ahead of' if skew > 0 else 'behind'} ours.",
            "Set this machine's clock by a time server.",
            case.connection_page,
        )
        return
    yield fine(
        "clock",
        f"The clocks agree; searches read dates in {connection.time_zone}, the account's own zone.",
    )


def _minutes(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes} minutes" if minutes > 1 else "minute"
