"""Issues: read, edit, move through the workflow, create, delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from duolog.core.errors import Refused, SyncError
from duolog.jira.call import Answer, Call
from duolog.jira.client.apart import CallsApart
from duolog.jira.client.api import Api, listed, present
from duolog.jira.client.values import ALL, BULK_CREATE, BULK_FETCH, Fetched, NewIssue
from duolog.jira.errors import from_answer, from_element
from duolog.jira.refusals import Reasons
from duolog.jira.wire import (
    BulkCreateAnswer,
    BulkCreateError,
    CreatedIssue,
    EntityProperty,
    Issue,
    Json,
    Sendable,
    Transition,
    TransitionList,
)


class IssueCalls:
    """Calls about issues.  `issue` is an id; a key works too, but does not stay."""

    def __init__(self, api: Api, apart: CallsApart) -> None:
        self._api = api
        self._apart = apart

    def get(
        self,
        issue: str,
        *,
        fields: Sequence[str] = ALL,
        properties: Sequence[str] = (),
        expand: Sequence[str] = (),
    ) -> Issue:
        """The issue, straight from Jira's database.  Raises Unseen."""
        params = present(
            fields=listed(fields), properties=listed(properties), expand=listed(expand)
        )
        return self._api.get(Issue, self._api.path("issue", issue), params)

    def edit(
        self,
        issue: str,
        *,
        fields: Mapping[str, Sendable] | None = None,
        update: Mapping[str, Sendable] | None = None,
    ) -> Issue:
        """Set `fields` and apply the `update` operations in one request; the issue after it.

        The last writer wins, field by field: Jira knows no condition.
        """
        body: dict[str, Sendable] = {}
        if fields:
            body["fields"] = dict(self._apart.with_accounts(fields))
        if update:
            body["update"] = dict(update)
        path = self._api.path("issue", issue)
        call = Call("PUT", path, params=self._api.dialect.edit_params, body=body)
        answer = self._api.send(call)
        if not answer.body.strip():  # 204: this Jira does not answer with the issue
            return self.get(issue)
        return self._api.parse(Issue, answer, call)

    def transitions(self, issue: str) -> tuple[Transition, ...]:
        """The steps we may take now, with their fields; none where we may not transition."""
        path = self._api.path("issue", issue, "transitions")
        found = self._api.get(TransitionList, path, {"expand": "transitions.fields"})
        return found.transitions

    def transition(
        self,
        issue: str,
        transition_id: str,
        *,
        fields: Mapping[str, Sendable] | None = None,
        update: Mapping[str, Sendable] | None = None,
    ) -> None:
        """Take one step of the workflow.  Raises AnswerLost when it may have been taken."""
        body: dict[str, Sendable] = {"transition": {"id": transition_id}}
        if fields:
            body["fields"] = dict(self._apart.with_accounts(fields))
        if update:
            body["update"] = dict(update)
        self._api.send(Call("POST", self._api.path("issue", issue, "transitions"), body=body))

    def create(self, new: NewIssue) -> CreatedIssue:
        """Create one issue.  Raises AnswerLost when it may exist: look before repeating."""
        call = Call("POST", self._api.path("issue"), body=self._addressed(new).body())
        return self._api.read(CreatedIssue, call)

    def _addressed(self, new: NewIssue) -> NewIssue:
        return replace(new, fields=self._apart.with_accounts(new.fields))

    def create_many(self, new: Sequence[NewIssue]) -> tuple[CreatedIssue | SyncError, ...]:
        """Create up to `BULK_CREATE` issues; one outcome for each, in their order.

        An outcome is the issue or the error that `create` would have raised.  Raises
        AnswerLost when it is unknown which of them exist.
        """
        if not 0 < len(new) <= BULK_CREATE:
            raise ValueError(f"between 1 and {BULK_CREATE} issues, not {len(new)}")
        refused: dict[int, SyncError] = {}
        bodies: list[Sendable] = []
        for place, issue in enumerate(new):
            try:
                bodies.append(self._addressed(issue).body())
            except Refused as error:
                refused[place] = error
        created = iter(self._create_many(bodies) if bodies else ())
        return tuple(refused.get(place) or next(created) for place in range(len(new)))

    def _create_many(self, bodies: Sequence[Sendable]) -> tuple[CreatedIssue | SyncError, ...]:
        call = Call(
            "POST",
            self._api.path("issue", "bulk"),
            body={"issueUpdates": bodies},
            expected=frozenset({400}),  # said when every single one was refused
        )
        answer = self._api.send(call)
        if answer.status == 400 and not _speaks_of_each(answer):
            raise from_answer(answer, call)
        result = self._api.parse(BulkCreateAnswer, answer, call)
        return tuple(_outcome(it) for it in result.by_place(len(bodies)))

    def fetch(
        self,
        ids: Sequence[str],
        *,
        fields: Sequence[str] = ALL,
        properties: Sequence[str] = (),
        expand: Sequence[str] = (),
    ) -> Fetched:
        """Up to `BULK_FETCH` issues by id; one call, where none of them is missing."""
        asked = tuple(dict.fromkeys(ids))
        if not 0 < len(asked) <= BULK_FETCH:
            raise ValueError(f"between 1 and {BULK_FETCH} ids, not {len(asked)}")
        return self._apart.fetch(asked, fields=fields, properties=properties, expand=expand)

    def delete(self, issue: str, *, with_subtasks: bool = False) -> None:
        """Delete the issue for ever.  Raises Refused when it has subtasks that would go too."""
        path = self._api.path("issue", issue)
        flag = "true" if with_subtasks else "false"
        self._api.send(Call("DELETE", path, params={"deleteSubtasks": flag}))

    def set_property(self, issue: str, key: str, value: Sendable) -> None:
        """Attach `value`, any JSON but null.  Does not change when the issue was updated."""
        path = self._api.path("issue", issue, "properties", key)
        self._api.send(Call("PUT", path, body=value))

    def get_property(self, issue: str, key: str) -> Json:
        """The value attached under `key`.  Raises Unseen when the issue or the key is not there."""
        path = self._api.path("issue", issue, "properties", key)
        return self._api.get(EntityProperty, path).value


def _speaks_of_each(answer: Answer) -> bool:
    body = answer.json()
    return isinstance(body, dict) and isinstance(body.get("errors"), list)


def _outcome(result: CreatedIssue | BulkCreateError) -> CreatedIssue | SyncError:
    if isinstance(result, CreatedIssue):
        return result
    reasons: Mapping[str, str] = result.element_errors.errors
    return from_element(result.status, Reasons(result.element_errors.error_messages, reasons))
