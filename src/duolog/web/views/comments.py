"""Writing, answering, changing and deleting comments."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from duolog.people.errors import Invalid, NotFound, Stale
from duolog.people.models import Member
from duolog.people.once import SentOtherwise
from duolog.people.rights import Right, require
from duolog.web.answers import with_toast
from duolog.web.once import made_once
from duolog.web.pages import show_part, workplace_page
from duolog.web.seen import lines
from duolog.web.views.item import draw_parts
from duolog.workplace import queries
from duolog.workplace.actors import Actor
from duolog.workplace.mentions import with_typed_mentions
from duolog.workplace.models import Comment
from duolog.workplace.services import add_comment, delete_comment, edit_comment


@require_POST
@workplace_page(Right.COMMENT)
def add(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """A comment, or an answer where a parent is named."""
    item = queries.get_item(member.workplace, key)
    parent = request.POST.get("parent", "")
    try:
        _say(request, member, item.pk, int(parent) if parent.isdecimal() else None)
    except (Invalid, SentOtherwise) as error:
        given = _body(request, member)
        context = {"item": item, "given": given, "error": _words(error)}
        return show_part(request, member, "web/item/composer.html", context, status=422)
    return draw_parts(request, member, key, ("activity", "composer"))


def _say(request: HttpRequest, member: Member, item_id: int, parent: int | None) -> None:
    """Once, though the form is sent again after a lost answer."""
    body = _body(request, member)

    def say() -> str:
        return str(add_comment(item_id, body, actor=Actor.of(member), parent=parent).pk)

    made_once(member, request.POST, say)


def _words(error: Invalid | SentOtherwise) -> str:
    if isinstance(error, Invalid):
        return str(error)
    return "What you sent first is there already. Edit that, or send this as a comment of its own."


@require_http_methods(["GET", "POST"])
@workplace_page(Right.MODERATE, own=Right.COMMENT)
def comment(request: HttpRequest, member: Member, key: str, comment_id: int) -> HttpResponse:
    """Change a comment."""
    found = _find(member, key, comment_id)
    if request.method == "GET":
        if found.author_id != member.pk:
            require(member, Right.MODERATE, team=found.work_item.team)
        return _form(request, member, found, given=found.body)
    return _save(request, member, key, found)


def _save(request: HttpRequest, member: Member, key: str, found: Comment) -> HttpResponse:
    """A text that somebody may change in Jira meanwhile: what the form began with must still be there."""
    given, was = _body(request, member), lines(request.POST.get("was", found.body))
    if found.body not in {was, given}:
        return _form(request, member, found, given=given, theirs=found.body, status=409)
    try:
        edit_comment(found.pk, given, actor=Actor.of(member), expected_version=found.version)
    except Stale:
        return _save(request, member, key, _find(member, key, found.pk))
    except Invalid as invalid:
        return _form(request, member, found, given=given, error=str(invalid), status=422)
    return draw_parts(request, member, key, ("activity",))


@require_POST
@workplace_page(Right.MODERATE, own=Right.COMMENT)
def delete(request: HttpRequest, member: Member, key: str, comment_id: int) -> HttpResponse:
    """Delete a comment."""
    _find(member, key, comment_id)
    delete_comment(comment_id, actor=Actor.of(member))
    return with_toast(draw_parts(request, member, key, ("activity",)), "Comment deleted")


@require_GET
@workplace_page(Right.COMMENT)
def reply(request: HttpRequest, member: Member, key: str, comment_id: int) -> HttpResponse:
    """A field to answer in."""
    return _reply(request, member, _find(member, key, comment_id))


@require_POST
@workplace_page(Right.COMMENT)
def answer(request: HttpRequest, member: Member, key: str, comment_id: int) -> HttpResponse:
    """Answer a comment."""
    found = _find(member, key, comment_id)
    try:
        _say(request, member, found.work_item_id, comment_id)
    except (Invalid, SentOtherwise) as error:
        given = _body(request, member)
        return _reply(request, member, found, given=given, error=_words(error), status=422)
    return draw_parts(request, member, key, ("activity",))


def _reply(
    request: HttpRequest, member: Member, found: Comment, *, status: int = 200, **given: Any
) -> HttpResponse:
    slug, item = member.workplace.slug, found.work_item
    context = {
        "item": item,
        "form_id": f"reply-{found.pk}",
        "parent": found.pk,
        "action": reverse("web:answer", args=[slug, item.key, found.pk]),
        "label": "Reply",
        "verb": "Reply",
        **given,
    }
    return show_part(request, member, "web/item/comment_form.html", context, status=status)


def _form(
    request: HttpRequest,
    member: Member,
    found: Comment,
    *,
    status: int = 200,
    **fields: Any,
) -> HttpResponse:
    slug = member.workplace.slug
    context = {
        "item": found.work_item,
        "form_id": f"comment-{found.pk}",
        "parent": found.parent_id,
        "action": reverse("web:comment", args=[slug, found.work_item.key, found.pk]),
        "label": "Comment",
        "verb": "Save",
        "was": found.body,
        **fields,
    }
    return show_part(request, member, "web/item/comment_form.html", context, status=status)


def _find(member: Member, key: str, comment_id: int) -> Comment:
    detail = queries.item_detail(member.workplace, key)
    for found in detail.comments:
        if found.pk == comment_id:
            found.work_item = detail.item
            return found
    raise NotFound("There is no such comment.")


def _body(request: HttpRequest, member: Member) -> str:
    text = request.POST.get("body", "").replace("\r\n", "\n").strip()
    return with_typed_mentions(member.workplace, text)
