"""Items that change their place: out of a binding's scope, or back from the trash."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from duolog.core.values import Side
from duolog.sync import record
from duolog.sync.causes import Reason, WriteCause
from duolog.sync.marks import CREATE, INTERACTIVE, ask_to_look, mark_binding
from duolog.sync.models import Binding, Hold, JournalEntry, Link, LinkState
from duolog.sync.scopes import Space, covers, home_of
from duolog.sync.wanting import want_issues
from duolog.workplace.models import WorkItem

REVIVED = "revived"
_DELETED_HERE = {(Side.LOCAL.value, "ended"), (Side.REMOTE.value, "deleted")}


def left_its_scope(links: Sequence[Link], item: WorkItem) -> bool:
    """Give a linked item its new home where it was moved to one; whether that was done.

    In the same space the link goes along; in another the link ends and a new issue is made,
    since Jira offers no move.  What was only taken out of its scope stays linked.
    """
    home = home_of(item) if item.deleted_at is None else None
    moved = [link for link in links if not covers(link.binding, item)]
    if home is None or not moved:
        return False
    for link in moved:
        if Space.of(link.binding) == Space.of(home):
            follow(link, home)
        else:
            part(link, home)
    return True


def follow(link: Link, home: Binding) -> None:
    """The link goes on in another binding to the same space; what both sides held stays true."""
    Link.objects.filter(binding=home, issue_id=link.issue_id, state=LinkState.ENDED).exclude(
        pk=link.pk
    ).delete()
    link.binding = home
    link.save(update_fields=["binding"])
    ask_to_look([link.pk], priority=INTERACTIVE)
    if link.issue_id is None:
        mark_binding(CREATE, home, priority=INTERACTIVE)


def part(link: Link, home: Binding) -> None:
    """The issue stays behind on its own, and the item gets a new one in its new home."""
    item_id = link.work_item_id
    end(link)
    record.journal_event(link, Side.REMOTE, "parted", Reason(WriteCause.HERE, ""))
    if item_id is not None:
        want_issues(home, [item_id])
        mark_binding(CREATE, home, priority=INTERACTIVE)


def end(link: Link) -> None:
    """End a link: the item and the issue stay, each on its own."""
    present = timezone.now()
    Hold.objects.filter(link=link, released_at=None).update(released_at=present)
    link.conflicts.filter(settled_at=None).update(settled_at=present)
    link.state, link.reason, link.ended_at = LinkState.ENDED, "", present
    link.save(update_fields=["state", "reason", "ended_at"])


def revive(link: Link) -> None:
    """An item came back from the trash: its link goes on, if its deletion was what ended it.

    Not after an undo took the issue away: the item was in no trash, and is to stay on its own.
    """
    last = last_event(link)
    if last is None or (last.side, last.verb) not in _DELETED_HERE or last.undoes_id is not None:
        return
    link.state, link.ended_at = LinkState.IN_STEP, None
    if link.issue_id is None:
        link.state = LinkState.CREATING
        mark_binding(CREATE, link.binding, priority=INTERACTIVE)
    link.save(update_fields=["state", "ended_at"])
    record.journal_event(link, Side.LOCAL, REVIVED, Reason(WriteCause.HERE, ""))
    ask_to_look([link.pk], priority=INTERACTIVE)


def last_event(link: Link) -> JournalEntry | None:
    """What last happened to the link as a whole."""
    return JournalEntry.objects.filter(link=link, kind="link").order_by("-pk").first()
