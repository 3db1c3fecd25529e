"""Connects the workplace with the simulated Jira, brings both in step, and leaves two things
for a person to look at: a conflict and a held item.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from django.db.models import F
from django.utils import timezone

from duolog.connections.models import Connection
from duolog.connections.services import NewConnection, close_clients, connect, register_webhook
from duolog.demo.content import platform
from duolog.demo.people import Cast
from duolog.jira.auth import ApiToken
from duolog.jira.client import open_client
from duolog.jira.guard import HostPolicy
from duolog.jira.transport import Options
from duolog.sync.handlers import HANDLERS
from duolog.sync.models import Binding, Link, LinkState
from duolog.sync.queries import progress
from duolog.sync.services import Wish, bind_team
from duolog.work.models import Work
from duolog.worker.loop import Worker
from duolog.workplace.models import Team, WorkItem
from duolog.workplace.services import update_item

PATIENCE: Final = 80.0
"""Seconds after which a demo that is not in step is given up."""
_LOOK_EVERY: Final = 0.1
_THREADS: Final = 8


class NotInStep(Exception):
    """The two sides did not come together in time; the message says what still waits."""


def pair(cast: Cast, team: Team, jira: Mapping[str, Any]) -> tuple[Binding, str]:
    """Bind the team both ways, run until in step, and answer the binding and webhook address."""
    credential = NewConnection(jira["url"], jira["email"], jira["api_token"], "Fernhill Jira")
    connection = connect(cast.owner, credential)
    binding = bind_team(cast.owner, team, Wish(connection, jira["project_key"]))
    with _working():
        _wait("the first exchange", lambda: _is_at_rest(binding))
        _quarrel(cast, binding, jira)
    return binding, _listen(cast, connection)


@contextlib.contextmanager
def _working() -> Iterator[None]:
    """Background work runs in this process, as it does in the server."""
    worker = Worker(HANDLERS, concurrency=_THREADS)
    worker.start()
    try:
        yield
    finally:
        worker.stop()
        close_clients()


def _is_at_rest(binding: Binding) -> bool:
    """Whether nothing waits but what is due later, such as the next poll."""
    if progress(binding).is_running:
        return False
    return not Work.objects.filter(want__gt=F("done"), every=None).exists()


def _wait(what: str, is_reached: Callable[[], bool]) -> None:
    pause, ends_at = threading.Event(), time.monotonic() + PATIENCE
    while not is_reached():
        if time.monotonic() > ends_at:
            waiting = Work.objects.filter(want__gt=F("done"), every=None).values_list(
                "kind", "key", "error"
            )
            raise NotInStep(f"Gave up waiting for {what}: {list(waiting[:5])}")
        pause.wait(_LOOK_EVERY)


def _quarrel(cast: Cast, binding: Binding, jira: Mapping[str, Any]) -> None:
    """Title and due date of one item change on both sides before either hears of the other."""
    item = WorkItem.objects.get(team=binding.team_id, title=platform.CONTESTED)
    link = Link.objects.get(binding=binding, work_item=item)
    today = timezone.localdate()
    person = jira["people"][0]
    private = Options(policy=HostPolicy(allow_private=True, allow_http=True))
    credential = ApiToken(person["email"], person["api_token"])
    with open_client(jira["url"], credential, options=private) as client:
        client.issues.edit(
            str(link.issue_id),
            fields={
                "summary": "Warn five minutes before a session ends",
                "duedate": (today + timedelta(days=5)).isoformat(),
            },
        )
    update_item(
        item.pk,
        {
            "title": "Warn before a session ends, and offer to stay",
            "due_on": today + timedelta(days=12),
        },
        actor=cast.actor("aiko"),
    )
    conflicted = Link.objects.filter(pk=link.pk, state=LinkState.CONFLICT)
    _wait("the conflict to be noticed", conflicted.exists)


def _listen(cast: Cast, connection: Connection) -> str:
    """Have Jira tell of its changes from now on; the server is not up before, so not sooner."""
    try:
        return register_webhook(cast.owner, connection)
    finally:
        close_clients()
