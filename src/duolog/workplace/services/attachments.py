"""Every write to attachments.  Each counts as a change of the work item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from duolog.people.errors import Forbidden, Invalid
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.people.tokens import Clock
from duolog.workplace.actors import Actor
from duolog.workplace.file_names import UNKNOWN_TYPE, clean_media_type, clean_name
from duolog.workplace.files import FILE_MAX, Content, FileStore, TooLarge, file_store
from duolog.workplace.lookups import lock_attachment, lock_item
from duolog.workplace.models import Attachment, WorkItem
from duolog.workplace.record import Entry, record
from duolog.workplace.services.trash import KEPT_FOR

_UPLOADER_MAX: Final = 160
_YOUNG: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file whose content lies in the store, under a name that is fit to show."""

    name: str
    media_type: str
    content: Content


def keep_file(name: str, chunks: Iterable[bytes], *, media_type: str = UNKNOWN_TYPE) -> KeptFile:
    """Keep what is sent, before any row names it and outside any transaction.

    Whatever is kept and never attached is swept a day later.
    """
    try:
        content = file_store().keep(chunks)
    except TooLarge:
        most = FILE_MAX // (1024 * 1024)
        raise Invalid({"file": f"A file has at most {most} MB; this one has more."}) from None
    return KeptFile(clean_name(name), clean_media_type(media_type), content)


@transaction.atomic
def attach(
    item_id: int,
    file: KeptFile,
    *,
    actor: Actor,
    uploader: Member | None = None,
    uploader_name: str = "",
) -> Attachment:
    """Hang the file on the item; where it hangs there by this name already, nothing is written.

    What comes from Jira twice hangs here twice: taken for one, a deletion there would take both.
    `uploader` is who sent it, where that is not the actor.
    """
    item = lock_item(item_id, actor)
    sender = actor.member or uploader
    present = None if actor.is_sync else _same(item, file.name, file.content.sha256)
    if present is not None:
        return present
    attachment = Attachment.objects.create(
        work_item=item,
        name=file.name,
        media_type=file.media_type,
        size=file.content.size,
        sha256=file.content.sha256,
        uploaded_by=sender,
        uploader_name="" if sender else (uploader_name or actor.name)[:_UPLOADER_MAX],
    )
    record(item, [Entry("attached", after=attachment.name)], actor)
    return attachment


@transaction.atomic
def delete_attachment(
    attachment_id: int, *, actor: Actor, clock: Clock = timezone.now
) -> Attachment:
    """Take one's own attachment away; it can be restored for 30 days."""
    attachment = lock_attachment(attachment_id, actor)
    _require_authority(attachment, actor)
    attachment.deleted_at = clock()
    attachment.save(update_fields=["deleted_at"])
    record(attachment.work_item, [Entry("attachment deleted", before=attachment.name)], actor)
    return attachment


@transaction.atomic
def restore_attachment(attachment_id: int, *, actor: Actor) -> Attachment:
    """Have the attachment on its item again, unless the same file came back meanwhile."""
    attachment = lock_attachment(attachment_id, actor, in_trash=True)
    _require_authority(attachment, actor)
    present = (
        None if actor.is_sync else _same(attachment.work_item, attachment.name, attachment.sha256)
    )
    if present is not None:
        return present
    attachment.deleted_at = None
    attachment.save(update_fields=["deleted_at"])
    record(attachment.work_item, [Entry("attachment restored", after=attachment.name)], actor)
    return attachment


def purge_files(*, clock: Clock = timezone.now) -> int:
    """Remove for good what was deleted 30 days ago; returns how many contents went.

    A content goes once no row names it, and only if nobody kept it again within a day: whoever
    is attaching it just now keeps it.
    """
    Attachment.objects.filter(deleted_at__lte=clock() - KEPT_FOR).delete()
    store, before = file_store(), (clock() - _YOUNG).timestamp()
    return sum(_forget(store, sha256, before) for sha256 in tuple(store.list_older(before)))


def _same(item: WorkItem, name: str, sha256: str) -> Attachment | None:
    return item.attachments.filter(name=name, sha256=sha256, deleted_at=None).first()


def _forget(store: FileStore, sha256: str, before: float) -> bool:
    if Attachment.objects.filter(sha256=sha256).exists():
        return False
    return store.forget(sha256, unless_kept_since=before)


def _require_authority(attachment: Attachment, actor: Actor) -> None:
    own = actor.member is not None and attachment.uploaded_by_id == actor.member.pk
    if own or actor.is_sync:
        return
    try:
        actor.must(Right.MODERATE, team=attachment.work_item.team)
    except Forbidden as error:
        raise Forbidden(f"Somebody else attached this file. {error}") from error
