"""Guests read: no page offers them what would be refused."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from helpers.builders import an_item, the_owner
from web.visitors import a_guest

from duolog.workplace.actors import Actor
from duolog.workplace.models import Team
from duolog.workplace.services import add_comment, create_project, delete_item

pytestmark = [pytest.mark.django_db, pytest.mark.database]

THEIR_OWN = ("/profile", "/tokens", "/notices", "/sessions", "/accounts/", "/members/")
"""What a guest may change: themself, and that they are here."""
PAGES = [
    "/mine", "/notices", "/inbox", "/projects", "/projects/{project}", "/profile", "/security",
    "/tokens", "/members", "/settings", "/trash", "/teams/PLAT", "/teams/PLAT?view=board",
    "/teams/PLAT/settings", "/items/PLAT-1", "/find?q=mend",
]  # fmt: skip
WRITES = re.compile(
    r'<form[^>]*method="post"[^>]*action="([^"]*)"|hx-(?:post|put|patch|delete)="([^"]*)"'
)
POSTS_HERE = re.compile(r'<form(?![^>]*action=)[^>]*method="post"')


@pytest.mark.parametrize("page", PAGES)
def test_a_guest_is_offered_nothing_that_would_be_refused(page: str, team: Team) -> None:
    actor = Actor.of(the_owner(team.workplace))
    item = an_item(team)
    add_comment(item.pk, "Said", actor=actor)
    delete_item(an_item(team).pk, actor=actor)
    project = create_project(team.workplace, "Checkout", actor=actor)
    guest: Client = a_guest(team.workplace)
    base = f"/w/{team.workplace.slug}"
    answer = guest.get(base + page.format(project=project.pk))
    assert answer.status_code == 200
    content = answer.content.decode()
    written = {first or second for first, second in WRITES.findall(content)}
    offered = {path for path in written if not path.removeprefix(base).startswith(THEIR_OWN)}
    assert offered == set()
    if not page.startswith(THEIR_OWN):
        assert not POSTS_HERE.search(content)


@pytest.mark.parametrize("page", ["/new-team", "/projects/new", "/new-workplace", "/bulk"])
def test_a_guest_is_told_so_where_only_a_form_would_be(page: str, team: Team) -> None:
    guest = a_guest(team.workplace)
    assert guest.get(f"/w/{team.workplace.slug}{page}").status_code in {403, 405}
