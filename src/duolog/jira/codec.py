"""An issue as canonical values, and values as Jira wants them.  Pure, but for what it asks of us.

What lies outside the one issue (people, parents, our ids of comments) is asked of `Surroundings`;
nothing of our database is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from duolog.core import fields as slots
from duolog.core.errors import Disconnected, Refused
from duolog.core.fields import FieldMap, foreign_id, label_slot
from duolog.core.values import Slot, Snapshot, Value
from duolog.jira.client import JiraClient, NewIssue
from duolog.jira.dialect import Dialect
from duolog.jira.epics import Epics
from duolog.jira.texts import TEXTS, Texts
from duolog.jira.wire import Comment, Issue, Json, User

READ_FIELDS: Final = (
    "summary", "description", "issuetype", "status", "priority", "assignee", "labels",
    "duedate", "parent", "comment", "project", "created", "updated",
)  # fmt: skip
PROPERTY: Final = "duolog.link"
"""The issue property (and comment property) that carries our token."""
LONGEST_TITLE: Final = 255

JIRA_NAME: Final[Mapping[Slot, str]] = {
    slots.TITLE: "summary",
    slots.DESCRIPTION: "description",
    slots.TYPE: "issuetype",
    slots.PRIORITY: "priority",
    slots.ASSIGNEE: "assignee",
    slots.DUE_ON: "duedate",
    slots.PARENT: "parent",
}


@dataclass(frozen=True, slots=True)
class Child:
    """A comment as we know it: its id in Jira once it has one, the token it is created with.

    `header` names our author; it stands above the text in Jira, outside what can be edited here.
    """

    remote_id: str | None
    token: str
    header: str = ""


class Surroundings(Protocol):
    """What a replica must ask about things beyond its issue."""

    @property
    def dialect(self) -> Dialect:
        """How this Jira wants to be spoken to."""
        ...

    @property
    def epics(self) -> Epics:
        """How the project says what lies under an epic."""
        ...

    @property
    def fields(self) -> FieldMap:
        """How types, statuses and priorities name each other."""
        ...

    def account_here(self, account: User) -> str:
        """The member (or a foreign value) that a Jira account stands for."""
        ...

    def account_there(self, member: str) -> str | None:
        """The Jira account of a member."""
        ...

    def parent_here(self, issue_id: str) -> str:
        """The work item (or a foreign value) that an issue is linked with."""
        ...

    def parent_of_key_here(self, issue_key: str) -> str:
        """The same for an issue that is named by its key."""
        ...

    def key_there(self, issue_id: str) -> str | None:
        """The key of a linked issue, as it was last seen."""
        ...

    def parent_there(self, item_id: str) -> str | None:
        """The issue that a work item is linked with."""
        ...

    def step(self, issue: Issue, status: str) -> str | None:
        """A transition known to lead from where the issue stands to a status."""
        ...

    def children(self, remote_ids: Sequence[str]) -> Mapping[str, str]:
        """The slot key of each comment in Jira, new ones included."""
        ...

    def child(self, key: str) -> Child:
        """What we know of the comment behind a slot key."""
        ...

    def hand_of_author(self, key: str) -> JiraClient | None:
        """Jira as the author of a comment uses it, where they let us write in their name."""
        ...

    def hand_is_lame(self, key: str, error: Disconnected) -> None:
        """The author's own credential no longer works: keep that, and let them know."""
        ...


def snapshot_of(issue: Issue, comments: Sequence[Comment], around: Surroundings) -> Snapshot:
    """All that an issue holds, as canonical values.

    Restricted comments are left out: they never cross.  Raises Refused when Jira left out a field
    that was asked for, since a field not sent must not read as empty.
    """
    _must_be_whole(issue, around.fields)
    known = issue.known
    snapshot: dict[Slot, Value] = {
        slots.TITLE: (known.summary or "").strip(),
        slots.DESCRIPTION: texts_of(around).here(known.description),
        slots.TYPE: around.fields.types.decode(known.issue_type.id) if known.issue_type else None,
        slots.STATUS: around.fields.statuses.decode(known.status.id) if known.status else None,
        slots.PRIORITY: (
            around.fields.priorities.decode(known.priority.id) if known.priority else None
        ),
        slots.ASSIGNEE: around.account_here(known.assignee) if known.assignee else None,
        slots.DUE_ON: known.due.isoformat() if known.due else None,
        slots.PARENT: _parent_here(issue, around),
    }
    snapshot |= {label_slot(name): label_slot(name).key for name in known.labels or ()}
    snapshot |= _comment_slots(comments, around)
    return {slot: it for slot, it in snapshot.items() if slot not in around.fields.left_out}


def _must_be_whole(issue: Issue, known: FieldMap) -> None:
    wanted = {"summary", "status", "issuetype", "labels"}
    if missing := sorted(name for name in wanted if not issue.sent(name)):
        raise Refused(
            f"Jira left {', '.join(missing)} out of issue {issue.key or issue.id}.",
            hint="Check that the fields are on the project's screens and not hidden.",
        )
    if not issue.sent("description") and slots.DESCRIPTION not in known.left_out:
        raise Refused(
            f"Jira left the description out of issue {issue.key or issue.id}.",
            hint="Check the field configuration of the project.",
        )


def _comment_slots(comments: Sequence[Comment], around: Surroundings) -> dict[Slot, Value]:
    open_to_all = [c for c in comments if c.is_open]
    keys = around.children([c.id for c in open_to_all])
    return {
        Slot(slots.COMMENT, keys[c.id]): _comment_here(
            c, around.child(keys[c.id]).header, texts_of(around)
        )
        for c in open_to_all
    }


def _comment_here(comment: Comment, header: str, texts: Texts) -> str:
    return texts.here(texts.without_header(comment.body) if header else comment.body)


def read_fields(epics: Epics) -> tuple[str, ...]:
    """What must be read of an issue to know all of it that is kept in step."""
    return (*READ_FIELDS, *epics.read_fields())


def _parent_here(issue: Issue, around: Surroundings) -> str | None:
    if issue.known.parent is not None:
        return around.parent_here(issue.known.parent.id)
    key = around.epics.key_above(issue)
    return around.parent_of_key_here(key) if key else None


def new_issue(sent: Snapshot, around: Surroundings, *, project_id: str, token: str) -> NewIssue:
    """An issue to be created holding `sent`, with the token by which it is found again.

    Raises Refused for values Jira would refuse.  Status, comments and foreign values are not sent.
    """
    body: dict[str, Json] = {"project": {"id": project_id}}
    kind = around.fields.types.encode(str(sent.get(slots.TYPE))) or ""
    labels = []
    for slot, value in sent.items():
        if slot.kind == slots.LABEL:
            labels.append(str(value))
        elif slot in JIRA_NAME and value is not None:
            body[field_name(slot, around, kind)] = field_there(slot, value, around, kind=kind)
    if around.epics.name and kind in around.epics.kinds:
        body[around.epics.name] = body["summary"]
    if labels:
        body["labels"] = [*sorted(labels)]
    return NewIssue(body, properties=((PROPERTY, {"token": token}),))


def token_of(issue: Issue) -> str | None:
    """The token written into an issue when we created it, if we did."""
    return _token_in(issue.properties.get(PROPERTY))


def comment_token(comment: Comment) -> str | None:
    """The token written into a comment when we created it, if it was read and we did."""
    return _token_in(comment.property_value(PROPERTY))


def _token_in(value: Json) -> str | None:
    token = value.get("token") if isinstance(value, dict) else None
    return token if isinstance(token, str) else None


def field_name(slot: Slot, around: Surroundings, kind: str) -> str:
    """Jira's name of the field behind a slot, for an issue of this type."""
    if slot.kind == slots.LABEL:
        return "labels"
    return around.epics.parent_field(kind) if slot == slots.PARENT else JIRA_NAME[slot]


def field_there(
    slot: Slot, value: Value, around: Surroundings, *, kind: str, previous: Json = None
) -> Json:
    """One field as Jira wants it.  Raises Refused when Jira has no counterpart for the value."""
    if slot == slots.TITLE:
        return _title_there(str(value))
    if slot == slots.DESCRIPTION:
        return texts_of(around).there(str(value), previous) if value else None
    if value is None or slot == slots.DUE_ON:
        return None if value is None else str(value)
    found = _counterpart(slot, str(value), around)
    if found is None:
        raise Refused(
            f"Jira has no counterpart for the {slot.key} {foreign_id(value) or value}.",
            hint="Choose one in the mapping of this binding.",
        )
    if slot == slots.ASSIGNEE:
        return {around.dialect.account_key: found}
    if slot == slots.PARENT and field_name(slot, around, kind) == around.epics.link:
        return around.key_there(found)
    return {"id": found}


def texts_of(around: Surroundings) -> Texts:
    """How this Jira keeps text."""
    return TEXTS[around.dialect.deployment]


def _title_there(title: str) -> str:
    if len(title) > LONGEST_TITLE:
        raise Refused(
            f"The title has {len(title)} characters; Jira allows {LONGEST_TITLE}.",
            hint="Shorten the title here; everything else goes on.",
        )
    if "\n" in title or "\r" in title:
        raise Refused(
            "The title has a line break, which Jira refuses.", hint="Write it in one line."
        )
    return title


def _counterpart(slot: Slot, value: str, around: Surroundings) -> str | None:
    find: Mapping[Slot, Callable[[str], str | None]] = {
        slots.TYPE: around.fields.types.encode,
        slots.PRIORITY: around.fields.priorities.encode,
        slots.ASSIGNEE: around.account_there,
        slots.PARENT: around.parent_there,
    }
    return find[slot](value)


def stamp(thing: Issue | Comment) -> str:
    """When Jira last changed it, in a form in which later sorts after earlier."""
    return stamp_of(thing.updated)


def stamp_of(instant: datetime) -> str:
    """An instant in UTC with milliseconds, which is all that Jira keeps."""
    utc = instant.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"
