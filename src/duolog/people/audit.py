"""The record of administrative acts.  Only writes and lists it."""

from __future__ import annotations

from duolog.people.models import AuditEntry, Member, Workplace


def audit(workplace: Workplace, member: Member | None, act: str, subject: str = "") -> None:
    """Record who did what; call it in the transaction of the act itself.

    `member` is None for acts of the command line.
    """
    AuditEntry.objects.create(
        workplace=workplace, member=member, act=act[:60], subject=subject[:200]
    )


def list_audit(workplace: Workplace, *, limit: int = 100) -> tuple[AuditEntry, ...]:
    """The latest acts, newest first."""
    entries = AuditEntry.objects.filter(workplace=workplace).select_related("member__user")
    return tuple(entries.order_by("-pk")[:limit])
