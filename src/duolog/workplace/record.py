"""What every change of a work item leaves behind, in the transaction of the change itself:
a higher version, activity, search words and the mark *item N changed*.  Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from duolog.people.errors import Stale
from duolog.work import marks
from duolog.workplace.actors import Actor
from duolog.workplace.models import Activity, SearchWord, WorkItem
from duolog.workplace.words import words_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of activity, in the words a person reads."""

    verb: str
    field: str = ""
    before: str = ""
    after: str = ""


def expect(item: WorkItem, version: int | None) -> None:
    """Raise `Stale` unless the item has this version; None expects nothing.

    The caller holds the item's lock.
    """
    if version is not None and version != item.version:
        raise Stale(
            f"{item.key} was changed meanwhile. Look at it again before you save.",
            version=item.version,
        )


def record(
    item: WorkItem, entries: Iterable[Entry], actor: Actor, *, fields: Iterable[str] = ()
) -> None:
    """Store the item's changed `fields` and its next version, the activity, and the mark.

    The caller holds the item's lock.
    """
    item.version += 1
    item.save(update_fields=[*fields, "version", "updated_at"])
    write_activity(item, entries, actor)
    mark(item, actor)


def write_activity(item: WorkItem, entries: Iterable[Entry], actor: Actor) -> None:
    """Add the lines to the item's activity."""
    Activity.objects.bulk_create(
        Activity(
            work_item=item,
            actor=actor.member,
            actor_name=actor.name[:160],
            cause=actor.cause,
            verb=entry.verb,
            field=entry.field,
            before=entry.before,
            after=entry.after,
        )
        for entry in entries
    )


def mark(item: WorkItem, actor: Actor) -> None:
    """Tell whoever keeps the item in step; what a person did goes before what came from Jira."""
    priority = marks.BACKGROUND if actor.is_sync else marks.INTERACTIVE
    marks.mark("item", item.pk, priority=priority)


def index_words(item: WorkItem) -> None:
    """Have the item found by exactly the words it holds now."""
    comments = item.comments.filter(deleted_at=None).values_list("body", flat=True)
    former = item.former_keys.values_list("key", flat=True)
    wanted = words_of([item.key, *former, item.title, item.description, *comments])
    rows = SearchWord.objects.filter(work_item=item).values_list("pk", "word")
    stored = {bytes(word): pk for pk, word in rows}
    gone = [pk for word, pk in stored.items() if word not in wanted]
    if gone:
        SearchWord.objects.filter(pk__in=gone).delete()
    SearchWord.objects.bulk_create(
        SearchWord(work_item=item, word=word) for word in sorted(wanted - stored.keys())
    )
