"""Files of an issue: each a slot of its own, whose value says name and size and never changes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from duolog.core import fields as slots
from duolog.core.errors import AnswerLost, Disconnected, Refused, Retryable, Unseen
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.sizes import beside, size_in_words
from duolog.core.values import ABSENT, Slot, Snapshot
from duolog.jira.call import Upload
from duolog.jira.client import JiraClient
from duolog.jira.parts.part import Step
from duolog.jira.stamps import stamp_of
from duolog.jira.surroundings import Born, FileHere, Surroundings
from duolog.jira.wire import Attachment, Issue

FIELD: Final = "attachment"


class AttachmentsPart:
    """The files of one issue.

    Where Jira does not show any, as when attachments are switched off, those that were there are
    taken to be there still: what cannot be seen is not gone.
    """

    kind = slots.ATTACHMENT

    def __init__(self, client: JiraClient, issue_id: str, around: Surroundings) -> None:
        self._client = client
        self._id = issue_id
        self._around = around
        self._files: Mapping[str, Attachment] = {}
        self._shows = True
        self.written: dict[str, Born] = {}

    def take(self, issue: Issue) -> Snapshot:
        """Name and size of each file."""
        self._shows = issue.known.attachment is not None
        if not self._shows:
            return {Slot(self.kind, it): self._label(it) for it in self._around.linked(self.kind)}
        self._files = {file.id: file for file in issue.known.attachment or ()}
        keys = self._around.children(self.kind, [*self._files], self._recognise)
        self._around.files.forget_all()
        for remote_id, file in self._files.items():
            self._around.files.note(keys[remote_id], file)
        return {
            Slot(self.kind, keys[it]): self._label(keys[it], file)
            for it, file in self._files.items()
        }

    def _label(self, key: str, file: Attachment | None = None) -> str:
        said = "" if file is None else f"{file.filename} ({size_in_words(file.size)})"
        return self._around.label(key, said)

    def stamps(self) -> Mapping[str, str]:
        """When each file was attached."""
        return {it: stamp_of(file.created) for it, file in self._files.items()}

    def steps(self, changes: Sequence[Change], _written: Written) -> Iterable[Step]:
        """One request for each file."""
        mine = (change for change in changes if change.slot.kind == self.kind)
        return [Step((change,), partial(self._write, change)) for change in mine]

    def _write(self, change: Change) -> None:
        key = change.slot.key
        if not self._shows:
            raise Refused(
                "Jira shows no attachments of this issue.",
                hint="Ask a Jira admin whether attachments are switched on, and whether the field "
                "is hidden in this project.",
            )
        if change.value is ABSENT:
            if (remote_id := self._around.child(key).remote_id) is not None:
                self._delete(remote_id)
            return
        file = self._around.file_here(key)
        if file is None:
            raise Refused("The file is no longer on our disk.", hint="Attach it again.")
        self._must_fit(file)
        made = self._add(key, file)
        born = Born(made.id, stamp_of(made.created))
        self._around.keep(key, born)
        if made.size != file.size:
            self._delete(made.id)
            raise Retryable(f"Jira kept {made.size} of the {file.size} bytes of {file.name}.")
        self.written[key] = born
        self._around.files.note(key, made)

    def _must_fit(self, file: FileHere) -> None:
        """By the limit as it was when the project was read; Jira is asked anew before refusing."""
        most = self._around.largest_file
        if most is None or file.size <= most:
            return
        most = self._client.attachments.meta().upload_limit
        if most is None or file.size <= most:
            return
        its, limit = beside(file.size, most)
        raise Refused(
            f"{file.name} has {its}; a file in this Jira has at most {limit}.",
            hint="Make it smaller, keep it elsewhere and link to it, or ask a Jira admin to raise "
            "the limit. Everything else goes on.",
        )

    def _add(self, key: str, file: FileHere) -> Attachment:
        """Under the name of whoever attached it where they allow it and may."""
        upload = Upload(file.name, file.media_type, file.open)
        hand = self._around.hand_of_author(key)
        if hand is not None:
            try:
                return hand.attachments.add(self._id, upload)
            except Disconnected as error:
                self._around.hand_is_lame(key, error)
                raise AnswerLost(
                    f"The connection of whoever attached the file has stopped: {error}",
                    hint="We look whether it is there before the service account attaches it.",
                ) from error
            except Refused:
                pass  # Jira took nothing: they may not attach files there, or may not see it
        try:
            return self._client.attachments.add(self._id, upload)
        except Unseen as error:
            self._must_be_there(error)
            raise Refused(
                f"Jira does not take {file.name} ({size_in_words(file.size)}): {error}",
                hint="It may be larger than this Jira takes, or the account may not attach files.",
            ) from error

    def _must_be_there(self, error: Unseen) -> None:
        """Server says *not found* of a file that is too large; the issue itself tells which it is."""
        try:
            self._client.issues.get(self._id, fields=("updated",))
        except Unseen:
            raise error from None

    def _delete(self, remote_id: str) -> None:
        try:
            self._client.attachments.delete(remote_id)
        except Unseen:
            issue = self._client.issues.get(self._id, fields=(FIELD,))
            if any(file.id == remote_id for file in issue.known.attachment or ()):
                raise

    def _recognise(self, fresh: Sequence[str], doubtful: Sequence[str]) -> Mapping[str, Born]:
        """Which of these files are ours, whose answers were lost: by writer, size, then content."""
        left = {it: self._files[it] for it in fresh}
        found: dict[str, Born] = {}
        for key in doubtful:
            if (file := self._around.file_here(key)) is None:
                continue
            writers = self._around.writers(key)
            alike = [it for it in left.values() if it.size == file.size and _is_by(it, writers)]
            alike.sort(key=lambda it: it.filename != file.name)
            match = next((it for it in alike if self._is(it, file)), None)
            if match is not None:
                del left[match.id]
                found[key] = Born(match.id, stamp_of(match.created))
        return found

    def _is(self, there: Attachment, file: FileHere) -> bool:
        """Whether the contents are the same; by the name where Jira does not give it out."""
        digest = hashlib.sha256()
        try:
            with self._client.attachments.open(there) as received:
                for chunk in received.chunks():
                    digest.update(chunk)
        except Unseen:
            return False  # deleted meanwhile
        except Refused:
            return there.filename == file.name
        return digest.hexdigest() == file.sha256


def _is_by(there: Attachment, writers: Collection[str]) -> bool:
    return there.author is not None and there.author.account_id in writers
