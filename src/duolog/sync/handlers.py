"""The kinds of work of synchronisation, and what stops them as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from django.db import transaction

from duolog.connections.care import CARE, RENEW_GRANT, care, renew_grant
from duolog.connections.registration import WEBHOOK
from duolog.connections.services import note_disconnected
from duolog.core.errors import Disconnected, Refused
from duolog.notifications.digest import DIGEST, send_digests
from duolog.sync.basis import project_epic
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.seeing import stop_if_hidden
from duolog.sync.binding.approval import apply_step
from duolog.sync.binding.preview import preview_step
from duolog.sync.binding.renewal import renew
from duolog.sync.creation import batches, pairing
from duolog.sync.discovery import polling, sweeping
from duolog.sync.discovery.own_time import send_own_time
from duolog.sync.engine import in_step
from duolog.sync.engine.ties import tie
from duolog.sync.marks import (
    APPLY,
    COMPARE,
    CREATE,
    EPIC,
    FETCH,
    LINK,
    META,
    NEWCOMER,
    POLL,
    PREVIEW,
    SEND,
    SWEEP,
    TIE,
    UNDO,
)
from duolog.sync.models import Binding, BindingState
from duolog.sync.tidy import TIDY, tidy
from duolog.sync.undo.runs import undo_step
from duolog.sync.webhook_care import look_after
from duolog.work.queue import Job
from duolog.worklogs.own.intents import WRITE
from duolog.worklogs.own.refreshing import read_what_was_asked
from duolog.worklogs.own.standing import READ

TROUBLE_WAIT: Final = 60.0
"""Seconds before a project that could not be looked at is tried again."""

Handler = Callable[[Job], None]


def _of_connection(handler: Handler, job: Job) -> None:
    """Run it; a credential that no longer works stops its connection, visibly."""
    try:
        handler(job)
    except Disconnected as error:
        note_disconnected(job.lane, error)
        raise


def _of_binding(handler: Handler, job: Job) -> None:
    """Run it; what Jira refuses about the project as a whole is kept on the binding, in words."""
    binding = int(job.key.partition(":")[0])
    try:
        _of_connection(handler, job)
    except Refused as error:
        if _is_hidden(binding):
            polling.end(job)
            return
        with transaction.atomic():
            _note_trouble(binding, f"{error} {error.hint}".strip())
            polling.end(job, again_in=TROUBLE_WAIT)
    else:
        _note_trouble(binding, "")


def _is_hidden(binding_id: int) -> bool:
    """Whether it was refused because the project is hidden from us; then the binding is paused."""
    rows = Binding.objects.select_related("connection__workplace", "team")
    binding = rows.filter(pk=binding_id, state=BindingState.ACTIVE).first()
    return binding is not None and stop_if_hidden(Ground(binding))


def _note_trouble(binding: int, words: str) -> None:
    active = Binding.objects.filter(pk=binding, state=BindingState.ACTIVE)
    active.exclude(trouble=words).update(trouble=words)


HANDLERS: Final[Mapping[str, Handler]] = {
    "item": pairing.item_changed,
    LINK: partial(_of_connection, in_step.sync_link),
    NEWCOMER: partial(_of_binding, pairing.newcomer),
    CREATE: partial(_of_binding, batches.create_issues),
    SEND: partial(_of_binding, polling.send),
    FETCH: partial(_of_binding, polling.fetch),
    POLL: partial(_of_binding, polling.poll),
    SWEEP: partial(_of_binding, sweeping.sweep),
    COMPARE: partial(_of_binding, sweeping.compare),
    EPIC: partial(_of_binding, project_epic.make_epic),
    META: partial(_of_binding, renew),
    TIE: partial(_of_connection, tie),
    RENEW_GRANT: partial(_of_connection, renew_grant),
    CARE: care,
    WEBHOOK: partial(_of_connection, look_after),
    TIDY: tidy,
    DIGEST: send_digests,
    UNDO: partial(_of_binding, undo_step),
    PREVIEW: partial(_of_binding, preview_step),
    APPLY: partial(_of_binding, apply_step),
    READ: partial(_of_connection, read_what_was_asked),
    WRITE: send_own_time,
}
"""What `worker` runs for each kind."""
