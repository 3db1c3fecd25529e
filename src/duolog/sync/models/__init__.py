"""The tables of synchronisation."""

from duolog.sync.models.bindings import (
    Binding,
    BindingState,
    Direction,
    Run,
    RunKind,
    RunState,
    Start,
)
from duolog.sync.models.deliveries import Delivery
from duolog.sync.models.journal import Conflict, Hold, JournalEntry
from duolog.sync.models.links import BaseSlot, ChildLink, ChildState, Link, LinkState
from duolog.sync.models.workflows import StatusExits

__all__ = [
    "BaseSlot",
    "Binding",
    "BindingState",
    "ChildLink",
    "ChildState",
    "Conflict",
    "Delivery",
    "Direction",
    "Hold",
    "JournalEntry",
    "Link",
    "LinkState",
    "Run",
    "RunKind",
    "RunState",
    "Start",
    "StatusExits",
]
