"""Properties: made by admins, held by items, read strictly, never lost by a rename or an archive."""

from __future__ import annotations

import pytest
from helpers.builders import a_member, a_team, a_workplace, an_item, the_owner

from duolog.people.errors import Forbidden, Invalid, NotFound
from duolog.people.models import Role
from duolog.workplace import queries, services
from duolog.workplace.actors import Actor
from duolog.workplace.models import Activity, Property, Team, WorkItem
from duolog.workplace.property_values import held_by, say_value, show_value

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def team() -> Team:
    return a_team()


@pytest.fixture
def actor(team: Team) -> Actor:
    return Actor.of(the_owner(team.workplace))


def a_property(team: Team, name: str, kind: str, *options: str) -> Property:
    admin = Actor.of(the_owner(team.workplace))
    return services.create_property(team.workplace, name, kind, options, actor=admin)


def held(item: WorkItem) -> dict[str, str]:
    item = queries.get_item(item.team.workplace, item.pk)
    return {row.name: value for row, value in held_by(item).items()}


@pytest.mark.parametrize(
    ("kind", "written", "text", "shown"),
    [
        pytest.param("text", "  Port 8080 ", "Port 8080", "Port 8080", id="text is trimmed"),
        pytest.param("number", "003.50", "3.5", 3.5, id="a number in its shortest form"),
        pytest.param("number", 1200, "1200", 1200, id="a whole number"),
        pytest.param("number", "-0", "0", 0, id="no negative zero"),
        pytest.param("number", "1e3", "1000", 1000, id="no exponent"),
        pytest.param("date", "2026-12-01", "2026-12-01", "2026-12-01", id="a date"),
        pytest.param(
            "url", "https://a.example/b?c", "https://a.example/b?c", None, id="an address"
        ),
        pytest.param("checkbox", True, "true", True, id="a checkbox that is checked"),
        pytest.param("checkbox", "on", "true", True, id="a checkbox of a form"),
        pytest.param("paragraph", " One.\r\n\r\nTwo. ", "One.\n\nTwo.", "One.\n\nTwo.", id="text"),
        pytest.param(
            "date_time",
            "2026-03-01T10:30+01:00",
            "2026-03-01T09:30:00Z",
            "2026-03-01T09:30:00Z",
            id="a moment",
        ),
        pytest.param("list", 'b, "a, c", b', "a, c\nb", ["a, c", "b"], id="names, each once"),
    ],
)
def test_a_value_is_kept_in_one_form(
    team: Team, actor: Actor, kind: str, written: object, text: str, shown: object
) -> None:
    row = a_property(team, "It", kind)
    item = services.set_property(an_item(team).pk, row, written, actor=actor)
    assert held(item) == {"It": text}
    assert show_value(row, text) == (text if shown is None else shown)


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        pytest.param("text", "two\nlines", id="text of two lines"),
        pytest.param("number", "many", id="a number in words"),
        pytest.param("number", "NaN", id="not a number"),
        pytest.param("number", "1234567890.1234567", id="more digits than Jira keeps"),
        pytest.param("number", "1e400", id="a number beyond all bounds"),
        pytest.param("date", "31.12.2026", id="a date of another form"),
        pytest.param("url", "javascript:alert(1)", id="an address that is code"),
        pytest.param("url", "https://[", id="a broken address"),
        pytest.param("checkbox", "perhaps", id="neither yes nor no"),
        pytest.param("date_time", "soon", id="no moment"),
        pytest.param("members", "Nobody we know", id="no member"),
        pytest.param("list", ["two\nlines"], id="a name of two lines"),
        pytest.param("list", "x" * 256, id="a name that is too long"),
        pytest.param("paragraph", "x" * 32_768, id="more than Jira takes"),
        pytest.param("member", "999999", id="nobody"),
    ],
)
def test_bad_input_is_refused_in_words_and_nothing_is_stored(
    team: Team, actor: Actor, kind: str, written: object
) -> None:
    row, item = a_property(team, "It", kind), an_item(team)
    with pytest.raises(Invalid, match="It: "):
        services.update_item(
            item.pk, {"title": "New", "properties": {row.pk: written}}, actor=actor
        )
    item.refresh_from_db()
    assert (item.title, item.version, held(item)) == ("Mend it", 1, {})


def test_options_are_chosen_by_id_or_name_and_kept_by_id(team: Team, actor: Actor) -> None:
    row = a_property(team, "Rooms", "multi_select", "Hall", "Attic", "Cellar")
    hall, attic, _ = row.option_names
    item = services.set_property(an_item(team).pk, row, ["attic", hall], actor=actor)
    text = held(item)["Rooms"]
    assert say_value(row, text) == "Hall, Attic"
    assert show_value(row, text) == [hall, attic]
    with pytest.raises(Invalid, match="Choose one of its options: Hall, Attic, Cellar"):
        services.set_property(item.pk, row, ["Garden"], actor=actor)
    options = [{"id": attic, "name": "Loft"}, "Hall"]
    row = services.update_property(row.pk, actor=actor, options=options)
    assert row.option_names == {attic: "Loft", hall: "Hall"}
    assert say_value(row, held(item)["Rooms"]) == "Loft, Hall"


def test_an_option_that_items_hold_is_not_taken_away(team: Team, actor: Actor) -> None:
    row = a_property(team, "Size", "select", "Small", "Large")
    item = services.set_property(an_item(team).pk, row, "Large", actor=actor)
    services.delete_item(item.pk, actor=actor)
    with pytest.raises(Invalid, match="Items that hold Large: 1"):
        services.update_property(row.pk, actor=actor, options=["Small"])


def test_a_value_is_activity_and_a_version_and_the_same_value_is_neither(
    team: Team, actor: Actor
) -> None:
    row, ann = a_property(team, "Tester", "member"), a_member(team.workplace)
    item = services.set_property(an_item(team).pk, row, ann.pk, actor=actor)
    item = services.set_property(item.pk, row, ann, actor=actor)
    item = services.set_property(item.pk, row, None, actor=actor)
    assert item.version == 3
    lines = Activity.objects.filter(work_item=item, field="Tester")
    assert list(lines.values_list("before", "after")) == [("", "Ann Lee"), ("Ann Lee", "")]


def test_an_archived_property_keeps_what_items_hold(team: Team, actor: Actor) -> None:
    row = a_property(team, "Size", "select", "Small", "Large")
    item = services.set_property(an_item(team).pk, row, "Large", actor=actor)
    services.archive_property(row.pk, actor=actor)
    assert held(item) == {}
    with pytest.raises(Invalid, match="There is no property"):
        services.set_property(item.pk, row, "Small", actor=actor)
    other = a_property(team, "size", "text")
    with pytest.raises(Invalid, match="There is a property Size already"):
        services.restore_property(row.pk, actor=actor)
    services.archive_property(other.pk, actor=actor)
    services.restore_property(row.pk, actor=actor)
    assert list(held(item)) == ["Size"]


def test_only_admins_change_properties_and_only_of_their_workplace(team: Team) -> None:
    row = a_property(team, "Size", "text")
    member = Actor.of(a_member(team.workplace))
    stranger = Actor.of(a_member(a_workplace("Other"), role=Role.ADMIN))
    with pytest.raises(Forbidden):
        services.create_property(team.workplace, "Colour", "text", actor=member)
    with pytest.raises(Forbidden):
        services.update_property(row.pk, actor=member, name="Colour")
    with pytest.raises(Forbidden):
        services.create_property(team.workplace, "Colour", "text", actor=stranger)
    with pytest.raises(NotFound):
        services.archive_property(row.pk, actor=stranger)


@pytest.mark.parametrize(
    ("name", "kind", "options"),
    [
        pytest.param("size", "text", (), id="a name that is taken"),
        pytest.param(" ", "text", (), id="no name"),
        pytest.param("Colour", "colour", (), id="a kind that does not exist"),
        pytest.param("Colour", "select", (), id="a select of nothing"),
        pytest.param("Colour", "select", ("Red", "red"), id="an option twice"),
        pytest.param("Colour", "text", ("Red",), id="options of a text"),
    ],
)
def test_a_property_that_makes_no_sense_is_refused(
    team: Team, name: str, kind: str, options: tuple[str, ...]
) -> None:
    a_property(team, "Size", "text")
    with pytest.raises(Invalid):
        a_property(team, name, kind, *options)
    assert [row.name for row in queries.list_properties(team.workplace)] == ["Size"]
