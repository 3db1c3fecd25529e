"""Projects and solutions: the list, one with its items, making and editing."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.once import SentOtherwise
from duolog.people.queries import list_members
from duolog.people.rights import Right, holds
from duolog.web.answers import go
from duolog.web.items.lists import rows_of
from duolog.web.once import ALREADY, made_once
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.web.seen import caught_up, overtaken
from duolog.web.views.project_jira import bound_context
from duolog.workplace import queries
from duolog.workplace.actors import Actor
from duolog.workplace.models import Project, ProjectKind, ProjectState
from duolog.workplace.queries import ItemFilter
from duolog.workplace.services import create_project, update_project

LABELS = {
    "name": "The name",
    "description": "The description",
    "kind": "The kind",
    "state": "The state",
    "lead": "The lead",
    "due_on": "The due date",
}
FIELDS = tuple(LABELS)
OVERTAKEN = (
    "{} was changed meanwhile. Save again to have it as you entered it, or close to leave it."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A project of the list, with how far it is in percent."""

    project: Project
    total: int
    done: int
    percent: int


@require_GET
@workplace_page(Right.VIEW)
def listing(request: HttpRequest, member: Member) -> HttpResponse:
    """All projects at work."""
    lines = [
        Line(each.project, each.total, each.done, 100 * each.done // (each.total or 1))
        for each in queries.list_projects(member.workplace)
    ]
    context = {"lines": lines, "may_edit": holds(member, Right.MANAGE_PROJECTS)}
    return show(request, member, "web/projects.html", context, here=Here(nav="project"))


@require_GET
@workplace_page(Right.VIEW)
def page(request: HttpRequest, member: Member, project_id: int) -> HttpResponse:
    """One project and its items."""
    project = queries.get_project(member.workplace, project_id)
    path = reverse("web:project", args=[member.workplace.slug, project.pk])
    context = {
        **rows_of(
            member,
            ItemFilter(project=project.pk),
            cursor=request.GET.get("cursor", ""),
            path=path,
            address={},
        ),
        "empty_words": "Give a work item this project, and it shows up here.",
    }
    if request.headers.get("HX-Request"):
        is_next = "cursor" in request.GET and "X-Live" not in request.headers
        part = "web/list/more.html" if is_next else "web/list/rows.html"
        return show_part(request, member, part, context)
    everyone = queries.list_projects(member.workplace)
    progress = next((each for each in everyone if each.project == project), None)
    context |= {
        **bound_context(member, project),
        "project": project,
        "done_count": progress.done if progress else 0,
        "item_count": progress.total if progress else 0,
        "may_edit": holds(member, Right.MANAGE_PROJECTS),
    }
    here = Here(nav="project", project=project)
    return show(request, member, "web/project.html", context, here=here)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.MANAGE_PROJECTS)
def new(request: HttpRequest, member: Member) -> HttpResponse:
    """Make a project."""
    given = {name: request.POST.get(name, "") for name in FIELDS}
    if request.method == "GET":
        return _dialog(request, member, None, {**given, "kind": "project", "state": "active"})

    def make() -> str:
        fields = {name: value for name, value in given.items() if name != "name"}
        project = create_project(member.workplace, given["name"], fields, actor=Actor.of(member))
        return str(project.pk)

    try:
        made = made_once(member, request.POST, make)
    except Invalid as invalid:
        return _dialog(request, member, None, given, invalid)
    except SentOtherwise as other:
        first = queries.get_project(member.workplace, int(other.made))
        already = Invalid({"form": ALREADY.format(first.name, first.get_kind_display().lower())})
        return _dialog(request, member, None, given, already)
    return go(reverse("web:project", args=[member.workplace.slug, made]))


@require_http_methods(["GET", "POST"])
@workplace_page(Right.MANAGE_PROJECTS)
def edit(request: HttpRequest, member: Member, project_id: int) -> HttpResponse:
    """Change a project."""
    project = queries.get_project(member.workplace, project_id)
    held = _held(project)
    if request.method == "GET":
        return _dialog(request, member, project, held)
    form = caught_up(request.POST, held)
    given = {name: form.get(name, "") for name in FIELDS}
    if told := overtaken(request.POST, held):
        moved = Invalid({name: OVERTAKEN.format(LABELS[name]) for name in told})
        return _dialog(request, member, project, given, moved)
    try:
        update_project(project.pk, given, actor=Actor.of(member))
    except Invalid as invalid:
        return _dialog(request, member, project, given, invalid)
    return go(reverse("web:project", args=[member.workplace.slug, project.pk]))


def _held(project: Project) -> dict[str, str]:
    return {
        "name": project.name,
        "description": project.description,
        "kind": project.kind,
        "state": project.state,
        "lead": str(project.lead_id or ""),
        "due_on": project.due_on.isoformat() if project.due_on else "",
    }


def _dialog(
    request: HttpRequest,
    member: Member,
    project: Project | None,
    given: dict[str, str],
    invalid: Invalid | None = None,
) -> HttpResponse:
    slug = member.workplace.slug
    errors = dict(invalid.errors) if invalid else {}
    people = [(str(each.pk), each.name) for each in list_members(member.workplace)]
    context = {
        "heading": f"Edit {project.name}" if project else "New project",
        "action": reverse("web:edit-project", args=[slug, project.pk])
        if project
        else reverse("web:new-project", args=[slug]),
        "given": given,
        "seen": _held(project) if project else {},
        "errors": errors,
        "problem": " ".join(words for field, words in errors.items() if field != "name"),
        "choices": {
            "kind": ProjectKind.choices,
            "state": ProjectState.choices,
            "lead": [("", "Nobody"), *people],
        },
    }
    status = 422 if invalid else 200
    return show_part(request, member, "web/project_form.html", context, status=status)
