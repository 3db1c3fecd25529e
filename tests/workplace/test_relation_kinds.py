"""Kinds of relations that a workplace adds: told from either end, renamed, kept while in use."""

from __future__ import annotations

import pytest
from helpers.builders import a_member, a_team, a_workplace, an_item, the_owner

from duolog.people.errors import Forbidden, Invalid, NotFound
from duolog.people.models import Role
from duolog.workplace import queries, services
from duolog.workplace.actors import Actor
from duolog.workplace.models import RelationKind, Team, WorkItem

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def team() -> Team:
    return a_team(a_workplace())


@pytest.fixture
def ann(team: Team) -> Actor:
    return Actor.of(the_owner(team.workplace))


@pytest.fixture
def pair(team: Team) -> tuple[WorkItem, WorkItem]:
    return an_item(team, title="Storm"), an_item(team, title="Outage")


def told(item: WorkItem) -> list[tuple[str, str]]:
    return [(each.reading.words, each.other.title) for each in queries.list_related(item)]


def a_kind(team: Team, ann: Actor) -> RelationKind:
    return services.add_relation_kind(team.workplace, " Causes", "is caused  by", actor=ann)


def test_each_end_tells_it_in_its_own_words(
    team: Team, ann: Actor, pair: tuple[WorkItem, WorkItem]
) -> None:
    storm, outage = pair
    a_kind(team, ann)
    reading = queries.get_reading(team.workplace, "is_caused_by")
    services.add_relation(outage.pk, reading, storm.pk, actor=ann)
    assert told(outage) == [("is caused by", "Storm")]
    assert told(storm) == [("causes", "Outage")]
    services.add_relation(storm.pk, reading.inverse, outage.pk, actor=ann)
    assert len(told(storm)) == 1
    with pytest.raises(Invalid, match="already"):
        services.add_relation(storm.pk, reading, outage.pk, actor=ann)


def test_without_an_inverse_name_both_tell_it_alike(
    team: Team, ann: Actor, pair: tuple[WorkItem, WorkItem]
) -> None:
    services.add_relation_kind(team.workplace, "goes with", actor=ann)
    offered = [each.value for each in queries.list_readings(team.workplace)]
    assert offered[-1:] == ["goes_with"]
    reading = queries.get_reading(team.workplace, "goes_with")
    services.add_relation(pair[1].pk, reading, pair[0].pk, actor=ann)
    assert [told(each)[0][0] for each in pair] == ["goes with", "goes with"]


def test_a_new_name_is_read_everywhere_and_the_value_stays(
    team: Team, ann: Actor, pair: tuple[WorkItem, WorkItem]
) -> None:
    kind = a_kind(team, ann)
    services.add_relation(pair[0].pk, kind.reading, pair[1].pk, actor=ann)
    services.rename_relation_kind(kind.pk, name="brings about", actor=ann)
    assert told(pair[0]) == [("brings about", "Outage")]
    assert queries.get_reading(team.workplace, "causes").words == "brings about"


def test_a_kind_stays_while_there_is_such_a_relation(
    team: Team, ann: Actor, pair: tuple[WorkItem, WorkItem]
) -> None:
    kind = a_kind(team, ann)
    relation = services.add_relation(pair[0].pk, kind.reading, pair[1].pk, actor=ann)
    with pytest.raises(Invalid, match="Remove those links first"):
        services.remove_relation_kind(kind.pk, actor=ann)
    services.remove_relation(relation.pk, actor=ann)
    services.remove_relation_kind(kind.pk, actor=ann)
    assert queries.list_relation_kinds(team.workplace) == ()
    with pytest.raises(Invalid, match="no such kind"):
        services.add_relation(pair[0].pk, kind.reading, pair[1].pk, actor=ann)


@pytest.mark.parametrize(
    ("name", "inverse"),
    [
        pytest.param("  ", "", id="nothing"),
        pytest.param("!?", "", id="no letter"),
        pytest.param("x" * 41, "", id="too long"),
        pytest.param("Blocks", "is stopped by", id="one that all have"),
        pytest.param("stops", "is blocked by", id="the other end of one that all have"),
        pytest.param("is caused by", "", id="one that is there"),
    ],
)
def test_names_that_cannot_be_given(team: Team, ann: Actor, name: str, inverse: str) -> None:
    a_kind(team, ann)
    with pytest.raises(Invalid):
        services.add_relation_kind(team.workplace, name, inverse, actor=ann)
    assert len(queries.list_relation_kinds(team.workplace)) == 1


def test_only_admins_change_them_and_only_their_own(team: Team, ann: Actor) -> None:
    kind = a_kind(team, ann)
    member = Actor.of(a_member(team.workplace, role=Role.MEMBER))
    stranger = Actor.of(the_owner(a_workplace("Beyond")))
    for act in (
        lambda who: services.rename_relation_kind(kind.pk, name="mine", actor=who),
        lambda who: services.remove_relation_kind(kind.pk, actor=who),
    ):
        with pytest.raises(Forbidden):
            act(member)
        with pytest.raises(NotFound):
            act(stranger)
    with pytest.raises(Forbidden):
        services.add_relation_kind(team.workplace, "mine", actor=member)
