"""The calls that the deployments make in different ways, under one name each.

Everything else the client does is the same call on both, or differs by the dialect's words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from duolog.jira.client.values import Fetched, Query
from duolog.jira.wire import Comment, Priority, Project, SearchPage, Sendable


class CallsApart(Protocol):
    """What only one deployment can be asked in this way: `CloudCalls` or `ServerCalls`."""

    def search_page(self, query: Query, token: str | None) -> SearchPage:
        """One page; `token` is that of the page before.  Raises Refused for a wrong query."""
        ...

    def count(self, jql: str) -> int:
        """About how many issues a query finds."""
        ...

    def fetch(
        self,
        ids: Sequence[str],
        *,
        fields: Sequence[str],
        properties: Sequence[str],
        expand: Sequence[str],
    ) -> Fetched:
        """Up to `BULK_FETCH` issues by id."""
        ...

    def with_accounts(self, fields: Mapping[str, Sendable]) -> Mapping[str, Sendable]:
        """Fields to be written, each account in them under the name by which Jira takes it.

        Raises Refused, with the name of the field, for an account Jira does not know.
        """
        ...

    def comments_by_ids(self, issue: str, ids: Sequence[str]) -> tuple[Comment, ...]:
        """Those of these comments of an issue that we may see, with their properties."""
        ...

    def projects(self, query: str) -> tuple[Project, ...]:
        """All projects we may browse whose key or name begins like `query`."""
        ...

    def priorities(self, project_id: str, /) -> tuple[Priority, ...]:
        """The priorities of the site, or of one project's scheme where it can be asked for."""
        ...
