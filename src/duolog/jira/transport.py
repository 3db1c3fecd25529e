"""The only door to Jira: signs, limits, repeats what may be repeated, and translates errors.

Nothing here waits longer than a second; what needs longer raises and the work row waits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import BinaryIO, Final, Self, TypeVar, cast

import httpx2
import stamina
from pyrate_limiter import Duration, Limiter, Rate, SingleBucketFactory, StateBucket

from duolog.core.errors import AnswerLost, Refused, Retryable, Scope, SyncError
from duolog.jira.auth import Method
from duolog.jira.call import Answer, Call, Upload
from duolog.jira.dialect import CLOUD, Dialect
from duolog.jira.door import DEFAULTS, Options, open_http, user_agent
from duolog.jira.errors import (
    NEVER_SENT,
    check_login,
    check_status,
    from_loss,
    http_date,
    speaks_of_content,
    unless_done,
)
from duolog.jira.identity import IdentityGuard
from duolog.jira.rates import NOTHING, Told, told
from duolog.jira.streams import OK, RECEIVING, Outgoing, Received, open_unsigned
from duolog.jira.troubles import OF_THE_CREDENTIAL, Barred

__all__ = [
    "DEFAULTS",
    "UNWATCHED",
    "CallMade",
    "JiraTransport",
    "Options",
    "Watch",
    "admit_all",
    "ignore",
    "may_repeat",
    "open_http",
    "user_agent",
]

T = TypeVar("T")

UPLOADING: Final = {"X-Atlassian-Token": "no-check"}  # else it reads as forged by a page
BROKEN: Final = (httpx2.NetworkError, httpx2.RemoteProtocolError)  # quick to fail, often gone


@dataclass(frozen=True, slots=True)
class CallMade:
    """One request that was sent.  `status` is None when no answer came.

    `at` is when Jira answered, by its own clock.
    """

    call: Call
    status: int | None
    seconds: float
    told: Told = NOTHING
    at: datetime | None = None

    @property
    def near_limit(self) -> bool:
        """Whether Jira said that little is left."""
        return self.told.is_near


def ignore(_made: CallMade) -> None:
    """Count nothing."""


def admit_all(_call: Call) -> None:
    """Let every call go out at once."""


def never_too_late() -> None:
    """Whoever sends may go on for ever."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is asked before each request and told after it.

    `admit` may raise Retryable: then nothing was sent.  `insist` raises where the sender may change
    nothing any more; it is asked at the last moment, and now and then while a file goes out.
    """

    observe: Callable[[CallMade], None] = ignore
    admit: Callable[[Call], None] = admit_all
    insist: Callable[[], None] = never_too_late


UNWATCHED: Final = Watch()


class JiraTransport:
    """Sends calls to one site with one credential.  Safe to share between threads.

    What was refused once is not sent again: each attempt counts, and a few of them lock an
    account of Server.  Passwords therefore go out one call at a time, so that it is one attempt
    however many threads there are.
    """

    def __init__(
        self,
        http: httpx2.Client,
        *,
        dialect: Dialect = CLOUD,
        method: Method | None = None,
        account: str | None = None,
        options: Options = DEFAULTS,
        watch: Watch = UNWATCHED,
    ) -> None:
        self.dialect = dialect
        self._method = method
        self._refusal: Barred | None = None
        self._one_at_a_time = threading.Lock() if method is Method.BASIC else None
        self._http = http
        self._options = options
        self._watch = watch
        self._guard = IdentityGuard(dialect, account, method)
        self._limiter = _limiter(options.calls_per_second)
        self._repeat = stamina.RetryingCaller(
            attempts=options.tries, timeout=15.0, wait_initial=0.1, wait_max=0.3, wait_jitter=0.1
        )

    def __repr__(self) -> str:
        return f"JiraTransport({self._http.base_url})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, call: Call) -> Answer:
        """Jira's answer to us.  Raises SyncError; AnswerLost if it may have been carried out."""
        return self._in_turn(self._send_guarded, call)

    def receive(self, call: Call) -> Received:
        """The beginning of an answer whose body is read piece by piece.  Raises SyncError.

        A status that is expected and tells of no content comes without a body.
        """
        return self._in_turn(self._receive_guarded, call)

    def receive_unsigned(self, address: str) -> Received:
        """What lies where Jira sent us for it; our credential stays behind.  Raises SyncError."""
        return open_unsigned(address, self._options)

    def _in_turn(self, act: Callable[[Call], T], call: Call) -> T:
        with self._turn():
            refused = self._refusal
            if refused is not None:
                raise Barred(refused.trouble, str(refused), hint=refused.hint)
            try:
                return act(call)
            except Barred as error:
                if error.trouble in OF_THE_CREDENTIAL and self._method is not Method.OAUTH:
                    self._refusal = error
                raise

    def forget_refusal(self) -> None:
        """Let a refused credential be tried once more, as a person asks.  Never a password."""
        if self._method is not Method.BASIC:
            self._refusal = None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._one_at_a_time is None:
            yield
            return
        if not self._one_at_a_time.acquire(timeout=self._options.longest_wait):
            raise _no_turn()
        try:
            yield
        finally:
            self._one_at_a_time.release()

    def _send_guarded(self, call: Call) -> Answer:
        answer = self._send_unguarded(call)
        if speaks_of_content(answer):
            self._check_identity(answer, call)
        check_status(answer, call, self._method)
        return answer

    def _receive_guarded(self, call: Call) -> Received:
        response = self._begun(call)
        received = Received(response, call, longest=self._options.longest_transfer)
        try:
            self._check_head(response, call)
        except BaseException:
            received.close()
            raise
        return received

    def _check_head(self, response: httpx2.Response, call: Call) -> None:
        """Raise for whatever is not the body asked for; of an error the whole body is read."""
        is_body = response.status_code == OK
        deadline = time.monotonic() + self._options.longest_answer
        try:
            body = b"" if is_body else self._read(response, call, deadline)
        except httpx2.RequestError as error:
            raise from_loss(error, call) from error
        answer = Answer(response.status_code, response.headers, body)
        check_login(answer, self._method)
        if speaks_of_content(answer):
            self._check_identity(answer, call)
        check_status(answer, call, self._method)

    def _begun(self, call: Call) -> httpx2.Response:
        """The response with its body unread."""
        try:
            return self._repeat(partial(self._may_repeat, call), self._begin_once, call)
        except httpx2.RequestError as error:
            raise from_loss(error, call) from error

    def _begin_once(self, call: Call) -> httpx2.Response:
        self._take_turn()
        self._watch.admit(call)
        started = time.monotonic()
        status, said, at = None, NOTHING, None
        try:
            response = self._http.send(self._request(call, RECEIVING), stream=True)
            status = response.status_code
            said = told(Answer(status, response.headers, b""))
        finally:
            self._watch.observe(CallMade(call, status, time.monotonic() - started, said, at))
        return response

    def _check_identity(self, answer: Answer, call: Call) -> None:
        try:
            self._guard.check(answer, self._ask)
        except Retryable as error:
            raise unless_done(error, answer, call) from error

    def _ask(self, call: Call) -> Answer:
        answer = self._send_unguarded(call)
        check_status(answer, call, self._method)
        return answer

    def _send_unguarded(self, call: Call) -> Answer:
        try:
            answer = self._repeat(partial(self._may_repeat, call), self._send_once, call)
        except httpx2.RequestError as error:
            raise from_loss(error, call) from error
        check_login(answer, self._method)
        return answer

    def _may_repeat(self, call: Call, error: Exception) -> bool:
        """A password whose answer was lost may have been refused: each time would count."""
        is_counted = self._method is Method.BASIC and not isinstance(error, NEVER_SENT)
        return may_repeat(call, error) and not is_counted

    def _send_once(self, call: Call) -> Answer:
        self._take_turn()
        self._watch.admit(call)
        if call.changes:
            self._watch.insist()
        started = time.monotonic()
        status, said, at = None, NOTHING, None
        try:
            answer = self._exchange(call, started)
            status, said = answer.status, told(answer)
            at = http_date(answer.headers.get("date", ""))
        finally:
            self._watch.observe(CallMade(call, status, time.monotonic() - started, said, at))
        return answer

    def _exchange(self, call: Call, started: float) -> Answer:
        if call.upload is not None:
            return self._send_file(call, call.upload)
        response = self._http.send(self._request(call), stream=True)
        try:
            body = self._read(response, call, started + self._options.longest_answer)
        finally:
            response.close()
        return Answer(response.status_code, response.headers, body)

    def _send_file(self, call: Call, upload: Upload) -> Answer:
        """The file goes out as it is read; the time of the answer counts from its end."""
        with upload.open() as file:
            longest, insist = self._options.longest_transfer, self._watch.insist
            outgoing = cast("BinaryIO", Outgoing(file, longest=longest, insist=insist))
            name = upload.name.replace('"', "'")  # for which no two servers agree on a spelling
            parts = {"file": (name, outgoing, upload.media_type)}
            request = self._http.build_request(
                call.method, call.path, params=dict(call.params), files=parts, headers=UPLOADING
            )
            response = self._http.send(request, stream=True)
            try:
                answered_by = time.monotonic() + self._options.longest_answer
                body = self._read(response, call, answered_by)
            finally:
                response.close()
        return Answer(response.status_code, response.headers, body)

    def _request(self, call: Call, headers: Mapping[str, str] | None = None) -> httpx2.Request:
        return self._http.build_request(
            call.method, call.path, params=dict(call.params), json=call.body, headers=headers
        )

    def _read(self, response: httpx2.Response, call: Call, deadline: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > self._options.largest_answer:
                raise _too_large(call, self._options.largest_answer)
            if time.monotonic() > deadline:
                raise httpx2.ReadTimeout("The answer trickled in too slowly.")
        return bytes(body)

    def _take_turn(self) -> None:
        wait = self._options.longest_wait
        if wait:
            taken = self._limiter.try_acquire(timeout=wait)
        else:
            taken = self._limiter.try_acquire(blocking=False)
        if not taken:
            raise _no_turn()


def may_repeat(call: Call, error: Exception) -> bool:
    """Whether to send again at once: the connection broke, and twice would do no harm."""
    return isinstance(error, BROKEN) and (call.repeatable or isinstance(error, NEVER_SENT))


def _limiter(calls_per_second: int) -> Limiter:
    rate = Rate(calls_per_second, Duration.SECOND)
    return Limiter(SingleBucketFactory(StateBucket([rate]), schedule_leak=False))


def _no_turn() -> Retryable:
    return Retryable(
        "Many calls to Jira wait for their turn.",
        scope=Scope.CONNECTION,
        retry_after=timedelta(seconds=1),
        hint="We space our calls so that Jira stays quick for people.",
    )


def _too_large(call: Call, limit: int) -> SyncError:
    sentence = f"Jira's answer is larger than {limit // 1_000_000} MB."
    if call.repeatable:
        return Refused(sentence, hint="Shorten the issue, or move some of it elsewhere.")
    return AnswerLost(sentence, hint="We look whether it was done before trying again.")
