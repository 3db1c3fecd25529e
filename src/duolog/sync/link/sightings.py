"""What deliveries tell about one link, and whether they tell anything new.

An echo is recognised by value: by the stamp of a state we have read whole, by a comment we hold,
or by a changelog that ends where we already are.  Never by who acted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from duolog.core import fields as slots
from duolog.jira.hints import ChildKind, Hint
from duolog.jira.stamps import stamp_of
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.trails import is_own_step
from duolog.sync.link.baseline import load_base
from duolog.sync.link.link_sightings import (
    is_about_a_link,
    knows_relation,
    knows_told_link,
    told_link,
)
from duolog.sync.models import CREATED, DELETED, ChildLink, ChildState, Delivery, Link

CHILD_FIELDS: Final[Mapping[str, str]] = {
    "attachment": slots.ATTACHMENT,
    "worklogid": slots.WORKLOG,
}
"""The entries of a changelog that say which child came or went, and its kind."""
MOST_CHANGES: Final = 50
"""Of more changes than these none is kept, so that none of them passes for an echo."""
_IDLE_FIELDS: Final = frozenset({"resolution", "resolutiondate", "rank", "sprint", "timespent"})


def hint_to_json(hint: Hint) -> dict[str, Any]:
    """What is kept of a hint: enough to find the link, know an echo, and name who acted."""
    child = hint.child
    changes = hint.changes if len(hint.changes) <= MOST_CHANGES else ()
    return {
        "stamp": stamp_of(hint.updated) if hint.updated else "",
        "comment": child.id if child and child.kind is ChildKind.COMMENT else "",
        "worklog": child.id if child and child.kind is ChildKind.WORKLOG else "",
        "attachment": child.id if child and child.kind is ChildKind.ATTACHMENT else "",
        "comment_stamp": stamp_of(child.updated) if child and child.updated else "",
        "changes": [[c.field_id or c.name, c.new, c.old] for c in changes],
        "linked": list(hint.linked),
        "link_type": hint.link_type or "",
        "links": [told_link(c) for c in changes if is_about_a_link(c)],
        "actor": hint.actor.name if hint.actor else "",
        "key": hint.issue_key or "",
        "project": hint.project_id or "",
        "project_key": hint.project_key or "",
        "at": hint.at.isoformat() if hint.at else "",
    }


def untaken(link: Link) -> tuple[Delivery, ...]:
    """The deliveries about this link's issue that nobody has used yet."""
    rows = Delivery.objects.filter(
        connection=link.binding.connection_id, issue_id=link.issue_id, taken_at=None
    )
    return tuple(rows.order_by("received_at", "pk"))


def deletions_in(news: Sequence[Delivery]) -> Sequence[Delivery]:
    """Those by which Jira itself tells that the issue was deleted."""
    return [delivery for delivery in news if delivery.event == DELETED]


def last_actor(news: Sequence[Delivery]) -> str:
    """Who made the last change in Jira, as far as deliveries tell."""
    names = [str(d.hint.get("actor", "")) for d in news]
    name = next((name for name in reversed(names) if name), "")
    return f"{name} in Jira" if name else "Jira"


def last_changed_at(news: Sequence[Delivery]) -> datetime | None:
    """When the last of these changes was made, by Jira's clock."""
    times = [str(d.hint.get("at", "")) for d in news if d.hint.get("at")]
    return max((datetime.fromisoformat(t) for t in times), default=None)


def is_echo(link: Link, delivery: Delivery) -> bool:
    """Whether a delivery tells nothing that this link has not already seen."""
    hint = delivery.hint
    if delivery.event == DELETED:
        return False
    if linked := hint.get("linked"):
        return knows_relation(link, delivery.event, linked, str(hint.get("link_type", "")))
    if child := _child_of(hint):
        known = _knows_child(link, delivery.event, child, str(hint["comment_stamp"]))
        if not known or not hint.get("changes"):
            return known
    if delivery.event == CREATED:
        return bool(link.issue_stamp)  # whenever we read the issue, it had been created
    if hint.get("stamp") and str(hint["stamp"]) <= link.issue_stamp:
        return True
    return _ends_where_we_are(link, hint)


def _child_of(hint: Mapping[str, Any]) -> tuple[str, str] | None:
    """The comment, file or worklog that a delivery tells of, by its kind and its id in Jira."""
    for kind in (slots.COMMENT, slots.ATTACHMENT, slots.WORKLOG):
        if found := hint.get(kind):
            return kind, str(found)
    return None


def _knows_child(link: Link, event: str, child: tuple[str, str], seen: str) -> bool:
    kind, remote_id = child
    row = ChildLink.objects.filter(link=link, kind=kind, remote_id=remote_id).first()
    if row is None:
        return False
    if event == f"{kind}_deleted":
        return row.state == ChildState.ENDED
    if kind == slots.ATTACHMENT:  # which never changes, and so bears no stamp
        return row.state != ChildState.ENDED
    return bool(seen) and seen <= row.stamp


def _knows_of(link: Link, kind: str, old: str | None, new: str | None) -> bool:
    """Whether a file or worklog that came or went, as a changelog names it, is what we hold.

    That of an edit does not say which: the worklog has to be looked at.
    """
    if (old is None) == (new is None):
        return False
    rows = ChildLink.objects.filter(link=link, kind=kind, remote_id=new or old)
    state = ChildState.ENDED if new is None else ChildState.LINKED
    return rows.filter(state=state).exists()


def _ends_where_we_are(link: Link, hint: Mapping[str, Any]) -> bool:
    """Whether every change named is of no concern, or what we know already.

    A transition answers without a stamp: its echo can only be known by where it ended, which is
    where both sides are or a step of our last walk.
    """
    changes = [(str(name).casefold(), new, old) for name, new, old in hint.get("changes", [])]
    if not changes:
        return False
    moves = [(str(old), str(new)) for name, new, old in changes if name == "status"]
    judged = {"status", "link"} | CHILD_FIELDS.keys() | _IDLE_FIELDS
    if any(name not in judged for name, *_ in changes):
        return False
    children = [
        (CHILD_FIELDS[name], old, new) for name, new, old in changes if name in CHILD_FIELDS
    ]
    if not all(_knows_of(link, kind, old, new) for kind, old, new in children):
        return False
    if not all(knows_told_link(link, told) for told in hint.get("links", [])):
        return False
    held = load_base(link).get(slots.STATUS)
    statuses = Ground(link.binding).fields_of_link(link).statuses
    return all(
        is_own_step(link.trail, old, new)
        or (held is not None and statuses.decode(new) == held.remote)
        for old, new in moves
    )
