"""Attaching files to an item, fetching them, taking them away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.web.answers import with_toast
from duolog.web.pages import workplace_page
from duolog.web.views.item import draw_parts
from duolog.workplace import queries
from duolog.workplace.actors import Actor
from duolog.workplace.downloads import download
from duolog.workplace.services import attach, delete_attachment, keep_file, restore_attachment

CHANGED = ("attachments", "activity", "properties")


@require_POST
@workplace_page(Right.EDIT_ITEMS)
def add(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """Attach all of the files, or, if one is refused, none."""
    item = queries.get_item(member.workplace, key)
    kept = [
        keep_file(sent.name or "", sent.chunks(), media_type=str(sent.content_type or ""))
        for sent in request.FILES.getlist("file")
    ]
    if not kept:
        raise Invalid({"file": "Choose a file first."})
    for file in kept:
        attach(item.pk, file, actor=Actor.of(member))
    said = f"{kept[0].name} is attached" if len(kept) == 1 else f"{len(kept)} files are attached"
    return with_toast(draw_parts(request, member, key, CHANGED), said)


@require_GET
@workplace_page(Right.VIEW)
def content(request: HttpRequest, member: Member, key: str, attachment_id: int) -> HttpResponseBase:
    """The file itself."""
    item = queries.get_item(member.workplace, key)
    return download(request, queries.get_attachment(item, attachment_id))


@require_POST
@workplace_page(Right.MODERATE, own=Right.EDIT_ITEMS)
def delete(request: HttpRequest, member: Member, key: str, attachment_id: int) -> HttpResponse:
    """Take the file away and offer to bring it back."""
    item = queries.get_item(member.workplace, key)
    attachment = queries.get_attachment(item, attachment_id)
    delete_attachment(attachment.pk, actor=Actor.of(member))
    undo = reverse("web:restore-attachment", args=[member.workplace.slug, key, attachment_id])
    answer = draw_parts(request, member, key, CHANGED)
    return with_toast(answer, f"{attachment.name} is deleted", undo=undo)


@require_POST
@workplace_page(Right.MODERATE, own=Right.EDIT_ITEMS)
def restore(request: HttpRequest, member: Member, key: str, attachment_id: int) -> HttpResponse:
    """Bring the file back."""
    item = queries.get_item(member.workplace, key)
    attachment = queries.get_attachment(item, attachment_id, in_trash=True)
    restore_attachment(attachment.pk, actor=Actor.of(member))
    answer = draw_parts(request, member, key, CHANGED)
    return with_toast(answer, f"{attachment.name} is back")
