"""What the frame asks for: news, counts, finding, assets, previews."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotFound,
    HttpResponseRedirect,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from duolog.people.models import Member, User
from duolog.people.needs import Door, states
from duolog.people.queries import has_users, list_workplaces
from duolog.people.rights import Right
from duolog.web.assets import assets, digest
from duolog.web.live import news_since
from duolog.web.pages import Here, shell_of, show, workplace_page
from duolog.web.places import places_matching
from duolog.web.richtext import render as render_markdown
from duolog.workplace import queries

FOR_EVER = "public, max-age=31536000, immutable"


@states(Door.ANYBODY)
@require_GET
def asset(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """One asset.  Of another version only the present one is there, and is not kept."""
    found = assets().get(name)
    if found is None:
        return HttpResponseNotFound("There is no such asset.", content_type="text/plain")
    is_zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        found.gzipped if is_zipped else found.body, content_type=found.content_type
    )
    if is_zipped:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = FOR_EVER if version == digest() else "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@states(Door.ANYBODY)
@require_GET
def home(request: HttpRequest) -> HttpResponseBase:
    """The way in: the first account, sign-in, or the first workplace of whoever asks."""
    if not isinstance(request.user, User):
        return redirect("account_login" if has_users() else "web:start")
    mine = list_workplaces(request.user)
    return redirect("web:workplace", mine[0].slug) if mine else redirect("web:no-workplace")


@require_GET
@workplace_page(Right.VIEW)
def workplace(request: HttpRequest, member: Member) -> HttpResponse:
    """The first team's items, or where to make one."""
    teams = queries.list_teams(member.workplace)
    if teams:
        return redirect("web:team", member.workplace.slug, teams[0].key_prefix)
    return show(request, member, "web/no_team.html", {}, here=Here(nav="team"))


@require_GET
@workplace_page(Right.VIEW)
def changes(request: HttpRequest, member: Member) -> HttpResponse:
    """204 when nothing changed, else the topics that did."""
    asked = request.GET.get("since", "")
    news = news_since(member, asked)
    if not news.topics and news.cursor == asked:
        return HttpResponse(status=204)
    return JsonResponse({"since": news.cursor, "changed": news.topics})


@require_GET
@workplace_page(Right.VIEW)
def nav(request: HttpRequest, member: Member) -> HttpResponse:
    """The parts of the frame that count."""
    context = {"shell": shell_of(member), "here": Here(nav=request.GET.get("nav", ""))}
    return render(request, "web/parts/nav.html", context)


@require_GET
@workplace_page(Right.VIEW)
def find(request: HttpRequest, member: Member) -> HttpResponse:
    """What the palette lists."""
    text = request.GET.get("q", "").strip()
    shell = shell_of(member)
    context = {
        "shell": shell,
        "q": text,
        "items": queries.find(member.workplace, text, 8) if text else (),
        "places": places_matching(shell, text),
    }
    return render(request, "web/parts/found.html", context)


@states(Door.SIGNED_IN)
@require_POST
@login_required
def preview(request: HttpRequest) -> HttpResponse:
    """Markdown as the pages show it."""
    return HttpResponse(render_markdown(request.POST.get("text", "")))


@states(Door.ANYBODY)
@require_GET
def favicon(_request: HttpRequest) -> HttpResponseRedirect:
    """Browsers ask for it by this name."""
    return HttpResponseRedirect(reverse("web:asset", args=[digest(), "favicon.svg"]))
