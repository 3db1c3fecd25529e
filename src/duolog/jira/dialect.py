"""What differs between Jira's deployments, as data.  No requests and no decisions here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Deployment(StrEnum):
    """How a Jira is hosted."""

    CLOUD = "cloud"
    SERVER = "server"  # Server and Data Center


@dataclass(frozen=True, slots=True)
class Dialect:
    """Paths and names of one deployment's REST interface.

    `rest` is a path below the site's base address.

    An account is asked for by `account_key`: on Server its key, which stays when a person is
    renamed.  What we write names it under `user_key`, and the header `identity_header` of every
    answer says who asked; on Server both are the login name.  People are searched by `user_query`.

    `edit_params` have an edit answer with the issue.  The rest is what can be relied on: that a
    search shows entity properties, that an issue can be created in another status than its
    workflow's first, that a comment inside an issue says whether it is internal, that worklogs come
    in pages, keep properties and can be written without an e-mail to watchers; and what cannot:
    times of a search that are whole seconds, where an issue read alone has milliseconds, and a
    `parent` for sub-tasks alone, so that epics are named in fields of their own.
    """

    deployment: Deployment
    rest: str
    account_key: str
    user_key: str
    user_query: str
    identity_header: str
    edit_params: Mapping[str, str]
    search_tells_properties: bool
    search_tells_whole_seconds: bool
    creates_in_any_status: bool
    parent_is_for_subtasks: bool
    comments_tell_internal: bool
    worklogs_know_more: bool


CLOUD: Final = Dialect(
    deployment=Deployment.CLOUD,
    rest="/rest/api/3",
    account_key="accountId",
    user_key="accountId",
    user_query="query",
    identity_header="X-AAccountId",
    edit_params={"returnIssue": "true"},
    search_tells_properties=True,
    search_tells_whole_seconds=False,
    creates_in_any_status=True,
    parent_is_for_subtasks=False,
    comments_tell_internal=True,
    worklogs_know_more=True,
)

SERVER: Final = Dialect(
    deployment=Deployment.SERVER,
    rest="/rest/api/2",
    account_key="key",
    user_key="name",
    user_query="username",
    identity_header="X-AUSERNAME",
    edit_params={},
    search_tells_properties=False,
    search_tells_whole_seconds=True,
    creates_in_any_status=False,
    parent_is_for_subtasks=True,
    comments_tell_internal=False,
    worklogs_know_more=False,
)

DIALECTS: Final[Mapping[str, Dialect]] = {
    Deployment.CLOUD: CLOUD,
    Deployment.SERVER: SERVER,
}
