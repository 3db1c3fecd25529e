"""The site itself: version, our permissions, its number at Atlassian."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from duolog.jira.client.api import Api, listed, present
from duolog.jira.dialect import Deployment
from duolog.jira.wire import Permission, Permissions, ServerInfo, TenantInfo

TENANT_INFO: Final = "/_edge/tenant_info"


class SiteCalls:
    """Calls about the site."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def server_info(self) -> ServerInfo:
        """The site's version and clock.  Answered to anybody: no test of a credential.

        Cloud and Server `getServerInfo`.
        """
        return self._api.get(ServerInfo, self._api.path("serverInfo"))

    def permissions(self, keys: Sequence[str], *, project_key: str = "") -> Permissions:
        """Which of these permissions we have, in one project or in any.

        Cloud `getMyPermissions` must be told which.  Server `getPermissions` takes no names and
        tells of all there are; one it does not know is one that we do not have.
        """
        asks = self._api.dialect.deployment is Deployment.CLOUD
        params = present(permissions=listed(keys) if asks else "", projectKey=project_key)
        told = self._api.get(Permissions, self._api.path("mypermissions"), params).permissions
        return Permissions(permissions=_only(keys, told))

    def cloud_id(self) -> str:
        """The number of a Cloud site at Atlassian's gateway; told to anybody, at the site alone.

        `GET /_edge/tenant_info` is in no document (jira.md 1).
        """
        return self._api.get(TenantInfo, TENANT_INFO).cloud_id


def _only(keys: Sequence[str], told: Mapping[str, Permission]) -> Mapping[str, Permission]:
    lacking = {key: Permission(key=key, have_permission=False) for key in keys}
    return MappingProxyType({key: told.get(key, lacking[key]) for key in keys})
