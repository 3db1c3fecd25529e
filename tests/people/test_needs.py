"""What views state of the right they need."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from helpers.builders import a_member, a_team

from duolog.api.callers import checked
from duolog.app.routes import list_routes
from duolog.people.errors import Forbidden
from duolog.people.models import Member, Role
from duolog.people.needs import Need, find_need, must_enter, states
from duolog.people.rights import Right
from duolog.web.pages import workplace_page
from duolog.workplace.models import TeamMember

pytestmark = pytest.mark.database


def view(request: HttpRequest, member: Member) -> HttpResponse:
    """A page that says nothing."""
    return HttpResponse(f"{request.path} {member}")


untyped: Any = view
urlpatterns = [path("forgotten", view)]


def test_a_page_without_a_right_does_not_start() -> None:
    with pytest.raises(TypeError, match="State the right"):
        workplace_page(untyped)


def test_a_call_without_a_right_does_not_start() -> None:
    with pytest.raises(TypeError, match="does not say what right"):
        checked(view)


@override_settings(ROOT_URLCONF=__name__)
def test_an_address_that_states_nothing_is_named() -> None:
    with pytest.raises(TypeError, match="/forgotten: say"):
        list_routes()


def test_reading_and_writing_may_need_different_rights() -> None:
    page = workplace_page(Right.VIEW, to_write=Right.MANAGE_PEOPLE)(view)
    need = find_need(page)
    assert need == Need(Right.VIEW, Right.MANAGE_PEOPLE)
    assert need.for_method("HEAD") == Right.VIEW
    assert need.for_method("POST") == Right.MANAGE_PEOPLE


def test_one_right_stands_for_every_method() -> None:
    assert find_need(states(Right.BIND)(lambda _request: None)) == Need(Right.BIND, Right.BIND)


@pytest.mark.django_db
def test_admins_of_some_team_enter_and_guests_never_do() -> None:
    team = a_team()
    member = a_member(team.workplace)
    guest = a_member(team.workplace, name="Gus Guest")
    need = Need(Right.MANAGE_TEAM, Right.MANAGE_TEAM)
    with pytest.raises(Forbidden, match="You may not manage this team"):
        must_enter(member, need, "POST")
    for each in (member, guest):
        TeamMember.objects.create(team=team, member=each, is_admin=True)
    must_enter(member, need, "POST")
    Member.objects.filter(pk=guest.pk).update(role=Role.GUEST)
    guest.refresh_from_db()
    with pytest.raises(Forbidden):
        must_enter(guest, need, "POST")
