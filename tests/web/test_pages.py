"""Every page: who may see it, what it costs, and what it never says."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from helpers.builders import a_member, a_team, a_workplace, an_item, the_owner
from web.visitors import signed_in

from duolog.people.models import Member, Workplace
from duolog.people.services import add_member
from duolog.web.assets import assets, preloaded_scripts
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team
from duolog.workplace.services import add_comment, create_project

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PAGES = [
    "/",
    "/mine",
    "/notices",
    "/projects",
    "/projects/{project}",
    "/profile",
    "/security",
    "/tokens",
    "/members",
    "/settings",
    "/trash",
    "/teams/PLAT",
    "/teams/PLAT?view=board",
    "/teams/PLAT/settings",
    "/items/PLAT-1",
    "/items/PLAT-1?show=comments",
    "/find?q=mend",
    "/nav",
]
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "manifest-src 'self'",
}
PAGE_QUERIES_MOST = 33
FIRST_VISIT_MOST = 60 * 1024
LATER_VISIT_MOST = 30 * 1024


@pytest.fixture
def address(team: Team, owner: Member) -> Callable[[str], str]:
    """Turns a page of the list above into an address of a workplace that has all of it."""
    an_item(team)
    project = create_project(team.workplace, "Checkout", actor=Actor.of(owner))
    return lambda page: f"/w/{team.workplace.slug}{page.format(project=project.pk)}"


@pytest.mark.parametrize("page", PAGES)
def test_a_member_sees_the_page(page: str, client: Client, address: Callable[[str], str]) -> None:
    answer = client.get(address(page), follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_guest_sees_the_page_without_anything_to_change_items(
    page: str, guest: Client, address: Callable[[str], str]
) -> None:
    answer = guest.get(address(page), follow=True)
    assert answer.status_code == 200
    assert b"New item" not in answer.content
    assert b"/move" not in answer.content or b'draggable="true"' not in answer.content


@pytest.mark.parametrize("page", PAGES)
def test_somebody_of_another_workplace_sees_nothing(
    page: str, address: Callable[[str], str]
) -> None:
    stranger = signed_in(the_owner(a_workplace("Elsewhere")))
    answer = stranger.get(address(page))
    assert answer.status_code == 404
    assert b"Mend it" not in answer.content


@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_not_signed_in_is_asked_to(page: str, address: Callable[[str], str]) -> None:
    answer = Client().get(address(page))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/w/")


@pytest.mark.parametrize("page", ["/accounts/login/", "/nowhere", "/"])
def test_the_content_policy_has_no_exception(page: str, client: Client) -> None:
    answer = client.get(page, follow=True)
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY


def test_titles_names_and_labels_are_shown_as_text(
    client: Client, team: Team, workplace: Workplace
) -> None:
    sly = "<b onclick=x>'\"&amp;</b>"
    a_member(workplace, name=sly)
    item = an_item(team, title=sly, labels=[sly], description=sly)
    for page in (f"items/{item.key}", "teams/PLAT", "teams/PLAT?view=board", "members"):
        content = client.get(f"/w/{workplace.slug}/{page}").content
        assert b"<b onclick" not in content
    found = client.get(f"/w/{workplace.slug}/find?q=onclick").content
    assert b"<b onclick" not in found


def test_a_long_list_costs_as_many_queries_as_a_short_one(
    client: Client, team: Team, workplace: Workplace
) -> None:
    path = f"/w/{workplace.slug}/teams/PLAT"
    ann = a_member(workplace)
    an_item(team, assignee=ann, labels=["x"])
    client.get(path)
    with CaptureQueriesContext(connection) as short:
        client.get(path)
    for number in range(20):
        an_item(team, title=f"Item {number}", assignee=ann, labels=["x", "y"])
    with CaptureQueriesContext(connection) as long:
        client.get(path)
    assert len(long) == len(short) <= PAGE_QUERIES_MOST


def test_the_first_visit_of_a_full_list_keeps_to_its_weight(
    client: Client, team: Team, workplace: Workplace
) -> None:
    ann = a_member(workplace)
    today = timezone.now().date()
    for number in range(105):
        due = today + timedelta(days=number)
        an_item(team, title=f"Retry deliveries of kind {number}", assignee=ann, due_on=due)
    answer = client.get(f"/w/{workplace.slug}/teams/PLAT")
    page = len(gzip.compress(answer.content))
    names = ["app.css", "htmx.js", "app.js", "sprite.svg", "favicon.svg"]
    names += [path.rsplit("/", 1)[1] for path in preloaded_scripts()]
    kept = sum(len(assets()[name].gzipped) for name in names)
    assert page <= LATER_VISIT_MOST
    assert page + kept <= FIRST_VISIT_MOST
    assert answer.content.count(b'class="row"') == 100
    assert b"Show more" in answer.content


def test_show_more_continues_where_the_page_ended(
    client: Client, team: Team, workplace: Workplace
) -> None:
    for number in range(102):
        an_item(team, title=f"Item {number}")
    page = client.get(f"/w/{workplace.slug}/teams/PLAT")
    more = client.get(page.context["more_url"], headers={"HX-Request": "true"})
    assert more.content.count(b'class="row"') == 2
    assert b"Item 101" in more.content
    assert b"<html" not in more.content


def test_filters_narrow_and_stand_in_the_address(client: Client, team: Team) -> None:
    an_item(team, title="Rotate the keys", priority="high")
    an_item(team, title="Paint the shed", priority="low")
    path = f"/w/{team.workplace.slug}/teams/PLAT"
    part = client.get(f"{path}?q=&priority=high&type=", headers={"HX-Request": "true"})
    assert b"Rotate the keys" in part.content
    assert b"Paint the shed" not in part.content
    assert part["HX-Push-Url"] == f"{path}?priority=high"


def test_a_filter_that_names_nothing_is_as_good_as_none(client: Client, team: Team) -> None:
    an_item(team, title="Rotate the keys")
    path = f"/w/{team.workplace.slug}/teams/PLAT"
    for query in ("status=x", "assignee=0x1", "priority=hottest", "cursor="):
        assert b"Rotate the keys" in client.get(f"{path}?{query}").content


def test_the_newest_comment_is_counted_in_the_list(
    client: Client, team: Team, owner: Member
) -> None:
    item = an_item(team)
    add_comment(item.pk, "One", actor=Actor.of(owner))
    content = client.get(f"/w/{team.workplace.slug}/teams/PLAT").content.decode()
    assert '1<span class="vh"> comments</span>' in content


def test_a_workplace_without_teams_says_how_to_begin(client: Client, workplace: Workplace) -> None:
    answer = client.get(f"/w/{workplace.slug}/")
    assert b"Make the first one" in answer.content
    made = client.post(f"/w/{workplace.slug}/new-team", {"name": "Platform", "key_prefix": "plat"})
    assert made["Location"] == f"/w/{workplace.slug}/teams/PLAT"


def test_other_workplaces_of_the_person_are_one_click_away(client: Client, owner: Member) -> None:
    other = a_workplace("Elsewhere")
    add_member(other, owner.user)
    a_team(owner.workplace)
    answer = client.get(f"/w/{owner.workplace.slug}/teams/PLAT")
    assert f'href="/w/{other.slug}/"' in answer.content.decode()


def test_a_page_says_that_the_database_cannot_be_reached(client: Client, team: Team) -> None:
    def cut(*_: object) -> None:
        raise OperationalError("the connection is closed")

    client.raise_request_exception = False
    with connection.execute_wrapper(cut):
        page = client.get(f"/w/{team.workplace.slug}/")
    assert page.status_code == 503
    assert page["Retry-After"] == "5"
    assert "The database cannot be reached just now" in page.content.decode()
