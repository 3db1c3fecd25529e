"""Tries a credential on a site, before anything is stored.  Asks Jira, stores nothing."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from duolog.connections.certificates import read_certificates
from duolog.connections.clients import open_site
from duolog.connections.models import Deployment, Method
from duolog.connections.reaching import hosts, options_for
from duolog.connections.report import Report, check_site
from duolog.connections.wishes import NewCredential, end_of, signer, wrong_deployment
from duolog.core.errors import Disconnected, SyncError, Unseen
from duolog.jira.client import JiraClient
from duolog.jira.client.people import end_of_token_in_use
from duolog.jira.probe import look_at
from duolog.jira.troubles import Barred, Trouble

GATEWAY_PATH: Final = "/ex/jira/"
CLOUD_HOSTS: Final = ".atlassian.net"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site is: the address people open, and where its REST is when not there."""

    base_url: str
    deployment: str
    rest_url: str = ""
    cloud_id: str = ""
    ca_certificate: str = ""


@dataclass(frozen=True, slots=True)
class Proven:
    """A site and a credential that works there."""

    place: Place
    report: Report
    method: str
    secret: str = field(repr=False)
    email: str = ""
    username: str = ""
    expires_at: datetime | None = None
    access_token: str = field(default="", repr=False)
    access_until: datetime | None = None
    scopes: tuple[str, ...] = ()


def place_of(base_url: str, deployment: str, ca_certificate: str = "") -> Place:
    """Where a site is, after a look as a visitor.

    Raises Invalid where it is of the other deployment, SyncError where nobody answers.
    """
    gateway, _, cloud_id = base_url.partition(GATEWAY_PATH)
    if cloud_id and urlsplit(gateway).path == "":
        return Place(base_url, deployment, hosts().gateway(cloud_id), cloud_id)
    certificate = read_certificates(ca_certificate)
    seen = look_at(base_url, options_for(certificate))
    if seen is not None and seen.deployment != deployment:
        raise wrong_deployment(seen.deployment, seen.version)
    cloud_id = "" if seen is None else seen.cloud_id
    return Place(base_url, deployment, cloud_id=cloud_id, ca_certificate=certificate)


def try_out(place: Place, given: NewCredential, kind: str) -> Proven:
    """Sign in and ask who we are and what we may.  Raises SyncError.

    A token with scopes opens nothing at the site itself: it is tried at Atlassian's gateway then.
    """
    try:
        return _tried(place, given, kind)
    except (Disconnected, Unseen) as error:
        if not _may_have_scopes(place, given):
            raise
        try:
            return _tried(_by_gateway(place), given, kind)
        except SyncError as second:
            raise (second if _lacks_a_scope(second) else error) from second


def _tried(place: Place, given: NewCredential, kind: str) -> Proven:
    client = open_site(
        place.rest_url or place.base_url,
        place.deployment,
        signer(given),
        ca_certificate=place.ca_certificate,
    )
    with closing(client):
        report = check_site(client, kind)
        if report.deployment != place.deployment:
            raise wrong_deployment(report.deployment, report.version)
        return Proven(
            place=_with_site(place, client),
            report=report,
            method=given.method,
            secret=given.secret if given.method == Method.BASIC else given.secret.strip(),
            email=given.email.strip(),
            username=given.username.strip(),
            expires_at=end_of(given.expires_on) or _end_told(client, given),
        )


def _with_site(place: Place, client: JiraClient) -> Place:
    """Where only the gateway's address is known, people open what Jira calls its own."""
    if GATEWAY_PATH not in place.base_url:
        return place
    site = client.site.server_info().base_url.rstrip("/")
    return Place(site, place.deployment, place.rest_url, place.cloud_id)


def _end_told(client: JiraClient, given: NewCredential) -> datetime | None:
    if given.method == Method.PAT:
        with suppress(SyncError):  # switched off, or older than 8.14
            return end_of_token_in_use(client.people.personal_tokens())
    return None


def _lacks_a_scope(error: SyncError) -> bool:
    return isinstance(error, Barred) and error.trouble is Trouble.SCOPE


def _may_have_scopes(place: Place, given: NewCredential) -> bool:
    """Whether it may be a token for the gateway, which serves Atlassian's own sites."""
    site, gateway = urlsplit(place.base_url), urlsplit(settings.ATLASSIAN_API_URL)
    is_atlassians = str(site.hostname).endswith(CLOUD_HOSTS) or site.netloc == gateway.netloc
    return bool(
        given.method == Method.API_TOKEN
        and place.deployment == Deployment.CLOUD
        and place.cloud_id
        and not place.rest_url
        and is_atlassians
    )


def _by_gateway(place: Place) -> Place:
    return Place(place.base_url, place.deployment, hosts().gateway(place.cloud_id), place.cloud_id)
