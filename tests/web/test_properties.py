"""Properties on pages: set up by admins, edited on an item as any other row."""

from __future__ import annotations

import pytest
from django.test import Client
from helpers.builders import a_member, an_item, the_owner
from web.visitors import signed_in

from duolog.workplace import queries, services
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team
from duolog.workplace.property_values import held_by

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def base(team: Team) -> str:
    return f"/w/{team.workplace.slug}"


def test_an_admin_makes_renames_and_archives_a_property(client: Client, team: Team) -> None:
    new = {"name": "Size", "kind": "select", "options": 'S, "L, XL"'}
    assert client.post(f"{base(team)}/properties", new).status_code == 302
    (row,) = queries.list_properties(team.workplace)
    small, large = row.option_names
    assert list(row.option_names.values()) == ["S", "L, XL"]
    form = {
        "name": "T-shirt",
        "option-id": [small, large],
        "option": ["Small", ""],
        "more": "Huge",
        "act": "save",
    }
    assert client.post(f"{base(team)}/properties/{row.pk}", form).status_code == 302
    row.refresh_from_db()
    assert (row.name, list(row.option_names.values())) == ("T-shirt", ["Small", "Huge"])
    client.post(f"{base(team)}/properties/{row.pk}", {"act": "archive"})
    assert "Bring back T-shirt" in client.get(f"{base(team)}/properties").content.decode()
    client.post(f"{base(team)}/properties/{row.pk}", {"act": "restore"})
    assert queries.list_properties(team.workplace) == (row,)


def test_what_is_wrong_is_said_where_it_was_typed(client: Client, team: Team) -> None:
    refused = client.post(f"{base(team)}/properties", {"name": "Size", "kind": "select"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "A select lists at least one option" in page
    assert 'value="Size"' in page


def test_a_member_reads_properties_and_changes_none(team: Team) -> None:
    row = services.create_property(
        team.workplace, "Size", "text", actor=Actor.of(the_owner(team.workplace))
    )
    visitor = signed_in(a_member(team.workplace))
    page = visitor.get(f"{base(team)}/properties").content.decode()
    assert "Size" in page
    assert "Add property" not in page
    assert visitor.post(f"{base(team)}/properties/{row.pk}", {"name": "x"}).status_code == 403


def test_an_item_shows_its_properties_and_stores_the_one_that_was_changed(
    client: Client, team: Team
) -> None:
    owner = Actor.of(the_owner(team.workplace))
    rooms = services.create_property(
        team.workplace, "Rooms", "multi_select", ["Hall", "Attic"], actor=owner
    )
    flag = services.create_property(team.workplace, "Billable", "checkbox", actor=owner)
    item = an_item(team)
    at = f"{base(team)}/items/{item.key}"
    assert 'placeholder="Hall, Attic"' in client.get(at).content.decode()
    htmx = {"HX-Request": "true"}
    client.post(f"{at}/set", {f"property-{rooms.pk}": "attic, Hall"}, headers=htmx)
    client.post(f"{at}/set", {f"property-{flag.pk}": "true"}, headers=htmx)
    answer = client.post(f"{at}/set", {"components": 'API, "Sales, EMEA"'}, headers=htmx)
    stored = queries.get_item(team.workplace, item.pk)
    assert set(held_by(stored)) == {rooms, flag}
    assert [each.name for each in stored.components.all()] == ["API", "Sales, EMEA"]
    page = answer.content.decode()
    assert "API, &quot;Sales, EMEA&quot;" in page
    assert 'value="Hall, Attic"' in page
    refused = client.post(f"{at}/set", {f"property-{rooms.pk}": "Cellar"}, headers=htmx)
    assert refused.status_code == 422
    assert "Rooms: Choose one of its options" in refused.content.decode()
