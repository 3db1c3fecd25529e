"""One table from Jira's answers, and from lost connections, to what the caller must do.

Pure: nothing is sent and nothing waits here.  `Date` of the answer is the only clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import httpx2

from duolog.core.errors import (
    AnswerLost,
    Disconnected,
    Refused,
    Retryable,
    Scope,
    SyncError,
    Unseen,
)
from duolog.jira.call import Answer, Call
from duolog.jira.refusals import Reasons, reasons_in

LONGEST_WAIT: Final = timedelta(hours=1)  # Cloud's quotas start anew at each full hour

ERROR_FOR_STATUS: Final[Mapping[int, type[SyncError]]] = {
    401: Disconnected,
    403: Refused,
    404: Unseen,  # deleted *or hidden from us*: Jira does not say which
    408: Retryable,
    409: Retryable,
    410: Refused,
    413: Refused,
    425: Retryable,
    429: Retryable,
}

# The site as a whole cannot answer; a plain 500 may be about one issue only.
CONNECTION_WIDE: Final = frozenset({502, 503, 504})

NEVER_SENT: Final = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)

SENTENCE_FOR_LOSS: Final[Mapping[type[httpx2.TransportError], str]] = {
    httpx2.ConnectTimeout: "Jira did not pick up in time.",
    httpx2.ReadTimeout: "Jira did not answer in time.",
    httpx2.WriteTimeout: "Jira did not take the request in time.",
    httpx2.PoolTimeout: "Too many calls to Jira are under way already.",
    httpx2.ConnectError: "Jira could not be reached.",
    httpx2.ReadError: "The connection broke before Jira had answered.",
    httpx2.WriteError: "The connection broke while the request was sent.",
    httpx2.CloseError: "The connection to Jira broke.",
    httpx2.ProxyError: "The proxy on the way to Jira refused the connection.",
    httpx2.UnsupportedProtocol: "Jira's address starts with neither https:// nor http://.",
    httpx2.LocalProtocolError: "The request could not be put into words.",
    httpx2.RemoteProtocolError: "Jira ended the connection without a proper answer.",
    httpx2.SSEError: "Jira sent a stream of events in place of an answer.",
}

_FAILED_LOGIN: Final = ("AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED")
_ASK_FOR_NEW_ONE: Final = (
    "Check that the e-mail is the service account's. Tokens older than a year have ended: "
    "make a new one and paste it here."
)


def error_for(status: int) -> type[SyncError]:
    """What the caller must do after an answer with this status.  Not for 2xx."""
    if status >= 500:
        return Retryable
    if status < 400:
        return Disconnected  # Jira lives elsewhere now; we never follow with a credential
    return ERROR_FOR_STATUS.get(status, Refused)


def check_login(answer: Answer) -> None:
    """Raise Disconnected when Jira says that it did not let us in."""
    reason = answer.headers.get("x-seraph-loginreason", "")
    if "captcha" in answer.headers.get("x-authentication-denied-reason", "").lower():
        raise Disconnected(
            f"Jira asks this account to prove that it is a person ({answer.status}).",
            hint="Sign in to Jira once in a browser with this account, then reconnect.",
        )
    if any(word in reason for word in _FAILED_LOGIN):
        raise Disconnected(
            f"Jira did not accept these details and treats us as a visitor ({answer.status}).",
            hint=_ASK_FOR_NEW_ONE,
        )


def check_status(answer: Answer, call: Call) -> None:
    """Raise unless Jira did what was asked, or said what the call expects."""
    if answer.status in call.expected:
        return
    if not 200 <= answer.status < 300:
        raise from_answer(answer, call)
    if answer.is_html:
        raise _page_instead_of_answer(answer)


def speaks_of_content(answer: Answer) -> bool:
    """Whether the answer tells what is there, or is not: its reader must then be known."""
    return (200 <= answer.status < 300 and not answer.is_html) or answer.status in {400, 403, 404}


def unless_done(error: SyncError, answer: Answer, call: Call) -> SyncError:
    """`error`, or AnswerLost when Jira had already done what may not be repeated."""
    if call.repeatable or answer.status >= 300:
        return error
    return AnswerLost(str(error), hint="We look whether it was done before trying again.")


def from_answer(answer: Answer, call: Call) -> SyncError:
    """The error for an answer that is not a success."""
    reasons = reasons_in(answer)
    kind = error_for(answer.status)
    if kind is Disconnected:
        return _disconnected(answer, reasons)
    if kind is Retryable:
        return _retryable(answer, call)
    if answer.status == 404 and answer.is_html:
        return Retryable(
            "No Jira answers at this address (404).",
            scope=Scope.CONNECTION,
            hint="Check the address of the connection, and that the site has not been closed.",
        )
    return _refused(kind, answer.status, reasons)


def from_element(status: int, reasons: Reasons) -> SyncError:
    """The error for one refused part of a bulk request that was answered as a whole."""
    kind = error_for(status)
    if kind is Retryable:
        return Retryable(f"Jira could not do this now{_because(reasons)} ({status}).")
    if kind is Disconnected:
        return Refused(f"Jira refused this{_because(reasons)} ({status}).", fields=reasons.fields)
    return _refused(kind, status, reasons)


def from_loss(error: httpx2.RequestError, call: Call) -> SyncError:
    """The error for a request without an answer."""
    sentence = next(
        (it for kind, it in SENTENCE_FOR_LOSS.items() if isinstance(error, kind)),
        "The answer could not be read.",
    )
    if isinstance(error, httpx2.UnsupportedProtocol):
        return Disconnected(sentence, hint="Change the address of the connection.")
    if isinstance(error, NEVER_SENT):
        return _never_sent(error, sentence)
    if call.repeatable:
        return Retryable(sentence, hint="We try again; nothing is lost.")
    return AnswerLost(sentence, hint="We look whether it was done before trying again.")


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long Jira asks us to wait, at most an hour; None when it does not say.

    `Retry-After` is seconds or an HTTP date; some gateways send only `X-RateLimit-Reset`, an
    ISO time with or without seconds.  Data Center says Long.MAX to a blocked user.
    """
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return timedelta(seconds=min(int(said), LONGEST_WAIT.total_seconds()))
    now = _http_date(headers.get("date", ""))
    until = _http_date(said) or _iso_time(headers.get("x-ratelimit-reset", "").strip())
    if now is None or until is None:
        return None
    return min(max(until - now, timedelta()), LONGEST_WAIT)


def _page_instead_of_answer(answer: Answer) -> SyncError:
    page = answer.body.lower()
    if b"login" in page or b"log in" in page or b"sign in" in page:
        return Disconnected(
            f"Jira answered with its sign-in page ({answer.status}).", hint=_ASK_FOR_NEW_ONE
        )
    return Retryable(
        f"A web page came back in place of Jira's answer ({answer.status}).",
        scope=Scope.CONNECTION,
        hint="Check the address of the connection, and whether a proxy stands before Jira.",
    )


def _disconnected(answer: Answer, reasons: Reasons) -> Disconnected:
    if answer.status < 400:
        return Disconnected(
            f"Jira sends us to another address ({answer.status}).",
            hint="Open Jira in a browser and paste the address it ends up at.",
        )
    if "scope does not match" in reasons.text.lower():
        return Disconnected(
            "This token may not do all that is needed: a scope is missing (401).",
            hint="Make a token without scopes, or with read:jira-work, write:jira-work and "
            "read:jira-user.",
        )
    if "passwords is deprecated" in reasons.text.lower():
        return Disconnected(
            "Jira Cloud does not accept passwords (401).",
            hint="Make an API token for this account and paste it here.",
        )
    return Disconnected("Jira did not accept these details (401).", hint=_ASK_FOR_NEW_ONE)


def _retryable(answer: Answer, call: Call) -> Retryable:
    wait = retry_after(answer.headers)
    if answer.status == 429:
        return _rate_limited(answer, wait)
    scope = Scope.CONNECTION if answer.status in CONNECTION_WIDE else Scope.LINK
    if answer.status >= 500 and not call.repeatable:
        return AnswerLost(
            f"Jira had a failure of its own ({answer.status}).",
            scope=scope,
            retry_after=wait,
            hint="We look whether it was done before trying again.",
        )
    sentence = {
        408: "Jira did not receive the whole request in time",
        409: "Jira was changing the same issue at that moment",
        425: "Jira asks to send this again a little later",
    }.get(answer.status, "Jira had a failure of its own")
    return Retryable(
        f"{sentence} ({answer.status}).",
        scope=scope,
        retry_after=wait,
        hint="We try again; nothing is lost.",
    )


def _rate_limited(answer: Answer, wait: timedelta | None) -> Retryable:
    one_issue = answer.headers.get("ratelimit-reason", "") == "jira-per-issue-on-write"
    return Retryable(
        "Jira is rate limiting writes to this issue (429)."
        if one_issue
        else "Jira is rate limiting (429).",
        scope=Scope.LINK if one_issue else Scope.CONNECTION,
        retry_after=wait,
        hint="We try again by ourselves; nothing is lost.",
    )


_REFUSALS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("Jira refused the request", "Change what Jira names, here or in Jira, then retry."),
    403: (
        "The account may not do this in Jira",
        "Ask a Jira admin to add it to the role that may.",
    ),
    404: (
        "Jira has nothing here that this account may see",
        "It may be deleted, or hidden from the account: look in Jira.",
    ),
    410: ("Jira no longer offers what was asked for", "Update Duolog."),
    413: (
        "This is more than Jira takes",
        "Shorten it or make it smaller, or ask a Jira admin to raise the limit.",
    ),
    422: ("Jira's own set-up prevents this", "Ask a Jira admin to look at the project's set-up."),
}


def _refused(kind: type[SyncError], status: int, reasons: Reasons) -> SyncError:
    sentence, hint = _REFUSALS.get(status, _REFUSALS[400])
    refused = Unseen if kind is Unseen else Refused
    return refused(f"{sentence}{_because(reasons)} ({status}).", fields=reasons.fields, hint=hint)


def _because(reasons: Reasons) -> str:
    return f": {reasons.text}" if reasons.text else ""


def _never_sent(error: httpx2.RequestError, sentence: str) -> Retryable:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return Retryable(
            "Jira's certificate is not trusted.",
            scope=Scope.CONNECTION,
            hint="Give the file of the authority that signed it, or renew the certificate.",
        )
    busy = isinstance(error, httpx2.PoolTimeout)
    return Retryable(
        sentence,
        scope=Scope.LINK if busy else Scope.CONNECTION,
        hint="We try again; nothing is lost." if busy else "Check that the site is up.",
    )


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso_time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
