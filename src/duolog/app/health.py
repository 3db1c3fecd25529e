"""`/health/live` and `/health/ready`: whether this process serves, and whether it can do its work."""

from __future__ import annotations

from typing import Final

from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from duolog.people.needs import Door, states
from duolog.work.schema import pending_migrations
from duolog.worker.health import health

OK: Final = "ok"


@states(Door.ANYBODY)
@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": OK})


@states(Door.ANYBODY)
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """200 when database, tables and a worker are there; else 503 and which of them is not."""
    checks = _checks()
    is_ready = set(checks.values()) == {OK}
    body = {"status": OK if is_ready else "not ready", "checks": checks}
    response = JsonResponse(body, status=200 if is_ready else 503)
    response["Cache-Control"] = "no-store"
    return response


def _checks() -> dict[str, str]:
    try:
        pending = pending_migrations()
    except Error:
        return {"database": "cannot be reached", "migrations": "unknown", "worker": "unknown"}
    if pending:
        return {"database": OK, "migrations": "run `duolog migrate`", "worker": "unknown"}
    worker = OK if health().workers else "none is alive: run `duolog worker`"
    return {"database": OK, "migrations": OK, "worker": worker}
