"""The time on the items of a project or a team, beside what was planned."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.web.charts import meter
from duolog.web.mytime.page import shares_of
from duolog.web.pages import Here, show, workplace_page
from duolog.worklogs.totals import Totals, totals_of_project, totals_of_team
from duolog.workplace import queries


@require_GET
@workplace_page(Right.VIEW)
def of_project(request: HttpRequest, member: Member, project_id: int) -> HttpResponse:
    """The time of a project or solution."""
    project = queries.get_project(member.workplace, project_id)
    back = reverse("web:project", args=[member.workplace.slug, project.pk])
    here = Here(nav="project", project=project)
    return _show(request, member, (project.name, back), totals_of_project(member, project), here)


@require_GET
@workplace_page(Right.VIEW)
def of_team(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """The time of a team."""
    team = queries.get_team(member.workplace, prefix)
    back = reverse("web:team", args=[member.workplace.slug, team.key_prefix])
    named = ("Work items" if team.is_hidden else team.shown_name, back)
    return _show(request, member, named, totals_of_team(member, team), Here(nav="team", team=team))


def _show(
    request: HttpRequest, member: Member, named: tuple[str, str], totals: Totals, here: Here
) -> HttpResponse:
    people = totals.people
    context = {
        "name": named[0],
        "back": named[1],
        "totals": totals,
        "meter": meter(
            totals.planned, totals.estimate or totals.planned, "c-bad" if totals.over else "c1"
        ),
        "items": shares_of((each.item, each.seconds) for each in totals.items),
        "people": None
        if people is None
        else shares_of((each.name, each.seconds) for each in people),
    }
    return show(request, member, "web/time/totals.html", context, here=here)
