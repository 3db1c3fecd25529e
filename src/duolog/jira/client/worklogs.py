"""Worklogs of issues.  Their author is always the account that sends them.

Whoever writes two of one issue at the same moment spoils Jira's sum of its time: write one after
the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from duolog.core.errors import Refused, Retryable
from duolog.jira.call import Call
from duolog.jira.client.api import NO_PARAMS, Api, present
from duolog.jira.wire import Sendable, Worklog, WorklogPage

PAGE: Final = 5000


class Adjusting(StrEnum):
    """What a change of worklogs does to the remaining estimate of their issue."""

    AUTO = "auto"
    LEAVE = "leave"
    NEW = "new"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Estimate:
    """How the remaining estimate follows; `minutes` for what it becomes, or changes by.

    An edit cannot be followed by `MANUAL`: Jira refuses it.
    """

    adjusting: Adjusting = Adjusting.AUTO
    minutes: int | None = None

    def params(self, changing_by: str) -> Mapping[str, str]:
        """As Jira takes it; `changing_by` is its word for an amount of `MANUAL`."""
        word = {Adjusting.NEW: "newEstimate", Adjusting.MANUAL: changing_by}.get(self.adjusting)
        params = {"adjustEstimate": self.adjusting.value}
        if word is not None:
            params[word] = f"{self.minutes or 0}m"
        return params


LEAVE: Final = Estimate(Adjusting.LEAVE)
"""The remaining estimate stays: it is kept in step by itself."""


@dataclass(frozen=True, slots=True)
class WorklogParts:
    """What is said of a worklog; None is not said, so that an edit keeps it.

    An empty comment is said by an empty document or text, never by None.
    """

    started: datetime | None = None
    seconds: int | None = None
    comment: Sendable = None
    visibility: Sendable = None

    def body(self) -> dict[str, Sendable]:
        """As Jira takes it."""
        body: dict[str, Sendable] = {}
        if self.started is not None:
            body["started"] = render_started(self.started)
        if self.seconds is not None:
            body["timeSpentSeconds"] = self.seconds
        if self.comment is not None:
            body["comment"] = self.comment
        if self.visibility is not None:
            body["visibility"] = self.visibility
        return body


class WorklogCalls:
    """Calls about the worklogs of one issue."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def list(
        self,
        issue: str,
        *,
        with_properties: bool = False,
        began: tuple[datetime, datetime] | None = None,
    ) -> tuple[Worklog, ...]:
        """All worklogs that we may see, oldest first.  Raises rather than return fewer.

        Of those that began outside of the two instants of `began`, Cloud leaves out what it can;
        Server always lists all.
        """
        asked = {**present(expand="properties" if with_properties else ""), **_narrowed(began)}
        path = self._api.path("issue", issue, "worklog")
        in_pages = self._api.dialect.worklogs_know_more
        totals: list[int] = []

        def page_at(where: Mapping[str, str]) -> tuple[Sequence[Worklog], int]:
            params = {**where, **asked} if in_pages else NO_PARAMS
            page = self._api.get(WorklogPage, path, params)
            totals.append(page.total)
            return page.worklogs, page.total

        found = self._api.paged(page_at, size=PAGE, what=f"worklogs of issue {issue}")
        if len({worklog.id for worklog in found}) < max(len(found), *totals):
            raise Retryable(
                f"The worklogs of issue {issue} changed while they were read.",
                hint="We read them again; nothing is lost.",
            )
        return found

    def get(self, issue: str, worklog: str, *, with_properties: bool = False) -> Worklog:
        """One worklog.  Raises Unseen."""
        path = self._api.path("issue", issue, "worklog", worklog)
        return self._api.get(Worklog, path, self._expanding(with_properties=with_properties))

    def add(
        self,
        issue: str,
        parts: WorklogParts,
        *,
        properties: Mapping[str, Sendable] | None = None,
        estimate: Estimate = Estimate(),
        notify: bool = True,
    ) -> Worklog:
        """Log time, born with our properties where Jira keeps them.  Raises AnswerLost."""
        body = parts.body()
        if properties and self._api.dialect.worklogs_know_more:
            body["properties"] = [{"key": k, "value": v} for k, v in properties.items()]
        path = self._api.path("issue", issue, "worklog")
        params = {**estimate.params("reduceBy"), **self._telling(notify=notify)}
        return self._api.read(Worklog, Call("POST", path, params=params, body=body))

    def edit(
        self,
        issue: str,
        worklog: str,
        parts: WorklogParts,
        *,
        estimate: Estimate = Estimate(),
        notify: bool = True,
    ) -> Worklog:
        """Change what is said, keep the rest.  Raises Unseen, or Refused for another's."""
        path = self._api.path("issue", issue, "worklog", worklog)
        if estimate.adjusting is Adjusting.MANUAL:
            raise ValueError("Jira does not take an amount with an edit")
        params = {**estimate.params(""), **self._telling(notify=notify)}
        return self._api.read(Worklog, Call("PUT", path, params=params, body=parts.body()))

    def delete(
        self, issue: str, worklog: str, *, estimate: Estimate = Estimate(), notify: bool = True
    ) -> None:
        """Delete the worklog for ever.  Raises Unseen when it is not there."""
        path = self._api.path("issue", issue, "worklog", worklog)
        params = {**estimate.params("increaseBy"), **self._telling(notify=notify)}
        self._api.send(Call("DELETE", path, params=params))

    def move(
        self, issue: str, worklog: str, target: str, *, estimate: Estimate = Estimate()
    ) -> None:
        """Bring a worklog to another issue as it is, id and all; Cloud alone can.

        Raises Unseen, or Refused without the right to delete everybody's: it is given to few.
        """
        if not self._api.dialect.worklogs_know_more:
            raise Refused("This Jira cannot move worklogs.", hint="Log it there, delete it here.")
        path = self._api.path("issue", issue, "worklog", "move")
        body: dict[str, Sendable] = {"ids": [int(worklog)], "issueIdOrKey": target}
        self._api.send(Call("POST", path, params=estimate.params(""), body=body))

    def _expanding(self, *, with_properties: bool) -> Mapping[str, str]:
        """Entity properties as well; Server knows none."""
        if with_properties and self._api.dialect.worklogs_know_more:
            return {"expand": "properties"}
        return NO_PARAMS

    def _telling(self, *, notify: bool) -> Mapping[str, str]:
        """Whether watchers get an e-mail; Server knows no such word and always sends it."""
        if notify or not self._api.dialect.worklogs_know_more:
            return {}
        return {"notifyUsers": "false"}


def _narrowed(began: tuple[datetime, datetime] | None) -> Mapping[str, str]:
    if began is None:
        return {}
    after, before = (str(int(instant.timestamp() * 1000)) for instant in began)
    return {"startedAfter": after, "startedBefore": before}


def render_started(instant: datetime) -> str:
    """The one form of a time that every Jira reads: milliseconds, and an offset without a colon."""
    utc = instant.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}+0000"
