"""Which items are to get an issue: each is noted once, and the creation takes it from there."""

from __future__ import annotations

from collections.abc import Sequence

from duolog.sync.basis.ground import new_token
from duolog.sync.models import Binding, Link, LinkState, Run, RunKind, RunState


def is_being_listed(binding: Binding) -> bool:
    """Whether the first send has yet to list what there is; then it will list this item too.

    The run is locked, so that an item is either seen by the list or comes after it.
    """
    runs = Run.objects.select_for_update().filter(binding=binding, kind=RunKind.SEND)
    return any(not run.is_listed for run in runs.filter(state=RunState.RUNNING))


def want_issues(binding: Binding, item_ids: Sequence[int]) -> None:
    """These items are to get an issue each; one that has a link already keeps it."""
    Link.objects.bulk_create(
        [
            Link(binding=binding, work_item_id=pk, state=LinkState.CREATING, token=new_token())
            for pk in item_ids
        ],
        ignore_conflicts=True,
    )
