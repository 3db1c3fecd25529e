"""Making, moving, deleting and restoring work items, one or many."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.once import SentOtherwise
from duolog.people.queries import list_members
from duolog.people.rights import Right, holds
from duolog.web.answers import done, go
from duolog.web.items.properties import offered
from duolog.web.once import ALREADY, made_once
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.workplace import queries
from duolog.workplace.actors import Actor
from duolog.workplace.models import Priority, Team, WorkItemType
from duolog.workplace.name_lists import split_names
from duolog.workplace.services import (
    NewItem,
    bulk_update,
    create_item,
    delete_item,
    move_item,
    restore_item,
)

FIELDS = (
    "title",
    "description",
    "status",
    "type",
    "priority",
    "assignee",
    "project",
    "due_on",
    "labels",
    "parent",
)
BULK = ("status", "assignee", "priority")


@require_http_methods(["GET", "POST"])
@workplace_page(Right.EDIT_ITEMS)
def new(request: HttpRequest, member: Member) -> HttpResponse:
    """The dialog that makes an item, and the making."""
    asked = request.POST if request.method == "POST" else request.GET
    team = _team_asked(member, asked.get("team", ""))
    given = {name: asked.get(name, "").replace("\r\n", "\n") for name in FIELDS}
    if request.method == "GET":
        return _dialog(request, member, team, given)

    def make() -> str:
        return create_item(team, _read(given), actor=Actor.of(member)).key

    try:
        made = made_once(member, request.POST, make)
    except Invalid as invalid:
        return _dialog(request, member, team, given, dict(invalid.errors))
    except SentOtherwise as other:
        return _dialog(request, member, team, given, {"form": ALREADY.format(other.made, "item")})
    return _made(made)


def _made(key: str) -> HttpResponse:
    answer = done(f"{key} is made")
    trigger_client_event(answer, "close-dialog", {})
    return answer


@require_POST
@workplace_page(Right.EDIT_ITEMS)
def move(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """Put the item into another column of the board, before another one where it is named."""
    item = queries.get_item(member.workplace, key)
    before = request.POST.get("before", "")
    move_item(
        item.pk,
        request.POST.get("status", ""),
        actor=Actor.of(member),
        before=int(before) if before.isdecimal() else None,
    )
    return HttpResponse(status=204)


@require_POST
@workplace_page(Right.EDIT_ITEMS)
def bulk(request: HttpRequest, member: Member) -> HttpResponse:
    """Change all selected items at once."""
    chosen = [int(each) for each in request.POST.getlist("item") if each.isdecimal()]
    asked = {name: request.POST[name] for name in BULK if request.POST.get(name)}
    changes = {name: None if value == "none" else value for name, value in asked.items()}
    if "priority" in asked:
        changes["priority"] = asked["priority"]
    bulk_update(chosen, changes, actor=Actor.of(member))
    answer = done(f"{len(chosen)} item{'' if len(chosen) == 1 else 's'} changed")
    trigger_client_event(answer, "selection-done", {})
    return answer


@require_POST
@workplace_page(Right.EDIT_ITEMS)
def delete(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """Put the item into the trash and offer to take it out again."""
    item = queries.get_item(member.workplace, key)
    delete_item(item.pk, actor=Actor.of(member))
    slug = member.workplace.slug
    undo = reverse("web:restore-item", args=[slug, item.key])
    messages.success(request, f"{item.key} is in the trash", extra_tags=undo)
    return go(reverse("web:team", args=[slug, item.team.key_prefix]))


@require_POST
@workplace_page(Right.EDIT_ITEMS)
def restore(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """Take the item out of the trash."""
    item = queries.get_item(member.workplace, key, in_trash=True)
    restore_item(item.pk, actor=Actor.of(member))
    if request.headers.get("HX-Request"):
        return done(f"{item.key} is back")
    messages.success(request, f"{item.key} is back")
    return redirect("web:trash", member.workplace.slug)


@require_GET
@workplace_page(Right.VIEW)
def trash(request: HttpRequest, member: Member) -> HttpResponse:
    """What was deleted in the last 30 days."""
    page = queries.list_trash(member.workplace)
    context = {"items": page.items, "may_edit": holds(member, Right.EDIT_ITEMS)}
    return show(request, member, "web/trash.html", context, here=Here("settings", "trash"))


def _dialog(
    request: HttpRequest,
    member: Member,
    team: Team,
    given: dict[str, str],
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    statuses = tuple(team.statuses.all())
    projects = [each.project for each in queries.list_projects(member.workplace)]
    choices = offered(statuses, list_members(member.workplace), projects)
    known = {str(each.pk) for each in statuses}
    standard = next((each for each in statuses if each.stage == "to_do"), statuses[0])
    context: dict[str, Any] = {
        "teams": queries.list_teams(member.workplace),
        "chosen_team": team,
        "choices": {
            "status": choices.statuses,
            "type": WorkItemType.choices,
            "priority": Priority.choices,
            "assignee": choices.members,
            "project": choices.projects,
        },
        "given": {
            **given,
            "status": given["status"] if given["status"] in known else str(standard.pk),
            "type": given["type"] or WorkItemType.TASK,
            "priority": given["priority"] or Priority.NONE,
        },
        "errors": errors or {},
        "problem": " ".join(
            words for name, words in (errors or {}).items() if name not in {"title", "due_on"}
        ),
    }
    status = 422 if errors else 200
    return show_part(request, member, "web/list/new_item.html", context, status=status)


def _read(given: dict[str, str]) -> NewItem:
    return NewItem(
        title=given["title"],
        description=given["description"],
        type=given["type"] or WorkItemType.TASK,
        status=given["status"] or None,
        priority=given["priority"] or Priority.NONE,
        assignee=_id(given["assignee"]),
        project=_id(given["project"]),
        parent=_id(given["parent"]),
        due_on=given["due_on"] or None,
        labels=split_names(given["labels"]),
    )


def _id(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def _team_asked(member: Member, asked: str) -> Team:
    if asked.isdecimal():
        return queries.get_team(member.workplace, int(asked))
    teams = queries.list_teams(member.workplace)
    if not teams:
        raise Invalid({"team": "Make a team first: work items live in teams."})
    return teams[0]
