"""The status of an issue: changed by steps of its workflow, never set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from duolog.core import fields as slots
from duolog.core.errors import Refused, Unseen
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import Snapshot
from duolog.jira.client import JiraClient
from duolog.jira.parts.part import Step
from duolog.jira.surroundings import Surroundings
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
        known = self._around.step(self._issue, target) if self._issue else None
        try:
            self._client.issues.transition(self._id, known or self._find_step(target))
        except Unseen:
            raise
        except Refused:
            if known is None:
                raise
            self._client.issues.transition(self._id, self._find_step(target))

    def _find_step(self, target: str) -> str:
        offered = self._client.issues.transitions(self._id)
        step = next((t for t in offered if t.to.id == target and t.is_available), None)
        if step is None:
            names = ", ".join(sorted({t.to.name for t in offered})) or "no other status"
            raise Refused(
                "Jira's workflow has no step to this status; from where the issue stands it "
                f"offers {names}.",
                hint="Move the issue in Jira, map the status to one that can be reached, or ask a "
                "Jira admin to add the step or the right to transition issues.",
            )
        if asked := step.asks_for():
            raise Refused(
                f"Jira asks for {', '.join(asked)} when an issue moves to {step.to.name}.",
                hint="Move the issue in Jira and fill it in there, or ask a Jira admin for a step "
                "without that screen.",
            )
        return step.id
