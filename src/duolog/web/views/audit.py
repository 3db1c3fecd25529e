"""Settings, Audit log: who administered what, newest first."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from duolog.people.audit import PAGE, AuditFilter, list_acts, list_audit
from duolog.people.models import Member
from duolog.people.queries import list_members
from duolog.people.rights import Right
from duolog.web.pages import Here, show, workplace_page

COMMAND_LINE = ("0", "Command line")


@require_GET
@workplace_page(Right.AUDIT)
def page(request: HttpRequest, member: Member) -> HttpResponse:
    """One page of the log, narrowed to an act or a person where asked for."""
    workplace = member.workplace
    asked = {name: request.GET.get(name, "") for name in ("act", "who")}
    which = AuditFilter(act=asked["act"], member_id=_number(asked["who"]))
    entries = list_audit(workplace, which, before=_number(request.GET.get("before", "")))
    here = reverse("web:audit", args=[workplace.slug])
    chosen = {name: value for name, value in asked.items() if value}
    people = [(str(each.pk), each.name) for each in list_members(workplace)]
    context = {
        "entries": entries,
        "given": asked,
        "is_narrowed": bool(chosen),
        "acts": [("", "All acts"), *((act, act.capitalize()) for act in list_acts(workplace))],
        "people": [("", "Everybody"), *people, COMMAND_LINE],
        "more_url": f"{here}?{urlencode({**chosen, 'before': entries[-1].pk})}"
        if len(entries) == PAGE
        else "",
    }
    return show(request, member, "web/audit.html", context, here=Here("settings", "audit"))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
