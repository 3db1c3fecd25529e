"""How the deliveries of one webhook went, as Data Center 10 tells it.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from jirasim.webhooks.delivery import Attempt

if TYPE_CHECKING:
    from datetime import datetime

    from jirasim.wire.entities import Json

WINDOW: Final = timedelta(days=1)
SUCCESS, FAILURE, ERROR = "SUCCESS", "FAILURE", "ERROR"
Invocations = Callable[[str], Sequence[Attempt]]
"""The attempts of the webhook with this id, oldest first."""


def statistics(attempts: Sequence[Attempt], now: datetime) -> Json:
    """Counts of the last day, and the newest attempt of each outcome that there was."""
    opened = now - WINDOW
    recent = [outcome(one) for one in attempts if one.at >= opened]
    body: Json = {
        "counts": {
            "errors": recent.count(ERROR),
            "failures": recent.count(FAILURE),
            "successes": recent.count(SUCCESS),
            "window": {
                "start": _milliseconds(opened),
                "duration": round(WINDOW.total_seconds() * 1000),
            },
        }
    }
    for name, wanted in (("lastSuccess", SUCCESS), ("lastFailure", FAILURE), ("lastError", ERROR)):
        those = [one for one in attempts if outcome(one) == wanted]
        if those:
            body[name] = invocation(those[-1])
    return body


def latest(attempts: Sequence[Attempt]) -> Json:
    """The newest attempt."""
    return invocation(attempts[-1])


def invocation(attempt: Attempt) -> Json:
    """One attempt: what was asked and what came of it."""
    delivery, at = attempt.delivery, _milliseconds(attempt.at)
    return {
        "id": delivery.identifier,
        "event": delivery.event,
        "start": at,
        "finish": at,
        "duration": 0,
        "request": {"method": "POST", "url": delivery.url},
        "result": {
            "outcome": outcome(attempt),
            "description": attempt.error if attempt.status is None else str(attempt.status),
        },
    }


def outcome(attempt: Attempt) -> str:
    """Success is 2xx, failure any other answer, error none at all."""
    if attempt.status is None:
        return ERROR
    return SUCCESS if 200 <= attempt.status < 300 else FAILURE


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
