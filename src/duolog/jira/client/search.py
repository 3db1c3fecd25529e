"""Search by JQL.  Cloud's index lags behind writes by seconds to minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from duolog.core.errors import Retryable
from duolog.jira.client.api import Api, listed
from duolog.jira.wire import ApproximateCount, Issue, SearchPage, Sendable

PAGE: Final = 100  # Jira may send fewer, whatever is asked
RECONCILED: Final = 50  # ids that one search makes current


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for and what to read of each issue found.

    `reconcile` names issues by numeric id that the search must know as they are now.
    """

    jql: str
    fields: tuple[str, ...] = ("*all",)
    properties: tuple[str, ...] = ()
    expand: tuple[str, ...] = ()
    reconcile: tuple[str, ...] = ()
    page_size: int = PAGE

    def body(self, token: str | None) -> dict[str, Sendable]:
        """The request for one page."""
        body: dict[str, Sendable] = {
            "jql": self.jql,
            "fields": list(self.fields),
            "maxResults": self.page_size,
        }
        if self.properties:
            body["properties"] = list(self.properties)
        if self.expand:
            body["expand"] = listed(self.expand)
        if self.reconcile:
            body["reconcileIssues"] = [int(it) for it in self.reconcile[:RECONCILED]]
        if token is not None:
            body["nextPageToken"] = token
        return body


class SearchCalls:
    """Calls that find issues."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def page(self, query: Query, token: str | None = None) -> SearchPage:
        """One page; `token` is that of the page before.  Raises Refused for a wrong query."""
        return self._api.ask(SearchPage, self._api.path("search", "jql"), query.body(token))

    def each(self, query: Query) -> Iterator[Issue]:
        """Every issue found, page by page.  Raises rather than end early."""
        token: str | None = None
        seen: set[str] = set()
        while True:
            page = self.page(query, token)
            yield from page.issues
            token = page.next_page_token
            if page.is_last or (token is None and page.is_last is None):
                return
            if token is None or token in seen:
                raise Retryable(
                    "Jira's search broke off before its last page.",
                    hint="We search again; nothing is lost.",
                )
            seen.add(token)

    def all(self, query: Query) -> tuple[Issue, ...]:
        """Every issue found, or an error: never some of them."""
        return tuple(self.each(query))

    def approximate_count(self, jql: str) -> int:
        """About how many issues the query finds."""
        path = self._api.path("search", "approximate-count")
        return self._api.ask(ApproximateCount, path, {"jql": jql}).count
