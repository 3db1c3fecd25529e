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
from duolog.sync.models.deliveries import CREATED, DELETED, Delivery
from duolog.sync.models.journal import Conflict, Hold, JournalEntry
from duolog.sync.models.links import (
    READERS_MAX,
    BaseSlot,
    ChildLink,
    ChildState,
    Link,
    LinkState,
    OutsideLink,
    RelationTrial,
)
from duolog.sync.models.previews import Act, EntryState, Preview, PreviewEntry, PreviewState
from duolog.sync.models.workflows import StatusExits

__all__ = [
    "CREATED",
    "DELETED",
    "READERS_MAX",
    "Act",
    "BaseSlot",
    "Binding",
    "BindingState",
    "ChildLink",
    "ChildState",
    "Conflict",
    "Delivery",
    "Direction",
    "EntryState",
    "Hold",
    "JournalEntry",
    "Link",
    "LinkState",
    "OutsideLink",
    "Preview",
    "PreviewEntry",
    "PreviewState",
    "RelationTrial",
    "Run",
    "RunKind",
    "RunState",
    "Start",
    "StatusExits",
]
