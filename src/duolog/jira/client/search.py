"""Search by JQL.  Cloud's index lags behind writes by seconds to minutes."""

from __future__ import annotations

from collections.abc import Iterator

from duolog.core.errors import Retryable
from duolog.jira.client.apart import CallsApart
from duolog.jira.client.values import Query
from duolog.jira.wire import Issue, SearchPage


class SearchCalls:
    """Calls that find issues."""

    def __init__(self, apart: CallsApart) -> None:
        self._apart = apart

    def page(self, query: Query, token: str | None = None) -> SearchPage:
        """One page; `token` is that of the page before.  Raises Refused for a wrong query."""
        return self._apart.search_page(query, token)

    def each(self, query: Query) -> Iterator[Issue]:
        """Every issue found, page by page.  Raises rather than end early.

        Where pages are cut by their place, an issue that leaves a page or moves to a later one
        pulls another across the cut unseen: then too the end is an error, and what was read
        before it is read again.
        """
        token: str | None = None
        tokens: set[str] = set()
        seen: set[str] = set()
        totals: list[int] = []
        while True:
            page = self.page(query, token)
            yield from page.issues
            seen.update(issue.id for issue in page.issues)
            if page.total is not None:
                totals.append(page.total)
            token = page.next_page_token
            if page.is_last or (token is None and page.is_last is None):
                break
            if token is None or token in tokens:
                raise Retryable(
                    "Jira's search broke off before its last page.",
                    hint="We search again; nothing is lost.",
                )
            tokens.add(token)
        if totals and len(seen) < max(totals):
            raise Retryable(
                f"Issues changed while Jira listed {max(totals)} of them.",
                hint="We search again; nothing is lost.",
            )

    def all(self, query: Query) -> tuple[Issue, ...]:
        """Every issue found, or an error: never some of them."""
        return tuple(self.each(query))

    def approximate_count(self, jql: str) -> int:
        """About how many issues the query finds."""
        return self._apart.count(jql)
