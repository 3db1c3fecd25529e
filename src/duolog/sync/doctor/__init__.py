"""The link doctor: what stands in the way of a binding, before it starts and at any time after.

Every check is made, whatever the others say; one that cannot look says so, never that all is well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from duolog.core.errors import Disconnected, SyncError, Unseen
from duolog.jira.troubles import Barred, Trouble
from duolog.sync.doctor.access import (
    check_clocks,
    check_connection,
    check_permissions,
    check_scopes,
    check_webhook,
)
from duolog.sync.doctor.findings import Case, Finding, Findings, Severity
from duolog.sync.doctor.values import (
    check_filters,
    check_incoming,
    check_people,
    check_required,
    check_statuses,
    check_types,
)
from duolog.sync.doctor.ways import check_ways

CHECKS: Final[tuple[Callable[[Case], Findings], ...]] = (
    check_connection,
    check_scopes,
    check_permissions,
    check_types,
    check_required,
    check_statuses,
    check_incoming,
    check_ways,
    check_people,
    check_filters,
    check_webhook,
    check_clocks,
)
_ORDER: Final = list(Severity)


def examine(case: Case) -> tuple[Finding, ...]:
    """All findings about a binding, the worst first.  Never raises for what Jira answers."""
    found = dict.fromkeys(finding for check in CHECKS for finding in _looked(case, check))
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.severity)))


def _looked(case: Case, check: Callable[[Case], Findings]) -> Sequence[Finding]:
    try:
        return list(check(case))
    except SyncError as error:
        return [could_not_look(check.__name__.removeprefix("check_"), error)]


def could_not_look(about: str, error: SyncError) -> Finding:
    """A check that could not be made."""
    is_over = isinstance(error, Disconnected | Unseen)
    if isinstance(error, Barred) and error.trouble is Trouble.SCOPE:
        about = "scopes"
    return Finding(
        about,
        Severity.BLOCKS if is_over else Severity.WARNS,
        f"Jira could not be asked: {error}",
        error.hint,
    )


__all__ = ["Case", "Finding", "Severity", "could_not_look", "examine"]
