"""What Server and Data Center are asked instead: search by offset, and lists whole.

Facts: Atlassian's OpenAPI document of Data Center 10.3.  Its search tells no properties, knows no
ids that do not exist, and has no bulk fetch.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import TypeAdapter

from duolog.core.errors import Refused, Unseen
from duolog.jira import jql as query_language
from duolog.jira.client.api import Api, listed, present
from duolog.jira.client.listing import list_comments
from duolog.jira.client.values import Fetched, Query
from duolog.jira.wire import (
    Comment,
    Issue,
    OffsetPage,
    Priority,
    Project,
    SearchPage,
    Sendable,
    User,
)
from duolog.jira.wire.parse import Many

LOGIN_KEPT: Final = 60.0  # seconds that a login name, once read, is taken to be the account's
_ACCOUNTS: Final = frozenset({"assignee", "reporter"})
_PROJECTS: Final[TypeAdapter[tuple[Project, ...]]] = TypeAdapter(Many[Project])
_PRIORITIES: Final[TypeAdapter[tuple[Priority, ...]]] = TypeAdapter(Many[Priority])


class ServerCalls:
    """The calls of `CallsApart`, as Server and Data Center know them."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._logins: dict[str, tuple[str, float]] = {}

    def search_page(self, query: Query, token: str | None) -> SearchPage:
        """One page; the token is the place at which the next one begins.

        Times in it are whole seconds, as the index keeps them.
        """
        page = self._page(query, int(token or 0))
        after = page.start_at + len(page.issues)
        is_last = after >= page.total
        stuck = not page.issues and not is_last
        return SearchPage(
            issues=page.issues,
            next_page_token=None if is_last or stuck else str(after),
            is_last=is_last,
            total=page.total,
        )

    def _page(self, query: Query, start: int, *, validate: bool = True) -> OffsetPage:
        body: dict[str, Sendable] = {
            "jql": query.jql,
            "fields": list(query.fields),
            "startAt": start,
            "maxResults": query.page_size,
            "validateQuery": validate,
        }
        if query.expand:
            body["expand"] = list(query.expand)
        return self._api.ask(OffsetPage, self._api.path("search"), body)

    def count(self, jql: str) -> int:
        """How many issues the query finds."""
        return self._page(Query(jql, ("summary",), page_size=0), 0).total

    def fetch(
        self,
        ids: Sequence[str],
        *,
        fields: Sequence[str],
        properties: Sequence[str],
        expand: Sequence[str],
    ) -> Fetched:
        """Issues by id: searched for, and those the search leaves out read one by one.

        A search that was told of an id it does not know may leave out others with it, and the
        index of a node may lag behind: only an issue that is asked for alone can be unseen.
        """
        query = Query(
            query_language.among(ids), tuple(fields), expand=tuple(expand), page_size=len(ids)
        )
        found = {issue.id: issue for issue in self._page(query, 0, validate=False).issues}
        unseen: list[str] = []
        unread: list[str] = []
        params = present(
            fields=listed(fields), properties=listed(properties), expand=listed(expand)
        )
        for issue_id in ids:
            if issue_id in found:
                continue
            try:
                issue = self._api.get(Issue, self._api.path("issue", issue_id), params)
            except Unseen:
                unseen.append(issue_id)
            except Refused:
                unread.append(issue_id)
            else:
                found[issue_id] = issue
        return Fetched(issues=tuple(found.values()), unseen=tuple(unseen), unread=tuple(unread))

    def with_accounts(self, fields: Mapping[str, Sendable]) -> Mapping[str, Sendable]:
        """Accounts by their login names of the moment; we know them by their keys, which stay."""
        return {
            name: self._account(name, value) if _holds_account(name) else value
            for name, value in fields.items()
        }

    def _account(self, field: str, value: Sendable) -> Sendable:
        if isinstance(value, list | tuple):
            return [self._account(field, each) for each in value]
        key = value.get(self._api.dialect.account_key) if isinstance(value, Mapping) else None
        if not isinstance(key, str):
            return value
        known = self._logins.get(key)
        if known is None or known[1] < time.monotonic():
            known = self._logins[key] = self._login(field, key), time.monotonic() + LOGIN_KEPT
        return {self._api.dialect.user_key: known[0]}

    def _login(self, field: str, key: str) -> str:
        params = {self._api.dialect.account_key: key}
        try:
            found = self._api.get(User, self._api.path("user"), params)
        except Unseen as error:
            why = f"Jira has no account {key} that we may see."
            raise Refused(why, fields={field: why}, hint=error.hint) from error
        return found.name or key

    def comments_by_ids(self, issue: str, ids: Sequence[str]) -> tuple[Comment, ...]:
        """The comments with these ids, out of all that the issue has."""
        wanted = set(ids)
        found = list_comments(self._api, issue, expand="properties")
        return tuple(comment for comment in found if comment.id in wanted)

    def projects(self, query: str) -> tuple[Project, ...]:
        """Chosen here: this Jira lists all projects at once."""
        asked = query.casefold()
        listing = self._api.get(_PROJECTS, self._api.path("project"))
        found = (p for p in listing if _begins(p.key, asked) or _begins(p.name, asked))
        return tuple(sorted(found, key=lambda project: project.key))

    def priorities(self, _project_id: str, /) -> tuple[Priority, ...]:
        """The priorities of the site, the highest first: schemes are for administrators."""
        return self._api.get(_PRIORITIES, self._api.path("priority"))


def _holds_account(field: str) -> bool:
    """Whether a field may hold an account; in other fields a key names something else."""
    return field in _ACCOUNTS or field.startswith("customfield_")


def _begins(text: str, with_what: str) -> bool:
    return text.casefold().startswith(with_what)
