"""The Sync journal: what the sync wrote on either side, and the undo of it."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right, holds
from duolog.sync.shown.journal import JournalFilter, get_entry, get_run, list_journal
from duolog.sync.shown.queries import list_bindings
from duolog.sync.undo.runs import undo_run
from duolog.sync.undo.writes import Result, undo_item, undo_write
from duolog.web.answers import done, go
from duolog.web.asking import asks_jira
from duolog.web.pages import Here, show, workplace_page
from duolog.web.sync.journal_rows import CAUSES, rows_of
from duolog.web.sync.team_frame import number_in

ROWS: Final = 50
NAMES: Final = ("binding", "side", "cause", "item", "run")
SIDES: Final = (("", "Both ways"), ("remote", "Sent to Jira"), ("local", "Came from Jira"))


@require_GET
@workplace_page(Right.VIEW)
def page(request: HttpRequest, member: Member) -> HttpResponse:
    """One page of the journal, narrowed as asked."""
    given = {name: request.GET.get(name, "") for name in NAMES}
    which = JournalFilter(
        binding_id=number_in(given["binding"]),
        run_id=number_in(given["run"]),
        item=given["item"].strip().upper(),
        side=given["side"],
        cause=given["cause"],
        with_beginnings=bool(given["item"]),
    )
    before = number_in(request.GET.get("before", "")) or None
    entries = list_journal(member.workplace, which, before=before, limit=ROWS + 1)
    shown, chosen = entries[:ROWS], {name: value for name, value in given.items() if value}
    here = reverse("web:journal", args=[member.workplace.slug])
    older = urlencode({**chosen, "before": shown[-1].pk}) if len(entries) > ROWS else ""
    context = {
        **_choices(member),
        "rows": rows_of(shown),
        "given": given,
        "is_narrowed": bool(chosen),
        "run": get_run(member.workplace, which.run_id) if which.run_id else None,
        "older_url": f"{here}?{older}" if older else "",
        "may_settle": holds(member, Right.SETTLE),
        "may_bind": holds(member, Right.BIND),
    }
    return show(request, member, "web/journal.html", context, here=Here("inbox", "journal"))


@require_POST
@workplace_page(Right.SETTLE)
@asks_jira
def undo(request: HttpRequest, member: Member, journal_id: int) -> HttpResponse:
    """Undo one write, or all of its item since."""
    entry = get_entry(member.workplace, journal_id)
    if request.POST.get("scope") != "item" or entry.link is None:
        undo_write(member, entry)
        return done("Undone. Jira follows shortly")
    return done(_said(undo_item(member, entry.link, since=entry.at)))


@require_POST
@workplace_page(Right.BIND)
def undo_all(request: HttpRequest, member: Member, run_id: int) -> HttpResponse:
    """Undo all that a run wrote, in the background."""
    if request.POST.get("sure") != "yes":
        raise Invalid({"sure": "Say that all of this run is to be undone."})
    undo_run(member, get_run(member.workplace, run_id))
    here = reverse("web:journal", args=[member.workplace.slug])
    return go(f"{here}?run={run_id}", toast="Undoing all of it. The bell tells when it is done")


def _said(result: Result) -> str:
    words = f"{len(result.undone)} undone"
    if result.kept:
        words += f", {len(result.kept)} not: {result.kept[0].why}"
    return words


def _choices(member: Member) -> dict[str, Any]:
    bindings = [(str(row.pk), str(row)) for row in list_bindings(member.workplace)]
    return {
        "bindings": [("", "All of them"), *bindings],
        "sides": SIDES,
        "causes": [("", "Any reason"), *CAUSES.items()],
    }
