"""Comments: said, answered, edited and taken away, each a change of the item."""

from __future__ import annotations

import pytest
from helpers.builders import FROM_JIRA, a_member, a_workplace, an_item, the_owner

from duolog.notifications.models import Notice
from duolog.people.errors import Forbidden, Invalid, NotFound
from duolog.people.models import Role
from duolog.workplace import services
from duolog.workplace.actors import Actor
from duolog.workplace.models import Comment, WorkItem

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def item() -> WorkItem:
    return an_item()


@pytest.fixture
def ann(item: WorkItem) -> Actor:
    return Actor.of(a_member(item.team.workplace))


def version_of(item: WorkItem) -> int:
    return WorkItem.objects.get(pk=item.pk).version


def test_a_comment_lives_and_each_change_counts(item: WorkItem, ann: Actor) -> None:
    comment = services.add_comment(item.pk, "First", actor=ann)
    assert (comment.author, version_of(item)) == (ann.member, 2)
    services.edit_comment(comment.pk, "Second", actor=ann)
    services.edit_comment(comment.pk, "Second", actor=ann)
    assert version_of(item) == 3
    services.delete_comment(comment.pk, actor=ann)
    assert version_of(item) == 4
    lines = item.activity.exclude(verb="created").values_list("verb", "before", "after")
    assert list(lines) == [
        ("commented", "", "First"),
        ("comment edited", "First", "Second"),
        ("comment deleted", "Second", ""),
    ]
    for act in (
        lambda: services.delete_comment(comment.pk, actor=ann),
        lambda: services.edit_comment(comment.pk, "Third", actor=ann),
    ):
        with pytest.raises(NotFound):
            act()


def test_answers_belong_to_one_thread(item: WorkItem, ann: Actor) -> None:
    first = services.add_comment(item.pk, "First", actor=ann)
    answer = services.add_comment(item.pk, "Answer", actor=ann, parent=first.pk)
    deeper = services.add_comment(item.pk, "Deeper", actor=ann, parent=answer.pk)
    assert (answer.parent, deeper.parent) == (first, first)
    elsewhere = an_item(item.team)
    with pytest.raises(Invalid):
        services.add_comment(elsewhere.pk, "Lost", actor=ann, parent=first.pk)


@pytest.mark.parametrize("body", ["", " \n ", "a\x00", "\ud800"])
def test_what_cannot_be_said_is_refused(item: WorkItem, ann: Actor, body: str) -> None:
    with pytest.raises(Invalid):
        services.add_comment(item.pk, body, actor=ann)
    assert not Comment.objects.exists()


def test_a_comment_from_jira_names_who_wrote_it(item: WorkItem) -> None:
    comment = services.add_comment(item.pk, "Hi", actor=FROM_JIRA, author_name="Ann Lee")
    unnamed = services.add_comment(item.pk, "Hi", actor=FROM_JIRA)
    assert (comment.author, comment.author_name) == (None, "Ann Lee")
    assert unnamed.author_name == "Ann Lee in Jira"


@pytest.mark.parametrize(
    ("role", "may"),
    [
        pytest.param(Role.MEMBER, False, id="another member may not"),
        pytest.param(Role.GUEST, False, id="a guest may not"),
        pytest.param(Role.ADMIN, True, id="an admin may"),
    ],
)
def test_who_may_change_what_another_wrote(
    item: WorkItem, ann: Actor, role: Role, *, may: bool
) -> None:
    comment = services.add_comment(item.pk, "Mine", actor=ann)
    other = Actor.of(a_member(item.team.workplace, name="Bo Chen", role=role))
    if may:
        services.edit_comment(comment.pk, "Ours", actor=other)
        services.delete_comment(comment.pk, actor=other)
        return
    for act in (
        lambda: services.edit_comment(comment.pk, "Ours", actor=other),
        lambda: services.delete_comment(comment.pk, actor=other),
    ):
        with pytest.raises(Forbidden, match="Ask "):
            act()
    comment.refresh_from_db()
    assert (comment.body, comment.deleted_at) == ("Mine", None)


def test_sync_may_change_what_anybody_wrote(item: WorkItem, ann: Actor) -> None:
    comment = services.add_comment(item.pk, "Mine", actor=ann)
    assert services.edit_comment(comment.pk, "Theirs", actor=FROM_JIRA).body == "Theirs"
    assert services.delete_comment(comment.pk, actor=FROM_JIRA).deleted_at is not None


def test_a_guest_and_a_stranger_cannot_comment(item: WorkItem, ann: Actor) -> None:
    guest = Actor.of(a_member(item.team.workplace, role=Role.GUEST))
    with pytest.raises(Forbidden):
        services.add_comment(item.pk, "Hi", actor=guest)
    comment = services.add_comment(item.pk, "Hi", actor=ann)
    stranger = Actor.of(the_owner(a_workplace("Elsewhere")))
    with pytest.raises(NotFound):
        services.add_comment(item.pk, "Hi", actor=stranger)
    with pytest.raises(NotFound):
        services.edit_comment(comment.pk, "Hi", actor=stranger)


def test_those_concerned_hear_of_it_but_not_who_said_it(item: WorkItem, ann: Actor) -> None:
    bo = a_member(item.team.workplace, name="Bo Chen")
    services.update_item(item.pk, {"assignee": bo}, actor=Actor.of(bo))
    first = services.add_comment(item.pk, "First", actor=ann)
    assert {n.member.name for n in Notice.objects.all()} == {"Olive Owner", "Bo Chen"}
    Notice.objects.all().delete()
    services.add_comment(item.pk, "Answer", actor=Actor.of(bo), parent=first.pk)
    assert {n.member.name for n in Notice.objects.all()} == {"Olive Owner", "Ann Lee"}
