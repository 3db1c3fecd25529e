"""Comments of an issue: each a slot of its own, named by our link of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from duolog.core import fields as slots
from duolog.core.errors import AnswerLost, Disconnected, Refused, Unseen
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import ABSENT, Slot, Snapshot, Value
from duolog.jira.client import BY_ID, JiraClient
from duolog.jira.dialect import Dialect
from duolog.jira.parts.part import Step
from duolog.jira.stamps import stamp
from duolog.jira.surroundings import Born, Child, Facets, Surroundings, texts_of
from duolog.jira.tokens import comment_token, marked
from duolog.jira.wire import Comment, Issue, Json
from duolog.jira.wire.comments import INTERNAL

SERVICE_DESK: Final = "service_desk"


class CommentsPart:
    """The comments of one issue.

    Restricted ones are left out, and their text never crosses, unless the binding takes them;
    then whoever may read them in Jira stays as it is, and an answer to one is for the same readers.
    """

    kind = slots.COMMENT

    def __init__(self, client: JiraClient, issue_id: str, around: Surroundings) -> None:
        self._client = client
        self._id = issue_id
        self._around = around
        self._comments: dict[str, Comment] = {}
        self.written: dict[str, Born] = {}

    def take(self, issue: Issue) -> Snapshot:
        """All comments that cross: open to all who see the issue.  Of others, that they are there.

        So one that becomes restricted is gone from the snapshot, and never taken for a new one.
        """
        self._comments = {c.id: c for c in self._all_of(issue)}
        keys = self._around.children(self.kind, list(self._comments), self._recognise)
        for comment in self._comments.values():
            facets = Facets(comment.author, comment.is_open, comment.readers)
            self._around.saw(keys[comment.id], facets)
        takes_all = self._around.takes_restricted
        crossing = [c for c in self._comments.values() if takes_all or c.is_open]
        return {Slot(self.kind, keys[c.id]): self._here(keys[c.id], c) for c in crossing}

    def _all_of(self, issue: Issue) -> Sequence[Comment]:
        if _hides_internal(issue, self._around.dialect):
            return self._client.comments.list(issue.id, with_properties=True)
        embedded = issue.known.comment
        if embedded is not None and embedded.complete:
            return embedded.comments
        return self._client.comments.list(issue.id)

    def _here(self, key: str, comment: Comment) -> Value:
        texts = texts_of(self._around)
        has_header = self._around.child(key).header
        return texts.here(texts.without_header(comment.body) if has_header else comment.body)

    def _recognise(self, fresh: Sequence[str], doubtful: Sequence[str]) -> Mapping[str, Born]:
        by_token = {self._around.child(key).token: key for key in doubtful}
        found: dict[str, Born] = {}
        for start in range(0, len(fresh), BY_ID):
            for comment in self._client.comments.by_ids(
                self._id, fresh[start : start + BY_ID]
            ).comments:
                if (key := by_token.get(comment_token(comment) or "")) is not None:
                    found[key] = Born(comment.id, stamp(comment))
        return found

    def stamps(self) -> Mapping[str, str]:
        """When each comment last seen was last changed, by its id in Jira."""
        return {c.id: stamp(c) for c in self._comments.values()}

    def steps(self, changes: Sequence[Change], _written: Written) -> Iterable[Step]:
        """One request for each comment."""
        mine = (change for change in changes if change.slot.kind == self.kind)
        return [Step((change,), partial(self._write, change)) for change in mine]

    def _write(self, change: Change) -> None:
        child = self._around.child(change.slot.key)
        if change.value is ABSENT:
            if child.remote_id is not None:
                self._delete(child.remote_id)
            return
        text = str(change.value)
        if child.remote_id is None:
            comment = self._add(change.slot.key, text, child)
        else:
            comment = self._edit(text, child, child.remote_id)
        self.written[change.slot.key] = Born(comment.id, stamp(comment))

    def _add(self, key: str, text: str, child: Child) -> Comment:
        """Under the author's own name where they allow it and may; else below a line with it."""
        texts = texts_of(self._around)
        answered = self._comments.get(child.answers_id or "")
        if answered is None and child.answers_readers:
            raise Refused(
                f"It answers a comment that Jira showed to {child.answers_readers} alone, and no "
                "longer has.",
                hint="Nobody can be told who may read the answer. Delete it, or write it anew as a "
                "comment for all who see the issue.",
            )
        visibility = answered.visibility if answered else None
        marks = {**marked(child.token), **_internal_like(answered)}
        body = texts.there(text, None)
        answer = texts.with_header(body, child.answers) if child.answers else body
        hand = self._around.hand_of_author(key)
        if hand is not None:
            try:
                return hand.comments.add(self._id, answer, properties=marks, visibility=visibility)
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
        return self._client.comments.add(self._id, body, properties=marks, visibility=visibility)

    def _delete(self, remote_id: str) -> None:
        try:
            self._client.comments.delete(self._id, remote_id)
        except Unseen:
            listed = self._client.comments.list(self._id)
            if any(comment.id == remote_id for comment in listed):
                raise

    def _edit(self, text: str, child: Child, remote_id: str) -> Comment:
        """Another text, for the same readers: what was restricted meanwhile stays so."""
        known = self._comments.get(remote_id)
        body = self._edited_body(text, child, known)
        visibility = known.visibility if known else None
        return self._client.comments.edit(self._id, remote_id, body, visibility=visibility)

    def _edited_body(self, text: str, child: Child, known: Comment | None) -> Json:
        """The new text; the line that names the author stays as it is where there is one."""
        texts = texts_of(self._around)
        if not child.header:
            return texts.there(text, known.body if known else None)
        if known is None:
            return texts.with_header(texts.there(text, None), child.header)
        below = texts.without_header(known.body)
        return texts.below_header_of(known.body, texts.there(text, below))


def _internal_like(answered: Comment | None) -> Mapping[str, Json]:
    """The property that makes an answer internal, too."""
    return {INTERNAL: {"internal": True}} if answered and answered.is_internal else {}


def _hides_internal(issue: Issue, dialect: Dialect) -> bool:
    """Whether comments for the agents of a service desk look like any other within this issue."""
    project = issue.known.project
    is_open = project is not None and project.project_type_key != SERVICE_DESK
    return not dialect.comments_tell_internal and not is_open
