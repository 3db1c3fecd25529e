"""Moving a work item to another team: what it will mean, and the move."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.sync.engine.moves import meaning
from duolog.web.answers import go
from duolog.web.pages import show_part, workplace_page
from duolog.workplace import queries
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team, WorkItem
from duolog.workplace.services import move_to_team


@require_http_methods(["GET", "POST"])
@workplace_page(Right.EDIT_ITEMS)
def to_team(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """The dialog that says what follows, and the move; an undo names team and status in its query."""
    item = queries.get_item(member.workplace, key)
    asked = {**request.GET.dict(), **request.POST.dict()}
    team = _team(member, item, str(asked.get("team", "")))
    if request.method == "GET":
        return _dialog(request, member, item, team)
    try:
        moved = move_to_team(
            item.pk,
            _must(team),
            {"status": asked["status"]} if asked.get("status") else None,
            actor=Actor.of(member),
        )
    except Invalid as invalid:
        return _dialog(request, member, item, team, " ".join(invalid.errors.values()))
    slug = member.workplace.slug
    back = urlencode({"team": item.team_id, "status": item.status_id})
    messages.success(
        request,
        f"{item.key} is {moved.key} now",
        extra_tags=f"{reverse('web:move-to-team', args=[slug, moved.key])}?{back}",
    )
    return go(reverse("web:item", args=[slug, moved.key]))


def _team(member: Member, item: WorkItem, asked: str) -> Team | None:
    """The team that is asked for, else the first to which the item could go."""
    if asked.isdecimal():
        return queries.get_team(member.workplace, int(asked))
    return next(iter(_others(member, item)), None)


def _others(member: Member, item: WorkItem) -> list[Team]:
    return [team for team in queries.list_teams(member.workplace) if team.pk != item.team_id]


def _must(team: Team | None) -> Team:
    if team is None:
        raise Invalid({"team": "There is no other team. Make one in the settings first."})
    return team


def _dialog(
    request: HttpRequest, member: Member, item: WorkItem, team: Team | None, problem: str = ""
) -> HttpResponse:
    context = {
        "item": item,
        "teams": _others(member, item),
        "chosen_team": team,
        "meaning": meaning(item, team) if team is not None else "",
        "sub_tasks": queries.count_sub_tasks(item),
        "problem": problem,
    }
    status = 422 if problem else 200
    return show_part(request, member, "web/item/move.html", context, status=status)
