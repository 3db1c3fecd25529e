"""The Jira site that commands may ask without a server: its account in a file, its secret not."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from duolog.cli.errors import NotDone
from duolog.cli.profile import profile_path
from duolog.cli.secrets import forget_secret, keep_secret
from duolog.jira.auth import AccessToken, ApiToken, Basic, Credential, Method
from duolog.jira.client import JiraClient, open_client
from duolog.jira.dialect import DIALECTS
from duolog.jira.door import Options
from duolog.jira.guard import HostPolicy

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
NONE_KEPT: Final = "No Jira site is kept. Run `duolog jira login ADDRESS` once."


@dataclass(frozen=True, slots=True)
class Site:
    """A site and the account on it; `name` is the e-mail or user name that signs in."""

    address: str
    deployment: str
    method: str
    name: str = ""
    account_id: str = ""
    account_name: str = ""
    zone: str = "UTC"

    @property
    def key(self) -> str:
        """By which the keyring knows the secret."""
        return f"{self.name}@{self.address}" if self.name else self.address


def site_path() -> Path:
    """Beside the profile."""
    return profile_path().with_name("jira.toml")


def find_site() -> Site | None:
    """The site that is kept."""
    try:
        kept = tomllib.loads(site_path().read_text())
    except FileNotFoundError:
        return None
    except tomllib.TOMLDecodeError as error:
        raise NotDone(f"{site_path()} cannot be read: {error}. Sign in again.") from error
    return Site(**{name: str(value) for name, value in kept.items()})


def keep_site(site: Site, secret: str) -> Path:
    """Keep the secret in the keyring, and what is no secret in the file."""
    keep_secret(site.key, secret)
    path = site_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{name} = {json.dumps(value)}" for name, value in asdict(site).items()]
    path.write_text("\n".join(lines) + "\n")
    return path


def forget_site(site: Site) -> None:
    """Keep neither."""
    forget_secret(site.key)
    site_path().unlink(missing_ok=True)


def open_site(site: Site, secret: str) -> JiraClient:
    """A client for it.  Unencrypted addresses only on this machine."""
    is_here = urlsplit(site.address).hostname in LOOPBACK
    return open_client(
        site.address,
        _credential(site, secret),
        dialect=DIALECTS[site.deployment],
        account=site.account_id or None,
        options=Options(policy=HostPolicy(allow_private=True, allow_http=is_here)),
    )


def _credential(site: Site, secret: str) -> Credential:
    ways: Mapping[str, Credential] = {
        Method.API_TOKEN: ApiToken(site.name, secret),
        Method.PAT: AccessToken(secret),
        Method.BASIC: Basic(site.name, secret),
    }
    return ways[site.method]
