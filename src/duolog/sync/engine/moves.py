"""Items that change their place here: to another team, out of a project, or back from the trash.

In the same space (Jira project) the link goes on.  Into another one Jira's API offers no move: the
link ends, a new issue is made, and the two are tied by web links (ruling 16).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef
from django.utils import timezone

from duolog.core.values import Side
from duolog.notifications.models import Kind
from duolog.notifications.services import notify
from duolog.sync.basis.ground import new_token
from duolog.sync.basis.scopes import Space, covers, home_of, sends
from duolog.sync.basis.wanting import want_issues
from duolog.sync.engine.retelling import retell
from duolog.sync.link import record
from duolog.sync.link.baseline import forget_relations_with
from duolog.sync.link.causes import Reason, WriteCause
from duolog.sync.marks import CREATE, INTERACTIVE, ITEM, ask_to_look, mark_binding
from duolog.sync.models import Binding, BindingState, Hold, JournalEntry, Link, LinkState
from duolog.work.marks import mark
from duolog.workplace.models import Activity, Team, WorkItem, WorkItemType
from duolog.workplace.services.moving import MOVED

PARTED: Final = "parted"
FOLLOWED: Final = "followed"
REVIVED: Final = "revived"
TIED, UNTIED = "tied", "untied"


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a linked item belongs by now; without a home, nowhere."""

    home: Binding | None


def goal_of(link: Link, item: WorkItem) -> Goal | None:
    """Where the item of a live link belongs, if that is no longer the link's binding.

    An item that was only taken out of a bound project stays linked where it is.
    """
    if item.deleted_at is not None:
        return None
    home = home_of(item)
    if home is not None and home.pk == link.binding_id:
        return None
    if not covers(link.binding, item):
        return Goal(home) if home is not None or link.binding.project_id is None else None
    return Goal(home) if home is not None and _was_moved_since(link, item) else None


def _was_moved_since(link: Link, item: WorkItem) -> bool:
    moves = Activity.objects.filter(work_item=item, verb=MOVED, at__gt=link.created_at)
    return moves.exists()


def left_its_home(link: Link, item: WorkItem) -> bool:
    """Have the link follow its item, or see to it that they part; whether that was necessary.

    What the issue holds by now comes here first, by a last pass over the link (`follow_or_part`).
    """
    goal = goal_of(link, item)
    if goal is None:
        return False
    if goal.home is not None and _is_same_space(link, goal.home):
        follow(link, goal.home)
    elif link.issue_id is None or link.binding.state != BindingState.ACTIVE:
        if not _waits_for_its_parent(item):
            part(link, item, goal.home)
    else:
        ask_to_look([link.pk], priority=INTERACTIVE)
    return True


def follow_or_part(link: Link) -> bool:
    """Have the link go where its item belongs by now, or end it; whether either was necessary.

    In the last transaction of a pass, with the link locked.  An item that is moved while the pass
    runs marks its link anew.
    """
    seen, binding = link.work_item, link.binding
    if seen is not None and binding.project_id is None and seen.team_id == binding.team_id:
        return False
    items = WorkItem.objects.select_related("team__workplace", "assignee__user")
    item = items.filter(pk=link.work_item_id or 0).first()
    goal = goal_of(link, item) if item is not None else None
    if item is None or goal is None:
        return False
    if goal.home is not None and _is_same_space(link, goal.home):
        follow(link, goal.home)
    elif _waits_for_its_parent(item):
        return False
    else:
        part(link, item, goal.home)
    return True


def _is_same_space(link: Link, home: Binding) -> bool:
    return Space.of(link.binding) == Space.of(home)


def _waits_for_its_parent(item: WorkItem) -> bool:
    """Whether it is a sub-task whose parent is still to leave: it goes below the parent's new issue."""
    if item.type != WorkItemType.SUB_TASK or item.parent is None:
        return False
    above = _live(item.parent)
    return above is not None and goal_of(above, item.parent) is not None


def _live(item: WorkItem) -> Link | None:
    rows = Link.objects.select_related("binding__connection")
    return rows.filter(work_item=item).exclude(state=LinkState.ENDED).first()


def meaning(item: WorkItem, team: Team) -> str:
    """What moving the item to the team would mean for its issue; empty where it has none."""
    link = _live(item)
    item = copy(item)
    item.team = team
    goal = goal_of(link, item) if link is not None else None
    if link is None or goal is None or not link.issue_key:
        return ""
    if goal.home is None:
        return f"{link.issue_key} stays in Jira on its own: {team.shown_name} is not linked."
    key = goal.home.jira_project_key
    if _is_same_space(link, goal.home):
        return f"{link.issue_key} stays in {key} and goes on being linked."
    return f"{link.issue_key} stays in Jira on its own. {_sequel(item, goal.home)}"


def _sequel(item: WorkItem, home: Binding) -> str:
    """What the item gets in its new home, in a sentence."""
    key = home.jira_project_key
    former = _parted_before(home, [item.pk]).get(item.pk)
    if former is not None:
        return f"The item goes on with {former.issue_key}."
    if home.state == BindingState.PREVIEW:
        return f"Nothing is made in {key} before the preview of that binding is approved."
    if home.filter_here:
        return f"A new issue is made in {key} if the filter of that binding takes the item."
    return f"A new issue is made in {key}, and the two get a web link to each other."


def follow(link: Link, home: Binding) -> None:
    """The link goes on in another binding to the same space; what both sides held stays true."""
    retell(link, home)
    rehome(link, home)
    record.journal_event(link, Side.REMOTE, FOLLOWED, _reason(link))
    ask_to_look([link.pk], priority=INTERACTIVE)
    if link.issue_id is None:
        mark_binding(CREATE, home, priority=INTERACTIVE)


def rehome(link: Link, home: Binding) -> None:
    """Have the link in another binding, in place of what ended there about the same issue."""
    former = Link.objects.filter(binding=home, state=LinkState.ENDED).exclude(pk=link.pk)
    if link.issue_id is not None:
        former.filter(issue_id=link.issue_id).delete()
    link.binding = home
    link.save(update_fields=["binding"])


def part(link: Link, item: WorkItem, home: Binding | None) -> None:
    """The issue stays behind on its own; the item gets one in its new home, if that sends it.

    Where it comes back to a space that it left before, it goes on with the issue it had there.
    """
    end(link)
    record.journal_event(link, Side.REMOTE, PARTED, _reason(link))
    words = f"{item.key} is in {item.team.shown_name} by now."
    if link.issue_key:
        words += f" {link.issue_key} stays in Jira on its own."
        words += f" {_sequel(item, home)}" if home else ""
    _tell(link, item, words)
    _wake_sub_tasks(item)
    if home is None or rejoin(home, [item.pk]):
        return
    if home.state != BindingState.PREVIEW and sends(home, item):
        _begin_after(link, item, home)


def _wake_sub_tasks(item: WorkItem) -> None:
    """They waited for their parent, and go now."""
    below = WorkItem.objects.filter(parent=item, type=WorkItemType.SUB_TASK, deleted_at=None)
    for sub_task in below:
        mark(ITEM, sub_task.pk, priority=INTERACTIVE)


def _begin_after(link: Link, item: WorkItem, home: Binding) -> None:
    """The item is to get an issue that remembers the one before it."""
    Link.objects.bulk_create(
        [
            Link(
                binding=home,
                work_item=item,
                state=LinkState.CREATING,
                token=new_token(),
                moved_from=link if link.issue_id else link.moved_from,
            )
        ],
        ignore_conflicts=True,
    )
    mark_binding(CREATE, home, priority=INTERACTIVE)


def begin_links(home: Binding, item_ids: Sequence[int]) -> int:
    """These items are to get an issue each; how many, besides those that have one there."""
    rejoined = rejoin(home, item_ids)
    new = [pk for pk in item_ids if pk not in rejoined]
    want_issues(home, new)
    return len(new)


def rejoin(home: Binding, item_ids: Sequence[int]) -> frozenset[int]:
    """Have those that left an issue of the space when they went elsewhere go on with it.

    While the binding is previewed, what that would write is part of the preview.
    """
    former = _parted_before(home, item_ids)
    for link in former.values():
        _come_back(link, home)
    return frozenset(former)


def _parted_before(home: Binding, item_ids: Sequence[int]) -> Mapping[int, Link]:
    """With which issue of the space each item was linked before it went elsewhere, if it was."""
    space = Space.of(home)
    taken = space.links().exclude(state=LinkState.ENDED).filter(issue_id=OuterRef("issue_id"))
    ended = space.ended_links().filter(work_item__in=item_ids)
    free = ended.exclude(Exists(taken)).order_by("ended_at")
    return {link.work_item_id or 0: link for link in free if last_verb(link) == PARTED}


def _come_back(link: Link, home: Binding) -> None:
    """The item is back in the space of its issue, if by way of another binding."""
    if link.binding_id != home.pk:
        retell(link, home)
        rehome(link, home)
    go_on(link)


def end(link: Link) -> None:
    """End a link: the item and the issue stay, each on its own."""
    present = timezone.now()
    Hold.objects.filter(link=link, released_at=None).update(released_at=present)
    link.conflicts.filter(settled_at=None).update(settled_at=present)
    link.state, link.reason, link.ended_at = LinkState.ENDED, "", present
    link.save(update_fields=["state", "reason", "ended_at"])


def revive(item: WorkItem, ended: Link) -> None:
    """An item that is without a link came back to its binding: from the trash, or another team.

    It goes on with its issue; one that was deleted with the item is made anew.
    """
    if last_verb(ended) == PARTED:
        go_on(ended)
    elif _was_restored_since(item, ended) and (last := last_event(ended)) is not None:
        if (last.side, last.verb) == (Side.LOCAL.value, "ended"):
            go_on(ended)
        elif (last.side, last.verb) == (Side.REMOTE.value, "deleted"):
            want_issues(ended.binding, [item.pk])
            mark_binding(CREATE, ended.binding, priority=INTERACTIVE)


def _was_restored_since(item: WorkItem, ended: Link) -> bool:
    told = Activity.objects.filter(work_item=item, verb="restored", at__gte=ended.ended_at)
    return told.exists()


def go_on(link: Link) -> None:
    """A link that ended goes on with what both sides last held."""
    link.state, link.ended_at = LinkState.IN_STEP, None
    if link.issue_id is None:
        link.state = LinkState.CREATING
        mark_binding(CREATE, link.binding, priority=INTERACTIVE)
    link.save(update_fields=["state", "ended_at"])
    forget_relations_with(link.work_item_id or 0)
    record.journal_event(link, Side.LOCAL, REVIVED, _reason(link))
    ask_to_look([link.pk], priority=INTERACTIVE)


def last_event(link: Link) -> JournalEntry | None:
    """What last happened to the link as a whole."""
    events = JournalEntry.objects.filter(link=link, kind="link").exclude(verb__in=[TIED, UNTIED])
    return events.order_by("-pk").first()


def last_verb(link: Link) -> str:
    """The same by its verb, empty where nothing did."""
    last = last_event(link)
    return last.verb if last is not None else ""


def is_unseen_since_it_is_back(link: Link) -> bool:
    """Whether the issue was not read since its item came back: it may have gone while they were apart."""
    last = last_event(link)
    if last is None or last.verb != REVIVED:
        return False
    return link.synced_at is None or link.synced_at < last.at


def _reason(link: Link) -> Reason:
    acts = Activity.objects.filter(work_item=link.work_item_id, verb__in=[MOVED, "restored"])
    name = acts.order_by("-at", "-pk").values_list("actor_name", flat=True).first()
    return Reason(WriteCause.HERE, name or "")


def _tell(link: Link, item: WorkItem, words: str) -> None:
    """Tell whoever works on the item, unless they moved it themself."""
    if item.assignee is None:
        return
    moves = Activity.objects.select_related("actor").filter(work_item=item, verb=MOVED)
    mover = moves.order_by("-at", "-pk").first()
    notify(
        [item.assignee],
        Kind.MOVED,
        words,
        f"/w/{item.team.workplace.slug}/items/{item.key}",
        actor=mover.actor if mover else None,
        actor_name=link.binding.connection.account_name,
    )
