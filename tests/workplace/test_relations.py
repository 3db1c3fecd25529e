"""Relations and web links: one row, two readings, no doubles, each a change of its items."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from helpers.builders import FROM_JIRA, a_member, a_team, a_workplace, an_item, the_owner

from duolog.people.errors import Forbidden, Invalid, NotFound
from duolog.people.models import Role
from duolog.workplace import queries, services
from duolog.workplace.actors import Actor
from duolog.workplace.models import Activity, Reading, Relation, WebLink, WorkItem

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def item() -> WorkItem:
    return an_item()


@pytest.fixture
def other(item: WorkItem) -> WorkItem:
    return an_item(item.team, title="The other one")


@pytest.fixture
def ann(item: WorkItem) -> Actor:
    return Actor.of(a_member(item.team.workplace))


def told_by(item: WorkItem) -> list[tuple[Reading, WorkItem]]:
    return [(related.reading, related.other) for related in queries.list_related(item)]


def versions(*items: WorkItem) -> list[int]:
    return [WorkItem.objects.get(pk=item.pk).version for item in items]


@pytest.mark.parametrize(
    ("reading", "inverse"),
    [
        (Reading.BLOCKS, Reading.IS_BLOCKED_BY),
        (Reading.IS_BLOCKED_BY, Reading.BLOCKS),
        (Reading.RELATES_TO, Reading.RELATES_TO),
        (Reading.DUPLICATES, Reading.IS_DUPLICATED_BY),
        (Reading.IS_DUPLICATED_BY, Reading.DUPLICATES),
    ],
)
def test_both_ends_tell_one_relation(
    item: WorkItem, other: WorkItem, ann: Actor, reading: Reading, inverse: Reading
) -> None:
    relation = services.add_relation(item.pk, reading, other.pk, actor=ann)
    assert told_by(item) == [(reading, other)]
    assert told_by(other) == [(inverse, item)]
    assert versions(item, other) == [2, 2]
    again = services.add_relation(item.pk, reading, other.pk, actor=ann)
    mirrored = services.add_relation(other.pk, inverse, item.pk, actor=ann)
    assert {relation, again, mirrored} == {Relation.objects.get()}
    assert versions(item, other) == [2, 2]
    services.remove_relation(relation.pk, actor=ann)
    assert (told_by(item), told_by(other), versions(item, other)) == ([], [], [3, 3])
    with pytest.raises(NotFound):
        services.remove_relation(relation.pk, actor=ann)


def test_each_end_notes_it_in_its_own_words(item: WorkItem, other: WorkItem, ann: Actor) -> None:
    relation = services.add_relation(item.pk, Reading.BLOCKS, other.pk, actor=ann)
    services.remove_relation(relation.pk, actor=ann)
    for end, words in ((item, f"blocks {other.key}"), (other, f"is blocked by {item.key}")):
        lines = end.activity.exclude(verb="created").values_list("verb", "before", "after")
        assert list(lines) == [("related", "", words), ("relation removed", words, "")]


@pytest.mark.parametrize("reading", [Reading.BLOCKS, Reading.DUPLICATES])
def test_two_items_do_not_each_block_the_other(
    item: WorkItem, other: WorkItem, ann: Actor, reading: Reading
) -> None:
    services.add_relation(item.pk, reading, other.pk, actor=ann)
    with pytest.raises(Invalid, match=f"{other.key} {reading.inverse.words} {item.key} already"):
        services.add_relation(other.pk, reading, item.pk, actor=ann)
    assert Relation.objects.count() == 1


def test_relations_of_several_types_stand_beside_each_other(
    item: WorkItem, other: WorkItem, ann: Actor
) -> None:
    services.add_relation(item.pk, Reading.RELATES_TO, other.pk, actor=ann)
    services.add_relation(other.pk, Reading.BLOCKS, item.pk, actor=ann)
    assert told_by(item) == [(Reading.IS_BLOCKED_BY, other), (Reading.RELATES_TO, other)]


def test_the_database_itself_refuses_doubles_and_circles(item: WorkItem, other: WorkItem) -> None:
    Relation.objects.create(from_item=item, to_item=other, type="blocks")
    for ends in ((item, other), (other, item), (item, item)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Relation.objects.create(from_item=ends[0], to_item=ends[1], type="blocks")


def test_an_item_has_no_relation_to_itself(item: WorkItem, ann: Actor) -> None:
    with pytest.raises(Invalid, match="itself"):
        services.add_relation(item.pk, Reading.RELATES_TO, item.pk, actor=ann)


def test_an_item_in_the_trash_is_left_out_until_it_is_restored(
    item: WorkItem, other: WorkItem, ann: Actor
) -> None:
    services.add_relation(item.pk, Reading.BLOCKS, other.pk, actor=ann)
    services.delete_item(other.pk, actor=ann)
    assert told_by(item) == []
    with pytest.raises(NotFound):
        services.add_relation(item.pk, Reading.RELATES_TO, other.pk, actor=ann)
    services.restore_item(other.pk, actor=ann)
    assert told_by(item) == [(Reading.BLOCKS, other)]


def test_nobody_relates_items_of_two_workplaces(item: WorkItem, ann: Actor) -> None:
    foreign = an_item(a_team(a_workplace("Elsewhere")))
    with pytest.raises(NotFound):
        services.add_relation(item.pk, Reading.BLOCKS, foreign.pk, actor=ann)
    with pytest.raises(Invalid, match="same workplace"):
        services.add_relation(item.pk, Reading.BLOCKS, foreign.pk, actor=FROM_JIRA)


def test_guests_and_strangers_change_nothing(item: WorkItem, other: WorkItem, ann: Actor) -> None:
    relation = services.add_relation(item.pk, Reading.BLOCKS, other.pk, actor=ann)
    link = services.add_web_link(item.pk, "https://example.com", actor=ann)
    guest = Actor.of(a_member(item.team.workplace, role=Role.GUEST))
    stranger = Actor.of(the_owner(a_workplace("Elsewhere")))
    for actor, refusal in ((guest, Forbidden), (stranger, NotFound)):
        for act in (
            lambda actor: services.remove_relation(relation.pk, actor=actor),
            lambda actor: services.remove_web_link(link.pk, actor=actor),
            lambda actor: services.add_web_link(item.pk, "https://example.org", actor=actor),
            lambda actor: services.add_relation(item.pk, Reading.RELATES_TO, other.pk, actor=actor),
        ):
            with pytest.raises(refusal):
                act(actor)
    assert (Relation.objects.count(), WebLink.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("url", "title", "shown"),
    [
        pytest.param("https://example.com/a/", "", "example.com/a", id="its own words"),
        pytest.param(" http://example.com ", " The  plan ", "The plan", id="a title"),
        pytest.param("HTTPS://Example.com", "", "Example.com", id="capitals"),
        pytest.param(f"https://a.b/{'x' * 300}", "", f"a.b/{'x' * 250}…", id="a long address"),
    ],
)
def test_a_web_link_is_there_once(
    item: WorkItem, ann: Actor, url: str, title: str, shown: str
) -> None:
    link = services.add_web_link(item.pk, url, title, actor=ann)
    assert (link.title, link.url) == (shown, url.strip())
    assert services.add_web_link(item.pk, url, actor=ann) == link
    assert (queries.list_web_links(item), versions(item)) == ((link,), [2])
    services.remove_web_link(link.pk, actor=ann)
    assert (queries.list_web_links(item), versions(item)) == ((), [3])
    with pytest.raises(NotFound):
        services.remove_web_link(link.pk, actor=ann)


def test_a_web_link_given_again_under_another_title_bears_that_one(
    item: WorkItem, ann: Actor
) -> None:
    link = services.add_web_link(item.pk, "https://example.com/a", "The plan", actor=ann)
    for _ in range(2):
        again = services.add_web_link(item.pk, link.url, "The new plan", actor=ann)
        assert (again.pk, again.title) == (link.pk, "The new plan")
    assert versions(item) == [3]
    told = Activity.objects.filter(work_item=item, verb="web link renamed")
    assert list(told.values_list("before", "after")) == [("The plan", "The new plan")]


@pytest.mark.parametrize(
    "url",
    ["", "example.com", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd",
     "https://", "https:///path", "https://[", "https://a b", "https://a\nb", "https://\u0000",
     "ftp://example.com", "//example.com", f"https://a/{'x' * 2000}"],
)  # fmt: skip
def test_only_addresses_of_the_web_are_taken(item: WorkItem, ann: Actor, url: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.add_web_link(item.pk, url, actor=ann)
    assert "url" in refused.value.errors
    assert not WebLink.objects.exists()


def test_a_title_that_is_too_long_is_refused(item: WorkItem, ann: Actor) -> None:
    with pytest.raises(Invalid, match="255"):
        services.add_web_link(item.pk, "https://example.com", "x" * 256, actor=ann)
