"""Connecting to Jira: every write about connections, and the client each of them yields."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from duolog.connections.models import Connection, ConnectionKind, Deployment, Health, Method
from duolog.connections.report import Report, check_site
from duolog.connections.seal import seal, unseal
from duolog.connections.traffic import note
from duolog.connections.webhooks import EVENTS, make_webhook, new_secret, regenerate_address
from duolog.core.errors import Disconnected, Refused, SyncError
from duolog.jira.address import understand
from duolog.jira.auth import ApiToken
from duolog.jira.client import JiraClient, NewWebhook, open_client
from duolog.jira.guard import HostPolicy
from duolog.jira.transport import CallMade, Options, ignore
from duolog.people.audit import audit
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.work.lanes import ensure_lane, unblock_lane

CALLS_AT_ONCE: Final = 4
"""How many calls to one site may be under way at the same time."""
_clients: Final[dict[tuple[int, bytes], JiraClient]] = {}
_clients_lock: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class NewConnection:
    """What a person enters to connect."""

    address: str
    email: str
    secret: str
    label: str = ""
    deployment: str = Deployment.CLOUD
    kind: str = ConnectionKind.WORKPLACE
    method: str = Method.API_TOKEN


def connect(by: Member, new: NewConnection) -> Connection:
    """A workplace connection, tested at once; nothing is stored when the test fails.

    Raises Invalid for what was typed, SyncError for what Jira answered.
    """
    require(by, Right.CONNECT)
    base_url = read_address(new.address)
    _must_be_given(new)
    if (
        Connection.objects.filter(
            workplace=by.workplace_id, base_url=base_url, kind=ConnectionKind.WORKPLACE
        )
        .exclude(health=Health.ENDED)
        .exists()
    ):
        raise Invalid({"address": "This site is connected already: open it to change it."})
    with closing(_open(base_url, new.email, new.secret)) as client:
        report = check_site(client)
    with transaction.atomic():
        connection = Connection(
            workplace=by.workplace,
            label=new.label.strip() or str(urlsplit(base_url).hostname),
            base_url=base_url,
            email=new.email.strip(),
            account_id=report.account_id,
        )
        _keep_credential(connection, new.secret, report)
        ensure_lane(connection.lane, CALLS_AT_ONCE)
        audit(by.workplace, by, "connection made", connection.label)
    return connection


def read_address(pasted: str) -> str:
    """The site's address out of what a person pasted.  Raises Invalid with a sentence."""
    try:
        return understand(pasted).base_url
    except Refused as error:
        raise Invalid({"address": f"{error} {error.hint}".strip()}) from error


def _must_be_given(new: NewConnection) -> None:
    errors = {}
    if "@" not in new.email:
        errors["email"] = "Enter the e-mail address of the service account."
    if not new.secret.strip():
        errors |= {"secret": "Paste the API token. Make one at id.atlassian.com, Security."}
    if new.deployment != Deployment.CLOUD:
        errors["deployment"] = "Only Jira Cloud can be connected in this version."
    if new.kind != ConnectionKind.WORKPLACE:
        errors["kind"] = "Only a service account can be connected in this version."
    if new.method != Method.API_TOKEN:
        errors["method"] = "Only an e-mail address with an API token is taken in this version."
    if errors:
        raise Invalid(errors)


def _keep_credential(connection: Connection, secret: str, report: Report) -> None:
    now = timezone.now()
    connection.sealed_secret = seal(secret.strip())
    connection.secret_tail = secret.strip()[-4:]
    connection.health, connection.reason, connection.hint = Health.CONNECTED, "", ""
    connection.checked_at = connection.last_success_at = now
    _keep_report(connection, report)
    connection.save()


def _keep_report(connection: Connection, report: Report) -> None:
    connection.report = report.to_json()
    connection.account_id = report.account_id
    connection.account_name = report.account_name
    connection.time_zone = report.time_zone


def check(by: Member, connection: Connection) -> Report:
    """Test a connection now.  A good answer lets its work go on; a bad one is kept in words."""
    require(by, Right.CONNECT)
    try:
        report = check_site(client_for(connection))
    except SyncError as error:
        if isinstance(error, Disconnected):
            note_disconnected(connection.lane, error)
        raise
    with transaction.atomic():
        _keep_report(connection, report)
        _resume(connection)
    return report


def _resume(connection: Connection) -> None:
    connection.health, connection.reason, connection.hint = Health.CONNECTED, "", ""
    connection.checked_at = connection.last_success_at = timezone.now()
    connection.save()
    unblock_lane(connection.lane)


def change_credential(by: Member, connection: Connection, *, email: str, secret: str) -> Report:
    """Replace the credential once the new one is proven; until then the old one stays."""
    require(by, Right.CONNECT)
    _must_be_given(NewConnection(connection.base_url, email, secret))
    with closing(_open(connection.base_url, email, secret)) as client:
        report = check_site(client)
    with transaction.atomic():
        connection.email = email.strip()
        _keep_credential(connection, secret, report)
        unblock_lane(connection.lane)
        audit(by.workplace, by, "credential replaced", connection.label)
    return report


def rename(by: Member, connection: Connection, label: str) -> None:
    """Give a connection another label."""
    require(by, Right.CONNECT)
    if not label.strip():
        raise Invalid({"label": "A connection needs a label."})
    connection.label = label.strip()
    connection.save(update_fields=["label"])


def client_for(connection: Connection) -> JiraClient:
    """The client of a connection, shared by the threads of this process."""
    key = (connection.pk, bytes(connection.sealed_secret))
    with _clients_lock:
        if key not in _clients:
            for old in [k for k in _clients if k[0] == connection.pk]:
                _clients.pop(old).close()
            _clients[key] = _open(
                connection.base_url,
                connection.email,
                unseal(connection.sealed_secret),
                account=connection.account_id,
                observe=partial(note, connection.pk),
            )
        return _clients[key]


def close_clients() -> None:
    """Let go of every client of this process, at its end."""
    with _clients_lock:
        for client in _clients.values():
            client.close()
        _clients.clear()


def _open(
    base_url: str,
    email: str,
    secret: str,
    *,
    account: str | None = None,
    observe: Callable[[CallMade], None] = ignore,
) -> JiraClient:
    private = settings.ALLOW_PRIVATE_HOSTS
    options = Options(
        policy=HostPolicy(allow_private=private, allow_http=private),
        connections=CALLS_AT_ONCE * 2,
        contact=settings.PUBLIC_URL,
    )
    credential = ApiToken(email.strip(), secret.strip())
    return open_client(base_url, credential, account=account, options=options, observe=observe)


def note_disconnected(lane: str, error: Disconnected) -> None:
    """The credential of a lane's connection no longer works: say so where people look."""
    number = lane.removeprefix("connection:")
    if number.isdecimal():
        Connection.objects.filter(pk=int(number)).update(
            health=Health.ATTENTION, reason=str(error), hint=error.hint, checked_at=timezone.now()
        )


def set_webhook_secret(by: Member, connection: Connection, secret: str | None) -> str:
    """The webhook address; with a secret, only deliveries signed with it are taken."""
    require(by, Right.CONNECT)
    audit(by.workplace, by, "webhook set up", connection.label)
    return make_webhook(connection, secret=secret)


def renew_webhook_address(by: Member, connection: Connection) -> str:
    """A new webhook address; what Jira sends to the old one is refused from now on."""
    require(by, Right.CONNECT)
    audit(by.workplace, by, "webhook address renewed", connection.label)
    return regenerate_address(connection)


def register_webhook(by: Member, connection: Connection, *, jql: str = "") -> str:
    """Have Jira send here, signed, without anybody copying an address.

    Jira is looked at first, so that a lost answer never leaves two.  Raises SyncError where the
    account is no Jira administrator.
    """
    require(by, Right.CONNECT)
    client = client_for(connection)
    secret = new_secret()
    url = make_webhook(connection, secret=secret)
    for hook in client.webhooks.list():
        if hook.url == url:
            client.webhooks.delete(hook.id)
    made = client.webhooks.register(
        NewWebhook(name="Duolog", url=url, events=EVENTS, jql=jql, secret=secret)
    )
    connection.webhook_jira_id = made.id
    connection.save(update_fields=["webhook_jira_id"])
    audit(by.workplace, by, "webhook registered", connection.label)
    return url


def disconnect(by: Member, connection: Connection) -> None:
    """Forget the credential and take our webhook away; refused while bindings still use it."""
    require(by, Right.CONNECT)
    if connection.bindings.exclude(state="ended").exists():
        raise Invalid(
            {"connection": "Teams are still kept in step over it. End their bindings first."}
        )
    if connection.webhook_jira_id:
        _try_to_remove_webhook(connection)
    with transaction.atomic():
        audit(by.workplace, by, "connection removed", connection.label)
        connection.sealed_secret = b""
        connection.webhook_hash, connection.sealed_webhook_secret = None, None
        connection.health = Health.ENDED
        connection.save()


def _try_to_remove_webhook(connection: Connection) -> None:
    try:
        client_for(connection).webhooks.delete(connection.webhook_jira_id)
    except SyncError:
        return  # Jira goes on sending to an address that answers 404
