"""Whose clocks decide for which day a person's worklogs count, and where they choose them."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from helpers.builders import a_member, a_workplace
from helpers.rest import rest_of

from duolog.connections.models import Connection, ConnectionKind
from duolog.core.worklog_days import Days
from duolog.core.worklogs import read_zone
from duolog.people.models import Member
from duolog.web.views.entry import BACKEND
from duolog.worklogs.own.zones import differs, zone_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def connected(member: Member, zone: str) -> Connection:
    return Connection.objects.create(
        workplace=member.workplace,
        kind=ConnectionKind.PERSONAL,
        member=member,
        base_url=f"https://{zone.lower().replace('/', '-')}.example",
        sealed_secret=b"",
        time_zone=zone,
    )


def test_days_are_those_of_jira_until_a_person_chooses() -> None:
    maya = a_member(a_workplace())
    assert zone_of(maya) == "UTC"
    connected(maya, "Nowhere/At_all")
    mine = connected(maya, "Asia/Kathmandu")
    assert zone_of(maya) == "Asia/Kathmandu"
    days = Days(date(2026, 3, 2), date(2026, 3, 8), read_zone("Asia/Kathmandu"))
    assert not differs(mine, days)
    page = Client()
    page.force_login(maya.user, BACKEND)
    address = f"/w/{maya.workplace.slug}/profile"
    assert "As in Jira (Asia/Kathmandu)" in page.get(address).content.decode()
    answer = page.post(address, {"name": "Maya Lind", "zone": "Europe/Berlin"})
    assert answer.status_code == 302
    maya = Member.objects.get(pk=maya.pk)
    assert (zone_of(maya), maya.name) == ("Europe/Berlin", "Maya Lind")
    assert differs(mine, Days(days.first, days.last, read_zone("Europe/Berlin")))
    wrong = page.post(address, {"name": "Somebody", "zone": "Mars/Base"})
    assert (wrong.status_code, Member.objects.get(pk=maya.pk).name) == (422, "Maya Lind")
    assert "Choose a time zone from the list" in wrong.content.decode()


def test_the_api_tells_the_zone_and_takes_another() -> None:
    maya = a_member(a_workplace())
    rest = rest_of(maya)
    assert rest.get("/me")["time_zone"] == "UTC"
    told = rest.ask("PATCH", "/me", {"time_zone": "Asia/Kolkata"})
    assert (told.status_code, told.json()["time_zone"]) == (200, "Asia/Kolkata")
    refused = rest.ask("PATCH", "/me", {"time_zone": "Mars/Base"})
    assert refused.status_code == 422
    assert "time_zone" in refused.content.decode()
    assert rest.get("/me")["time_zone"] == "Asia/Kolkata"
