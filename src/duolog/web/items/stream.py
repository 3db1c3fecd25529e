"""What happened to an item as one story: its comments and its activity, in words.  No queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from duolog.people.models import Member
from duolog.people.rights import Right, holds
from duolog.workplace.models import Activity, Cause, Comment
from duolog.workplace.queries import ItemDetail

VIEWS: Final = (("all", "All"), ("comments", "Comments"), ("sync", "Sync"))
FIELDS: Final = {
    "due_on": "the due date",
    "start_on": "the start date",
    "estimate_seconds": "the estimate",
    "remaining_seconds": "the remaining time",
    "fix_versions": "the fix versions",
    "type": "the type",
}
LONG: Final = frozenset({"description"})
TOLD_BY_COMMENT: Final = "commented"
SILENT_FIELDS: Final = frozenset({"rank"})
VERBS: Final = {
    "created": "made this item",
    "deleted": "deleted this item",
    "restored": "restored this item",
    "comment edited": "changed a comment",
    "comment deleted": "deleted a comment",
    "comment restored": "brought back a comment",
    "comment restricted": "took away a comment: it was restricted in Jira",
}
MOVED: Final = "moved"
NAMED_VERBS: Final = {
    "time logged": "logged",
    "time edited": "changed the time to",
    "time deleted": "deleted the time",
    "time restored": "logged again",
    "attached": "attached",
    "attachment deleted": "deleted the attachment",
    "attachment restored": "brought back the attachment",
    "related": "linked this item: it",
    "relation removed": "removed a link: it no longer",
    "web link added": "added the web link",
    "web link renamed": "renamed the web link to",
    "web link removed": "removed the web link",
}
"""What was done to a thing that the activity names."""
MOST_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: a comment, or a change in words.

    `readers` are those to whom Jira restricts a comment.
    """

    at: datetime
    comment: Comment | None = None
    activity: Activity | None = None
    author: str = ""
    words: str = ""
    may_change: bool = False
    readers: str = ""


def stream_of(
    detail: ItemDetail, member: Member, view: str, readers: Mapping[int, str]
) -> tuple[Entry, ...]:
    """The story in the order of time; replies stand behind what they answer.

    `readers` names those to whom Jira restricts comments, by their ids.
    """
    comments = () if view == "sync" else tuple(_comments(detail, member, readers))
    acts = () if view == "comments" else tuple(_acts(detail, only_sync=view == "sync"))
    return tuple(sorted((*comments, *acts), key=lambda entry: entry.at))


def entry_of(comment: Comment, *, may_change: bool) -> Entry:
    """A comment as the story shows it."""
    author = comment.author_name or (comment.author.name if comment.author else "Somebody")
    return Entry(comment.created_at, comment=comment, author=author, may_change=may_change)


def _comments(detail: ItemDetail, member: Member, readers: Mapping[int, str]) -> Iterator[Entry]:
    moderates = holds(member, Right.MODERATE, team=detail.item.team)
    begun = {each.pk: each.created_at for each in detail.comments}
    for comment in detail.comments:
        is_own = comment.author_id == member.pk and holds(member, Right.COMMENT)
        entry = entry_of(comment, may_change=is_own or moderates)
        stands_at = begun.get(comment.parent_id or comment.pk, comment.created_at)
        yield replace(entry, at=stands_at, readers=readers.get(comment.pk, ""))


def _acts(detail: ItemDetail, *, only_sync: bool) -> Iterator[Entry]:
    for act in detail.activity:
        is_told = act.verb == TOLD_BY_COMMENT or act.field in SILENT_FIELDS
        if is_told or (only_sync and act.cause != Cause.SYNC):
            continue
        yield Entry(act.at, activity=act, words=words_of(act))


def words_of(act: Activity) -> str:
    """The change as a sentence goes on after the actor's name."""
    if act.verb in VERBS:
        return VERBS[act.verb]
    if act.verb == MOVED:
        return f"moved this item from {act.before} to {act.after}"
    if act.verb in NAMED_VERBS:
        return f"{NAMED_VERBS[act.verb]} {_short(act.after or act.before)}"
    return _changed(act)


def _changed(act: Activity) -> str:
    field = FIELDS.get(act.field, f"the {act.field}")
    if act.field in LONG:
        return f"changed {field}"
    if not act.after:
        return f"took away {field} {_short(act.before)}".rstrip()
    if not act.before:
        return f"set {field} to {_short(act.after)}"
    return f"changed {field} from {_short(act.before)} to {_short(act.after)}"


def _short(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"
