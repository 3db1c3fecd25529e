"""One table from Jira's answers, and from lost connections, to what the caller must do.

Pure: nothing is sent and nothing waits here.  `Date` of the answer is the only clock.
"""

from __future__ import annotations

import re
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
from duolog.jira.auth import Method
from duolog.jira.call import Answer, Call
from duolog.jira.guard import UnknownName
from duolog.jira.refusals import Reasons, reasons_in
from duolog.jira.troubles import Barred, Trouble, Unreached, barred, unreached, words_for

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

_FAILED: Final = "AUTHENTICATED_FAILED"
_DENIED: Final = "AUTHENTICATION_DENIED"  # until somebody signs in on the page (jira.md 2.3)
_PASSWORDS_OFF: Final = b"basic authentication has been disabled"
_SIGN_IN: Final = re.compile(r"log-?in|sign-?in|sso|saml|oauth|adfs", re.IGNORECASE)
_UNFIT_CERTIFICATE: Final[Mapping[str, Trouble]] = {
    "mismatch": Trouble.CERTIFICATE_NAME,
    "not valid for": Trouble.CERTIFICATE_NAME,
    "has expired": Trouble.CERTIFICATE_ENDED,
    "CERTIFICATE_VERIFY_FAILED": Trouble.CERTIFICATE,
    "[SSL": Trouble.NO_TLS,
}
"""From what the TLS library says to what is wrong; the first that fits."""


def error_for(status: int) -> type[SyncError]:
    """What the caller must do after an answer with this status.  Not for 2xx."""
    if status >= 500:
        return Retryable
    if status < 400:
        return Disconnected  # Jira lives elsewhere now; we never follow with a credential
    return ERROR_FOR_STATUS.get(status, Refused)


def check_login(answer: Answer, method: Method | None = None) -> None:
    """Raise Barred when Jira says that it did not let us in."""
    reason = answer.headers.get("x-seraph-loginreason", "")
    denied = answer.headers.get("x-authentication-denied-reason", "").lower()
    if "captcha" in denied or _DENIED in reason:
        raise barred(Trouble.CAPTCHA, method, status=answer.status)
    if answer.status == 403 and _PASSWORDS_OFF in answer.body.lower():
        raise barred(Trouble.PASSWORDS_OFF, method, status=answer.status)
    if _FAILED in reason:
        trouble = Trouble.VISITOR if answer.status < 400 else Trouble.WRONG
        raise barred(trouble, method, status=answer.status)


def check_status(answer: Answer, call: Call, method: Method | None = None) -> None:
    """Raise unless Jira did what was asked, or said what the call expects."""
    if answer.status in call.expected:
        return
    if not 200 <= answer.status < 300:
        raise from_answer(answer, call, method)
    if answer.is_html:
        raise _page_instead_of_answer(answer, method)


def speaks_of_content(answer: Answer) -> bool:
    """Whether the answer tells what is there, or is not: its reader must then be known."""
    return (200 <= answer.status < 300 and not answer.is_html) or answer.status in {400, 403, 404}


def unless_done(error: SyncError, answer: Answer, call: Call) -> SyncError:
    """`error`, or AnswerLost when Jira had already done what may not be repeated."""
    if call.repeatable or answer.status >= 300:
        return error
    return AnswerLost(str(error), hint="We look whether it was done before trying again.")


def from_answer(answer: Answer, call: Call, method: Method | None = None) -> SyncError:
    """The error for an answer that is not a success."""
    reasons = reasons_in(answer)
    kind = error_for(answer.status)
    if kind is Disconnected:
        return _barred(answer, reasons, method)
    if kind is Retryable:
        return _retryable(answer, call)
    if answer.status == 404 and answer.is_html:
        return unreached(Trouble.NOT_JIRA, status=404)
    if answer.status == 404 and reasons.of_gateway:
        return barred(Trouble.OTHER_SITE, method, status=404)
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
        return Barred(Trouble.UNENCRYPTED, sentence, hint="Change the address of the connection.")
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
    now = http_date(headers.get("date", ""))
    until = http_date(said) or _iso_time(headers.get("x-ratelimit-reset", "").strip())
    if now is None or until is None:
        return None
    return min(max(until - now, timedelta()), LONGEST_WAIT)


def _page_instead_of_answer(answer: Answer, method: Method | None) -> SyncError:
    page = answer.body.lower()
    if b"login" in page or b"log in" in page or b"sign in" in page:
        return barred(Trouble.SIGN_IN_PAGE, method, status=answer.status)
    return Unreached(
        Trouble.NOT_JIRA,
        f"A web page came back in place of Jira's answer ({answer.status}).",
        hint="Check the address of the connection, and whether a proxy stands before Jira.",
    )


def _barred(answer: Answer, reasons: Reasons, method: Method | None) -> Barred:
    said = reasons.text.lower()
    if answer.status < 400:
        return _sent_elsewhere(answer, method)
    if "scope does not match" in said:
        return barred(Trouble.SCOPE, method, status=answer.status)
    if b"passwords is deprecated" in answer.body.lower():
        return barred(Trouble.PASSWORDS_OFF, method, status=answer.status)
    return barred(Trouble.WRONG, method, status=answer.status)


def _sent_elsewhere(answer: Answer, method: Method | None) -> Barred:
    """Its query stays out of the sentence: it may hold what is nobody's business."""
    goal = answer.headers.get("location", "").partition("?")[0].partition("#")[0][:200]
    if _SIGN_IN.search(goal):
        return barred(Trouble.SIGN_IN_PAGE, method, status=answer.status)
    return barred(Trouble.ELSEWHERE, method, goal=goal or "it names none", status=answer.status)


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
    sentence = "Jira is rate limiting" + (" writes to this issue" if one_issue else "")
    hint = "We try again by ourselves; nothing is lost."
    if _is_beyond_reason(answer.headers):
        sentence += " and asks for a wait beyond reason: we ask again in an hour"
        hint = (
            "A Jira admin may have blocked our account in Jira's rate limiting: have it exempted."
        )
    return Retryable(
        f"{sentence} (429).",
        scope=Scope.LINK if one_issue else Scope.CONNECTION,
        retry_after=wait,
        hint=hint,
    )


def _is_beyond_reason(headers: Mapping[str, str]) -> bool:
    """Whether more was asked for than we ever wait."""
    said = headers.get("retry-after", "").strip()
    return said.isdecimal() and int(said) > LONGEST_WAIT.total_seconds()


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


def _never_sent(error: httpx2.RequestError, sentence: str) -> SyncError:
    if isinstance(error, httpx2.PoolTimeout):
        return Retryable(sentence, hint="We try again; nothing is lost.")
    if isinstance(error, UnknownName):
        return unreached(Trouble.UNKNOWN_NAME, host=error.host)
    for words, trouble in _UNFIT_CERTIFICATE.items():
        if words in str(error):
            return unreached(trouble)
    return Unreached(Trouble.UNREACHABLE, sentence, hint=words_for(Trouble.UNREACHABLE)[1])


def http_date(text: str) -> datetime | None:
    """A moment as a header tells it; None for anything else."""
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
