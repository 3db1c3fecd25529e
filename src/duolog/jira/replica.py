"""Jira's side of a link: an issue becomes a snapshot, a change becomes a request.

Values are canonical local values (`core.fields`).  What lies outside the one issue (people,
parents, our ids of comments) is asked of `Surroundings`; nothing of our database is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol, cast

from duolog.core import fields as slots
from duolog.core import markup
from duolog.core.errors import Disconnected, Gone, Refused, Retryable, Unseen
from duolog.core.fields import FieldMap, foreign_id, label_slot
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import ABSENT, Slot, Snapshot, Value
from duolog.jira.client import JiraClient, NewIssue
from duolog.jira.wire import Comment, Issue, Json, JsonObject, User

READ_FIELDS: Final = (
    "summary", "description", "issuetype", "status", "priority", "assignee", "labels",
    "duedate", "parent", "comment", "project", "created", "updated",
)  # fmt: skip
PROPERTY: Final = "duolog.link"
"""The issue property (and comment property) that carries our token."""
LONGEST_TITLE: Final = 255
HEADER_ENDING: Final = " in Duolog:"

_JIRA_NAME: Final[Mapping[Slot, str]] = {
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


def snapshot_of(issue: Issue, comments: Sequence[Comment], around: Surroundings) -> Snapshot:
    """All that an issue holds, as canonical values.

    Restricted comments are left out: they never cross.  Raises Refused when Jira left out a field
    that was asked for, since a field not sent must not read as empty.
    """
    _must_be_whole(issue, around.fields)
    known = issue.known
    snapshot: dict[Slot, Value] = {
        slots.TITLE: (known.summary or "").strip(),
        slots.DESCRIPTION: _text_here(known.description),
        slots.TYPE: around.fields.types.decode(known.issue_type.id) if known.issue_type else None,
        slots.STATUS: around.fields.statuses.decode(known.status.id) if known.status else None,
        slots.PRIORITY: (
            around.fields.priorities.decode(known.priority.id) if known.priority else None
        ),
        slots.ASSIGNEE: around.account_here(known.assignee) if known.assignee else None,
        slots.DUE_ON: known.due.isoformat() if known.due else None,
        slots.PARENT: around.parent_here(known.parent.id) if known.parent else None,
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


def _text_here(body: Json) -> str:
    return markup.markdown_from_adf(body if isinstance(body, dict) else None)


def _comment_slots(comments: Sequence[Comment], around: Surroundings) -> dict[Slot, Value]:
    open_to_all = [c for c in comments if c.visibility is None and c.jsd_public]
    keys = around.children([c.id for c in open_to_all])
    return {
        Slot(slots.COMMENT, keys[c.id]): _comment_here(c, around.child(keys[c.id]).header)
        for c in open_to_all
    }


def _comment_here(comment: Comment, header: str) -> str:
    body = comment.body if isinstance(comment.body, dict) else None
    return markup.markdown_from_adf(_without_header(body) if header and body else body)


def _header(author: str) -> Json:
    em: dict[str, Json] = {"type": "em"}
    text: dict[str, Json] = {"type": "text", "text": author + HEADER_ENDING, "marks": [em]}
    return {"type": "paragraph", "content": [text]}


def _without_header(body: JsonObject) -> JsonObject:
    content = body.get("content")
    blocks = content if isinstance(content, list) else []
    if blocks and markup.markdown_from_adf({**body, "content": blocks[:1]}).strip("*_ \n").endswith(
        HEADER_ENDING.strip()
    ):
        return {**body, "content": blocks[1:]}
    return body


def new_issue(sent: Snapshot, around: Surroundings, *, project_id: str, token: str) -> NewIssue:
    """An issue to be created holding `sent`, with the token by which it is found again.

    Raises Refused for values Jira would refuse.  Status, comments and foreign values are not sent.
    """
    body: dict[str, Json] = {"project": {"id": project_id}}
    labels = []
    for slot, value in sent.items():
        if slot.kind == slots.LABEL:
            labels.append(str(value))
        elif slot in _JIRA_NAME and value is not None:
            body[_JIRA_NAME[slot]] = _field_there(slot, value, around, previous=None)
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


def _field_there(slot: Slot, value: Value, around: Surroundings, *, previous: Json) -> Json:
    """One field as Jira wants it.  Raises Refused when Jira has no counterpart for the value."""
    if slot == slots.TITLE:
        return _title_there(str(value))
    if slot == slots.DESCRIPTION:
        whole = previous if isinstance(previous, dict) else None
        return _text_there(str(value), whole) if value else None
    if value is None or slot == slots.DUE_ON:
        return None if value is None else str(value)
    found = _counterpart(slot, str(value), around)
    if found is None:
        raise Refused(
            f"Jira has no counterpart for the {slot.key} {foreign_id(value) or value}.",
            hint="Choose one in the mapping of this binding.",
        )
    return {"accountId": found} if slot == slots.ASSIGNEE else {"id": found}


def _text_there(text: str, previous: JsonObject | None) -> dict[str, Json]:
    return cast("dict[str, Json]", markup.adf_from_markdown(text, previous=previous))


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


class RemoteReplica:
    """The issue of one link.

    `issue` is what the last read or write showed of it, whole; `surprised` whether the answer
    to a write showed anything that neither the last look nor that write explains.
    """

    def __init__(self, client: JiraClient, issue_id: str, around: Surroundings) -> None:
        self._client = client
        self._id = issue_id
        self._around = around
        self._comments: dict[str, Comment] = {}
        self._seen: Snapshot = {}
        self.issue: Issue | None = None
        self.surprised = False
        self.written_comments: dict[str, Comment] = {}

    def observe(self) -> Snapshot:
        """All that the issue holds.  Raises Unseen, Retryable, Refused or Disconnected."""
        issue = self._client.issues.get(self._id, fields=READ_FIELDS)
        return self.take(issue)

    def take(self, issue: Issue) -> Snapshot:
        """All that an issue read elsewhere (a page of a search, an answer to an edit) holds."""
        embedded = issue.known.comment
        if embedded is not None and embedded.complete:
            comments = embedded.comments
        else:
            comments = self._client.comments.list(issue.id)
        self.issue = issue
        self._comments = {c.id: c for c in comments}
        self._seen = snapshot_of(issue, comments, self._around)
        return self._seen

    def stamps(self) -> Mapping[str, str]:
        """When each comment last seen was last changed, by its id in Jira."""
        seen = {c.id: stamp(c) for c in self._comments.values()}
        return seen | {c.id: stamp(c) for c in self.written_comments.values()}

    def comment(self, remote_id: str) -> Comment | None:
        """A comment as last seen."""
        return self._comments.get(remote_id)

    def write(self, changes: Sequence[Change]) -> Written:
        """All plain fields in one request, then the status, then comment by comment."""
        written = Written()
        plain = [c for c in changes if c.slot.kind == slots.LABEL or c.slot in _JIRA_NAME]
        steps: list[tuple[Sequence[Change], Callable[[Sequence[Change]], None]]] = []
        if plain:
            steps.append((plain, lambda them: self._edit(them, written)))
        for change in changes:
            if change.slot == slots.STATUS:
                steps.append(([change], self._walk))
            elif change.slot.kind == slots.COMMENT:
                steps.append(([change], self._write_comment))
        return _run(steps, written)

    def _edit(self, changes: Sequence[Change], written: Written) -> None:
        """One request for all; what Jira objects to by name is left out and the rest sent again."""
        body, good = self._edit_body(changes, written)
        if not good:
            return
        try:
            answer = self._client.issues.edit(self._id, **body)
        except Refused as error:
            blamed = [c for c in good if _blamed(c.slot, error)]
            if not blamed or isinstance(error, Unseen):
                raise
            written.refused.update({c.slot: _refusal_of(c.slot, error) for c in blamed})
            self._edit([c for c in good if c not in blamed], written)
        else:
            self._compare(answer, good)

    def _compare(self, answer: Issue, changes: Sequence[Change]) -> None:
        wanted = {**self._seen, **{c.slot: c.value for c in changes}}
        expected = {slot: value for slot, value in wanted.items() if value is not ABSENT}
        self.surprised = self.take(answer) != expected

    def _edit_body(
        self, changes: Sequence[Change], written: Written
    ) -> tuple[dict[str, JsonObject], list[Change]]:
        fields: dict[str, Json] = {}
        labels: list[Json] = []
        good = []
        for change in changes:
            try:
                if change.slot.kind == slots.LABEL:
                    verb = "remove" if change.value is ABSENT else "add"
                    labels.append({verb: change.slot.key})
                else:
                    name = _JIRA_NAME[change.slot]
                    previous = self.issue.fields.get(name) if self.issue else None
                    fields[name] = _field_there(
                        change.slot, change.value, self._around, previous=previous
                    )
                good.append(change)
            except Refused as error:
                written.refused[change.slot] = error
        return {"fields": fields, "update": {"labels": labels} if labels else {}}, good

    def _walk(self, changes: Sequence[Change]) -> None:
        (change,) = changes
        target = self._around.fields.statuses.encode(str(change.value))
        if target is None:
            raise Refused(
                "Jira has no counterpart for this status.",
                hint="Choose one in the mapping of this binding.",
            )
        known = self._around.step(self.issue, target) if self.issue else None
        try:
            self._client.issues.transition(self._id, known or self._find_step(target))
        except Unseen:
            raise
        except Refused:
            if known is None:
                raise
            self._client.issues.transition(self._id, self._find_step(target))

    def _find_step(self, target: str) -> str:
        offered = self._client.issues.transitions(self._id)
        step = next((t for t in offered if t.to.id == target and t.is_available), None)
        if step is None:
            names = ", ".join(sorted({t.to.name for t in offered})) or "no other status"
            raise Refused(
                "Jira's workflow has no step to this status; from where the issue stands it "
                f"offers {names}.",
                hint="Move the issue in Jira, map the status to one that can be reached, or ask a "
                "Jira admin to add the step or the right to transition issues.",
            )
        if asked := step.asks_for():
            raise Refused(
                f"Jira asks for {', '.join(asked)} when an issue moves to {step.to.name}.",
                hint="Move the issue in Jira and fill it in there, or ask a Jira admin for a step "
                "without that screen.",
            )
        return step.id

    def _write_comment(self, changes: Sequence[Change]) -> None:
        (change,) = changes
        child = self._around.child(change.slot.key)
        if change.value is ABSENT:
            if child.remote_id is not None:
                self._delete_comment(child.remote_id)
            return
        known = self._comments.get(child.remote_id or "")
        body = self._comment_body(str(change.value), child, known)
        if child.remote_id is None:
            marks = {PROPERTY: {"token": child.token}}
            comment = self._client.comments.add(self._id, body, properties=marks)
        else:
            comment = self._client.comments.edit(self._id, child.remote_id, body)
        self.written_comments[change.slot.key] = comment

    def _delete_comment(self, remote_id: str) -> None:
        try:
            self._client.comments.delete(self._id, remote_id)
        except Unseen:
            self.observe()
            if remote_id in self._comments:
                raise

    def _comment_body(self, text: str, child: Child, known: Comment | None) -> JsonObject:
        previous = known.body if known and isinstance(known.body, dict) else None
        if child.header and previous is not None:
            previous = dict(_without_header(previous))
        body = _text_there(text, previous)
        if not child.header:
            return body
        content = body.get("content")
        return {
            **body,
            "content": [_header(child.header), *(content if isinstance(content, list) else [])],
        }


def stamp(thing: Issue | Comment) -> str:
    """When Jira last changed it, in a form in which later sorts after earlier."""
    return stamp_of(thing.updated)


def stamp_of(instant: datetime) -> str:
    """An instant in UTC with milliseconds, which is all that Jira keeps."""
    utc = instant.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"


def _run(
    steps: Sequence[tuple[Sequence[Change], Callable[[Sequence[Change]], None]]], written: Written
) -> Written:
    for changes, act in steps:
        try:
            act(changes)
        except Unseen as error:
            return Written(written.applied, written.refused, error)
        except Refused as error:
            written.refused.update(
                {c.slot: error for c in changes if c.slot not in written.refused}
            )
        except (Retryable, Disconnected, Gone) as error:
            return Written(written.applied, written.refused, error)
        written.applied.update({c.slot: c.value for c in changes if c.slot not in written.refused})
    return written


def _blamed(slot: Slot, error: Refused) -> bool:
    name = "labels" if slot.kind == slots.LABEL else _JIRA_NAME[slot]
    return name in error.fields


def _refusal_of(slot: Slot, error: Refused) -> Refused:
    name = "labels" if slot.kind == slots.LABEL else _JIRA_NAME[slot]
    return Refused(f"Jira refused it: {error.fields[name]}", hint=error.hint)
