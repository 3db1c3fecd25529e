"""Connections in every state a page can show, none of which needs a Jira to be there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from journeys.cast import owner_of
from journeys.site import fill_ways

from duolog.connections.models import Connection, ConnectionKind, Deployment, Health, Method
from duolog.connections.report import NEEDED
from duolog.connections.seal import seal
from duolog.people.models import Member

SCOPES = "read:jira-work write:jira-work read:jira-user manage:jira-webhook offline_access"
REFUSED = {
    "health": Health.ATTENTION,
    "reason": "Jira did not accept (401).",
    "hint": "Make a new token in the account's profile and replace this one.",
}


def fill_states() -> None:
    """In the workplace `looks`: five of the workplace, the last one ended, and three personal."""
    fill_ways()
    me = Member.objects.select_related("workplace").get(user__email=owner_of("looks"))
    a_connection(me, 1, method=Method.OAUTH, scopes=SCOPES, email="")
    a_connection(me, 2, expires_at=timezone.now() + timedelta(days=16), report=lacking())
    a_connection(me, 3, **a_server(), **REFUSED)
    a_connection(me, 4, **a_server(Method.BASIC), username="duolog", ca_certificate="PEM")
    a_connection(me, 5, health=Health.ENDED, reason="Maya disconnected it.", label="fernhill-old")
    own = {"kind": ConnectionKind.PERSONAL, "member": me, "account_name": "Maya Lindqvist"}
    a_connection(me, 6, **own, method=Method.OAUTH, writes_in_my_name=True, email="")
    a_connection(me, 7, **own, expires_at=timezone.now() + timedelta(days=2))
    a_connection(me, 8, **own, **a_server(), **(REFUSED | {"health": Health.EXPIRED}))


def a_connection(me: Member, number: int, **changes: Any) -> Connection:
    """One that works, unless it is changed."""
    known: dict[str, Any] = {
        "kind": ConnectionKind.WORKPLACE,
        "label": f"fernhill-{number}",
        "deployment": Deployment.CLOUD,
        "base_url": f"https://fernhill-{number}.atlassian.net",
        "method": Method.API_TOKEN,
        "email": "sync@fernhill.test",
        "sealed_secret": seal("nothing"),
        "secret_tail": "1f9c",
        "account_id": "1",
        "account_name": "Duolog Sync",
        "time_zone": "Europe/Berlin",
        "checked_at": timezone.now(),
        "last_success_at": timezone.now(),
        "report": a_report(),
    }
    return Connection.objects.create(workplace=me.workplace, **(known | changes))


def a_server(method: str = Method.PAT) -> dict[str, Any]:
    return {
        "deployment": Deployment.SERVER,
        "base_url": "https://jira.fernhill.test/jira/" + method,
        "label": f"jira.fernhill.test/{method}",
        "method": method,
        "email": "",
        "report": a_report(version="10.3.24"),
    }


def a_report(**changes: Any) -> dict[str, Any]:
    known = {"version": "1001.0.0", "site_name": "Fernhill", "missing": [], "skew_seconds": 0}
    return {**known, "warnings": [], **changes}


def lacking() -> dict[str, Any]:
    missing = list(NEEDED.values())[-2:]
    words = f"The account may not: {', '.join(missing).lower()}. Ask a Jira admin."
    return a_report(missing=missing, skew_seconds=95, warnings=[words])
