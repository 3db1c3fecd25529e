"""An account's own worklogs, written straight to one site, so that each is there once.

For who has no server of ours: nothing is stored, so what cannot be known is said and not repeated.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from duolog.core.errors import AnswerLost, Refused, Retryable, Unseen
from duolog.core.worklogs import MINUTE, Spent
from duolog.jira.client import JiraClient
from duolog.jira.client.worklogs import Estimate, WorklogParts
from duolog.jira.texts import texts_for
from duolog.jira.tokens import PROPERTY, marked, worklog_token
from duolog.jira.wire import Json, Worklog

UNKNOWN: Final = "Nobody knows whether Jira has it: look there before you log it again."
ON_BOTH: Final = "It is on the new issue. Look at the former one, and delete it there if it stayed."
UNEVEN: Final = "It lasts no whole minutes, which Jira does not take anew: round its time first."
AUTO: Final = Estimate()


def alike(client: JiraClient, issue: str, parts: WorklogParts, account_id: str) -> list[Worklog]:
    """Those of an issue that the account wrote for this start and time (rulings.md 10)."""
    return [
        each
        for each in client.worklogs.list(issue)
        if each.author is not None
        and each.author.account_id == account_id
        and (each.started, each.time_spent_seconds) == (parts.started, parts.seconds)
    ]


def born_with(client: JiraClient, issue: str, token: str) -> Worklog | None:
    """The worklog of an issue that was born with this token; Cloud alone keeps them."""
    listed = client.worklogs.list(issue, with_properties=True)
    return next((each for each in listed if worklog_token(each) == token), None)


@dataclass(frozen=True, slots=True)
class Writer:
    """Whose worklogs are written, and over which client."""

    client: JiraClient
    account_id: str

    def said(self, worklog: Worklog) -> Spent:
        """What a worklog says, its comment as Markdown."""
        comment = texts_for(self.client.dialect.deployment).here(worklog.comment).strip()
        return Spent(worklog.started, worklog.time_spent_seconds, comment)

    def log(
        self, issue: str, spent: Spent, *, estimate: Estimate = AUTO, notify: bool = False
    ) -> Worklog:
        """A new worklog."""
        body = texts_for(self.client.dialect.deployment).there(spent.comment, None)
        parts = WorklogParts(spent.started, spent.seconds, body if spent.comment else None)
        return self._add(issue, parts, {}, estimate, notify=notify)

    def find(self, issue: str, spent: Spent) -> Worklog | None:
        """A worklog of the account's with this start and time, if the issue has one."""
        return next(iter(self._alike(issue, WorklogParts(spent.started, spent.seconds))), None)

    def edit(self, issue: str, jira_id: str, spent: Spent) -> Worklog:
        """The worklog once it says this; only what differs is sent."""
        there = self.client.worklogs.get(issue, jira_id)
        held = self.said(there)
        texts = texts_for(self.client.dialect.deployment)
        parts = WorklogParts(
            None if spent.started == held.started else spent.started,
            None if spent.seconds == held.seconds else spent.seconds,
            None if spent.comment == held.comment else texts.there(spent.comment, there.comment),
        )
        if not parts.body():
            return there
        return self.client.worklogs.edit(issue, jira_id, parts, notify=False)

    def delete(self, issue: str, jira_id: str) -> None:
        """Have it gone."""
        self.client.worklogs.delete(issue, jira_id, notify=False)

    def move(self, issue: str, jira_id: str, target: str) -> Worklog:
        """The worklog on another issue, and nowhere else.

        Made there first and deleted here then, where Jira's own move is not for this account; what
        was made is taken back where it cannot be deleted.
        """
        here = self.client.worklogs.get(issue, jira_id, with_properties=True)
        if self.client.dialect.worklogs_know_more:
            try:
                self.client.worklogs.move(issue, jira_id, target)
                return self.client.worklogs.get(target, jira_id)
            except Refused:
                pass
        if here.time_spent_seconds % MINUTE:
            raise Refused(UNEVEN)
        shut = here.visibility.model_dump(exclude_none=True) if here.visibility else None
        parts = WorklogParts(here.started, here.time_spent_seconds, here.comment, shut)
        others = {it.key: it.value for it in here.properties if it.key != PROPERTY}
        made = self._add(target, parts, others, AUTO, notify=False)
        try:
            self.delete(issue, jira_id)
        except Unseen:
            return made
        except Refused:
            self.delete(target, made.id)
            raise
        except Retryable as error:
            raise AnswerLost(str(error), hint=ON_BOTH) from error
        return made

    def _add(
        self,
        issue: str,
        parts: WorklogParts,
        properties: Mapping[str, Json],
        estimate: Estimate,
        *,
        notify: bool,
    ) -> Worklog:
        token = str(uuid.uuid4())
        before = set() if self._knows_tokens else {it.id for it in self._alike(issue, parts)}
        try:
            return self.client.worklogs.add(
                issue,
                parts,
                properties={**properties, **marked(token)},
                estimate=estimate,
                notify=notify,
            )
        except AnswerLost as lost:
            made = self._find_made(issue, parts, token, before)
            if made is None:
                raise AnswerLost(str(lost), hint=UNKNOWN) from lost
            return made

    @property
    def _knows_tokens(self) -> bool:
        return self.client.dialect.worklogs_know_more

    def _find_made(
        self, issue: str, parts: WorklogParts, token: str, before: set[str]
    ) -> Worklog | None:
        if self._knows_tokens:
            return born_with(self.client, issue, token)
        return next((it for it in self._alike(issue, parts) if it.id not in before), None)

    def _alike(self, issue: str, parts: WorklogParts) -> list[Worklog]:
        return alike(self.client, issue, parts, self.account_id)
