"""The only door to Jira: signs, limits, repeats what may be repeated, and translates errors.

Nothing here waits longer than a second; what needs longer raises and the work row waits.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Final, Self

import httpx2
import stamina
from pyrate_limiter import Duration, Limiter, Rate, SingleBucketFactory, StateBucket

from duolog.core.errors import AnswerLost, Refused, Retryable, Scope, SyncError
from duolog.jira.auth import Credential, Method
from duolog.jira.call import Answer, Call
from duolog.jira.dialect import CLOUD, Dialect
from duolog.jira.errors import (
    NEVER_SENT,
    check_login,
    check_status,
    from_loss,
    speaks_of_content,
    unless_done,
)
from duolog.jira.guard import DEFAULT_POLICY, HostPolicy, PinnedTransport
from duolog.jira.identity import IdentityGuard
from duolog.jira.rates import NOTHING, Told, told
from duolog.jira.troubles import OF_THE_CREDENTIAL, Barred

PRODUCT: Final = "Duolog/0.1"
BROKEN: Final = (httpx2.NetworkError, httpx2.RemoteProtocolError)  # quick to fail, often gone


@dataclass(frozen=True, slots=True)
class Options:
    """How one site is reached.  Times are seconds, sizes bytes.

    `ca_certificate` is PEM text of authorities to be trusted beside the usual ones.
    """

    policy: HostPolicy = DEFAULT_POLICY
    ca_certificate: str = ""
    timeout: float = 20.0
    connect_timeout: float = 5.0
    pool_timeout: float = 5.0
    longest_answer: float = 60.0
    largest_answer: int = 25_000_000
    connections: int = 10
    calls_per_second: int = 50
    longest_wait: float = 1.0
    tries: int = 3
    contact: str = ""


DEFAULTS: Final = Options()


@dataclass(frozen=True, slots=True)
class CallMade:
    """One request that was sent.  `status` is None when no answer came."""

    call: Call
    status: int | None
    seconds: float
    told: Told = NOTHING

    @property
    def near_limit(self) -> bool:
        """Whether Jira said that little is left."""
        return self.told.is_near


def ignore(_made: CallMade) -> None:
    """Count nothing."""


def admit_all(_call: Call) -> None:
    """Let every call go out at once."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is asked before each request and told after it.

    `admit` may raise Retryable: then nothing was sent.
    """

    observe: Callable[[CallMade], None] = ignore
    admit: Callable[[Call], None] = admit_all


UNWATCHED: Final = Watch()


def open_http(base_url: str, credential: Credential, options: Options = DEFAULTS) -> httpx2.Client:
    """An HTTP client for one site: guarded, signed, without cookies, redirects or proxies."""
    limits = httpx2.Limits(max_connections=options.connections)
    return httpx2.Client(
        base_url=base_url,
        auth=credential.auth(),
        transport=PinnedTransport(
            httpx2.HTTPTransport(verify=_trusting(options.ca_certificate), limits=limits),
            options.policy,
        ),
        timeout=httpx2.Timeout(
            options.timeout, connect=options.connect_timeout, pool=options.pool_timeout
        ),
        headers={"User-Agent": user_agent(options.contact), "Accept": "application/json"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
    )


@lru_cache(maxsize=64)
def _trusting(ca_certificate: str) -> ssl.SSLContext:
    """The usual authorities and these.  Shared: reading all of them takes longer than a call."""
    context = httpx2.create_ssl_context()
    if ca_certificate:
        context.load_verify_locations(cadata=ca_certificate)
    return context


def user_agent(contact: str) -> str:
    """Who we are.  Jira refuses writes from what looks like a browser."""
    return f"{PRODUCT} (+{contact})" if contact else PRODUCT


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
        with self._turn():
            refused = self._refusal
            if refused is not None:
                raise Barred(refused.trouble, str(refused), hint=refused.hint)
            try:
                return self._send_guarded(call)
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
        started = time.monotonic()
        status, said = None, NOTHING
        try:
            answer = self._exchange(call, started)
            status, said = answer.status, told(answer)
        finally:
            self._watch.observe(CallMade(call, status, time.monotonic() - started, said))
        return answer

    def _exchange(self, call: Call, started: float) -> Answer:
        request = self._http.build_request(
            call.method, call.path, params=dict(call.params), json=call.body
        )
        response = self._http.send(request, stream=True)
        try:
            body = self._read(response, call, started + self._options.longest_answer)
        finally:
            response.close()
        return Answer(response.status_code, response.headers, body)

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
