"""Our webhook in Jira: looked at first, then made, changed or taken away, so never two of them.

Every function can be repeated after a crash or a lost answer and comes to the same end.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Sequence
from typing import Final

from django.conf import settings
from django.utils import timezone

from duolog.connections.models import Connection, WebhookKind
from duolog.connections.seal import unseal
from duolog.connections.webhooks import (
    DYNAMIC_EVENTS,
    OVERLAP,
    can_be_signed,
    events_of,
    is_for_apps,
    webhook_url,
)
from duolog.core.errors import AnswerLost, Refused, Unseen
from duolog.jira.client import JiraClient, NewWebhook
from duolog.jira.wire import AdminWebhook, DynamicWebhook

NAME: Final = "Duolog"
WEBHOOK: Final = "webhook"
"""The kind of work that keeps a registered webhook as it should be."""
LOOKED_AFTER_EVERY: Final = 86_400.0
"""Seconds after which a dynamic webhook is renewed: it would end after thirty days."""
_BY_HAND: Final = "Or add the webhook by hand, as described below."


def kind_for(connection: Connection) -> WebhookKind:
    """What we would register: an app its own webhook, an administrator one for the whole site."""
    return WebhookKind.DYNAMIC if is_for_apps(connection) else WebhookKind.ADMIN


def why_not(connection: Connection) -> str:
    """Why we cannot register the webhook, as far as the last test of the connection tells."""
    if is_for_apps(connection):
        if "manage:jira-webhook" in connection.report.get("missing_scopes", ()):
            return (
                "The consent leaves out manage:jira-webhook. Add it to the OAuth app at Atlassian, "
                f"then sign in again. {_BY_HAND}"
            )
        return ""
    if connection.report.get("is_administrator", True):
        return ""
    return (
        f"{connection.account_name or 'The account'} is no Jira administrator. Ask for the global "
        f"permission Administer Jira, then test the connection again. {_BY_HAND}"
    )


def is_reachable(connection: Connection) -> bool:
    """Whether Jira can reach us, as far as addresses tell: Cloud sends to https and nothing else."""
    is_on_cloud = connection.base_url.endswith(".atlassian.net")
    return not is_on_cloud or str(settings.PUBLIC_URL).startswith("https://")


def look(client: JiraClient, connection: Connection) -> None:
    """See whether we may look at webhooks at all.  Raises Refused in words where we may not."""
    if kind_for(connection) == WebhookKind.DYNAMIC:
        client.dynamic_webhooks.list()
        return
    try:
        client.webhooks.list()
    except Refused as error:
        raise Refused(
            f"Jira did not let us see its webhooks: {error}",
            hint=f"Registering needs a Jira administrator. {_BY_HAND}",
        ) from error


def converge(client: JiraClient, connection: Connection, projects: Collection[str]) -> None:
    """Bring what is registered in Jira to what this connection wants.

    `projects` are the ids of the bound Jira projects: a dynamic webhook hears of no other.
    """
    if connection.webhook_kind == WebhookKind.ADMIN:
        _converge_admin(client, connection)
    elif connection.webhook_kind == WebhookKind.DYNAMIC:
        _converge_dynamic(client, connection, sorted(projects))


def _converge_admin(client: JiraClient, connection: Connection) -> None:
    mine = [hook for hook in client.webhooks.list() if _is_mine(hook, connection)]
    made = _changed(client, connection, mine[0]) if mine else _registered(client, connection)
    for surplus in mine[1:]:
        client.webhooks.delete(surplus.id)
    connection.webhook_jira_id, connection.webhook_trouble = made, ""
    if connection.sealed_former_webhook_secret and connection.former_webhook_secret_until is None:
        connection.former_webhook_secret_until = timezone.now() + OVERLAP
    connection.save(
        update_fields=["webhook_jira_id", "webhook_trouble", "former_webhook_secret_until"]
    )


def _is_mine(hook: AdminWebhook, connection: Connection) -> bool:
    """By its address; by its number where the address was renewed and Jira has the old one."""
    if hook.url == webhook_url(connection):
        return True
    return hook.id == connection.webhook_jira_id and hook.url.startswith(_addresses())


def _addresses() -> str:
    return f"{settings.PUBLIC_URL}/api/pms/webhook/jira/"


def _changed(client: JiraClient, connection: Connection, hook: AdminWebhook) -> str:
    try:
        client.webhooks.change(hook.id, _wanted(connection))
    except Unseen:
        return _registered(client, connection)
    return hook.id


def _registered(client: JiraClient, connection: Connection) -> str:
    try:
        return client.webhooks.register(_wanted(connection)).id
    except AnswerLost:
        found = [hook for hook in client.webhooks.list() if _is_mine(hook, connection)]
        if not found:
            raise
        return found[0].id


def _wanted(connection: Connection) -> NewWebhook:
    sealed = connection.sealed_webhook_secret
    return NewWebhook(
        name=NAME,
        url=str(webhook_url(connection)),
        events=events_of(connection),
        secret=unseal(sealed) if sealed and can_be_signed(connection) else "",
    )


def _converge_dynamic(client: JiraClient, connection: Connection, projects: Sequence[str]) -> None:
    """Without bound projects there is nothing to hear of, and nothing is registered."""
    ours = [hook for hook in client.dynamic_webhooks.list() if _is_ours(hook, connection)]
    kept = next((hook for hook in ours if _fits(hook, connection, projects)), None)
    if elsewhere := [hook.id for hook in ours if hook.url != webhook_url(connection)]:
        client.dynamic_webhooks.delete(elsewhere)  # an app has one address on a site
    if kept is None and projects:
        kept = _register_dynamic(client, connection, projects)
    kept_id = kept.id if kept else None
    here = [hook.id for hook in ours if hook.id != kept_id and hook.id not in elsewhere]
    if here:
        client.dynamic_webhooks.delete(here)
    _keep_alive(client, connection, kept)


def _is_ours(hook: DynamicWebhook, connection: Connection) -> bool:
    """Whether it sends to us, and to no other connection: then that one looks after it."""
    if not hook.url.startswith(_addresses()):
        return False
    name = hook.url.removeprefix(_addresses())
    return not Connection.objects.filter(webhook_hash=name).exclude(pk=connection.pk).exists()


def _fits(hook: DynamicWebhook, connection: Connection, projects: Sequence[str]) -> bool:
    return (
        hook.url == webhook_url(connection)
        and set(hook.events) == set(DYNAMIC_EVENTS)
        and set(re.findall(r"\d+", hook.jql_filter)) == set(projects)
    )


def _register_dynamic(
    client: JiraClient, connection: Connection, projects: Sequence[str]
) -> DynamicWebhook:
    with contextlib.suppress(AnswerLost):
        client.dynamic_webhooks.register(
            str(webhook_url(connection)),
            events=DYNAMIC_EVENTS,
            jql=f"project in ({', '.join(projects)})",
        )
    for hook in client.dynamic_webhooks.list():
        if _fits(hook, connection, projects):
            return hook
    raise AnswerLost(
        "Jira did not say whether the webhook was registered.",
        hint="We look again in a moment; until then changes are found by looking.",
    )


def _keep_alive(client: JiraClient, connection: Connection, hook: DynamicWebhook | None) -> None:
    """Thirty days more each time, which is every day: whatever our clocks think of each other."""
    connection.webhook_expires_at = client.dynamic_webhooks.renew([hook.id]) if hook else None
    connection.webhook_jira_id = str(hook.id) if hook else ""
    connection.webhook_trouble = ""
    connection.save(update_fields=["webhook_jira_id", "webhook_expires_at", "webhook_trouble"])


def take_away(client: JiraClient, connection: Connection) -> None:
    """Remove from Jira what we registered there, if it is still there."""
    if connection.webhook_kind == WebhookKind.ADMIN:
        for hook in client.webhooks.list():
            if _is_mine(hook, connection):
                client.webhooks.delete(hook.id)
    elif connection.webhook_kind == WebhookKind.DYNAMIC:
        every = client.dynamic_webhooks.list()
        if ours := [hook.id for hook in every if _is_ours(hook, connection)]:
            client.dynamic_webhooks.delete(ours)
