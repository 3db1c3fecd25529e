"""`/work-items/{id}/attachments`: files, sent and fetched."""

from __future__ import annotations

from typing import Any, Final, Literal

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router

from duolog.api.callers import caller_of
from duolog.api.once import create_once
from duolog.api.openapi import ONCE
from duolog.api.shapes import Listing, Moment, Person, Shape, person
from duolog.api.v1.work_items import find_item
from duolog.people.errors import Invalid
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.sync.shown.filed import Standings, standings_of
from duolog.workplace import queries, services
from duolog.workplace.downloads import download
from duolog.workplace.models import Attachment

router = Router(tags=["Attachments"])

_ONE_FILE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
_CONTENT: Final[dict[str, Any]] = {
    "responses": {
        200: {
            "description": "The file",
            "content": {"application/octet-stream": {"schema": {"type": "string"}}},
        }
    }
}


class AttachmentShape(Shape):
    """A file of an item, `size` in bytes; where no member sent it, `uploader_name` says who did.

    `state` says how it stands with the issue: `in_step`, `due`, or `held` for a `reason`; null
    where the item follows no issue.
    """

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    uploaded_by: Person | None
    uploader_name: str
    created_at: Moment
    content_url: str
    state: Literal["in_step", "due", "held"] | None
    reason: str


@router.get("/work-items/{item_id}/attachments", response=Listing[AttachmentShape])
@states(Right.VIEW)
def list_attachments(request: HttpRequest, item_id: str) -> Listing[AttachmentShape]:
    """All attachments, in order of time."""
    item = find_item(request, item_id)
    files, standings = queries.list_attachments(item), standings_of(item)
    return Listing[AttachmentShape](items=[_attachment(each, standings) for each in files])


@router.post(
    "/work-items/{item_id}/attachments",
    response={201: AttachmentShape},
    openapi_extra=ONCE | _ONE_FILE,
)
@states(Right.EDIT_ITEMS)
def create_attachment(request: HttpRequest, item_id: str) -> HttpResponse:
    """Attach a file of at most 25 MB; one that hangs there already is answered as it is."""
    actor, item = caller_of(request).actor, find_item(request, item_id)
    sent = _file(request)
    kept = services.keep_file(
        sent.name or "", sent.chunks(), media_type=str(sent.content_type or "")
    )
    return create_once(
        request,
        lambda: _attachment(services.attach(item.pk, kept, actor=actor)),
        content=f"{kept.content.sha256} {kept.name}".encode(),
    )


@router.get("/work-items/{item_id}/attachments/{int:attachment_id}", response=AttachmentShape)
@states(Right.VIEW)
def read_attachment(request: HttpRequest, item_id: str, attachment_id: int) -> AttachmentShape:
    """One attachment, without its content."""
    return _attachment(queries.get_attachment(find_item(request, item_id), attachment_id))


@router.get("/work-items/{item_id}/attachments/{int:attachment_id}/content", openapi_extra=_CONTENT)
@states(Right.VIEW)
def read_content(request: HttpRequest, item_id: str, attachment_id: int) -> HttpResponseBase:
    """The file itself; with `If-None-Match` 304 where the caller has it."""
    return download(request, queries.get_attachment(find_item(request, item_id), attachment_id))


@router.delete("/work-items/{item_id}/attachments/{int:attachment_id}", response={204: None})
@states(Right.MODERATE, own=Right.EDIT_ITEMS)
def delete_attachment(request: HttpRequest, item_id: str, attachment_id: int) -> HttpResponse:
    """Take one's own attachment away."""
    attachment = queries.get_attachment(find_item(request, item_id), attachment_id)
    services.delete_attachment(attachment.pk, actor=caller_of(request).actor)
    return HttpResponse(status=204)


@router.post(
    "/work-items/{item_id}/attachments/{int:attachment_id}/restore", response=AttachmentShape
)
@states(Right.MODERATE, own=Right.EDIT_ITEMS)
def restore_attachment(request: HttpRequest, item_id: str, attachment_id: int) -> AttachmentShape:
    """Have a deleted attachment on its item again, within 30 days."""
    attachment = queries.get_attachment(find_item(request, item_id), attachment_id, in_trash=True)
    return _attachment(services.restore_attachment(attachment.pk, actor=caller_of(request).actor))


def _file(request: HttpRequest) -> UploadedFile[bytes]:
    sent = request.FILES.getlist("file")
    if len(sent) != 1:
        raise Invalid({"file": "Send one file, as the part `file` of multipart/form-data."})
    return sent[0]


def _attachment(attachment: Attachment, known: Standings | None = None) -> AttachmentShape:
    standings = standings_of(attachment.work_item) if known is None else known
    uploader = attachment.uploaded_by
    here = f"/api/v1/work-items/{attachment.work_item_id}/attachments/{attachment.pk}"
    return AttachmentShape(
        id=str(attachment.pk),
        name=attachment.name,
        media_type=attachment.media_type,
        size=attachment.size,
        sha256=attachment.sha256,
        uploaded_by=person(uploader),
        uploader_name=uploader.name if uploader else attachment.uploader_name,
        created_at=attachment.created_at,
        content_url=f"{here}/content",
        state=standings.state_of(attachment.pk),
        reason=standings.reason_of(attachment.pk),
    )
