"""What an item and its issue hold, in the same plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.db.models import QuerySet
from helpers.jirasim import EPIC_LINK

from duolog.core.markup import markdown_from_adf, markdown_from_wiki, normalise
from duolog.sync.models import Binding, Hold, Link, LinkState
from duolog.worklogs.models import Worklog
from duolog.workplace.models import Attachment, Comment, WorkItem
from duolog.workplace.queries import list_related

START: Final = "customfield_10015"  # of the simulated Jira


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
        "estimate_seconds": in_minutes(item.estimate_seconds),
        "remaining_seconds": in_minutes(item.remaining_seconds),
        "assignee": item.assignee.name if item.assignee else "",
        "parent": _above_here(item),
        "comment": "|".join(sorted(normalise(c.body) for c in comments)),
        "attachment": "|".join(sorted(it.name for it in files)),
        "relation": "|".join(sorted(_related_here(item))),
        "worklog": "|".join(sorted(str(it.seconds) for it in entries)),
    }


def held_there(issue: Mapping[str, Any]) -> dict[str, str]:
    """An issue in the same words."""
    fields = issue["fields"]
    comments, entries = comments_for_all(issue), fields["worklog"]["worklogs"]
    time = fields["timetracking"]
    return {
        "title": fields["summary"],
        "description": words_of(fields["description"]),
        "due_on": fields["duedate"] or "",
        "type": fields["issuetype"]["name"],
        "status": fields["status"]["name"].casefold().replace("cancelled", "canceled"),
        "priority": (fields["priority"] or {"name": "Lowest"})["name"].casefold(),
        "labels": " ".join(sorted(fields["labels"])),
        "components": "|".join(sorted(it["name"] for it in fields["components"])),
        "fix_versions": "|".join(sorted(it["name"] for it in fields["fixVersions"])),
        "start_on": fields[START] or "",
        "estimate_seconds": in_minutes(time.get("originalEstimateSeconds")),
        "remaining_seconds": in_minutes(time.get("remainingEstimateSeconds")),
        "assignee": (fields["assignee"] or {"displayName": ""})["displayName"],
        "parent": _above_there(fields),
        "comment": "|".join(sorted(text_of(comment) for comment in comments)),
        "attachment": "|".join(sorted(it["filename"] for it in fields["attachment"])),
        "relation": "|".join(sorted({*_related_there(fields["issuelinks"])})),
        "worklog": "|".join(sorted(str(it["timeSpentSeconds"]) for it in entries)),
    }


def comments_for_all(issue: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The comments that belong here: those Jira restricts only where a binding takes them."""
    told = issue["fields"]["comment"]["comments"]
    if Binding.objects.filter(restricted_comments=True).exists():
        return list(told)
    return [it for it in told if not it.get("visibility")]


def shown_to_some(issue: Mapping[str, Any]) -> list[str]:
    """The texts of the comments that Jira does not show to all."""
    told = issue["fields"]["comment"]["comments"]
    return [text_of(it) for it in told if it.get("visibility")]


def in_minutes(seconds: int | None) -> str:
    """An estimate as Jira keeps it, in which none and 0m are the same."""
    return str((seconds or 0) // 60 or "")


def _above_here(item: WorkItem) -> str:
    """The parent of an item, or the project it lies in where an epic stands for that."""
    if item.parent_id or item.type in ("epic", "sub_task"):
        return str(item.parent_id or "")
    sent = _epics().filter(project=item.project_id).first() if item.project_id else None
    return f"project {item.project_id}" if sent else ""


def _above_there(fields: Mapping[str, Any]) -> str:
    """The same of an issue; on Server, it names its epic by the key."""
    parent = fields.get("parent") or fields.get(EPIC_LINK)
    if not parent:
        return ""
    at, name = ("id", parent["id"]) if isinstance(parent, dict) else ("key", parent)
    sent = _epics().filter(**{f"epic_issue_{at}": name}).first()
    if sent is not None:
        return f"project {sent.project_id}"
    linked = Link.objects.filter(**{f"issue_{at}": name}).exclude(work_item=None).last()
    return str(linked.work_item_id) if linked else "somebody's"


def _epics() -> QuerySet[Binding]:
    return Binding.objects.exclude(project=None).exclude(epic_issue_id="")


def _related_here(item: WorkItem) -> Iterator[str]:
    """What an item says of others whose issues are there.

    Of one that Jira no longer has, a person is asked what is to become: its relations wait with it.
    """
    asked = Hold.objects.filter(slot_kind="deletion", released_at=None)
    there = live_links().exclude(pk__in=asked.values("link"))
    for each in list_related(item):
        other = there.filter(work_item=each.other.pk).first()
        if other is not None:
            yield f"{each.reading.words} {other.issue_id}".casefold()


def _related_there(links: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What an issue says of others whose items are there.

    Where people linked two issues both ways (`OnChildren.judge`) it says it twice, and one is here.
    """
    for link in links:
        side = "outward" if "outwardIssue" in link else "inward"
        other = live_links().filter(issue_id=link[f"{side}Issue"]["id"]).first()
        if other is not None and other.work_item and not other.work_item.deleted_at:
            yield f"{link['type'][side]} {other.issue_id}".casefold()


def live_links() -> QuerySet[Link]:
    """The links that have not ended and have an issue."""
    return Link.objects.exclude(state=LinkState.ENDED).exclude(issue_id=None)


def words_of(body: Any) -> str:
    """A text as either Jira keeps it, as Markdown."""
    return markdown_from_wiki(body) if isinstance(body, str) else markdown_from_adf(body)


def text_of(comment: Mapping[str, Any]) -> str:
    """The text without the line that names our author."""
    text = words_of(comment["body"])
    head, _, rest = text.partition("\n\n")
    return rest if head.strip("*_ ").endswith(" in Duolog:") else text
