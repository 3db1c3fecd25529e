"""The Sync inbox: what waits for a person, and the settling of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from duolog.people.errors import NotFound
from duolog.people.models import Member
from duolog.people.rights import Right, holds
from duolog.sync.binding import services
from duolog.sync.doctor.gaps import list_incomplete
from duolog.sync.engine.again import may_be_sent_again
from duolog.sync.inbox import settling
from duolog.sync.inbox.deletions import list_deletions
from duolog.sync.inbox.history import list_settled
from duolog.sync.shown.queries import InboxEntry, get_inbox_entry, get_settled, inbox
from duolog.web.answers import done, go
from duolog.web.asking import asks_jira
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.web.sync.comparing import compare_rows, read_choices
from duolog.web.sync.places_bound import place_of

HERE: Final = Here(nav="inbox")
KINDS: Final = ("conflict", "hold")


@require_GET
@workplace_page(Right.VIEW)
def page(request: HttpRequest, member: Member) -> HttpResponse:
    """The list; on wide screens with the first entry beside it."""
    if request.GET.get("show") == "settled":
        context = {"settled": list_settled(member.workplace), **_frame(request, member, ())}
        return show(request, member, "web/inbox/settled.html", context, here=HERE)
    entries = inbox(member.workplace)
    shown = _of_kind(request, entries)
    context = {**_frame(request, member, entries), "entries": shown}
    if "X-Live" in request.headers:
        return show_part(request, member, "web/inbox/list.html", context)
    if shown:
        context |= _detail(member, shown[0])
    return show(request, member, "web/inbox/page.html", context, here=HERE)


@require_GET
@workplace_page(Right.VIEW)
def entry(request: HttpRequest, member: Member, entry_id: str) -> HttpResponse:
    """One entry, beside the list on wide screens."""
    if "X-Live" in request.headers:
        return _live_detail(request, member, entry_id)
    found = get_inbox_entry(member.workplace, entry_id)
    entries = inbox(member.workplace)
    context = {
        **_frame(request, member, entries),
        **_detail(member, found),
        "entries": _of_kind(request, entries),
        "picked": True,
    }
    return show(request, member, "web/inbox/page.html", context, here=HERE)


@require_POST
@workplace_page(Right.SETTLE)
def settle(request: HttpRequest, member: Member, entry_id: str) -> HttpResponse:
    """Keep one side for each field chosen; the rest goes on waiting."""
    found = get_inbox_entry(member.workplace, entry_id)
    choices = read_choices(found, request.POST)
    if not choices:
        context = {**_detail(member, found), "error": "Choose a side for at least one field."}
        return show_part(request, member, "web/inbox/detail.html", context, status=422)
    settling.resolve(member, found.link, choices)
    undo = ""
    if len(choices) == 1:
        row = next(each for each in found.fields if settling.name_of(each) in choices)
        undo = reverse("web:undo-settlement", args=[member.workplace.slug, row.pk])
    return _done(request, member, "Settled. Both sides are brought in step", undo=undo)


@require_POST
@workplace_page(Right.SETTLE)
def retry(request: HttpRequest, member: Member, entry_id: str) -> HttpResponse:
    """Try again what Jira refused."""
    found = get_inbox_entry(member.workplace, entry_id)
    if found.hold is None:
        raise NotFound("There is nothing to try again: choose a side.")
    services.retry(member, found.hold)
    return _done(request, member, "Trying again. It comes back here if Jira still refuses")


@require_POST
@workplace_page(Right.SETTLE)
def decide_deletion(request: HttpRequest, member: Member, entry_id: str) -> HttpResponse:
    """Say what follows a deletion."""
    found = get_inbox_entry(member.workplace, entry_id)
    if found.hold is None:
        raise NotFound("Nothing was deleted here: choose a side.")
    settling.resolve_deletion(member, found.hold, request.POST.get("choice", ""))
    return _done(request, member, "Decided")


@require_POST
@workplace_page(Right.SETTLE)
@asks_jira
def undo_settlement(_request: HttpRequest, member: Member, conflict_id: int) -> HttpResponse:
    """Take back what was chosen."""
    settling.undo_settlement(member, get_settled(member.workplace, conflict_id))
    return done("Undone. Both sides follow shortly")


@require_POST
@workplace_page(Right.SETTLE)
def retry_all(request: HttpRequest, member: Member) -> HttpResponse:
    """Try again everything that was refused."""
    number = services.retry_everything(member, member.workplace)
    messages.success(request, f"Trying {number} again")
    return redirect("web:inbox", member.workplace.slug)


def _done(request: HttpRequest, member: Member, words: str, *, undo: str = "") -> HttpResponse:
    messages.success(request, words, extra_tags=undo)
    return go(reverse("web:inbox", args=[member.workplace.slug]))


def _of_kind(request: HttpRequest, entries: Sequence[InboxEntry]) -> Sequence[InboxEntry]:
    kind = request.GET.get("show", "")
    return [each for each in entries if each.kind == kind] if kind in KINDS else entries


def _frame(request: HttpRequest, member: Member, entries: Sequence[InboxEntry]) -> dict[str, Any]:
    kind = request.GET.get("show", "")
    conflicts = sum(each.kind == "conflict" for each in entries)
    path = reverse("web:inbox", args=[member.workplace.slug])
    return {
        "shown_kind": kind if kind in (*KINDS, "settled") else "",
        "here_url": f"{path}?show={kind}" if kind in KINDS else path,
        "total": len(entries),
        "conflicts": conflicts,
        "holds": len(entries) - conflicts,
        "retryable": sum(each.kind == "hold" and not each.is_deletion for each in entries),
        "may_settle": holds(member, Right.SETTLE),
        "many_deletions": list_deletions(member.workplace),
        "incomplete": [
            (binding, place_of(member.workplace.slug, binding))
            for binding in list_incomplete(member.workplace)
        ],
    }


def _detail(member: Member, found: InboxEntry) -> dict[str, Any]:
    team = found.link.binding.team
    return {
        "entry": found,
        "rows": compare_rows(found),
        "may_settle": holds(member, Right.SETTLE, team=team),
        "may_bind": holds(member, Right.BIND, team=team),
        "may_restore": _may_restore(found),
    }


def _may_restore(found: InboxEntry) -> bool:
    """From the trash here; Jira keeps none, so what is still sent is made anew there."""
    if found.hold is None or found.link.work_item_id is None:
        return False
    return found.hold.slot_key == "local" or may_be_sent_again(found.link)


def _live_detail(request: HttpRequest, member: Member, entry_id: str) -> HttpResponse:
    try:
        context = _detail(member, get_inbox_entry(member.workplace, entry_id))
    except NotFound:
        context = {"entry_id": entry_id}
    return show_part(request, member, "web/inbox/detail.html", context)
