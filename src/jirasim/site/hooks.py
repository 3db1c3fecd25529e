"""Who hears of what happens on the site, as frozen values.  No rules, no I/O."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Webhook:
    """An admin ("system") webhook.  `jql` empty: everything.  `secret` empty: unsigned."""

    id: str
    name: str
    url: str
    events: tuple[str, ...]
    jql: str = ""
    secret: str = ""
    exclude_body: bool = False
    enabled: bool = True
    updated_by: str = ""
    updated: datetime | None = None
    created: datetime | None = None
    ssl_verification: bool = True


@dataclass(frozen=True, slots=True)
class AppWebhook:
    """A dynamic webhook, which `app` registered while it acted for `owner`.

    `field_ids` and `property_keys` None: changes of any field or property.
    """

    id: str
    app: str
    owner: str
    url: str
    events: tuple[str, ...]
    jql: str
    expires_at: datetime
    field_ids: tuple[str, ...] | None = None
    property_keys: tuple[str, ...] | None = None
