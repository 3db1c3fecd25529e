"""What an open page is told every second."""

from __future__ import annotations

from html import unescape

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from helpers.builders import FROM_JIRA, a_member, a_workplace, an_item, the_owner
from web.visitors import signed_in

from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.web.pages import show, workplace_page
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team
from duolog.workplace.services import add_comment, update_item

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def cursor(client: Client, team: Team) -> str:
    page = client.get(f"/w/{team.workplace.slug}/teams/PLAT")
    return str(page.context["shell"].since)


def ask(client: Client, team: Team, since: str) -> tuple[int, dict[str, object]]:
    answer = client.get(f"/w/{team.workplace.slug}/changes", {"since": since})
    return answer.status_code, answer.json() if answer.status_code == 200 else {}


def test_nothing_new_is_said_without_words(client: Client, team: Team) -> None:
    an_item(team)
    assert ask(client, team, cursor(client, team)) == (204, {})


def test_a_change_from_jira_names_the_item_once(client: Client, team: Team) -> None:
    item = an_item(team)
    an_item(team)
    since = cursor(client, team)
    update_item(item.pk, {"priority": "low"}, actor=FROM_JIRA)
    status, news = ask(client, team, since)
    assert status == 200
    assert news["changed"] == [f"item:{item.pk}", "items"]
    assert ask(client, team, str(news["since"])) == (204, {})


def test_a_notice_is_news_for_the_one_it_is_for(client: Client, team: Team, owner: Member) -> None:
    item = an_item(team, assignee=owner)
    since = cursor(client, team)
    add_comment(item.pk, "Look", actor=Actor.of(a_member(team.workplace, name="Bea Roth")))
    _, news = ask(client, team, since)
    assert "notices" in news["changed"]


def test_what_happens_elsewhere_is_no_news(client: Client, team: Team) -> None:
    since = cursor(client, team)
    an_item()
    assert ask(client, team, since)[0] == 204


def test_a_cursor_of_another_make_means_everything(client: Client, team: Team) -> None:
    for since in ("nonsense", "12", "a~b~c"):
        status, news = ask(client, team, since)
        assert (status, news["changed"]) == (200, ["*"])


def test_a_stranger_is_told_nothing(team: Team) -> None:
    stranger = signed_in(the_owner(a_workplace("Elsewhere")))
    assert ask(stranger, team, "")[0] == 404


def test_the_rows_name_what_they_show_and_where_it_is_read_again(
    client: Client, team: Team
) -> None:
    an_item(team)
    page = client.get(f"/w/{team.workplace.slug}/teams/PLAT").content.decode()
    assert 'data-live="items"' in page
    part = client.get(
        f"/w/{team.workplace.slug}/teams/PLAT", headers={"HX-Request": "true", "X-Live": "1"}
    )
    assert part.content.decode().startswith('<div id="rows"')
    assert "HX-Push-Url" not in part


def test_what_changes_while_a_page_is_drawn_is_news_to_it(
    client: Client, team: Team, owner: Member, rf: RequestFactory
) -> None:
    item = an_item(team)

    @workplace_page(Right.VIEW)
    def drawn(request: HttpRequest, member: Member) -> HttpResponse:
        update_item(item.pk, {"priority": "low"}, actor=FROM_JIRA)  # read before, shown after
        return show(request, member, "web/notices.html", {})

    request = rf.get("/")
    request.user = owner.user
    page = drawn(request, team.workplace.slug).content.decode()
    _, news = ask(client, team, unescape(page.split('data-since="')[1].split('"')[0]))
    assert f"item:{item.pk}" in news["changed"]
