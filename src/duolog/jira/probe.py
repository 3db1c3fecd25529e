"""What a Jira tells to everybody: which product it is, and its id on Cloud.  Signs nothing.

Asked before any credential is sent, so that none is tried where it cannot work.
"""

from __future__ import annotations

from dataclasses import dataclass

from duolog.core.errors import SyncError
from duolog.jira.auth import Method, Nobody
from duolog.jira.client import JiraClient, open_client
from duolog.jira.dialect import SERVER, Deployment
from duolog.jira.identity import VISITOR
from duolog.jira.transport import DEFAULTS, Options


@dataclass(frozen=True, slots=True)
class SiteSeen:
    """A Jira as everybody sees it; `cloud_id` is empty on Server, and where it is not told."""

    deployment: Deployment
    version: str
    cloud_id: str = ""


def look_at(base_url: str, options: Options = DEFAULTS) -> SiteSeen:
    """Which Jira answers at this address.

    Raises SyncError; Disconnected also where a Server tells nothing to visitors.
    """
    nobody = Nobody(Method.API_TOKEN)
    # The dialect of Server has the path that both deployments answer.
    with open_client(base_url, nobody, dialect=SERVER, account=VISITOR, options=options) as client:
        told = client.site.server_info()
        if not told.is_cloud:
            return SiteSeen(Deployment.SERVER, told.version)
        return SiteSeen(Deployment.CLOUD, told.version, _cloud_id(client))


def _cloud_id(client: JiraClient) -> str:
    try:
        return client.site.cloud_id()
    except SyncError:
        return ""  # only tokens with scopes need it, and they then fail in words
