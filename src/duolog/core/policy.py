"""Who prevails when both sides moved the same slot.  Pure; every answer is recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from duolog.core.fields import PROPERTY, WORKLOG, is_text, spelled, unspelled
from duolog.core.merge import merge_texts
from duolog.core.values import Merged, Pair, Policy, Side, Slot, Value
from duolog.core.worklogs import merge_spent

HoldsText: TypeAlias = Callable[[Slot], bool]
"""Which slots hold Markdown."""


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


def merging(otherwise: Policy, holds_text: HoldsText = is_text) -> Policy:
    """Edits of different paragraphs of a text fit together, and of different parts of an entry of
    time; what does not is decided otherwise.
    """

    def decide(slot: Slot, was: Pair, now: Pair) -> Side | Merged | None:
        merged: Merged | None = None
        if slot.kind == WORKLOG:
            merged = merge_spent(was, now)
        elif holds_text(slot):
            merged = _merged_texts(slot, was, now)
        return otherwise(slot, was, now) if merged is None else merged

    return decide


def _merged_texts(slot: Slot, was: Pair, now: Pair) -> Merged | None:
    if slot.kind != PROPERTY:
        merged = merge_texts(was, now)
    else:
        merged = merge_texts(_unspelled(was), _unspelled(now))
        merged = None if merged is None else spelled(merged)
    return None if merged is None else Merged(merged, merged)


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
    holds_text: HoldsText = is_text,
) -> Policy:
    """The policy a binding chose, given when each side last changed; texts are merged first."""
    return merging(_chosen(choice, local_changed_at, remote_changed_at), holds_text)


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
