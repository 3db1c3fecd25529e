"""Jira's side of a link: looks at an issue, and carries changes out, request by request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from duolog.core import fields as slots
from duolog.core.errors import AnswerLost, Disconnected, Gone, Refused, Retryable, Unseen
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import ABSENT, Slot, Snapshot
from duolog.jira.client import JiraClient
from duolog.jira.codec import (
    JIRA_NAME,
    PROPERTY,
    Child,
    Surroundings,
    field_name,
    field_there,
    read_fields,
    snapshot_of,
    stamp,
    texts_of,
)
from duolog.jira.dialect import Dialect
from duolog.jira.wire import Comment, Issue, Json, JsonObject

SERVICE_DESK: Final = "service_desk"


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
        issue = self._client.issues.get(self._id, fields=read_fields(self._around.epics))
        return self.take(issue)

    def take(self, issue: Issue) -> Snapshot:
        """All that an issue read elsewhere (a page of a search, an answer to an edit) holds."""
        embedded = issue.known.comment
        if _hides_internal(issue, self._around.dialect):
            comments = self._client.comments.list(issue.id, with_properties=True)
        elif embedded is not None and embedded.complete:
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
        plain = [c for c in changes if c.slot.kind == slots.LABEL or c.slot in JIRA_NAME]
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
            blamed = [c for c in good if self._name(c.slot) in error.fields]
            if not blamed or isinstance(error, Unseen):
                raise
            written.refused.update({c.slot: _refusal_of(self._name(c.slot), error) for c in blamed})
            self._edit([c for c in good if c not in blamed], written)
        else:
            self._compare(answer, good)

    @property
    def _kind(self) -> str:
        kind = self.issue.known.issue_type if self.issue else None
        return kind.id if kind else ""

    def _name(self, slot: Slot) -> str:
        return field_name(slot, self._around, self._kind)

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
                    name = self._name(change.slot)
                    previous = self.issue.fields.get(name) if self.issue else None
                    fields[name] = field_there(
                        change.slot, change.value, self._around, kind=self._kind, previous=previous
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
        text = str(change.value)
        if child.remote_id is None:
            comment = self._add_comment(change.slot.key, text, child)
        else:
            body = self._edited_body(text, child, self._comments.get(child.remote_id))
            comment = self._client.comments.edit(self._id, child.remote_id, body)
        self.written_comments[change.slot.key] = comment

    def _add_comment(self, key: str, text: str, child: Child) -> Comment:
        """Under the author's own name where they allow it and may; else below a line with it."""
        texts, marks = texts_of(self._around), {PROPERTY: {"token": child.token}}
        body = texts.there(text, None)
        hand = self._around.hand_of_author(key)
        if hand is not None:
            try:
                return hand.comments.add(self._id, body, properties=marks)
            except Disconnected as error:
                self._around.hand_is_lame(key, error)
                raise AnswerLost(
                    f"The author's own connection has stopped: {error}",
                    hint="We look whether the comment is there before the service account writes it.",
                ) from error
            except Refused:
                pass  # Jira took nothing: the author may not comment there, or may not see it
        if child.header:
            body = texts.with_header(body, child.header)
        return self._client.comments.add(self._id, body, properties=marks)

    def _delete_comment(self, remote_id: str) -> None:
        try:
            self._client.comments.delete(self._id, remote_id)
        except Unseen:
            self.observe()
            if remote_id in self._comments:
                raise

    def _edited_body(self, text: str, child: Child, known: Comment | None) -> Json:
        """The new text; the line that names the author stays where there is one."""
        texts = texts_of(self._around)
        previous = known.body if known else None
        below = texts.without_header(previous) if child.header else previous
        body = texts.there(text, below)
        has_header = child.header and (known is None or below != previous)
        return texts.with_header(body, child.header) if has_header else body


def _hides_internal(issue: Issue, dialect: Dialect) -> bool:
    """Whether comments for the agents of a service desk look like any other within this issue."""
    project = issue.known.project
    is_open = project is not None and project.project_type_key != SERVICE_DESK
    return not dialect.comments_tell_internal and not is_open


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


def _refusal_of(name: str, error: Refused) -> Refused:
    return Refused(f"Jira refused it: {error.fields[name]}", hint=error.hint)
