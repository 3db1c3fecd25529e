"""What every page of a workplace shares: who asks, the frame around the page, refusals in words.

No page of its own, and no rules: services refuse, this says it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from duolog.connections.queries import list_personal
from duolog.notifications.services import unread_count
from duolog.people.errors import DomainError, Forbidden, Invalid, NotFound, Outdated, Stale
from duolog.people.models import Member, User, Workplace
from duolog.people.needs import must_enter, need_of, states
from duolog.people.queries import find_membership, list_workplaces
from duolog.people.rights import Right, holds
from duolog.people.second_factor import must_set_up
from duolog.sync.shown.queries import inbox_count
from duolog.web.live import cursor_of
from duolog.worklogs.models import Timer
from duolog.worklogs.own.services import find_timer
from duolog.workplace import queries
from duolog.workplace.models import Project, Stage, Team

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Member, P], HttpResponseBase]
Answer = Callable[..., HttpResponseBase]

STATUS_OF: Mapping[type[DomainError], int] = {
    Forbidden: 403,
    NotFound: 404,
    Invalid: 422,
    Stale: 409,
    Outdated: 409,
}
READ_FROM = "duolog.read_from"
"""Where a page keeps the cursor from before anything on it was read, so that no news is missed."""
HEADINGS: Mapping[int, str] = {
    403: "You may not do that",
    404: "There is nothing here",
    409: "It was changed meanwhile",
    422: "That could not be stored",
}


@dataclass(frozen=True, slots=True)
class Here:
    """Where in the frame a page stands, so that the right entries are marked."""

    nav: str = ""
    page: str = ""
    team: Team | None = None
    project: Project | None = None
    settings_team: Team | None = None


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame around a page: what the sidebar lists and counts."""

    member: Member
    workplace: Workplace
    others: tuple[Workplace, ...]
    teams: tuple[Team, ...]
    projects: tuple[Project, ...]
    open_items: int
    unread: int
    inbox: int
    since: str
    timer: Timer | None
    offers_timer: bool
    may_create_teams: bool
    may_audit: bool
    may_create_workplaces: bool

    @property
    def has_teams(self) -> bool:
        """Whether teams are shown; else one hidden team holds everything."""
        return not any(team.is_hidden for team in self.teams)

    @property
    def slug(self) -> str:
        """The workplace's part of the address."""
        return self.workplace.slug


def shell_of(member: Member, *, since: str = "") -> Shell:
    """The frame as this member sees it now; what the page shows was read at `since` or later."""
    workplaces = list_workplaces(member.user)
    teams = queries.list_teams(member.workplace)
    has_own_time = holds(member, Right.LOG_TIME) and bool(list_personal(member))
    return Shell(
        member=member,
        workplace=member.workplace,
        others=tuple(each for each in workplaces if each.pk != member.workplace_id),
        teams=teams,
        projects=tuple(each.project for each in queries.list_projects(member.workplace)),
        open_items=_count_open_items(member),
        unread=unread_count(member),
        inbox=inbox_count(member.workplace),
        since=since or cursor_of(member),
        timer=find_timer(member) if has_own_time else None,
        offers_timer=has_own_time,
        may_create_teams=holds(member, Right.CREATE_TEAM) and not any(t.is_hidden for t in teams),
        may_audit=holds(member, Right.AUDIT),
        may_create_workplaces=holds(member, Right.CREATE_WORKPLACE),
    )


def _count_open_items(member: Member) -> int:
    counted = queries.count_groups(member.workplace, open_items_of(member), queries.GroupBy.TYPE)
    return sum(counted.values())


def open_items_of(member: Member) -> queries.ItemFilter:
    """What the member still has to do."""
    return queries.ItemFilter(
        assignee=member.pk, stages=frozenset({Stage.DRAFT, Stage.TO_DO, Stage.IN_PROGRESS})
    )


def show(
    request: HttpRequest,
    member: Member,
    template: str,
    context: Mapping[str, Any],
    *,
    here: Here | None = None,
    status: int = 200,
) -> HttpResponse:
    """A whole page of the workplace."""
    whole = {
        "shell": shell_of(member, since=request.META.get(READ_FROM, "")),
        "here": here or Here(),
        **context,
    }
    return render(request, template, whole, status=status)


@dataclass(frozen=True, slots=True)
class Frame:
    """The little a part of a page needs to know of the frame."""

    member: Member
    slug: str


def show_part(
    request: HttpRequest,
    member: Member,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """A part of a page, for htmx to put in its place."""
    frame = Frame(member, member.workplace.slug)
    return render(request, template, {"shell": frame, **context}, status=status)


def workplace_page(
    needed: Right, *, to_write: Right | None = None, own: Right | None = None
) -> Callable[[View[P]], Answer]:
    """Let members in who may have the right, and say the refusals of services in words.

    `to_write` is for requests that change something, where that needs more; `own` is enough for
    what the member made.  Without a right a page does not start: `@workplace_page(Right.VIEW)`.
    """
    if not isinstance(needed, Right):
        raise TypeError("State the right a page needs: @workplace_page(Right.VIEW).")

    def page(view: View[P]) -> Answer:
        @states(needed, to_write=to_write, own=own)
        @wraps(view)
        def answer(
            request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return _to_sign_in(request)
            member = find_membership(request.user, slug)
            if member is None:
                return refusal(request, NotFound("There is no such page, or it is not for you."))
            if must_set_up(member):
                return _second_factor_first(request, member)
            _note_where_reading_begins(request, member)
            try:
                must_enter(member, need_of(answer), str(request.method))
                return view(request, member, *args, **kwargs)
            except DomainError as refused:
                return refusal(request, refused)

        return answer

    return page


def _second_factor_first(request: HttpRequest, member: Member) -> HttpResponse:
    return render(request, "web/second_factor_asked.html", {"member": member}, status=403)


def _note_where_reading_begins(request: HttpRequest, member: Member) -> None:
    """For whole pages alone: their parts come with a cursor already."""
    if "HX-Request" not in request.headers:
        request.META[READ_FROM] = cursor_of(member)


def refusal(request: HttpRequest, refused: DomainError) -> HttpResponse:
    """The refusal as a page, with its sentence in a header for scripts."""
    status = next(told for kind, told in STATUS_OF.items() if isinstance(refused, kind))
    context = {"heading": HEADINGS[status], "sentence": str(refused), "status": status}
    response = render(request, "web/error.html", context, status=status)
    response["X-Reason"] = quote(str(refused))
    if status == 409:
        response["HX-Reswap"] = "none"
    return response


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """The way in; a page that is open stays, with what was typed, and says so (`signed_out.js`)."""
    if request.headers.get("HX-Request"):
        return HttpResponse("You are signed out.", status=401, content_type="text/plain")
    return redirect_to_login(request.get_full_path())
