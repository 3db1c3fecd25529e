"""What deliveries tell about links between issues, and whether it is known at one of their ends.

Jira tells of a link twice: as an event of its own, which names both issues, and in words in the
changelog of either issue.  Not every webhook has the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from duolog.core.fields import relation_slot
from duolog.core.values import ABSENT, Pair
from duolog.jira.hints import ChangedField
from duolog.jira.ways import possible_ways
from duolog.sync.basis.ground import Ground
from duolog.sync.link.baseline import load_base
from duolog.sync.link.ends import Ends
from duolog.sync.models import Link, LinkState

LINK_CREATED: Final = "issuelink_created"


def is_about_a_link(change: ChangedField) -> bool:
    """Whether an entry of the changelog is about a link to another issue; it has no field id."""
    return change.name.casefold() == "link"


def told_link(change: ChangedField) -> dict[str, Any]:
    """Such an entry: the key of the other issue, the words, and whether the link is there now."""
    is_there = change.new is not None
    key, text = (change.new, change.new_text) if is_there else (change.old, change.old_text)
    return {"key": key or "", "text": text or "", "is_there": is_there}


def knows_relation(link: Link, event: str, linked: Sequence[str], kind: str) -> bool:
    """Whether Jira's side already holds this link of two issues, or already lacks it."""
    ground = Ground(link.binding)
    others = [issue for issue in linked if issue != link.issue_id]
    ways = possible_ways(kind, is_source=linked[0] == link.issue_id)
    return _holds(link, ground, ways, others) is (event == LINK_CREATED)


def knows_told_link(link: Link, told: Mapping[str, Any]) -> bool:
    """The same for an entry of a changelog, which says in words how the issues are linked."""
    ground = Ground(link.binding)
    key, text = str(told["key"]), str(told["text"])
    ways = [way.id for way in ground.meta.ways if text.endswith(f" {way.name} {key}")]
    named = Link.objects.filter(binding__connection=link.binding.connection_id, issue_key=key)
    live = named.exclude(state=LinkState.ENDED).values_list("issue_id", flat=True)
    return _holds(link, ground, ways, [str(issue) for issue in live]) is bool(told["is_there"])


def _holds(link: Link, ground: Ground, ways: Sequence[str], others: Sequence[str]) -> bool | None:
    """Whether the base says that Jira so links the issues; None where that cannot be said."""
    readings = [r for way in ways if (r := ground.fields.relations.inbound.get(way))]
    items = list(Ends(ground, link).items_of(others).values())
    if len(readings) != 1 or len(items) != 1:
        return None
    held = load_base(link).get(relation_slot(readings[0], items[0]), Pair()).remote
    return held is not ABSENT
