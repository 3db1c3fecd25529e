"""Opens the HTTP client of every request that leaves us: guarded, and never following anybody."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx2

from duolog.jira.auth import Credential
from duolog.jira.guard import DEFAULT_POLICY, HostPolicy, PinnedTransport

PRODUCT: Final = "Duolog/0.1"


@dataclass(frozen=True, slots=True)
class Options:
    """How one site is reached.  Times are seconds, sizes bytes.

    `ca_certificate` is PEM text of authorities to be trusted beside the usual ones.
    """

    policy: HostPolicy = DEFAULT_POLICY
    ca_certificate: str = ""
    timeout: float = 20.0
    connect_timeout: float = 5.0
    pool_timeout: float = 5.0
    longest_answer: float = 60.0
    longest_transfer: float = 900.0
    largest_answer: int = 25_000_000
    connections: int = 10
    calls_per_second: int = 50
    longest_wait: float = 1.0
    tries: int = 3
    contact: str = ""


DEFAULTS: Final = Options()


def open_http(base_url: str, credential: Credential, options: Options = DEFAULTS) -> httpx2.Client:
    """An HTTP client for one site: guarded, signed, without cookies, redirects or proxies."""
    limits = httpx2.Limits(max_connections=options.connections)
    return httpx2.Client(
        base_url=base_url,
        auth=credential.auth(),
        transport=PinnedTransport(
            httpx2.HTTPTransport(verify=_trusting(options.ca_certificate), limits=limits),
            options.policy,
        ),
        timeout=httpx2.Timeout(
            options.timeout, connect=options.connect_timeout, pool=options.pool_timeout
        ),
        headers={"User-Agent": user_agent(options.contact), "Accept": "application/json"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
    )


@lru_cache(maxsize=64)
def _trusting(ca_certificate: str) -> ssl.SSLContext:
    """The usual authorities and these.  Shared: reading all of them takes longer than a call."""
    context = httpx2.create_ssl_context()
    if ca_certificate:
        context.load_verify_locations(cadata=ca_certificate)
    return context


def user_agent(contact: str) -> str:
    """Who we are.  Jira refuses writes from what looks like a browser."""
    return f"{PRODUCT} (+{contact})" if contact else PRODUCT
