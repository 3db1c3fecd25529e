"""Who is told that a text mentions them, and how people type a mention."""

from __future__ import annotations

import pytest
from helpers.builders import FROM_JIRA, a_member, a_team, a_workplace, an_item, the_owner

from duolog.core.markup import mention_of
from duolog.notifications.services import list_notices
from duolog.people.models import Member
from duolog.workplace.actors import Actor
from duolog.workplace.mentions import with_typed_mentions
from duolog.workplace.models import Team
from duolog.workplace.services import add_comment, edit_comment, update_item

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def team() -> Team:
    return a_team(a_workplace())


@pytest.fixture
def me(team: Team) -> Actor:
    return Actor.of(the_owner(team.workplace))


@pytest.fixture
def maya(team: Team) -> Member:
    return a_member(team.workplace, name="Maya Lind")


def at(member: Member) -> str:
    return mention_of(str(member.pk), member.name)


def told(member: Member) -> list[str]:
    return [notice.kind for notice in list_notices(member)]


def test_whom_a_comment_mentions_is_told_once_and_not_of_the_comment_too(
    team: Team, me: Actor, maya: Member
) -> None:
    item = an_item(team, assignee=maya)
    comment = add_comment(item.pk, f"{at(maya)} and {at(maya)}", actor=me)
    assert told(maya) == ["mentioned", "assigned"]
    assert list_notices(maya)[0].path.endswith(f"#comment-{comment.pk}")
    edit_comment(comment.pk, f"Now {at(maya)}", actor=me)
    assert told(maya) == ["mentioned", "assigned"]


def test_whom_a_description_mentions_anew_is_told(team: Team, me: Actor, maya: Member) -> None:
    item = an_item(team, description="Nobody")
    update_item(item.pk, {"description": f"Ask {at(maya)}"}, actor=FROM_JIRA)
    update_item(item.pk, {"description": f"Ask {at(maya)} twice"}, actor=me)
    assert told(maya) == ["mentioned"]
    assert list_notices(maya)[0].actor == FROM_JIRA.name


def test_nobody_is_told_of_what_they_wrote_nor_in_another_workplace(team: Team, me: Actor) -> None:
    stranger = a_member(a_workplace("Beyond"), name="Sam Stranger")
    assert me.member is not None
    add_comment(an_item(team).pk, f"{at(stranger)} {at(me.member)}", actor=me)
    assert told(stranger) == []
    assert told(me.member) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("Ask @Maya Lind, please", "Ask {maya}, please", id="a whole name"),
        pytest.param("@Maya Lindgren @Maya", "@Maya Lindgren @Maya", id="not quite a name"),
        pytest.param("a@Maya Lind", "a@Maya Lind", id="within a word"),
        pytest.param("`@Maya Lind` {maya}", "`@Maya Lind` {maya}", id="code, and a mention"),
        pytest.param("@Double Name", "@Double Name", id="a name that two bear"),
    ],
)
def test_a_typed_name_is_a_mention(team: Team, maya: Member, typed: str, kept: str) -> None:
    for _ in range(2):
        a_member(team.workplace, name="Double Name")
    text = with_typed_mentions(team.workplace, typed.replace("{maya}", at(maya)))
    assert text == kept.replace("{maya}", at(maya))
