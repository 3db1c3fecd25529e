"""A workplace at its own name: SLUG.example.com."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from helpers.builders import a_workplace, the_owner
from web.visitors import signed_in

from duolog.people.models import Member
from duolog.people.services import add_member

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PUBLIC = "https://duolog.example.com"


@pytest.fixture(autouse=True)
def _with_domain(settings: Any) -> None:
    settings.WORKPLACE_DOMAIN = "example.com"
    settings.PUBLIC_URL = PUBLIC
    settings.ALLOWED_HOSTS = [".example.com"]


def at(client: Client, host: str, path: str) -> Any:
    return client.get(path, headers={"host": host})


def test_the_name_leads_to_the_workplace_and_its_pages_answer_there(owner: Member) -> None:
    client = signed_in(owner)
    host = f"{owner.workplace.slug}.example.com"
    assert at(client, host, "/")["Location"] == f"/w/{owner.workplace.slug}/"
    assert at(client, host, f"/w/{owner.workplace.slug}/mine").status_code == 200
    page = at(client, host, f"/w/{owner.workplace.slug}/settings").content.decode()
    assert f"https://{host}" in page


def test_pages_of_another_workplace_are_led_to_the_common_address(owner: Member) -> None:
    answer = at(signed_in(owner), f"{owner.workplace.slug}.example.com", "/w/other/mine?q=x")
    assert answer["Location"] == f"{PUBLIC}/w/other/mine?q=x"


@pytest.mark.parametrize("host", ["duolog.example.com", "a.b.example.com", "example.com"])
def test_other_names_mean_no_workplace(host: str, owner: Member) -> None:
    assert at(signed_in(owner), host, f"/w/{owner.workplace.slug}/mine").status_code == 200


def test_the_api_speaks_of_the_workplace_of_its_name(owner: Member) -> None:
    other = a_workplace("Second Hill")
    add_member(other, owner.user)
    client = signed_in(owner)
    for slug in (owner.workplace.slug, other.slug):
        assert at(client, f"{slug}.example.com", "/api/v1/me").json()["workplace"]["slug"] == slug


def test_forms_are_taken_at_the_name_and_from_nowhere_else(owner: Member) -> None:
    strict = Client(enforce_csrf_checks=True)
    host = f"{owner.workplace.slug}.example.com"
    page = at(strict, host, "/accounts/login/").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    form = {"login": "x@example.com", "password": "y", "csrfmiddlewaretoken": token}
    told = [
        strict.post("/accounts/login/", form, headers={"host": host, "origin": origin}).status_code
        for origin in (f"https://{host}", "https://evil.example.com")
    ]
    assert told == [200, 403]


def test_the_owner_is_the_one_of_that_workplace(owner: Member) -> None:
    stranger = signed_in(the_owner(a_workplace("Elsewhere")))
    host = f"{owner.workplace.slug}.example.com"
    assert at(stranger, host, f"/w/{owner.workplace.slug}/mine").status_code == 404
