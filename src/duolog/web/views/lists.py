"""A team's work items as list and board, and the member's own items."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from duolog.people.models import Member
from duolog.people.queries import list_members
from duolog.people.rights import Right, holds
from duolog.sync.shown.queries import badges, binding_of
from duolog.web.items.lists import Filters, Group, facets, rows_of
from duolog.web.pages import Here, open_items_of, show, show_part, workplace_page
from duolog.workplace import queries
from duolog.workplace.models import Priority, Team
from duolog.workplace.queries import ItemFilter


@require_GET
@workplace_page(Right.VIEW)
def team(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """The items of one team."""
    found = queries.get_team(member.workplace, prefix)
    if request.GET.get("view") == "board":
        return _board(request, member, found)
    return _list(request, member, found)


@require_GET
@workplace_page(Right.VIEW)
def mine(request: HttpRequest, member: Member) -> HttpResponse:
    """What the member still has to do, in all teams."""
    path = reverse("web:mine", args=[member.workplace.slug])
    context = {
        **rows_of(
            member,
            open_items_of(member),
            cursor=request.GET.get("cursor", ""),
            path=path,
            address={},
        ),
        "empty_words": "Nothing is assigned to you. What others give you shows up here.",
    }
    part = _part_of(request)
    if part:
        return show_part(request, member, part, context)
    return show(request, member, "web/mine.html", context, here=Here(nav="mine"))


def _list(request: HttpRequest, member: Member, team: Team) -> HttpResponse:
    filters = Filters.of(request.GET)
    path = _path(member, team)
    which = filters.narrow(ItemFilter(team=team.pk))
    context = {
        **_frame_of(member, team, "list"),
        **rows_of(
            member,
            which,
            cursor=request.GET.get("cursor", ""),
            path=path,
            address=filters.chosen,
        ),
        "page_mark": request.GET.get("cursor", ""),
        "is_filtered": bool(filters.chosen),
        "filters": filters,
    }
    part = _part_of(request)
    if part:
        answer = show_part(request, member, part, context)
        if "X-Live" not in request.headers and "cursor" not in request.GET:
            query = urlencode(filters.chosen)
            answer["HX-Push-Url"] = f"{path}?{query}" if query else path
        return answer
    members = list_members(member.workplace)
    context |= {
        "facets": facets(filters, team.statuses.all(), members),
        "members": members,
        "statuses": team.statuses.all(),
        "priorities": Priority.choices,
    }
    return show(request, member, "web/list/page.html", context, here=Here(nav="team", team=team))


def _board(request: HttpRequest, member: Member, team: Team) -> HttpResponse:
    columns = queries.board(team)
    context = {
        **_frame_of(member, team, "board"),
        "badges": badges(item.pk for column in columns for item in column.items),
        "groups": [
            Group(each.status, each.status.name, each.total, each.items) for each in columns
        ],
        "here_url": f"{_path(member, team)}?view=board",
        "live_topics": "items",
    }
    if "X-Live" in request.headers:
        return show_part(request, member, "web/list/board.html", context)
    return show(request, member, "web/list/page.html", context, here=Here(nav="team", team=team))


def _frame_of(member: Member, team: Team, view: str) -> dict[str, Any]:
    path = _path(member, team)
    binding = binding_of(team)
    return {
        "team": team,
        "view": view,
        "page_url": path,
        "list_url": path,
        "clear_url": path,
        "board_url": f"{path}?view=board",
        "may_edit": holds(member, Right.EDIT_ITEMS, team=team),
        "may_manage": holds(member, Right.MANAGE_TEAM, team=team),
        "binding": binding,
        "is_bound": binding is not None,
    }


def _part_of(request: HttpRequest) -> str:
    """The template of the part that is asked for, or nothing for the whole page."""
    if not request.headers.get("HX-Request"):
        return ""
    is_next_page = "cursor" in request.GET and "X-Live" not in request.headers
    return "web/list/more.html" if is_next_page else "web/list/rows.html"


def _path(member: Member, team: Team) -> str:
    return reverse("web:team", args=[member.workplace.slug, team.key_prefix])
