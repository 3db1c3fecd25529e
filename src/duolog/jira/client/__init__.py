"""The Jira client: one method per endpoint we use, typed in and out.  Decides nothing.

Every method raises the errors of `duolog.core.errors` and nothing else from the network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Final, Self

from duolog.jira.auth import Credential
from duolog.jira.client.apart import CallsApart
from duolog.jira.client.api import Api, Sender
from duolog.jira.client.attachments import AttachmentCalls
from duolog.jira.client.cloud import CloudCalls
from duolog.jira.client.comments import CommentCalls
from duolog.jira.client.issues import IssueCalls
from duolog.jira.client.links import LinkCalls, NewWebLink
from duolog.jira.client.people import PeopleCalls
from duolog.jira.client.projects import ProjectCalls
from duolog.jira.client.search import SearchCalls
from duolog.jira.client.server import ServerCalls
from duolog.jira.client.site import SiteCalls
from duolog.jira.client.values import (
    BULK_CREATE,
    BULK_FETCH,
    BY_ID,
    Fetched,
    FoundComments,
    NewIssue,
    Query,
)
from duolog.jira.client.webhooks import DynamicWebhookCalls, NewWebhook, WebhookCalls
from duolog.jira.client.worklogs import WorklogCalls
from duolog.jira.dialect import CLOUD, Deployment, Dialect
from duolog.jira.transport import DEFAULTS, UNWATCHED, JiraTransport, Options, Watch, open_http

_APART: Final[Mapping[Deployment, Callable[[Api], CallsApart]]] = {
    Deployment.CLOUD: CloudCalls,
    Deployment.SERVER: ServerCalls,
}


class JiraClient:
    """One site, with one credential, by resource.  Safe to share between threads."""

    def __init__(self, sender: Sender, dialect: Dialect = CLOUD) -> None:
        api = Api(sender, dialect)
        self.dialect = dialect
        self._sender = sender
        self.site = SiteCalls(api)
        self.people = PeopleCalls(api)
        apart = _APART[dialect.deployment](api)
        self.projects = ProjectCalls(api, apart)
        self.issues = IssueCalls(api, apart)
        self.search = SearchCalls(apart)
        self.comments = CommentCalls(api, apart)
        self.links = LinkCalls(api)
        self.attachments = AttachmentCalls(api)
        self.worklogs = WorklogCalls(api)
        self.webhooks = WebhookCalls(api)
        self.dynamic_webhooks = DynamicWebhookCalls(api)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections to the site."""
        self._sender.close()

    def forget_refusal(self) -> None:
        """Let a refused credential be tried once more, as a person asks.  Never a password."""
        self._sender.forget_refusal()


def open_client(
    base_url: str,
    credential: Credential,
    *,
    dialect: Dialect = CLOUD,
    account: str | None = None,
    options: Options = DEFAULTS,
    watch: Watch = UNWATCHED,
) -> JiraClient:
    """A client for a site; `account` is who its answers must be for, once known.

    On Server the account is known by its key, as `Myself.account_id` tells it.
    """
    transport = JiraTransport(
        open_http(base_url, credential, options),
        dialect=dialect,
        method=credential.method,
        account=account,
        options=options,
        watch=watch,
    )
    return JiraClient(transport, dialect)


__all__ = [
    "BULK_CREATE",
    "BULK_FETCH",
    "BY_ID",
    "Fetched",
    "FoundComments",
    "JiraClient",
    "NewIssue",
    "NewWebLink",
    "NewWebhook",
    "Query",
    "open_client",
]
