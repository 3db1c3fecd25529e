"""Whatever a page can create it creates once, though its form is sent again as it was."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count, Value
from django.test import Client
from helpers.asked import ELSEWHERE, FORMS, QUERIES
from helpers.builders import the_owner
from helpers.places import filled, make_places, own_places
from helpers.routes import address_of, undone

from duolog.app.routes import Route, list_routes
from duolog.connections.services import close_clients
from duolog.web.views.entry import BACKEND
from duolog.workplace.models import Team

pytestmark = [
    pytest.mark.database,
    pytest.mark.timeout(900),
    pytest.mark.django_db(transaction=True),
]

NOTED: Final = {"connections.CallCount", "connections.Pace", "people.AuditEntry"}
"""What tells of each time something is asked, also where that changes nothing."""
BESIDE: Final = NOTED | {
    "notifications.Notice", "people.SentForm", "usersessions.UserSession", "work.Work",
    "workplace.Activity", "workplace.SearchWord", "worklogs.WorklogWrite",
}  # fmt: skip
"""What tells of the things, or makes them known."""
CREATED: Final[Mapping[str, set[str]]] = {
    "web:answer": {"workplace.Comment"},
    "web:apply-templates": {"worklogs.OwnWorklog"},
    "web:approve": {"sync.Run"},
    "web:attachments": {"workplace.Attachment"},
    "web:comments": {"workplace.Comment"},
    "web:favourite-issue": {"worklogs.FavouriteIssue"},
    "web:log-time": {"worklogs.Worklog"},
    "web:members": {"people.Invitation"},
    "web:move-to-team": {"workplace.FormerKey"},
    "web:new-item": {"workplace.WorkItem"},
    "web:new-project": {"workplace.Project"},
    "web:new-relation-kind": {"workplace.RelationKind"},
    "web:new-status": {"workplace.Status"},
    "web:new-team": {"workplace.Status", "workplace.Team", "workplace.TeamMember"},
    "web:new-time": {"worklogs.OwnWorklog"},
    "web:new-workplace": {"people.Member", "people.Workplace"},
    "web:properties": {"workplace.Property"},
    "web:read-time": {"worklogs.ReadRange"},
    "web:relations": {"workplace.Relation"},
    "web:repeat-time": {"worklogs.OwnWorklog"},
    "web:stop-timer": {"worklogs.OwnWorklog"},
    "web:take-in": {"sync.Run"},
    "web:team-member": {"workplace.TeamMember"},
    "web:time-cell": {"worklogs.OwnWorklog"},
    "web:time-templates": {"worklogs.WorklogTemplate"},
    "web:tokens": {"people.ApiToken"},
    "web:undo-run": {"sync.Run"},
    "web:web-links": {"workplace.WebLink"},
    "web:working-hours": {"worklogs.WorkingHours"},
}
"""What is there once each form was sent that creates anything."""


@pytest.fixture
def places(team: Team) -> Iterator[dict[str, str]]:
    yield make_places(team) | own_places(the_owner(team.workplace))
    close_clients()


@pytest.fixture
def client(team: Team) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(the_owner(team.workplace).user, BACKEND)
    return client


def test_every_form_that_creates_something_creates_it_once(
    client: Client, places: dict[str, str]
) -> None:
    created, before = {}, counted()
    for route in list_routes():
        if route.method or not route.path.startswith("/w/"):
            continue
        send, cookies = sender(client, route, places), client.cookies.copy()
        with undone():
            if send().status_code == 405:
                continue
            once = counted()
            send()
            again = set(counted() - once) - NOTED
        client.cookies = cookies
        assert not again, f"{route.name}, sent again, creates {again}"
        if things := set(once - before) - BESIDE:
            created[route.name] = things
    assert created == CREATED


def sender(client: Client, route: Route, places: Mapping[str, str]) -> Callable[[], Any]:
    """Send the form of the page, with the same number each time."""
    here = {**places, **{to: places[of] for to, of in ELSEWHERE.get(route.name, {}).items()}}
    path = filled(f"{address_of(route)}?{QUERIES.get(route.name, '')}", here)
    form = {"act": str(uuid.uuid5(uuid.NAMESPACE_URL, path)), **FORMS.get(route.name, {})}
    sent = filled(form, here)

    def send() -> Any:
        file = {"file": SimpleUploadedFile("new.txt", b"new")}
        return client.post(path, {**sent, **(file if route.name == "web:attachments" else {})})

    return send


def counted() -> Counter[str]:
    """How many rows each table has, in one question."""
    first, *others = (
        each.objects.order_by().values(of=Value(each._meta.label)).values_list("of", Count("pk"))
        for each in apps.get_models()
    )
    return Counter(dict(first.union(*others, all=True)))
