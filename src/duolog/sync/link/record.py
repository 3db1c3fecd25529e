"""Writes down what a run decided and did: base, journal, conflicts, holds, the state of the link.

Everything here runs inside the run's last transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils import timezone

from duolog.core.errors import Refused, Retryable
from duolog.core.reconcile import Change, Plan
from duolog.core.reconcile import Conflict as Clash
from duolog.core.values import Pair, Side, Slot, Value
from duolog.notifications.models import Kind
from duolog.notifications.services import notify
from duolog.people.models import Member, Role
from duolog.sync.link.baseline import to_json
from duolog.sync.link.causes import Reason, Reasons, running_start
from duolog.sync.link.words import slot_name
from duolog.sync.mapping import ProjectMeta
from duolog.sync.marks import ask_to_renew
from duolog.sync.models import Conflict, Hold, JournalEntry, Link, LinkState

DELETION: Final = "deletion"
"""The kind of a hold that asks what is to follow a deletion; its key is the side deleted."""


WROTE: Final = "wrote"
RESTRICTED: Final = "restricted"
"""The verb of an entry about a comment that was taken away here, as Jira restricted it."""
AFTER_A_REFUSAL: Final = timedelta(minutes=10)
"""How old what is known of the project may be when Jira refuses something."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run of a link came to.

    `shown` are the slots that differ and may, for people; `withheld` those not tried again,
    because what they were to hold is what was refused before; `restricted` the comments that
    Jira keeps from some readers.
    """

    plan: Plan
    applied: Mapping[tuple[Side, Slot], Value]
    refused: Mapping[tuple[Side, Slot], Refused]
    shown: Mapping[Slot, Pair]
    actor: str
    withheld: frozenset[Slot]
    restricted: frozenset[Slot] = frozenset()
    is_first: bool = False


def lock_link(link: Link) -> None:
    """Let nobody else change the link until the transaction ends.

    Raises Retryable when it is not as this run read it: ended, or given its item by another run.
    """
    rows = Link.objects.select_for_update().filter(pk=link.pk)
    now = rows.values_list("state", "work_item_id").first()
    is_same = now is not None and now[1] == link.work_item_id
    if now is None or not is_same or LinkState.ENDED in (now[0], link.state):
        raise Retryable("This link changed while we worked on it; we look again.")


def record_outcome(link: Link, outcome: Outcome) -> None:
    """Journal, conflicts and holds of a run, and how the link stands after it."""
    note_conflicts(link, outcome.plan.conflicts)
    journal(link, [c for c in outcome.plan.changes if (c.side, c.slot) in outcome.applied], outcome)
    note_refusals(link, outcome)
    forget_deletions(link)
    link.differences = [
        {"kind": slot.kind, "key": slot.key, "here": to_json(p.local), "jira": to_json(p.remote)}
        for slot, p in outcome.shown.items()
    ]
    link.state = state_of(link)
    link.reason = reason_of(link)


def journal(link: Link, changes: Iterable[Change], outcome: Outcome) -> None:
    """One entry for each write that landed, all at the one moment of the pass."""
    told, now = list(changes), timezone.now()
    run = running_start(link) if outcome.is_first else None
    conflicts = {conflict.slot: conflict for conflict in outcome.plan.conflicts}

    def is_taken_away(change: Change) -> bool:
        return change.side is Side.LOCAL and change.slot in outcome.restricted

    reasons = Reasons(link, outcome.actor, run, conflicts).of_all(told)
    JournalEntry.objects.bulk_create(
        JournalEntry(
            binding_id=link.binding_id,
            link=link,
            side=change.side.value,
            kind=change.slot.kind,
            key=change.slot.key,
            verb=RESTRICTED if is_taken_away(change) else WROTE,
            before=None if is_taken_away(change) else to_json(change.expected),
            after=to_json(outcome.applied[change.side, change.slot]),
            actor=reason.actor,
            cause=reason.cause,
            run=reason.run,
            at=now,
        )
        for change in told
        for reason in [reasons[change.side, change.slot]]
    )


def journal_event(link: Link, side: Side, verb: str, reason: Reason) -> None:
    """An entry about the whole of one side: created, deleted, ended."""
    JournalEntry.objects.create(
        binding_id=link.binding_id, link=link, side=side.value, kind="link", key="", verb=verb,
        actor=reason.actor, cause=reason.cause, run=reason.run,
    )  # fmt: skip


def note_conflicts(link: Link, clashes: Sequence[Clash]) -> None:
    """Open or refresh what a person must settle, keep what a policy settled, close the rest."""
    open_rows = {
        Slot(c.kind, c.key): c for c in Conflict.objects.filter(link=link, settled_at=None)
    }
    for slot in open_rows.keys() - {clash.slot for clash in clashes}:
        open_rows[slot].settled_at = timezone.now()
        open_rows[slot].save(update_fields=["settled_at"])
    for clash in clashes:
        _note_conflict(link, clash, open_rows.get(clash.slot))
    waiting = {clash.slot for clash in clashes if clash.winner is None}
    if waiting - set(open_rows):
        tell(link, Kind.CONFLICT, f"{_key(link)} changed on both sides: choose which to keep.")


def _note_conflict(link: Link, clash: Clash, row: Conflict | None) -> None:
    row = row or Conflict(link=link, kind=clash.slot.kind, key=clash.slot.key)
    row.base_local, row.base_remote = to_json(clash.base.local), to_json(clash.base.remote)
    row.now_local, row.now_remote = to_json(clash.now.local), to_json(clash.now.remote)
    if clash.winner is not None:
        row.winner = clash.winner.value if isinstance(clash.winner, Side) else "merged"
        row.settled_at = timezone.now()
    row.save()


def note_refusals(link: Link, outcome: Outcome) -> None:
    """Hold each slot that was refused; release those that went through or are no longer wanted."""
    refused = {slot: error for (_, slot), error in outcome.refused.items()}
    values = {c.slot: c.value for c in outcome.plan.changes}
    for row in Hold.objects.filter(link=link, released_at=None):
        if Slot(row.slot_kind, row.slot_key) not in outcome.withheld | refused.keys():
            release(row)
    for slot, error in refused.items():
        hold(link, error, slot=slot, value=to_json(values[slot]))


def forget_deletions(link: Link) -> None:
    """Both sides are there: what a person answered about a deletion must not decide the next."""
    Hold.objects.filter(link=link, slot_kind=DELETION).update(value=None)


def hold(link: Link, error: Refused, *, slot: Slot | None = None, value: object = None) -> Hold:
    """Stop a slot, or the whole link, until a person acts; the same refusal counts on."""
    kind, key = slot or ("", "")
    row = Hold.objects.filter(
        link=link, slot_kind=kind, slot_key=key, released_at=None
    ).first() or Hold(link=link, slot_kind=kind, slot_key=key, attempts=0)
    fresh = row.pk is None
    meta = ProjectMeta.from_json(link.binding.project_meta)
    row.reason, row.hint, row.value = meta.say(str(error)), meta.say(error.hint), value
    row.attempts += 1
    row.save()
    if fresh and kind != DELETION:
        ask_to_renew(link.binding, older_than=AFTER_A_REFUSAL)
    if fresh:
        tell(link, Kind.HELD, f"{_key(link)} needs you: {row.reason}")
    return row


def release(row: Hold) -> None:
    """A hold that is over."""
    row.released_at = timezone.now()
    row.save(update_fields=["released_at"])


def state_of(link: Link) -> LinkState:
    """How a live link stands, the worst first."""
    if Hold.objects.filter(link=link, released_at=None).exists():
        return LinkState.HELD
    if Conflict.objects.filter(link=link, settled_at=None).exists():
        return LinkState.CONFLICT
    if link.differences:
        return LinkState.DIFFERS
    return LinkState.IN_STEP


def reason_of(link: Link) -> str:
    """The one sentence of why a link is not in step; empty when it is."""
    held = Hold.objects.filter(link=link, released_at=None).order_by("opened_at").first()
    if held is not None:
        return held.reason
    clashing = Conflict.objects.filter(link=link, settled_at=None).values_list("kind", "key")
    if names := _listed(clashing):
        return f"Both sides changed: {names}."
    names = _listed((d["kind"], d["key"]) for d in link.differences)
    return f"Not the same on both sides: {names}." if names else ""


def _listed(found: Iterable[tuple[str, str]]) -> str:
    """Slots as people call them, each once."""
    return ", ".join(sorted({slot_name(kind, key).lower() for kind, key in found}))


def tell(link: Link, kind: Kind, text: str) -> None:
    """Tell the people who can act: the assignee, and whoever may settle."""
    item = link.work_item
    team = link.binding.team
    concerned = Member.objects.filter(
        workplace=team.workplace_id, left_at=None, role__in=[Role.OWNER, Role.ADMIN]
    )
    people = {member.pk: member for member in concerned}
    if item is not None and item.assignee is not None:
        people[item.assignee.pk] = item.assignee
    notify(
        people.values(),
        kind,
        text,
        f"/w/{team.workplace.slug}/inbox",
        actor_name=link.binding.connection.account_name,
    )


def _key(link: Link) -> str:
    return link.work_item.key if link.work_item else link.issue_key
