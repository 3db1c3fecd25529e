"""Many deletions that wait: all of them by name, and one decision."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from duolog.people.errors import Outdated
from duolog.people.models import Member
from duolog.people.rights import Right, holds
from duolog.sync.inbox.deletions import Deletions, decide, get_deletions
from duolog.web.answers import go
from duolog.web.pages import Here, show, show_part, workplace_page

SHOWN = 200


@require_GET
@workplace_page(Right.VIEW)
def page(request: HttpRequest, member: Member, deletions_id: str) -> HttpResponse:
    """What was deleted, what is still there, and what can follow."""
    context = _context(member, get_deletions(member.workplace, deletions_id))
    return show(request, member, "web/inbox/deletions.html", context, here=Here(nav="inbox"))


@require_POST
@workplace_page(Right.BIND)
def decide_all(request: HttpRequest, member: Member, deletions_id: str) -> HttpResponse:
    """Have the same done about all that were shown."""
    asked = get_deletions(member.workplace, deletions_id)
    try:
        number = decide(
            member,
            asked,
            request.POST.get("choice", ""),
            version=request.POST.get("version", ""),
        )
    except Outdated as outdated:
        context = {**_context(member, asked), "problem": str(outdated)}
        return show_part(request, member, "web/inbox/deletions_card.html", context, status=409)
    messages.success(request, f"Decided for {number}. It is carried out now")
    return go(reverse("web:inbox", args=[member.workplace.slug]))


def _context(member: Member, asked: Deletions) -> dict[str, object]:
    return {
        "deletions": asked,
        "shown": asked.holds[:SHOWN],
        "unshown": max(0, len(asked.holds) - SHOWN),
        "may_decide": holds(member, Right.BIND, team=asked.binding.team),
    }
