"""Relations that Jira no longer tells: removed by a person, or gone with the issue at the other end.

Only the first takes them away here.  What becomes of the others is decided with the fate of the
link at that end, which is asked to look.
"""

from __future__ import annotations

from dataclasses import replace

from duolog.core import fields as slots
from duolog.core.errors import Unseen
from duolog.core.fields import told_in
from duolog.core.reconcile import Change, Plan
from duolog.core.values import ABSENT, Side
from duolog.sync.engine.passes import Pass
from duolog.sync.marks import ask_to_look
from duolog.sync.models import Hold, Link, LinkState


def without_lost_ends(state: Pass, plan: Plan) -> Plan:
    """The plan without removals here whose other issue is not to be seen any more.

    One read for each relation that is to be removed here.  Raises SyncError.
    """
    lost = frozenset(change for change in plan.changes if _is_lost(state, change))
    if not lost:
        return plan
    items = [told_in(change.slot)[1] for change in lost]
    others = Link.objects.filter(work_item__in=map(int, items)).exclude(state=LinkState.ENDED)
    ask_to_look(others.values_list("pk", flat=True))
    return replace(plan, changes=tuple(c for c in plan.changes if c not in lost))


def _is_lost(state: Pass, change: Change) -> bool:
    goes = change.slot.kind == slots.RELATION and change.value is ABSENT
    if not goes or change.side is not Side.LOCAL:
        return False
    issue = state.around.issues_of([told_in(change.slot)[1]]).values()
    try:
        for issue_id in issue:
            state.ground.client.issues.get(issue_id, fields=("updated",))
    except Unseen:
        return True
    return False


def free_relations_with(link: Link) -> None:
    """One end of this link is gone: relations with it that Jira refused wait with the link instead.

    The links that hold them look again, and let go of them.
    """
    refused = Hold.objects.filter(
        slot_kind=slots.RELATION, slot_key__endswith=f":{link.work_item_id}", released_at=None
    )
    ask_to_look(refused.values_list("link", flat=True))
