"""How a person settles what the sync could not: conflicts slot by slot, and deletions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, TypeAlias

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from duolog.core.values import ABSENT, Pair, Side, Slot
from duolog.jira.files import names_linked
from duolog.people.errors import Invalid, Outdated
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.sync.basis.ground import Ground
from duolog.sync.engine.again import send_again
from duolog.sync.link.baseline import from_json, load_base, save_base
from duolog.sync.link.causes import WriteCause
from duolog.sync.link.children import LinkGround
from duolog.sync.link.record import DELETION
from duolog.sync.marks import INTERACTIVE, ask_to_look
from duolog.sync.models import ChildLink, Conflict, Hold, JournalEntry, Link, LinkState
from duolog.sync.undo.wholes import DONE
from duolog.sync.undo.writes import undo_write
from duolog.work.marks import retry_now
from duolog.workplace.actors import Actor
from duolog.workplace.models import WorkItem
from duolog.workplace.services.comments import edit_comment
from duolog.workplace.services.items import update_item
from duolog.workplace.services.trash import restore_item

Choice: TypeAlias = Literal["here", "jira"] | Mapping[str, object]
DELETION_CHOICES: Final = ("delete", "unlink", "restore")
SETTLING_CAUSES: Final = (WriteCause.SETTLED, WriteCause.POLICY, WriteCause.MERGED)


def resolve(by: Member, link: Link, choices: Mapping[str, Choice]) -> None:
    """Settle open conflicts of a link, each by side or by a value of its own.

    Slots are named by their key (`title`), comments and labels as `kind/key`.  The base is moved
    so that the side chosen is the one that changed; should Jira have changed again meanwhile,
    the conflict comes back rather than anything being overwritten.  Raises Invalid.
    """
    require(by, Right.SETTLE, team=link.binding.team)
    with transaction.atomic():
        Link.objects.select_for_update().get(pk=link.pk)
        rows = {name_of(row): row for row in Conflict.objects.filter(link=link, settled_at=None)}
        if unknown := sorted(set(choices) - set(rows)):
            raise Invalid(dict.fromkeys(unknown, "There is no open conflict about this."))
        base = load_base(link)
        after = dict(base)
        for name, choice in choices.items():
            row = rows[name]
            after[Slot(row.kind, row.key)] = _moved_base(by, link, row, choice)
            row.winner = {"here": "local", "jira": "remote"}.get(str(choice), "value")
            row.settled_at, row.settled_by = timezone.now(), by
            row.save()
        save_base(link, base, after)
        _look_again(link)


def undo_settlement(by: Member, row: Conflict) -> None:
    """Take a settlement back: both sides get the value that lost, or, before it was carried out,
    the conflict opens again.  Of a merge both get what was here.  Raises Outdated with what moved
    since, or where it was undone already.
    """
    require(by, Right.SETTLE, team=row.link.binding.team)
    written = writes_of([row])[row.pk]
    entry = next((each for each in written if each.undone_at is None), None)
    if entry is not None:
        undo_write(by, entry)
    elif written:
        raise Outdated(DONE)
    else:
        _open_again(row)


def writes_of(rows: Iterable[Conflict]) -> Mapping[int, Sequence[JournalEntry]]:
    """The writes that carried each settlement out, latest first, of one pass those here first.

    A write was made for the last conflict of its slot that was noticed before it.
    """
    links = {row.pk: row.link_id for row in rows}
    of_slot = Conflict.objects.filter(
        link=OuterRef("link"), kind=OuterRef("kind"), key=OuterRef("key"),
        noticed_at__lte=OuterRef("at"),
    ).order_by("-noticed_at", "-pk")  # fmt: skip
    written = JournalEntry.objects.filter(
        link__in=set(links.values()), cause__in=SETTLING_CAUSES
    ).annotate(conflict=Subquery(of_slot.values("pk")[:1]))
    found: dict[int, list[JournalEntry]] = {pk: [] for pk in links}
    for entry in written.filter(conflict__in=links).order_by("-at", "side"):
        found[entry.conflict].append(entry)
    return found


def _open_again(row: Conflict) -> None:
    """Nothing was written yet: the base goes back to what both sides held before."""
    slot = Slot(row.kind, row.key)
    was = Pair(from_json(row.base_local), from_json(row.base_remote))
    now = Pair(from_json(row.now_local), from_json(row.now_remote))
    with transaction.atomic():
        Link.objects.select_for_update().get(pk=row.link_id)
        base = load_base(row.link)
        is_waiting = base.get(slot) in (Pair(was.local, now.remote), Pair(now.local, was.remote))
        again = Conflict.objects.filter(link=row.link, kind=row.kind, key=row.key, settled_at=None)
        if not is_waiting or again.exists():
            raise Outdated("It is too late for that: the item has moved on since.")
        save_base(row.link, base, {**base, slot: was})
        Conflict.objects.filter(pk=row.pk).update(settled_at=None, settled_by=None, winner="")
        Link.objects.filter(pk=row.link_id).update(state=LinkState.CONFLICT)
        _look_again(row.link)


def takes_value(row: Conflict) -> bool:
    """Whether a third value can be given to the slot."""
    return row.kind in ("field", "comment", "property")


def name_of(row: Conflict) -> str:
    """How a conflict's slot is named outside."""
    return row.key if row.kind == "field" else f"{row.kind}/{row.key}"


def _moved_base(by: Member, link: Link, row: Conflict, choice: Choice) -> Pair:
    was = Pair(from_json(row.base_local), from_json(row.base_remote))
    now = Pair(from_json(row.now_local), from_json(row.now_remote))
    if choice == "here":
        return Pair(was.local, now.remote)
    if choice == "jira":
        return Pair(now.local, was.remote)
    if "value" not in choice:
        raise Invalid({name_of(row): "Choose here, jira, or give a value."})
    _write_here(by, link, row, choice["value"])
    return Pair(ABSENT, now.remote)


def _write_here(by: Member, link: Link, row: Conflict, value: object) -> None:
    actor = Actor.of(by)
    if isinstance(value, str) and names_linked(value):
        value = LinkGround(Ground(link.binding), link).files.to_here(value)
    if row.kind == "comment":
        child = ChildLink.objects.get(pk=row.key)
        if child.local_id is None:
            raise Invalid({name_of(row): "This comment was deleted here; choose a side."})
        edit_comment(child.local_id, str(value), actor=actor)
    elif row.kind == "field" and link.work_item_id is not None:
        update_item(link.work_item_id, {row.key: value}, actor=actor)
    elif row.kind == "property" and link.work_item_id is not None:
        update_item(link.work_item_id, {"properties": {row.key: value}}, actor=actor)
    else:
        raise Invalid(
            {name_of(row): "A name in a set has no value of its own: choose here or jira."}
        )


def resolve_deletion(by: Member, hold: Hold, choice: str) -> None:
    """Say what follows a deletion: the other side is deleted too, stays alone, or all comes back.

    What was deleted here comes back from the trash; what was deleted in Jira is made anew there.
    Raises Invalid, Outdated.
    """
    require(by, Right.SETTLE, team=hold.link.binding.team)
    if hold.slot_kind != DELETION or choice not in DELETION_CHOICES:
        raise Invalid({"deletion": f"Choose one of {', '.join(DELETION_CHOICES)}."})
    if choice == "restore" and hold.link.work_item_id is None:
        raise Invalid({"deletion": "The work item is gone for good: choose delete or unlink."})
    with transaction.atomic():
        Link.objects.select_for_update().get(pk=hold.link_id)
        still_open = Hold.objects.filter(pk=hold.pk, released_at=None)
        if not still_open.update(value=choice, released_at=timezone.now()):
            raise Outdated("This was decided already.")
        if choice == "restore":
            _bring_back(by, hold)
        _look_again(hold.link)


def _bring_back(by: Member, hold: Hold) -> None:
    if hold.slot_key == Side.REMOTE:
        send_again(by, hold.link)
        return
    item = WorkItem.objects.filter(pk=hold.link.work_item_id or 0).first()
    if item is not None and item.deleted_at is not None:  # else somebody has brought it back
        restore_item(item.pk, actor=Actor.of(by))


def _look_again(link: Link) -> None:
    ask_to_look([link.pk], priority=INTERACTIVE)
    retry_now("link", link.pk)
