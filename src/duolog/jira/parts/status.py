"""The status of an issue: changed by steps of its workflow, never set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from duolog.core import fields as slots
from duolog.core.errors import Refused, Retryable
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import Snapshot
from duolog.jira.client import JiraClient
from duolog.jira.parts.part import Step
from duolog.jira.screens import Screens
from duolog.jira.surroundings import Surroundings
from duolog.jira.walking import Walk
from duolog.jira.wire import Issue


class StatusPart:
    """The status of one issue."""

    def __init__(self, client: JiraClient, issue_id: str, around: Surroundings) -> None:
        self._client = client
        self._id = issue_id
        self._around = around
        self._issue: Issue | None = None

    def take(self, issue: Issue) -> Snapshot:
        """Where the issue stands."""
        self._issue = issue
        status = issue.known.status
        return {slots.STATUS: self._around.fields.statuses.decode(status.id) if status else None}

    def steps(self, changes: Sequence[Change], _written: Written) -> Iterable[Step]:
        """The walk to the new status."""
        mine = (change for change in changes if change.slot == slots.STATUS)
        return [Step((change,), partial(self._walk, change)) for change in mine]

    def _walk(self, change: Change) -> None:
        target = self._around.fields.statuses.encode(str(change.value))
        if target is None:
            raise Refused(
                "Jira has no counterpart for this status.",
                hint="Choose one in the mapping of this binding.",
            )
        if self._issue is None or self._issue.known.issue_type is None:
            raise Retryable("The issue was not read before it was to be moved; we look again.")
        workflow = self._around.workflow(self._issue.known.issue_type.id)
        screens = Screens(self._around.fields.screens.outbound, self._around.dialect)
        Walk(self._client, self._issue, workflow, screens).to(target)
