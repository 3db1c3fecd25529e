"""A model of what people did on both sides, for histories run over the real engine.

The model remembers every edit until somebody who saw it wrote something else in its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from helpers.bound import Bound
from helpers.crashes import LONGEST_LAG
from helpers.held import held_here, held_there, live_links, shown_to_some, text_of
from helpers.own_fields import own_here, own_there

from duolog.connections.models import Health
from duolog.connections.services import check
from duolog.sync.binding.services import poll_now, sweep_now
from duolog.sync.marks import ask_to_look
from duolog.sync.models import (
    Binding,
    BindingState,
    ChildLink,
    Conflict,
    Hold,
    JournalEntry,
    Link,
    LinkState,
    Run,
    RunKind,
)
from duolog.workplace.models import Activity, Comment, WorkItem

INDEX_LAG: Final = 30.0
"""Seconds that the search of a tardy Jira is behind."""


SHOWN: Final = {"label": "labels", "component": "components", "version": "fix_versions"} | {
    it: it for it in ("comment", "attachment", "relation", "worklog")
}


@dataclass
class Memory:
    """Values written to slots and not yet replaced by anybody who saw them; passages in texts."""

    standing: dict[tuple[int, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    passages: dict[tuple[int, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def wrote(self, link: int, slot: str, seen: str, value: str) -> None:
        """Somebody saw `seen` in the slot, and wrote `value`."""
        self.standing[link, slot].discard(seen)
        self.standing[link, slot].add(value)

    def wrote_passage(self, link: int, slot: str, gone: str, new: str) -> None:
        """Somebody wrote a passage in the place of another, or beside the others."""
        self.passages[link, slot] = {it for it in self.passages[link, slot] if it not in gone}
        self.passages[link, slot].add(new)

    def chose(self, link: int, slot: str, *, kept: str, lost: str) -> None:
        """Somebody saw both values and let go of one."""
        if slot in ("attachment", "relation", "worklog"):  # they say more than we remember
            self.standing[link, slot].clear()
        self.standing[link, slot].discard(lost)
        gone = {it for it in self.passages[link, slot] if it in lost and it not in kept}
        self.passages[link, slot] -= gone

    def lost(self, link: int, slot: str, here: str, there: str) -> set[str]:
        """What was written and is on neither side."""
        gone = self.standing[link, slot] - set(f"{here}|{there}".split("|"))
        return gone | {it for it in self.passages[link, slot] if it not in f"{here}|{there}"}


@dataclass
class Comments:
    """What is known of comments beside their texts.

    `answers` says which comment here answers which, and `above` which one of Jira, where it was there
    by then; `secrets` are texts that Jira showed to some
    alone from the first; `shut` are the comments of Jira that somebody there shows to some alone
    now, `opened` those that somebody opened, and `withdrawn` what each of them said before.
    `beside` has the comments that were in Jira when one was last shut.
    """

    answers: dict[int, int] = field(default_factory=dict)
    above: dict[int, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)
    shut: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    beside: dict[str, set[str]] = field(default_factory=dict)
    withdrawn: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def shuts(self, told: str, there: set[str]) -> None:
        """Somebody has Jira show a comment to some alone, where these are there."""
        self.shut.add(told)
        self.opened.discard(told)
        self.beside[told] = {*there}

    def opens(self, told: str) -> None:
        """Somebody has Jira show it to all again."""
        self.shut.discard(told)
        self.opened.add(told)

    def may_be_shut(self, told: str, above: str) -> bool:
        """Whether somebody shut it, or it may have gone out for the readers of what it answers."""
        return told in self.shut or above in self.beside

    def must_be_shut(self, told: str, above: str) -> bool:
        """Whether somebody shut it, or what it answers was shut before it came.

        An answer is for the same readers (`links-mentions-and-readers.md`).
        """
        came_after = above in self.shut and told not in self.beside[above]
        return told in self.shut or (came_after and told not in self.opened)


def heal(bound: Bound) -> None:
    """No more faults, and a person looks after what stopped; then all that is due, a poll, and a
    complete comparison of all that is bound."""
    bound.jira.sim("POST", "faults", [])
    bound.jira.sim("POST", "settings", {"index_lag_seconds": 0})
    bound.jira.sim("POST", "clock", {"advance_seconds": INDEX_LAG})
    bound.jira.wait_for_deliveries()
    bound.connection.refresh_from_db()
    if bound.connection.health != Health.CONNECTED:
        check(bound.owner, bound.connection)
    bound.run(within=LONGEST_LAG)
    for each in Binding.objects.filter(state=BindingState.ACTIVE).order_by("pk"):
        poll_now(bound.owner, each)
        bound.run()
        sweep_now(bound.owner, each)
    bound.run(within=LONGEST_LAG)
    bound.jira.wait_for_deliveries()
    bound.run(within=LONGEST_LAG)


def explained(link: Link) -> set[str]:
    """The slots of which the link says openly that they do not agree."""
    conflicts = Conflict.objects.filter(link=link, settled_at=None).values_list("kind", "key")
    holds = Hold.objects.filter(link=link, released_at=None).values_list("slot_kind", "slot_key")
    rows = [*conflicts, *holds, *((d["kind"], d["key"]) for d in link.differences)]
    return {slot_shown(kind, key) for kind, key in rows}


def slot_shown(kind: str, key: str) -> str:
    """What a slot of the engine is called here."""
    return f"property/{key}" if kind == "property" else SHOWN.get(kind, key)


def live_pairs(bound: Bound) -> Iterator[tuple[Link, WorkItem, Mapping[str, Any]]]:
    """Every link whose two ends are there, with both."""
    for link in live_links().select_related("work_item__status").order_by("pk"):
        if (found := _pair(bound, link)) is not None:
            yield found


def nth_pair(bound: Bound, n: int) -> tuple[Link, WorkItem, Mapping[str, Any]] | None:
    """One of them, or None where that one is not whole."""
    links = live_links().filter(work_item__deleted_at=None).exclude(work_item=None)
    ids = list(links.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return None
    return _pair(bound, links.select_related("work_item__status").get(pk=ids[n % len(ids)]))


def _pair(bound: Bound, link: Link) -> tuple[Link, WorkItem, Mapping[str, Any]] | None:
    item = link.work_item
    issue = None if item is None or item.deleted_at else bound.jira.find(str(link.issue_id))
    return None if item is None or issue is None else (link, item, issue)


def both_sides(
    link: Link, item: WorkItem, issue: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """What an item and its issue hold, own properties included."""
    here = {**held_here(item), **own_here(link, item)}
    return here, {**held_there(issue), **own_there(link, issue["fields"])}


def assert_nothing_lost(bound: Bound, memory: Memory) -> None:
    """Both sides hold the same or the link says why not, and every edit is somewhere.

    An answer to a comment that is shut by the time it goes out is in Jira alone, for its readers.
    """
    for link, item, issue in live_pairs(bound):
        here, there = both_sides(link, item, issue)
        apart = {slot for slot in here if here[slot] != there[slot]}
        assert apart <= explained(link), (apart, link.state, here, there)
        assert (link.state == LinkState.IN_STEP) <= (not apart), link.reason
        beside = {"comment": shown_to_some(issue)}
        for slot in here:
            known = "|".join([there[slot], *beside.get(slot, ())])
            lost = memory.lost(link.pk, slot, here[slot], known)
            assert not lost, f"{slot} of {item.key} lost {lost}: {here[slot]!r}, {there[slot]!r}"


def assert_nothing_twice(bound: Bound, space: str, created: int, remade: int) -> None:
    """One item, one issue and one link for whatever anybody created, one epic for a project.

    `remade` issues were made in place of deleted ones: each with another link, the former ended.
    """
    projects = Binding.objects.exclude(project=None)
    epics = projects.exclude(epic_issue_id="").values_list("epic_issue_id", flat=True)
    issues = bound.jira.issues(space)
    plain = [issue for issue in issues if issue["id"] not in set(epics)]
    links = Link.objects.count()
    assert len(issues) - len(plain) <= projects.count()
    assert max(WorkItem.objects.count(), len(plain), links - remade) <= created
    for issue in plain:
        assert Link.objects.filter(issue_id=issue["id"]).count() == 1, issue["fields"]["summary"]
    for item in WorkItem.objects.filter(deleted_at=None):
        assert item.links.exclude(state=LinkState.ENDED).count() <= 1, item.title


def assert_comments_kept(bound: Bound, said: Comments) -> None:
    """Threads stay as they are, and what Jira shows to some alone is shown to nobody else."""
    rows = Comment.objects.filter(deleted_at=None)
    for pk, parent in said.answers.items():
        assert set(rows.filter(pk=pk).values_list("parent", flat=True)) <= {parent}
    hidden = set(said.secrets)
    for _, _, issue in live_pairs(bound):
        comments = {str(told["id"]): told for told in issue["fields"]["comment"]["comments"]}
        for key, told in comments.items():
            above = _answered(said, key)
            if told.get("visibility"):
                assert said.may_be_shut(key, above), text_of(told)
            else:
                assert not said.must_be_shut(key, above if above in comments else ""), text_of(told)
            hidden |= said.withdrawn[key] if key in said.shut else set()
    if not Binding.objects.filter(restricted_comments=True).exists():
        leaked = hidden & _all_that_is_told()
        assert not leaked, leaked


def _answered(said: Comments, told: str) -> str:
    """The comment of Jira that one of its comments answers, as we sent it; empty where none."""
    row = ChildLink.objects.filter(kind="comment", remote_id=told).first()
    answer = row.local_id or 0 if row is not None else 0
    return said.above.get(answer) or comment_there(said.answers.get(answer, 0))


def comment_there(local_id: int) -> str:
    """The id in Jira of a comment here; empty where it has none."""
    rows = ChildLink.objects.filter(kind="comment", local_id=local_id)
    return str(rows.values_list("remote_id", flat=True).first() or "")


def _all_that_is_told() -> set[str]:
    """Every text that anybody here may read of comments."""
    return {
        str(each)
        for rows in (
            Comment.objects.values_list("body"),
            Activity.objects.values_list("before", "after"),
            JournalEntry.objects.filter(kind="comment").values_list("before", "after"),
            Conflict.objects.filter(kind="comment").values_list("now_remote", "now_local"),
        )
        for row in rows
        for each in row
    }


def assert_at_rest(bound: Bound) -> None:
    """A look at everything writes nothing, here or there, and a sweep finds no drift."""
    live = live_links().exclude(work_item=None)
    written, unsettled = JournalEntry.objects.count(), live.exclude(state=LinkState.IN_STEP).count()
    bound.jira.reset()
    ask_to_look(live.values_list("pk", flat=True))
    for each in Binding.objects.filter(state=BindingState.ACTIVE):
        sweep_now(bound.owner, each)
    bound.run(within=LONGEST_LAG)
    asks = ("search", "jql", "bulkfetch", "comment/list", "approximate-count")
    wrote = [c for c in bound.jira.calls() if not c.startswith("GET") and not c.endswith(asks)]
    assert not wrote
    assert JournalEntry.objects.count() == written
    for each in Binding.objects.filter(state=BindingState.ACTIVE):
        sweep = Run.objects.filter(kind=RunKind.SWEEP, binding=each).latest("pk")
        assert sweep.found <= unsettled, "drift"
