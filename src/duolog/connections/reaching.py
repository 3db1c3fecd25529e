"""How Jira and Atlassian are reached from this installation.  Asks nobody."""

from __future__ import annotations

from typing import Final

from django.conf import settings

from duolog.connections.models import Method
from duolog.jira.guard import HostPolicy
from duolog.jira.oauth import Hosts
from duolog.jira.transport import Options

CALLS_AT_ONCE: Final = 4
"""How many calls to one site may be under way at the same time."""


KEPT: Final = 1
"""How many more, for what a person waits for."""


def calls_at_once(method: str) -> int:
    """How many calls of a connection may be under way: a password goes out with one at a time."""
    return 1 if method == Method.BASIC else CALLS_AT_ONCE


def options_for(ca_certificate: str = "") -> Options:
    """How a site is reached, with the authority that is trusted for it."""
    return Options(
        policy=_policy(),
        ca_certificate=ca_certificate,
        connections=CALLS_AT_ONCE * 2,
        contact=settings.PUBLIC_URL,
    )


def options_for_sign_in() -> Options:
    """How Atlassian's sign-in is reached: with less patience, since others wait meanwhile."""
    return Options(
        policy=_policy(), timeout=6.0, connect_timeout=3.0, longest_answer=8.0, tries=2,
        contact=settings.PUBLIC_URL,
    )  # fmt: skip


def hosts() -> Hosts:
    """Where Atlassian's sign-in and gateway are."""
    return Hosts(auth=settings.ATLASSIAN_AUTH_URL, api=settings.ATLASSIAN_API_URL)


def _policy() -> HostPolicy:
    private = settings.ALLOW_PRIVATE_HOSTS
    return HostPolicy(allow_private=private, allow_http=private)
