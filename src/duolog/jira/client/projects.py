"""Projects and what can be created in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import TypeAdapter

from duolog.jira.call import Call
from duolog.jira.client.apart import CallsApart
from duolog.jira.client.api import Api
from duolog.jira.wire import (
    CreateField,
    CreateFieldPage,
    CreateTypePage,
    IssueType,
    IssueTypeStatuses,
    Priority,
    Project,
    ReadWorkflows,
    Sendable,
)
from duolog.jira.wire.parse import Many

METADATA: Final = 200
NOT_ADMITTED: Final = frozenset({401, 403, 404})
_STATUSES: Final[TypeAdapter[tuple[IssueTypeStatuses, ...]]] = TypeAdapter(Many[IssueTypeStatuses])


class ProjectCalls:
    """Calls about projects.  `project` is an id or a key."""

    def __init__(self, api: Api, apart: CallsApart) -> None:
        self._api = api
        self._apart = apart

    def list(self, query: str = "") -> tuple[Project, ...]:
        """All projects we may browse whose key or name begins like `query`."""
        return self._apart.projects(query)

    def get(self, project: str) -> Project:
        """One project with its issue types.  Raises Unseen."""
        return self._api.get(Project, self._api.path("project", project))

    def statuses(self, project: str) -> tuple[IssueTypeStatuses, ...]:
        """The statuses each issue type of the project can have."""
        return self._api.get(_STATUSES, self._api.path("project", project, "statuses"))

    def issue_types(self, project: str) -> tuple[IssueType, ...]:
        """The issue types we may create in the project."""
        path = self._api.path("issue", "createmeta", project, "issuetypes")

        def page_at(where: Mapping[str, str]) -> tuple[Sequence[IssueType], int]:
            page = self._api.get(CreateTypePage, path, where)
            return page.issue_types, page.total

        return self._api.paged(page_at, size=METADATA, what=f"issue types of {project}")

    def create_fields(self, project: str, issue_type_id: str) -> tuple[CreateField, ...]:
        """The fields of the create screen of one issue type."""
        path = self._api.path("issue", "createmeta", project, "issuetypes", issue_type_id)

        def page_at(where: Mapping[str, str]) -> tuple[Sequence[CreateField], int]:
            page = self._api.get(CreateFieldPage, path, where)
            return page.fields, page.total

        return self._api.paged(page_at, size=METADATA, what=f"create fields of {project}")

    def workflow(self, project_id: str, issue_type_id: str) -> ReadWorkflows | None:
        """The workflow of one issue type, whole; None where only administrators may look.

        Cloud `readWorkflows`, which needs *Administer Jira*, of an app `manage:jira-configuration`;
        Server tells nobody.
        """
        pair: dict[str, Sendable] = {"projectId": project_id, "issueTypeId": issue_type_id}
        call = Call(
            "POST",
            self._api.path("workflows"),
            body={"projectAndIssueTypes": [pair]},
            reads_only=True,
            expected=NOT_ADMITTED,
        )
        answer = self._api.send(call)
        if answer.status in NOT_ADMITTED:
            return None
        return self._api.parse(ReadWorkflows, answer, call)

    def priorities(self, project_id: str = "") -> tuple[Priority, ...]:
        """The priorities of the site, or of one project's scheme; the highest first."""
        return self._apart.priorities(project_id)
