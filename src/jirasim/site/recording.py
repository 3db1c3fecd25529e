"""Writes a change into the issue's changelog and tells listeners.  Judges nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from jirasim.site.events import ISSUE_UPDATED, Event
from jirasim.site.model import ChangeItem, History, Issue, User
from jirasim.site.state import Site


def stamped(site: Site, issue: Issue) -> datetime:
    """The instant of a change: now, but always later than the change before."""
    return max(site.now(), issue.updated + timedelta(milliseconds=1))


def record(
    site: Site,
    actor: User,
    after: Issue,
    items: Iterable[ChangeItem],
    type_name: str,
    *,
    metadata: Mapping[str, object] | None = None,
) -> Issue:
    """Store an issue that was changed, with one new entry of the changelog."""
    now = stamped(site, after)
    number = site.next_id("history")
    entry = History(number, actor.account_id, now, tuple(items), metadata or None)
    kept = replace(after, updated=now, history=(*after.history, entry))
    site.store(kept)
    site.publish(
        Event(ISSUE_UPDATED, now, actor.account_id, kept, type_name=type_name, changelog=entry)
    )
    return kept
