"""Webhook intake through the real server process, its worker running, beside a bare insert."""

import contextlib
import hashlib
import hmac
import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections

from bench.databases import free_port
from bench.ground import make_ground
from bench.jira import running_jira
from bench.load import Outcome, Shot, saturating, steady
from bench.report import milliseconds, percentile, tell
from duolog.connections.webhooks import make_webhook
from duolog.demo.background import is_at_rest, is_idle, wait, working
from duolog.sync.models import Delivery, Link

LINKED: Final = 100
BODY: Final = 15_000
RATE: Final = 100.0
CONNECTIONS: Final = 20
SECONDS: Final = 8.0
BARE_SECONDS: Final = 4.0
MOMENT: Final = datetime(2030, 1, 1, tzinfo=UTC)
"""Later than anything the simulator has written."""
SECRET: Final = "a secret for the bench"


def main() -> None:
    """First Duolog, then the bare endpoint, on the same database."""
    with running_jira() as jira:
        ground = make_ground()
        for number in range(LINKED):
            ground.item(f"Item {number}")
        connection = ground.connect(jira)
        with working():
            wait("the items", is_idle)
            binding = ground.bind(jira, connection)
            wait("the first send", lambda: is_at_rest(binding))
        links = Link.objects.filter(binding=binding).values_list("issue_id", "issue_key")
        issues = [(str(issue_id), key) for issue_id, key in links]
        path = urlsplit(make_webhook(connection, secret=SECRET)).path
        connections.close_all()
        port = urlsplit(settings.PUBLIC_URL).port or 0
        with serving("duolog.app", port):
            shots = _shots(path, issues)
            calm = steady(port, shots, rate=RATE, duration=SECONDS)
            rush = saturating(port, shots, connections=CONNECTIONS, duration=SECONDS)
        stored = Delivery.objects.count()
        connections.close_all()
        _measure_bare(path, issues, calm, rush, stored)


def _measure_bare(
    path: str, issues: Sequence[tuple[str, str]], calm: Outcome, rush: Outcome, stored: int
) -> None:
    port = free_port()
    with serving("bench.bare", port, BENCH_BARE_PORT=str(port)):
        shots = _shots(path, issues)
        bare_calm = steady(port, shots, rate=RATE, duration=BARE_SECONDS)
        bare = saturating(port, shots, connections=CONNECTIONS, duration=BARE_SECONDS)
    tell(
        "intake: steady 100 per second, 15 KB each",
        answered=calm.good,
        asked=len(calm.seconds),
        p50_ms=milliseconds(percentile(calm.seconds, 50)),
        p99_ms=milliseconds(percentile(calm.seconds, 99)),
        bare_p50_ms=milliseconds(percentile(bare_calm.seconds, 50)),
        bare_p99_ms=milliseconds(percentile(bare_calm.seconds, 99)),
    )
    tell(
        "intake: saturated over 20 connections",
        per_second=rush.per_second,
        p99_ms=milliseconds(percentile(rush.seconds, 99)),
        bare_per_second=bare.per_second,
        bare_p99_ms=milliseconds(percentile(bare.seconds, 99)),
        of_bare=rush.per_second / bare.per_second,
        stored_of_answered=stored / (calm.good + rush.good),
    )


def _shots(path: str, issues: Sequence[tuple[str, str]]) -> Iterator[Shot]:
    """Deliveries about one linked issue after the other, each later than the one before."""
    for number, (issue_id, key) in zip(itertools.count(), itertools.cycle(issues)):
        body = _body(issue_id, key, number)
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        yield Shot(
            path,
            body,
            {
                "Content-Type": "application/json",
                "X-Hub-Signature": f"sha256={digest}",
                "X-Atlassian-Webhook-Identifier": f"bench-{number}",
            },
        )


def _body(issue_id: str, key: str, number: int) -> bytes:
    updated = MOMENT + timedelta(milliseconds=number)
    fields = {
        "summary": f"Item {number}",
        "project": {"id": "10000", "key": key.partition("-")[0]},
        "updated": updated.isoformat(timespec="milliseconds"),
        "description": "",
    }
    said = {
        "timestamp": int(updated.timestamp() * 1000),
        "webhookEvent": "jira:issue_updated",
        "issue_event_type_name": "issue_generic",
        "user": {"accountId": "712020:bench", "displayName": "Bea Bench", "active": True},
        "issue": {"id": issue_id, "key": key, "fields": fields},
        "changelog": {
            "id": str(number),
            "items": [{"field": "summary", "fieldId": "summary", "toString": f"Item {number}"}],
        },
    }
    fields["description"] = "x" * (BODY - len(json.dumps(said)))
    return json.dumps(said).encode()


@contextlib.contextmanager
def serving(module: str, port: int, **env: str) -> Iterator[None]:
    """A server process that answers, until the end of the block."""
    command = [sys.executable, "-W", "ignore", "-m", module]
    with subprocess.Popen(
        command, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for(port)
            yield
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    pause = threading.Event()
    for _ in range(600):
        with contextlib.suppress(OSError):
            asked = HTTPConnection("127.0.0.1", port, timeout=5)
            asked.request("GET", "/health/live")
            asked.getresponse().read()
            return
        pause.wait(0.05)
    raise TimeoutError(f"nothing answers on port {port}")
