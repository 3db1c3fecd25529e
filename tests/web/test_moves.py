"""Moving an item to another team on its page: what is said before, and the way back."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from helpers.builders import a_team, an_item

from duolog.workplace.models import Team

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_an_item_is_moved_and_moved_back_from_its_page(client: Client, team: Team) -> None:
    web = a_team(team.workplace, name="Web", key_prefix="WEB")
    item = an_item(team, status="In review")
    an_item(team, type="sub_task", parent=item)
    place = f"/w/{team.workplace.slug}/items/"
    assert b"Move to another team" in client.get(f"{place}PLAT-1").content
    dialog = client.get(f"{place}PLAT-1/team").content.decode()
    assert "Move to Web" in dialog
    assert "1 sub-task goes along" in dialog
    moved = client.post(f"{place}PLAT-1/team", {"team": web.pk}, headers={"HX-Request": "true"})
    assert moved["HX-Redirect"] == f"{place}WEB-1"
    page = client.get(moved["HX-Redirect"]).content.decode()
    assert "moved this item from Platform (PLAT-1) to Web (WEB-1)" in page
    old = client.get(f"{place}PLAT-1")
    assert (old.status_code, old["Location"]) == (302, f"{place}WEB-1")
    undo = re.search(r'data-undo="([^"]+)"', page)
    assert undo is not None
    client.post(undo[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    item.refresh_from_db()
    assert (item.key, item.status.name) == ("PLAT-1", "In review")


def test_a_sub_task_is_kept_with_its_parent_in_words(client: Client, team: Team) -> None:
    web = a_team(team.workplace, name="Web", key_prefix="WEB")
    sub = an_item(team, type="sub_task", parent=an_item(team))
    place = f"/w/{team.workplace.slug}/items/{sub.key}/team"
    answer = client.post(place, {"team": web.pk}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert b"A sub-task lies in the team of PLAT-1" in answer.content
