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

    `rest` and `webhooks` are paths below the site's base address.  `user_key` names the
    identity of an account in bodies, `identity_header` in the headers of every answer; on Server
    both are the login name.
    """

    deployment: Deployment
    rest: str
    webhooks: str
    user_key: str
    identity_header: str


CLOUD: Final = Dialect(
    deployment=Deployment.CLOUD,
    rest="/rest/api/3",
    webhooks="/rest/webhooks/1.0/webhook",
    user_key="accountId",
    identity_header="X-AAccountId",
)

SERVER: Final = Dialect(
    deployment=Deployment.SERVER,
    rest="/rest/api/2",
    webhooks="/rest/webhooks/1.0/webhook",
    user_key="name",
    identity_header="X-AUSERNAME",
)

DIALECTS: Final[Mapping[str, Dialect]] = {
    Deployment.CLOUD: CLOUD,
    Deployment.SERVER: SERVER,
}
