"""Deliveries at full rate, recorded ones and hostile ones: none lost, none a fault of ours."""

from __future__ import annotations

import copy
import io
import itertools
import json
import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection as database
from django.db import connections, transaction
from django.utils import timezone
from helpers.delivered import Receiver, a_receiver, signature, told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duolog.sync.models import Binding, Delivery
from duolog.work.models import Lane

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(180),
]
SHARED = Path(__file__).parents[3] / "shared" / "jira" / "webhooks"
GOLDEN = Path(__file__).parents[1] / "golden" / "webhooks"
ANSWERS = {202, 400, 429}
"""What a genuine body may be answered: the last where too many could not be read before."""
THREADS = 8


def recorded() -> Sequence[bytes]:
    """Every recorded body at hand, and our own of the same shapes."""
    found = [*GOLDEN.rglob("*.json"), *(SHARED.rglob("*.json") if SHARED.is_dir() else ())]
    return [path.read_bytes() for path in sorted(found)]


RECORDED = recorded()
ABOUT_ISSUES = [body for body in RECORDED if json.loads(body).get("issue", {}).get("id")]


def aimed(body: bytes, issue: str, number: int) -> bytes:
    """The same delivery about another issue, sent now; no two are the same to the byte."""
    said = json.loads(body)
    said["issue"]["id"] = issue
    said["timestamp"] = int(timezone.now().timestamp() * 1000)
    return json.dumps({**said, "number": number}).encode()


class Door:
    """The WSGI application, asked without any client around it."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._application = WSGIHandler()

    def knock(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Deliver, and the status of the answer."""
        statuses: list[str] = []
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": self._receiver.path,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/json",
            **{f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items()},
        }
        answer = self._application(environ, lambda status, _: statuses.append(status))
        b"".join(answer)
        answer.close()
        return int(statuses[0][:3])

    def genuine(self, body: bytes, identifier: str = "") -> int:
        """Deliver what Jira signed."""
        return self.knock(body, self._receiver.signed(body, identifier))


def from_all_sides(door: Door, shots: Sequence[tuple[bytes, str]]) -> Counter[int]:
    """Deliver everything from several threads at once; how often each status was answered."""

    def work(mine: Sequence[tuple[bytes, str]]) -> Counter[int]:
        try:
            return Counter(door.genuine(body, identifier) for body, identifier in mine)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        parts = [shots[number::THREADS] for number in range(THREADS)]
        return sum(pool.map(work, parts), Counter())


def test_what_jira_sent_elsewhere_is_taken_at_full_rate_and_none_of_it_lost() -> None:
    receiver = a_receiver(issues=20)
    dice = random.Random(11)
    shots: list[tuple[bytes, str]] = []
    wanted: Counter[str] = Counter()
    for number in range(2_000):
        issue = dice.choice(receiver.issues)
        shots.append((aimed(dice.choice(ABOUT_ISSUES), issue, number), f"storm-{number}"))
        wanted[issue] += 1
    repeats = dice.sample(shots, 400)
    forged = [(body, identifier) for body, identifier in dice.sample(shots, 100)]
    everything = [*shots, *repeats]
    dice.shuffle(everything)
    door = Door(receiver)
    assert from_all_sides(door, everything) == {202: 2_400}
    assert {door.knock(body, {"X-Hub-Signature": "sha256=00"}) for body, _ in forged} == {401}
    kept = Counter(Delivery.objects.values_list("issue_id", flat=True))
    assert kept == wanted
    assert {issue: receiver.marks(issue) for issue in receiver.issues} == wanted
    assert Delivery.objects.filter(taken_at=None).count() == 2_000
    assert receiver.refused() == {"signature": 100}


def test_every_recorded_body_is_taken_as_it_was_sent() -> None:
    receiver = a_receiver()
    door = Door(receiver)
    for body in RECORDED:
        assert door.genuine(body) == 202
    assert receiver.kept() == len(set(RECORDED))


HOSTILE = (
    None, True, -1, 2**63, 2**200, 1e308, float("nan"), "", "\x00", "\ud800", "\U0001f600" * 99,
    "x" * 10_000, "10001", " 10001", "1e3", "'; DROP TABLE sync_delivery; --", "../../etc/passwd",
    "{{ 7 * 7 }}", "0001-01-01T00:00:00+2359", "9999-12-31T23:59:59-2359", [], {}, [[]], [None] * 60,
    {"id": {"id": {"id": 1}}}, {"self": "x/issue/" + "9" * 400 + "/"}, {"items": [{"field": 1}]},
    [{"field": "status", "to": "3"}] * 200,
)  # fmt: skip


ENCODINGS = (
    ("utf-8", "surrogatepass"), ("utf-8", "replace"), ("utf-16", "surrogatepass"),
    ("utf-32", "replace"), ("latin-1", "replace"),
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything within a JSON value."""
    if path:
        yield path
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, part in inner:
        yield from places(part, (*path, key))


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A recorded body with parts of it replaced, left out or doubled, or its bytes disturbed."""
    said = copy.deepcopy(json.loads(draw(st.sampled_from(RECORDED))))
    for _ in range(draw(st.integers(1, 4))):
        way = draw(st.sampled_from(list(places(said)))) if said else ()
        if not way:
            break
        around = said
        for step in way[:-1]:
            around = around[step]
        if draw(st.booleans()):
            around[way[-1]] = copy.deepcopy(draw(st.sampled_from(HOSTILE)))
        else:
            del around[way[-1]]
    encoding, errors = draw(st.sampled_from(ENCODINGS))
    body = json.dumps(said, ensure_ascii=draw(st.booleans())).encode(encoding, errors)
    match draw(st.integers(0, 5)):
        case 0:
            return body[: draw(st.integers(0, len(body)))]
        case 1:
            place = draw(st.integers(0, len(body)))
            return body[:place] + draw(st.binary(max_size=20)) + body[place:]
        case 2:
            return body[:-1] + b", " + body[1:]
        case _:
            return body


def the_receiver() -> Receiver:
    """The one of this test, for each of its examples."""
    binding = Binding.objects.select_related("connection").first()
    return Receiver(binding.connection, binding, ("10001",)) if binding else a_receiver()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(body=spoiled(), signs=st.booleans())
def test_no_body_is_a_fault_of_the_server(body: bytes, signs: bool) -> None:
    receiver = the_receiver()
    door = Door(receiver)
    if signs:
        assert door.genuine(body) in ANSWERS
    else:
        assert door.knock(body, {"X-Hub-Signature": signature(body, "another")}) in {401, 429}


@given(name=st.text(max_size=60), value=st.text(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_header_is_a_fault_of_the_server(name: str, value: str) -> None:
    receiver = the_receiver()
    body = told("10001")
    headers = {**receiver.signed(body), "X-Atlassian-Webhook-Identifier": value, "X-" + name: value}
    assert Door(receiver).knock(body, headers) == 202


@contextmanager
def a_writer_that_takes_its_time() -> Iterator[threading.Event]:
    """Somebody who has written what every delivery wants to write, and has not committed yet."""
    written, over = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                Lane.objects.update(max_inflight=5)
                with database.cursor() as cursor:
                    if database.vendor == "postgresql":
                        cursor.execute("LOCK TABLE work_work IN EXCLUSIVE MODE")
                written.set()
                over.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    assert written.wait(10)
    try:
        yield over
    finally:
        over.set()
        thread.join()


def test_a_database_that_is_busy_makes_deliveries_wait_and_loses_none() -> None:
    receiver = a_receiver(issues=4)
    numbers = itertools.count()
    shots = [(told(issue), f"busy-{next(numbers)}") for issue in receiver.issues * 10]
    with a_writer_that_takes_its_time() as over:
        release = threading.Timer(1.0, over.set)
        release.start()
        assert from_all_sides(Door(receiver), shots) == {202: 40}
        release.join()
    assert [receiver.marks(issue) for issue in receiver.issues] == [10] * 4
