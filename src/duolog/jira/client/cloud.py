"""What only Cloud is asked: search by token, bulk fetch, lists by their own search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from duolog.core.errors import Retryable
from duolog.jira.client.api import Api, listed, present
from duolog.jira.client.values import Fetched, Query
from duolog.jira.wire import (
    ApproximateCount,
    BulkIssues,
    Comment,
    CommentsById,
    Priority,
    PriorityPage,
    Project,
    ProjectPage,
    SearchPage,
    Sendable,
)

RECONCILED: Final = 50  # ids that one search makes current
PROJECTS: Final = 50
PRIORITIES: Final = 200
WITH_PROPERTIES: Final = {"expand": "properties"}


class CloudCalls:
    """The calls of `CallsApart`, as Cloud knows them."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def search_page(self, query: Query, token: str | None) -> SearchPage:
        """One page of a search whose index lags behind writes by seconds to minutes."""
        path = self._api.path("search", "jql")
        return self._api.ask(SearchPage, path, _search_body(query, token))

    def count(self, jql: str) -> int:
        """About how many issues the query finds."""
        path = self._api.path("search", "approximate-count")
        return self._api.ask(ApproximateCount, path, {"jql": jql}).count

    def fetch(
        self,
        ids: Sequence[str],
        *,
        fields: Sequence[str],
        properties: Sequence[str],
        expand: Sequence[str],
    ) -> Fetched:
        """Issues by id, in one call, straight from Jira's database."""
        body: dict[str, Sendable] = {"issueIdsOrKeys": list(ids), "fields": list(fields)}
        if properties:
            body["properties"] = list(properties)
        if expand:
            body["expand"] = list(expand)
        found = self._api.ask(BulkIssues, self._api.path("issue", "bulkfetch"), body)
        sent = {issue.id for issue in found.issues}
        failed = {error.id for error in found.issue_errors} - sent
        return Fetched(
            issues=found.issues,
            unseen=tuple(it for it in ids if it not in sent | failed),
            unread=tuple(it for it in ids if it in failed),
        )

    def with_accounts(self, fields: Mapping[str, Sendable]) -> Mapping[str, Sendable]:
        """As they are: an account's id is also what Jira takes."""
        return fields

    def comments_by_ids(self, issue: str, ids: Sequence[str]) -> tuple[Comment, ...]:
        """The comments with these ids; whose they are makes no difference here."""
        path = self._api.path("comment", "list")
        body: dict[str, Sendable] = {"ids": [int(it) for it in ids]}
        page = self._api.ask(CommentsById, path, body, params=WITH_PROPERTIES)
        if page.is_last is not False and len(page.values) >= page.total:
            return page.values
        if len(ids) == 1:
            raise Retryable(
                f"Jira left out comment {ids[0]} without saying why.",
                hint="We read it again; nothing is lost.",
            )
        half = len(ids) // 2  # a page was cut, and this list has no second page
        return self.comments_by_ids(issue, ids[:half]) + self.comments_by_ids(issue, ids[half:])

    def projects(self, query: str) -> tuple[Project, ...]:
        """Found by Jira, page by page."""

        def page_at(where: Mapping[str, str]) -> tuple[Sequence[Project], int]:
            params = {**where, **present(query=query), "orderBy": "key"}
            page = self._api.get(ProjectPage, self._api.path("project", "search"), params)
            return page.values, page.total

        return self._api.paged(page_at, size=PROJECTS, what="projects")

    def priorities(self, project_id: str, /) -> tuple[Priority, ...]:
        """The priorities of a project's scheme, or of the site; the highest first."""
        path = self._api.path("priority", "search")

        def page_at(where: Mapping[str, str]) -> tuple[Sequence[Priority], int]:
            page = self._api.get(PriorityPage, path, {**where, **present(projectId=project_id)})
            return page.values, page.total

        return self._api.paged(page_at, size=PRIORITIES, what="priorities")


def _search_body(query: Query, token: str | None) -> dict[str, Sendable]:
    body: dict[str, Sendable] = {
        "jql": query.jql,
        "fields": list(query.fields),
        "maxResults": query.page_size,
    }
    if query.properties:
        body["properties"] = list(query.properties)
    if query.expand:
        body["expand"] = listed(query.expand)
    if query.reconcile:
        body["reconcileIssues"] = [int(it) for it in query.reconcile[:RECONCILED]]
    if token is not None:
        body["nextPageToken"] = token
    return body
