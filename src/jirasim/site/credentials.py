"""What proves who somebody is: tokens, sessions, apps and their grants.  Values, no rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ApiToken:
    """An API token (Cloud) or personal access token (Server) of one account.

    `expires_at` None: never.  `scopes` None: good for everything; with scopes, Cloud takes it at
    the gateway alone (jira.md 1).
    """

    secret: str
    account_id: str
    label: str = ""
    expires_at: datetime | None = None
    revoked: bool = False
    id: str = ""
    created: datetime | None = None
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class LoginRecord:
    """How logging in with a password went for an account of Server.

    `failed` counts since the last success; too many of them demand a CAPTCHA (jira.md 2.3).
    """

    failed: int = 0
    failed_ever: int = 0
    count: int = 0
    last: datetime | None = None
    previous: datetime | None = None
    last_failed: datetime | None = None


@dataclass(frozen=True, slots=True)
class OAuthApp:
    """A registered OAuth 2.0 app (Cloud) or incoming link (Server).

    `scopes` is what it may ask for; None: everything.
    """

    client_id: str
    secret: str
    name: str
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A person's consent that an app acts for them."""

    id: str
    client_id: str
    account_id: str
    scopes: tuple[str, ...]
    created: datetime
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """What the consent page hands to the app: good once, for a short while."""

    value: str
    grant_id: str
    redirect_uri: str
    expires_at: datetime
    challenge: str = ""
    method: str = ""
    used: bool = False


@dataclass(frozen=True, slots=True)
class AccessToken:
    """Good for one hour or two, for what the grant says."""

    secret: str
    grant_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """Exchanged for a new pair; `used_at` says when that was done first."""

    secret: str
    grant_id: str
    issued_at: datetime
    used_at: datetime | None = None


@dataclass(slots=True)
class Access:
    """All of it, by secret or id.

    `resources` replaces what `accessible-resources` answers; None: the site itself.
    """

    sessions: dict[str, str] = field(default_factory=dict)
    logins: dict[str, LoginRecord] = field(default_factory=dict)
    apps: dict[str, OAuthApp] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    access_tokens: dict[str, AccessToken] = field(default_factory=dict)
    refresh_tokens: dict[str, RefreshToken] = field(default_factory=dict)
    resources: tuple[Mapping[str, object], ...] | None = None
