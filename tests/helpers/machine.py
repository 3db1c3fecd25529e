"""A model of what people did on both sides, for histories run over the real engine.

The model remembers every edit until somebody who saw it wrote something else in its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import QuerySet
from helpers.bound import Bound
from helpers.crashes import LONGEST_LAG
from helpers.jirasim import EPIC_LINK

from duolog.connections.models import Health
from duolog.connections.services import check
from duolog.core.markup import markdown_from_adf, markdown_from_wiki, normalise
from duolog.sync.marks import ask_to_look
from duolog.sync.models import Conflict, Hold, JournalEntry, Link, LinkState, Run, RunKind
from duolog.sync.services import sweep_now
from duolog.worklogs.models import Worklog
from duolog.workplace.models import Attachment, Comment, WorkItem
from duolog.workplace.queries import list_related

INDEX_LAG: Final = 30.0
"""Seconds that the search of a tardy Jira is behind."""


START: Final = "customfield_10015"  # of the simulated Jira
SHOWN: Final = {"label": "labels", "component": "components", "version": "fix_versions"} | {
    it: it for it in ("comment", "attachment", "relation", "worklog")
}


@dataclass
class Memory:
    """Values written to slots and not yet replaced by anybody who saw them."""

    standing: dict[tuple[int, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def forget(self, link: int, slot: str) -> None:
        """Somebody who saw it all wrote something else in its place."""
        self.standing[link, slot].clear()

    def wrote(self, link: int, slot: str, seen: str, value: str) -> None:
        """Somebody saw `seen` in the slot, and wrote `value`."""
        self.standing[link, slot].discard(seen)
        self.standing[link, slot].add(value)


def heal(bound: Bound) -> None:
    """No more faults, and a person looks after what stopped; then all that is due, a poll, and a
    complete comparison."""
    assert bound.binding is not None
    bound.jira.sim("POST", "faults", [])
    bound.jira.sim("POST", "settings", {"index_lag_seconds": 0})
    bound.jira.sim("POST", "clock", {"advance_seconds": INDEX_LAG})
    bound.jira.wait_for_deliveries()
    bound.connection.refresh_from_db()
    if bound.connection.health != Health.CONNECTED:
        check(bound.owner, bound.connection)
    bound.run(within=LONGEST_LAG)
    bound.poll()
    sweep_now(bound.owner, bound.binding)
    bound.run(within=LONGEST_LAG)
    bound.jira.wait_for_deliveries()
    bound.run(within=LONGEST_LAG)


def held_here(item: WorkItem) -> dict[str, str]:
    """An item as plain words."""
    comments = Comment.objects.filter(work_item=item, deleted_at=None)
    files = Attachment.objects.filter(work_item=item, deleted_at=None)
    entries = Worklog.objects.filter(work_item=item, deleted_at=None)
    return {
        "title": item.title,
        "description": normalise(item.description),
        "due_on": str(item.due_on or ""),
        "type": item.get_type_display(),
        "status": item.status.name.casefold(),
        "priority": {"urgent": "Highest", "none": "Lowest"}.get(
            item.priority, item.priority
        ).casefold(),
        "labels": " ".join(sorted(label.name for label in item.labels.all())),
        "components": "|".join(sorted(it.name for it in item.components.all())),
        "fix_versions": "|".join(sorted(it.name for it in item.fix_versions.all())),
        "start_on": str(item.start_on or ""),
        "assignee": item.assignee.name if item.assignee else "",
        "parent": str(item.parent_id or ""),
        "comment": "|".join(sorted(normalise(c.body) for c in comments)),
        "attachment": "|".join(sorted(it.name for it in files)),
        "relation": "|".join(sorted(_related_here(item))),
        "worklog": "|".join(sorted(str(it.seconds) for it in entries)),
    }


def held_there(issue: Mapping[str, Any]) -> dict[str, str]:
    """An issue in the same words."""
    fields = issue["fields"]
    comments, entries = fields["comment"]["comments"], fields["worklog"]["worklogs"]
    parent = fields.get("parent") or fields.get(EPIC_LINK)  # of Server, the epic's key
    above = {"issue_id": parent["id"]} if isinstance(parent, dict) else {"issue_key": parent}
    linked = Link.objects.filter(**above).first() if parent else None
    return {
        "title": fields["summary"],
        "description": _words(fields["description"]),
        "due_on": fields["duedate"] or "",
        "type": fields["issuetype"]["name"],
        "status": fields["status"]["name"].casefold(),
        "priority": (fields["priority"] or {"name": "Lowest"})["name"].casefold(),
        "labels": " ".join(sorted(fields["labels"])),
        "components": "|".join(sorted(it["name"] for it in fields["components"])),
        "fix_versions": "|".join(sorted(it["name"] for it in fields["fixVersions"])),
        "start_on": fields[START] or "",
        "assignee": (fields["assignee"] or {"displayName": ""})["displayName"],
        "parent": str((linked and linked.work_item_id) or "somebody's") if parent else "",
        "comment": "|".join(sorted(_text_of(comment) for comment in comments)),
        "attachment": "|".join(sorted(it["filename"] for it in fields["attachment"])),
        "relation": "|".join(sorted(_related_there(fields["issuelinks"]))),
        "worklog": "|".join(sorted(str(it["timeSpentSeconds"]) for it in entries)),
    }


def _related_here(item: WorkItem) -> Iterator[str]:
    """What an item says of others whose issues are there."""
    for each in list_related(item):
        other = _live().filter(work_item=each.other.pk).first()
        if other is not None:
            yield f"{each.reading.words} {other.issue_id}".casefold()


def _related_there(links: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What an issue says of others whose items are there."""
    for link in links:
        side = "outward" if "outwardIssue" in link else "inward"
        other = _live().filter(issue_id=link[f"{side}Issue"]["id"]).first()
        if other is not None and other.work_item and not other.work_item.deleted_at:
            yield f"{link['type'][side]} {other.issue_id}".casefold()


def _live() -> QuerySet[Link]:
    return Link.objects.exclude(state=LinkState.ENDED).exclude(issue_id=None)


def _words(body: Any) -> str:
    """A text as either Jira keeps it, as Markdown."""
    return markdown_from_wiki(body) if isinstance(body, str) else markdown_from_adf(body)


def _text_of(comment: Mapping[str, Any]) -> str:
    """The text without the line that names our author."""
    text = _words(comment["body"])
    head, _, rest = text.partition("\n\n")
    return rest if head.strip("*_ ").endswith(" in Duolog:") else text


def explained(link: Link) -> set[str]:
    """The slots of which the link says openly that they do not agree."""
    conflicts = Conflict.objects.filter(link=link, settled_at=None).values_list("kind", "key")
    holds = Hold.objects.filter(link=link, released_at=None).values_list("slot_kind", "slot_key")
    rows = [*conflicts, *holds, *((d["kind"], d["key"]) for d in link.differences)]
    return {SHOWN.get(kind, key) for kind, key in rows}


def live_pairs(bound: Bound) -> Iterator[tuple[Link, WorkItem, Mapping[str, Any]]]:
    """Every link whose two ends are there, with both."""
    for link in _live().select_related("work_item__status").order_by("pk"):
        if (found := _pair(bound, link)) is not None:
            yield found


def nth_pair(bound: Bound, n: int) -> tuple[Link, WorkItem, Mapping[str, Any]] | None:
    """One of them, or None where that one is not whole."""
    links = _live().filter(work_item__deleted_at=None).exclude(work_item=None)
    ids = list(links.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return None
    return _pair(bound, links.select_related("work_item__status").get(pk=ids[n % len(ids)]))


def _pair(bound: Bound, link: Link) -> tuple[Link, WorkItem, Mapping[str, Any]] | None:
    item = link.work_item
    issue = None if item is None or item.deleted_at else bound.jira.find(str(link.issue_id))
    return None if item is None or issue is None else (link, item, issue)


def assert_nothing_lost(bound: Bound, memory: Memory) -> None:
    """Both sides hold the same or the link says why not, and every edit is somewhere."""
    for link, item, issue in live_pairs(bound):
        here, there = held_here(item), held_there(issue)
        apart = {slot for slot in here if here[slot] != there[slot]}
        assert apart <= explained(link), (apart, link.state, here, there)
        assert (link.state == LinkState.IN_STEP) <= (not apart), link.reason
        for slot in here:
            kept = f"{here[slot]}|{there[slot]}".split("|")
            if slot not in apart:
                lost = memory.standing[link.pk, slot] - set(kept)
                assert not lost, f"{slot} of {item.key} lost {lost}, both hold {here[slot]!r}"


def assert_nothing_twice(bound: Bound, created: int) -> None:
    """One item, one issue and one link for whatever anybody created, and comments one to one."""
    issues = bound.jira.issues(bound.jira.project_key)
    links = Link.objects.count()
    assert max(WorkItem.objects.count(), len(issues), links) <= created
    for issue in issues:
        assert Link.objects.filter(issue_id=issue["id"]).count() == 1, issue["fields"]["summary"]
    for item in WorkItem.objects.filter(deleted_at=None):
        assert Link.objects.filter(work_item=item).count() == 1, item.title


def assert_at_rest(bound: Bound) -> None:
    """A look at everything writes nothing, here or there, and a sweep finds no drift."""
    assert bound.binding is not None
    live = _live().exclude(work_item=None)
    written, unsettled = JournalEntry.objects.count(), live.exclude(state=LinkState.IN_STEP).count()
    bound.jira.reset()
    ask_to_look(live.values_list("pk", flat=True))
    sweep_now(bound.owner, bound.binding)
    bound.run(within=LONGEST_LAG)
    asks = ("search", "jql", "bulkfetch", "comment/list", "approximate-count")
    wrote = [c for c in bound.jira.calls() if not c.startswith("GET") and not c.endswith(asks)]
    assert not wrote
    assert JournalEntry.objects.count() == written
    sweep = Run.objects.filter(kind=RunKind.SWEEP).latest("pk")
    assert sweep.found <= unsettled, "drift"
