"""Who prevails when both sides moved the same slot.  Pure; every answer is recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from duolog.core.fields import WORKLOG, foreign, is_text, spelled, unspelled
from duolog.core.merge import merge_texts
from duolog.core.properties import SEVERAL, PropertyKind, merge_sets
from duolog.core.values import ABSENT, Merged, Pair, Policy, Side, Slot, Value
from duolog.core.worklogs import merge_spent

KindOf: TypeAlias = Callable[[Slot], PropertyKind | None]
"""The kind of the property whose slot it is; None for one that is no known property's."""


class ConflictPolicy(StrEnum):
    """A binding's choice."""

    ASK = "ask"
    JIRA_WINS = "jira_wins"
    DUOLOG_WINS = "duolog_wins"
    NEWEST_WINS = "newest_wins"


def ask(_slot: Slot, _was: Pair, _now: Pair) -> Side | Merged | None:
    """Leave both sides alone until a person chooses."""
    return None


def local_wins(_slot: Slot, _was: Pair, _now: Pair) -> Side | Merged | None:
    """What Duolog holds prevails."""
    return Side.LOCAL


def remote_wins(_slot: Slot, _was: Pair, _now: Pair) -> Side | Merged | None:
    """What Jira holds prevails."""
    return Side.REMOTE


def newest_wins(local_changed_at: datetime | None, remote_changed_at: datetime | None) -> Policy:
    """The later edit prevails; when the times do not tell which, a person is asked."""

    def decide(_slot: Slot, _was: Pair, _now: Pair) -> Side | Merged | None:
        if local_changed_at is None or remote_changed_at is None:
            return None
        if local_changed_at > remote_changed_at:
            return Side.LOCAL
        return Side.REMOTE if remote_changed_at > local_changed_at else None

    return decide


def no_kind(_slot: Slot) -> PropertyKind | None:
    """Knows no property."""
    return None


def merging(otherwise: Policy, kind_of: KindOf = no_kind) -> Policy:
    """Edits of different paragraphs of a text fit together, those of different parts of an entry
    of time, and all edits of sets; what does not fit is decided otherwise.
    """

    def decide(slot: Slot, was: Pair, now: Pair) -> Side | Merged | None:
        merged = _merged(slot, kind_of(slot), was, now)
        return otherwise(slot, was, now) if merged is None else merged

    return decide


def _merged(slot: Slot, kind: PropertyKind | None, was: Pair, now: Pair) -> Merged | None:
    if slot.kind == WORKLOG:
        return merge_spent(was, now)
    if is_text(slot):
        text = merge_texts(was, now)
        return None if text is None else Merged(text, text)
    if kind is PropertyKind.PARAGRAPH:
        text = merge_texts(_unspelled(was), _unspelled(now))
        return None if text is None else Merged(spelled(text), spelled(text))
    if kind in SEVERAL:
        return _merged_sets(slot, kind, was, now)
    return None


def _merged_sets(slot: Slot, kind: PropertyKind, was: Pair, now: Pair) -> Merged | None:
    """None as well where the sides held different sets before, or hold what has no counterpart."""
    held = (was.local, now.local, now.remote)
    if was.local != was.remote or any(
        value is ABSENT or foreign(slot, value) is not None for value in held
    ):
        return None
    joined = merge_sets(kind, *(unspelled(str(value or "")) for value in held))
    merged = None if joined is None else spelled(joined)
    return Merged(merged, merged)


def _unspelled(pair: Pair) -> Pair:
    """The texts themselves, without what keeps them from reading as foreign values."""

    def text(value: Value) -> Value:
        return unspelled(value) if isinstance(value, str) else value

    return Pair(text(pair.local), text(pair.remote))


def policy_for(
    choice: ConflictPolicy,
    *,
    local_changed_at: datetime | None = None,
    remote_changed_at: datetime | None = None,
    kind_of: KindOf = no_kind,
) -> Policy:
    """The policy a binding chose, given when each side last changed; what merges is merged first."""
    return merging(_chosen(choice, local_changed_at, remote_changed_at), kind_of)


def _chosen(choice: ConflictPolicy, here: datetime | None, there: datetime | None) -> Policy:
    match choice:
        case ConflictPolicy.ASK:
            return ask
        case ConflictPolicy.JIRA_WINS:
            return remote_wins
        case ConflictPolicy.DUOLOG_WINS:
            return local_wins
        case ConflictPolicy.NEWEST_WINS:
            return newest_wins(here, there)
