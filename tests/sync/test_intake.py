"""The address of a webhook, asked as Jira asks it and as nobody should.  Jira is never asked."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection as database
from django.test import Client
from django.utils import timezone
from helpers.delivered import Receiver, a_receiver, signature, told

from duolog.api.webhook import REFUSALS_AT_ONCE
from duolog.connections.models import Connection
from duolog.connections.webhooks import OVERLAP, make_webhook, regenerate_address
from duolog.sync.discovery.intake import LARGEST_BODY, NEWS_FOR
from duolog.sync.link.sightings import is_echo
from duolog.sync.models import Delivery, Link
from duolog.sync.shown.queries import latest_deliveries
from duolog.sync.tidy import USED_KEPT
from duolog.work.models import Work

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)


@pytest.fixture
def signed() -> Receiver:
    return a_receiver(issues=2)


@pytest.fixture
def unsigned() -> Receiver:
    return a_receiver(secret=None)


def test_a_genuine_delivery_is_kept_and_marks_its_link(signed: Receiver) -> None:
    (issue, other) = signed.issues
    answer = signed.send(told(issue))
    assert answer.status_code == 202
    assert (signed.marks(issue), signed.marks(other), signed.kept()) == (1, 0, 1)
    signed.connection.refresh_from_db()
    assert signed.connection.last_delivery_at is not None


@pytest.mark.parametrize("again", ["identifier", "body", "both"])
def test_what_comes_again_is_kept_and_marked_once(signed: Receiver, again: str) -> None:
    body = told(signed.issues[0])
    signed.send(body, identifier="one")
    if again == "identifier":
        answer = signed.send(told(signed.issues[0]), identifier="one")
    else:
        answer = signed.send(body, identifier="one" if again == "both" else "two")
    assert answer.status_code == 202
    assert (signed.marks(signed.issues[0]), signed.kept()) == (1, 1)


def test_two_long_identifiers_that_begin_alike_are_two(signed: Receiver) -> None:
    for end in ("a", "b", "\x00", "\x01"):
        signed.send(told(signed.issues[0]), identifier="x" * 500 + end)
    assert signed.kept() == 4


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        pytest.param("", "unsigned", id="no signature"),
        pytest.param("sha256=00", "signature", id="a wrong one"),
        pytest.param("sha1=00", "signature", id="another method"),
        pytest.param("sha256=\xff", "signature", id="a letter that is no digit"),
    ],
)
def test_a_connection_with_a_secret_takes_nothing_unproven(
    signed: Receiver, header: str, reason: str
) -> None:
    headers = {"X-Hub-Signature": header} if header else {}
    answer = Client().post(
        signed.path, told(signed.issues[0]), content_type="application/json", headers=headers
    )
    assert answer.status_code == 401
    assert "same secret" in answer.json()["detail"]
    assert (signed.kept(), signed.refused()) == (0, {reason: 1})


def test_the_latest_deliveries_are_in_the_order_of_their_arrival(signed: Receiver) -> None:
    """Whoever stored them: the model, or the one statement of the intake."""
    signed.send(told(signed.issues[0]), identifier="first")
    Delivery.objects.create(connection=signed.connection, identifier="second", event="x")
    signed.send(told(signed.issues[0]), identifier="third")
    latest = [each.identifier for each in latest_deliveries(signed.connection)]
    assert latest == ["third", "second", "first"]


def test_without_a_secret_the_address_is_the_proof(unsigned: Receiver) -> None:
    body = told(unsigned.issues[0])
    assert Client().post(unsigned.path, body, content_type="application/json").status_code == 202
    assert unsigned.marks(unsigned.issues[0]) == 1


def test_both_secrets_are_taken_until_the_overlap_ends(signed: Receiver) -> None:
    issue = signed.issues[0]
    signed.send(told(issue))
    make_webhook(signed.connection, secret="the next secret")
    assert signed.send(told(issue)).status_code == 202
    assert _now(signed).webhook_proven_at is None
    signed.secret = "the next secret"
    assert signed.send(told(issue)).status_code == 202
    assert _now(signed).webhook_proven_at is not None
    assert _now(signed).former_webhook_secret_until is not None
    Connection.objects.update(former_webhook_secret_until=timezone.now())
    assert signed.send(told(issue)).status_code == 202
    signed.secret = "between Jira and us"
    assert signed.send(told(issue)).status_code == 401


def test_the_secret_in_use_outlives_one_that_never_was(signed: Receiver) -> None:
    signed.send(told(signed.issues[0]))
    for secret in ("made and forgotten", "made and entered"):
        make_webhook(_now(signed), secret=secret)
    assert signed.send(told(signed.issues[0])).status_code == 202
    until = _now(signed).former_webhook_secret_until
    assert until is not None
    assert abs(until - timezone.now() - OVERLAP) < timedelta(minutes=1)


def test_an_address_that_was_renewed_is_gone(signed: Receiver) -> None:
    old = signed.path
    regenerate_address(signed.connection)
    assert Client().post(old, b"{}", content_type="application/json").status_code == 404
    assert signed.send(told(signed.issues[0])).status_code == 202


@pytest.mark.parametrize(
    "name", ["0" * 32, "x", "a%00b", "%F0%9F%98%80", "A" * 32, "..%2f", "0" * 33]
)
def test_an_address_that_never_was_is_not_found(signed: Receiver, name: str) -> None:
    path = f"/api/pms/webhook/jira/{name}"
    answer = Client().post(path, b"{}", content_type="application/json")
    assert answer.status_code == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_only_post_is_taken(signed: Receiver, method: str) -> None:
    answer = Client().generic(method, signed.path)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "é"]
)
def test_the_body_decides_whatever_its_content_type(signed: Receiver, kind: str) -> None:
    body = told(signed.issues[0])
    answer = Client().post(signed.path, body, content_type=kind, headers=signed.signed(body))
    assert answer.status_code == 202
    assert signed.marks(signed.issues[0]) == 1


def test_what_is_too_old_is_answered_and_counted_and_marks_nothing(signed: Receiver) -> None:
    issue = signed.issues[0]
    answer = signed.send(told(issue, at=timezone.now() - NEWS_FOR - timedelta(minutes=1)))
    assert answer.status_code == 202
    assert "too late" in answer.json()["detail"]
    assert (signed.marks(issue), signed.kept(), signed.refused()) == (0, 1, {"late": 1})
    assert Delivery.objects.get().outcome == "late"


def test_what_is_told_again_after_it_was_tidied_away_is_no_news(signed: Receiver) -> None:
    assert NEWS_FOR < USED_KEPT
    body = told(signed.issues[0], at=timezone.now() - USED_KEPT)
    signed.send(body, identifier="once")
    Delivery.objects.all().delete()
    signed.send(body, identifier="once")
    assert signed.marks(signed.issues[0]) == 0


def test_what_was_held_back_for_days_is_news_where_it_tells_what_nobody_read(
    signed: Receiver,
) -> None:
    issue, at = signed.issues[0], timezone.now() - NEWS_FOR - DAY
    fields = {"updated": at.isoformat(timespec="milliseconds"), "project": {"id": "10000"}}
    signed.send(told(issue, at=at, issue={"id": issue, "fields": fields}))
    assert signed.marks(issue) == 1


def test_the_age_is_by_jiras_clock(signed: Receiver) -> None:
    year = timedelta(days=365)
    Connection.objects.update(report={"skew_seconds": -int(year.total_seconds())})
    signed.send(told(signed.issues[0], at=timezone.now() - year))
    assert signed.marks(signed.issues[0]) == 1


def test_a_new_issue_of_the_project_is_taken_in_and_a_deleted_one_is_not(signed: Receiver) -> None:
    signed.send(told("10900"))
    signed.send(told("10901", "jira:issue_deleted"))
    signed.send(told("10902", issue={"id": "10902", "fields": {"project": {"id": "10777"}}}))
    newcomers = Work.objects.filter(kind="newcomer").values_list("key", flat=True)
    assert list(newcomers) == [f"{signed.binding.pk}:10900"]


def test_both_ends_of_an_issue_link_judge_it_for_themselves(signed: Receiver) -> None:
    ends = {"id": 5, "sourceIssueId": 10001, "destinationIssueId": 10002}
    signed.send(told("", "issuelink_created", issue=None, issueLink=ends))
    assert [signed.marks(issue) for issue in signed.issues] == [1, 1]
    waiting = Delivery.objects.filter(taken_at=None)
    assert sorted(waiting.values_list("issue_id", flat=True)) == ["10001", "10002"]
    assert not any(is_echo(link, waiting[0]) for link in Link.objects.all())


def test_an_event_we_do_not_know_is_taken_and_counted(signed: Receiver) -> None:
    assert signed.send(told("10001", "jira:something_new")).status_code == 202
    assert Delivery.objects.get().event == "unknown"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(b"", "Exclude body", id="none"),
        pytest.param(b"not json", "not JSON", id="no JSON"),
        pytest.param(b"[1]", "Not a delivery", id="JSON of another kind"),
        pytest.param(b'{"webhookEvent": null}', "webhookEvent", id="no event"),
        pytest.param(b"\x1f\x8b\x08compressed", "not JSON", id="compressed"),
    ],
)
def test_a_genuine_body_that_cannot_be_read_is_refused_in_words(
    signed: Receiver, body: bytes, words: str
) -> None:
    answer = signed.send(body)
    assert answer.status_code == 400
    assert words in answer.json()["detail"]
    assert (signed.kept(), signed.refused()) == (0, {"malformed": 1})


def test_a_body_may_have_25_mb_and_not_a_byte_more(signed: Receiver) -> None:
    start = told(signed.issues[0])[:-1] + b', "x": "'
    body = start + b"x" * (LARGEST_BODY - len(start) - 2) + b'"}'
    assert signed.send(body).status_code == 202
    longer = body.replace(b"}", b" }", 1)
    assert len(longer) == LARGEST_BODY + 1
    assert signed.send(longer).status_code == 413
    assert signed.refused() == {"large": 1}


class Stream(io.RawIOBase):
    """A body that comes in small pieces, and says how much of it was read."""

    def __init__(self, body: bytes) -> None:
        self._left = io.BytesIO(body)
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        part = self._left.read(min(size, 1000) if size >= 0 else size)
        self.given += len(part)
        return part


def ask(receiver: Receiver, body: io.RawIOBase, **environ: object) -> tuple[int, bytes]:
    """What the application answers a server that hands it this stream."""
    told_status: list[str] = []
    answer = WSGIHandler()(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": receiver.path,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": body,
            **environ,
        },
        lambda status, headers: told_status.append(status),
    )
    whole = b"".join(answer)
    answer.close()
    return int(told_status[0][:3]), whole


def test_a_body_in_chunks_is_read_to_its_end(signed: Receiver) -> None:
    body = told(signed.issues[0])
    status, _ = ask(
        signed,
        Stream(body),
        HTTP_X_HUB_SIGNATURE=signature(body, signed.secret),
        HTTP_TRANSFER_ENCODING="chunked",
        **{"wsgi.input_terminated": True},
    )
    assert status == 202
    assert signed.marks(signed.issues[0]) == 1


def test_of_a_body_in_chunks_no_more_is_read_than_it_may_have(signed: Receiver) -> None:
    body = Stream(b"x" * (LARGEST_BODY + 10_000_000))
    status, _ = ask(
        signed, body, HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input_terminated": True}
    )
    assert status == 413
    assert body.given < LARGEST_BODY + 100_000


@pytest.mark.parametrize("name", [None, "0" * 32], ids=["too long", "to nobody"])
def test_what_is_refused_by_its_head_is_not_read(signed: Receiver, name: str | None) -> None:
    body = Stream(b"x" * 1000)
    if name:
        signed.connection.webhook_hash = name
    length = "1000" if name else str(LARGEST_BODY + 1)
    status, _ = ask(signed, body, CONTENT_LENGTH=length)
    assert (status, body.given) == (404 if name else 413, 0)


class Broken(io.RawIOBase):
    """A connection that ends within the body."""

    def read(self, size: int = -1) -> bytes:
        raise OSError("the client has gone")


def test_a_connection_that_breaks_off_is_no_fault_of_the_server(signed: Receiver) -> None:
    status, _ = ask(signed, Broken(), CONTENT_LENGTH="100")
    assert status == 400


def test_a_database_that_cannot_be_written_asks_jira_to_send_again(signed: Receiver) -> None:
    body = told(signed.issues[0])
    with database.cursor() as cursor:
        cursor.execute("ALTER TABLE sync_delivery RENAME TO moved_away")
    try:
        answer = signed.send(body, identifier="again")
    finally:
        with database.cursor() as cursor:
            cursor.execute("ALTER TABLE moved_away RENAME TO sync_delivery")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert signed.send(body, identifier="again").status_code == 202
    assert signed.marks(signed.issues[0]) == 1


def test_a_flood_of_forgeries_is_no_longer_counted_and_holds_nobody_up(signed: Receiver) -> None:
    client, count = Client(), REFUSALS_AT_ONCE + 100
    answers = [
        client.post(signed.path, b"{}", content_type="application/json") for _ in range(count)
    ]
    assert {answer.status_code for answer in answers} == {401, 429}
    assert {answer.get("Retry-After") for answer in answers if answer.status_code == 429} == {"60"}
    assert REFUSALS_AT_ONCE <= signed.refused()["unsigned"] < count
    assert signed.send(told(signed.issues[0])).status_code == 202


def test_a_refusal_is_a_problem_in_words(signed: Receiver) -> None:
    answer = Client().post(signed.path, b"{}", content_type="application/json")
    assert answer["Content-Type"] == "application/problem+json"
    assert set(json.loads(answer.content)) == {"type", "title", "status", "detail", "errors"}


def _now(receiver: Receiver) -> Connection:
    receiver.connection.refresh_from_db()
    return receiver.connection
