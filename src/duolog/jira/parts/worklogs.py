"""Worklogs of an issue: each a slot of its own, named by our link of it (jira.md 5).

A worklog belongs to the account that wrote it, for ever: it goes out under the author's own name
where they let us, and only that account, or one that may edit all worklogs, can change it.  The
remaining estimate is kept in step by itself, so no worklog of ours moves it.  They are written
one after the other: Jira's sum of an issue is spoilt by two at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from duolog.core import fields as slots
from duolog.core.errors import AnswerLost, Disconnected, Refused, Unseen
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import ABSENT, Slot, Snapshot
from duolog.core.worklogs import MINUTE, Spent, parse_spent
from duolog.jira.client import JiraClient
from duolog.jira.client.worklogs import LEAVE, WorklogParts
from duolog.jira.parts.part import Step
from duolog.jira.stamps import stamp
from duolog.jira.surroundings import Born, Child, Facets, Surroundings, texts_of
from duolog.jira.tokens import marked, worklog_token
from duolog.jira.wire import Issue, Json, Worklog

T = TypeVar("T")

NOT_OURS: Final = (
    "In Jira only whoever logged it can change it: let them connect their own Jira account and "
    "allow Duolog to write in their name, or ask a Jira admin to let the service account edit and "
    "delete all worklogs."
)
NO_TIME: Final = "Ask a Jira admin to turn time tracking on, and to let the account work on issues."


class WorklogsPart:
    """The worklogs of one issue.  Restricted ones are left out: they never cross.

    `is_told` is False where Jira keeps no time for the issue; then nothing is known of any.
    """

    kind = slots.WORKLOG

    def __init__(self, client: JiraClient, issue_id: str, around: Surroundings) -> None:
        self._client = client
        self._id = issue_id
        self._around = around
        self._worklogs: dict[str, Worklog] = {}
        self.is_told = True
        self.written: dict[str, Born] = {}

    def take(self, issue: Issue) -> Snapshot:
        """All worklogs that are open to all who see the issue; nothing where none are told."""
        told = self._all_of(issue)
        self.is_told = told is not None
        self._worklogs = {each.id: each for each in told or ()}
        open_to_all = [each for each in self._worklogs.values() if each.is_open]
        keys = self._around.children(self.kind, [each.id for each in open_to_all], self._recognise)
        for each in open_to_all:
            self._around.saw(keys[each.id], Facets(each.author, is_open=True))
        return {
            Slot(self.kind, keys[each.id]): self._here(keys[each.id], each).render()
            for each in open_to_all
        }

    def _all_of(self, issue: Issue) -> Sequence[Worklog] | None:
        """All of them, or None where Jira keeps no time for the issue.

        None at all, where there were some, is believed only if Jira says so when asked for them.
        """
        embedded = issue.known.worklog
        if embedded is None:
            return None
        if embedded.complete and (embedded.worklogs or not self._around.holds(self.kind)):
            return embedded.worklogs
        try:
            return self._client.worklogs.list(issue.id)
        except Unseen:
            if embedded.worklogs:
                raise
            return None

    def _here(self, key: str, worklog: Worklog) -> Spent:
        texts = texts_of(self._around)
        body = texts.without_header(worklog.comment)
        if body != worklog.comment and not self._around.child(key).header:
            body = worklog.comment  # it only looks like the line that names an author of ours
        return Spent(worklog.started, worklog.time_spent_seconds, texts.here(body))

    def _recognise(self, fresh: Sequence[str], doubtful: Sequence[str]) -> Mapping[str, Born]:
        if self._around.dialect.worklogs_know_more:
            return self._recognise_by_token(fresh, doubtful)
        found: dict[str, Born] = {}
        left = [self._worklogs[it] for it in fresh]
        for key in doubtful:
            same = next((each for each in left if self._is_what_was_sent(key, each)), None)
            if same is not None:
                left.remove(same)
                found[key] = Born(same.id, stamp(same))
        return found

    def _recognise_by_token(
        self, fresh: Sequence[str], doubtful: Sequence[str]
    ) -> Mapping[str, Born]:
        by_token = {self._around.child(key).token: key for key in doubtful}
        listed = self._client.worklogs.list(self._id, with_properties=True)
        return {
            by_token[token]: Born(each.id, stamp(each))
            for each in listed
            if each.id in fresh and (token := worklog_token(each)) is not None and token in by_token
        }

    def _is_what_was_sent(self, key: str, worklog: Worklog) -> bool:
        """Whether it was written by us or by our author, at that time and for that long."""
        sent, author = self._around.child(key).sent, worklog.author
        if not sent or author is None or author.account_id not in self._around.writers(key):
            return False
        spent = parse_spent(sent)
        return (worklog.started, worklog.time_spent_seconds) == (
            spent.started,
            whole_there(spent.seconds),
        )

    def stamps(self) -> Mapping[str, str]:
        """When each worklog last seen was last changed, by its id in Jira."""
        return {each.id: stamp(each) for each in self._worklogs.values()}

    def steps(self, changes: Sequence[Change], written: Written) -> Iterable[Step]:
        """One request for each worklog."""
        mine = (change for change in changes if change.slot.kind == self.kind)
        return [Step((change,), partial(self._write, change, written)) for change in mine]

    def _write(self, change: Change, written: Written) -> None:
        child = self._around.child(change.slot.key)
        if change.value is ABSENT:
            if child.remote_id is not None:
                self._delete(change.slot.key, child.remote_id)
            return
        spent = parse_spent(str(change.value))
        known = self._worklogs.get(child.remote_id or "")
        if known is None:
            worklog = self._add(change.slot.key, spent, child)
        else:
            worklog = self._edit(change.slot.key, spent, known)
        self.written[change.slot.key] = Born(worklog.id, stamp(worklog))
        written.applied[change.slot] = self._here(change.slot.key, worklog).render()

    def _add(self, key: str, spent: Spent, child: Child) -> Worklog:
        """Under the author's own name where they allow it and may; else below a line with it."""
        texts, marks = texts_of(self._around), marked(child.token)
        body = texts.there(spent.comment, None) if spent.comment else None
        parts = WorklogParts(spent.started, whole_there(spent.seconds), body)
        hand = self._around.hand_of_author(key)
        if hand is not None:
            try:
                return hand.worklogs.add(
                    self._id, parts, properties=marks, estimate=LEAVE, notify=False
                )
            except Disconnected as error:
                raise self._lame(key, error) from error
            except Refused:
                pass  # Jira took nothing: the author may not log time there, or may not see it
        if child.header:
            parts = replace(parts, comment=texts.with_header(body, child.header))
        try:
            return self._client.worklogs.add(
                self._id, parts, properties=marks, estimate=LEAVE, notify=False
            )
        except Unseen as error:
            self._client.issues.get(self._id, fields=("updated",))
            raise Refused("Jira takes no time for this issue.", hint=NO_TIME) from error

    def _edit(self, key: str, spent: Spent, known: Worklog) -> Worklog:
        """What differs from what Jira holds, and nothing else."""
        there, seconds = self._here(key, known), whole_there(spent.seconds)
        is_same_time = there.seconds in {spent.seconds, seconds}
        parts = WorklogParts(
            None if spent.started == there.started else spent.started,
            None if is_same_time else seconds,
            None if spent.comment == there.comment else self._comment(key, spent.comment, known),
        )
        if not parts.body():
            return known

        def edit(client: JiraClient) -> Worklog:
            return client.worklogs.edit(self._id, known.id, parts, estimate=LEAVE, notify=False)

        return self._by_its_author(key, known, edit)

    def _comment(self, key: str, text: str, known: Worklog) -> Json:
        """The new text; the line that names the author stays where there is one.

        None where it says what is there already, however that is put.
        """
        texts, header = texts_of(self._around), self._around.child(key).header
        below = texts.without_header(known.comment) if header else known.comment
        body = texts.there(text, below)
        if texts.here(body) == texts.here(below):
            return None
        return texts.with_header(body, header) if header and below != known.comment else body

    def _delete(self, key: str, remote_id: str) -> None:
        known = self._worklogs.get(remote_id)
        if known is None:
            return  # restricted, or gone since: nothing of ours is left there

        def delete(client: JiraClient) -> None:
            client.worklogs.delete(self._id, remote_id, estimate=LEAVE, notify=False)

        try:
            self._by_its_author(key, known, delete)
        except Unseen:
            if any(each.id == remote_id for each in self._client.worklogs.list(self._id)):
                raise

    def _by_its_author(self, key: str, known: Worklog, act: Callable[[JiraClient], T]) -> T:
        """By the hand that wrote it, where we have it and it may; else by the service account."""
        hand = self._around.hand_of_author(key)
        if hand is not None and known.author and self._around.is_hand_of(key, known.author):
            try:
                return act(hand)
            except Disconnected as error:
                raise self._lame(key, error) from error
            except Refused:
                pass
        try:
            return act(self._client)
        except Unseen:
            raise
        except Refused as error:
            raise Refused(
                f"Jira did not let us change this time: {error}", hint=NOT_OURS
            ) from error

    def _lame(self, key: str, error: Disconnected) -> AnswerLost:
        self._around.hand_is_lame(key, error)
        return AnswerLost(
            f"The author's own connection has stopped: {error}",
            hint="We look what is there before the service account writes it.",
        )


def whole_there(seconds: int) -> int:
    """A length of time as Jira takes it: whole minutes, at least one."""
    return max(MINUTE, seconds // MINUTE * MINUTE)
