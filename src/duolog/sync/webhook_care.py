"""Keeps registered webhooks as they should be: alive, and about the projects that are bound."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from duolog.connections.clients import client_for
from duolog.connections.models import Connection, Health, WebhookKind
from duolog.connections.registration import LOOKED_AFTER_EVERY, WEBHOOK, converge
from duolog.core.errors import Refused
from duolog.sync.models import Binding, BindingState
from duolog.work.marks import mark
from duolog.work.queue import Job, LeaseLost, finish


def bound_projects(connection: Connection) -> Sequence[str]:
    """The ids of the Jira projects that something is bound to over a connection."""
    rows = Binding.objects.filter(connection=connection).exclude(state=BindingState.ENDED)
    return sorted(set(rows.values_list("jira_project_id", flat=True)))


def follow_bindings(connection: Connection) -> None:
    """Bindings have changed: a webhook that hears of their projects alone must hear of others."""
    if connection.webhook_kind == WebhookKind.DYNAMIC:
        mark(WEBHOOK, connection.pk, lane=connection.lane, every=LOOKED_AFTER_EVERY)


def look_after(job: Job) -> None:
    """Bring one connection's webhook in Jira to what it should be; why not, is kept in words."""
    connection = Connection.objects.filter(pk=int(job.key)).exclude(health=Health.ENDED).first()
    trouble = ""
    if connection is not None:
        try:
            converge(client_for(connection), connection, bound_projects(connection))
        except Refused as error:
            trouble = f"{error} {error.hint}".strip()
    with transaction.atomic():
        if trouble:
            Connection.objects.filter(pk=int(job.key)).update(webhook_trouble=trouble)
        if not finish(job):
            raise LeaseLost
