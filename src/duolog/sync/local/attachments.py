"""Files of a work item: each a slot of its own, whose value says name and size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from duolog.core import fields as slots
from duolog.core.errors import Refused, Retryable, SyncError, Unseen
from duolog.core.fields import foreign_id
from duolog.core.reconcile import Change
from duolog.core.sizes import beside, size_in_words
from duolog.core.values import ABSENT, Slot, Snapshot
from duolog.jira.wire import Attachment as RemoteFile
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.sync.basis.ground import Ground
from duolog.sync.link.children import LinkGround
from duolog.sync.models import ChildState
from duolog.workplace.actors import Actor
from duolog.workplace.files import FILE_MAX
from duolog.workplace.models import WorkItem
from duolog.workplace.queries import find_file
from duolog.workplace.services import (
    KeptFile,
    attach,
    delete_attachment,
    keep_file,
    restore_attachment,
)


class Fetched(NamedTuple):
    """A file whose content lies in our store, and who attached it in Jira."""

    file: KeptFile
    uploader: Member | None
    uploader_name: str


class LocalAttachments:
    """The files of one work item.

    What comes from Jira is fetched by `prepare`, before the transaction in which it is attached.
    """

    kinds = frozenset({slots.ATTACHMENT})

    def __init__(self, ground: Ground, around: LinkGround) -> None:
        self._ground = ground
        self._around = around
        self._fetched: dict[Slot, Fetched | Refused] = {}

    def take(self, item: WorkItem) -> Snapshot:
        """Name and size of each file."""
        files = {file.pk: file for file in item.attachments.filter(deleted_at=None)}
        keys = self._around.local_children(slots.ATTACHMENT, list(files))
        return {
            Slot(slots.ATTACHMENT, keys[it]): self._around.label(
                keys[it], f"{file.name} ({size_in_words(file.size)})"
            )
            for it, file in files.items()
        }

    def prepare(self, changes: Sequence[Change]) -> SyncError | None:
        """Fetch what is to hang here; why one of the files could not be fetched now, if so."""
        failed: SyncError | None = None
        for change in changes:
            if change.slot.kind not in self.kinds or self.is_ready(change):
                continue
            try:
                self._fetched[change.slot] = self._fetch(change.slot.key)
            except Refused as error:
                self._fetched[change.slot] = error
            except SyncError as error:
                failed = failed or error
        return failed

    def is_ready(self, change: Change) -> bool:
        """Whether all that the change needs is here: to be asked after `prepare`."""
        is_fetched = change.slot in self._fetched or self._in_trash(change) is not None
        return change.value is ABSENT or is_fetched

    def _in_trash(self, change: Change) -> int | None:
        """The id of the file as it hung here before, if it can be restored."""
        local_id = self._around.row(change.slot.key).local_id
        found = None if local_id is None else find_file(local_id)
        return None if found is None else found.pk

    def _fetch(self, key: str) -> Fetched:
        there = self._around.files.known(key)
        if there is None:
            raise Retryable("The file was not to be seen in Jira; we look again.")
        _must_fit(there)
        return Fetched(self._download(there), *self._uploader(there))

    def _download(self, there: RemoteFile) -> KeptFile:
        """The whole file, or Retryable: a length that is not what Jira says is no file."""
        try:
            with self._ground.client.attachments.open(there) as received:
                chunks = _no_longer(received.chunks(), there)
                kept = keep_file(there.filename, chunks, media_type=there.mime_type)
        except Unseen as error:
            raise Refused(
                f"Jira lists {there.filename}, but does not give it out.",
                hint="It may be missing on Jira's own disk: open it there, or delete it.",
            ) from error
        except Invalid as error:
            raise Refused(str(error)) from error
        if kept.content.size != there.size:
            raise Retryable(
                f"Of {there.filename}, {kept.content.size:,} of {there.size:,} bytes came through; "
                "we fetch it again."
            )
        return kept

    def _uploader(self, there: RemoteFile) -> tuple[Member | None, str]:
        if there.author is None:
            return None, "Somebody in Jira"
        member = self._ground.account_here(there.author)
        if foreign_id(member) is not None:
            return None, there.author.display_name or "Somebody in Jira"
        return Member.objects.filter(pk=member).first(), there.author.display_name

    def write(self, item: WorkItem, change: Change, actor: Actor) -> None:
        """Attach what was fetched, restore what is in the trash, or delete."""
        row = self._around.row(change.slot.key)
        if change.value is ABSENT:
            if row.local_id is not None:
                delete_attachment(row.local_id, actor=actor)
            return
        if (in_trash := self._in_trash(change)) is not None:
            restore_attachment(in_trash, actor=actor)
            return
        fetched = self._fetched[change.slot]
        if isinstance(fetched, Refused):
            raise fetched
        row.local_id = attach(
            item.pk,
            fetched.file,
            actor=actor,
            uploader=fetched.uploader,
            uploader_name=fetched.uploader_name,
        ).pk
        row.state = ChildState.LINKED
        row.save(update_fields=["local_id", "state"])


def _must_fit(there: RemoteFile) -> None:
    if there.size <= FILE_MAX:
        return
    its, limit = beside(there.size, FILE_MAX)
    raise Refused(
        f"{there.filename} has {its}; a file here has at most {limit}.",
        hint="It stays in Jira: link to it there, or attach a smaller one. Everything else goes on.",
    )


def _no_longer(chunks: Iterator[bytes], there: RemoteFile) -> Iterator[bytes]:
    """The chunks, as long as they are no more than Jira said there would be."""
    left = there.size
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise Retryable(f"{there.filename} is longer than Jira says; we fetch it again.")
        yield chunk
