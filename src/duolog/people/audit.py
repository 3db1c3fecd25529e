"""The record of administrative acts: written with the act itself, listed for administrators.

A subject is a name that people gave, never a secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from duolog.people.models import AuditEntry, Member, Workplace

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are asked for; what is left out means all.

    Member 0 stands for whoever holds the installation: the command line.
    """

    act: str = ""
    member_id: int | None = None


def audit(workplace: Workplace, member: Member | None, act: str, subject: str = "") -> None:
    """Record who did what; call it in the transaction of the act itself.

    `member` is None for acts of the command line.
    """
    AuditEntry.objects.create(
        workplace=workplace, member=member, act=act[:60], subject=subject[:200]
    )


def list_audit(
    workplace: Workplace,
    asked: AuditFilter | None = None,
    *,
    before: int | None = None,
    limit: int = PAGE,
) -> tuple[AuditEntry, ...]:
    """The latest acts, newest first; `before` is the id of the last one already shown."""
    entries = AuditEntry.objects.filter(workplace=workplace).select_related("member__user")
    if asked is not None and asked.act:
        entries = entries.filter(act=asked.act)
    if asked is not None and asked.member_id is not None:
        by = {"member_id": asked.member_id} if asked.member_id else {"member": None}
        entries = entries.filter(**by)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    return tuple(entries.order_by("-pk")[:limit])


def list_acts(workplace: Workplace) -> tuple[str, ...]:
    """The kinds of acts there are entries of, by name."""
    acts = AuditEntry.objects.filter(workplace=workplace).values_list("act", flat=True)
    return tuple(acts.order_by("act").distinct())
