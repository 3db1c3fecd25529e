"""A team bound again to the project it was bound to: what was paired stays paired."""

from __future__ import annotations

import pytest
from helpers.bound import Bound
from helpers.builders import a_team

from duolog.sync.binding.services import Rules, Wish, bind_team, unbind, unlink
from duolog.sync.models import Direction, Link
from duolog.workplace.models import Comment, WorkItem
from duolog.workplace.services.comments import add_comment
from duolog.workplace.services.moving import move_to_team

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def counts(bound: Bound) -> tuple[int, int, int, int]:
    """How many items, issues, comments here and comments there."""
    issues = bound.jira.issues(bound.jira.project_key)
    there = sum(issue["fields"]["comment"]["total"] for issue in issues)
    return WorkItem.objects.count(), len(issues), Comment.objects.count(), there


@pytest.mark.parametrize("direction", list(Direction))
def test_nothing_is_created_again(bound: Bound, direction: Direction) -> None:
    item = bound.item("Born here")
    add_comment(item.pk, "Said here", actor=bound.me)
    issue = bound.jira.create("Born there")
    bound.jira.comment(issue, "Said there")
    binding = bound.bind()
    assert counts(bound) == (2, 2, 2, 2)
    unbind(bound.owner, binding)
    bound.change(item, title="Edited in between")
    bound.run()
    bound.bind(Rules(direction=direction))
    bound.run(within=60)
    assert counts(bound) == (2, 2, 2, 2)
    assert set(Link.objects.values_list("state", flat=True)) == {"in_step"}
    assert bound.jira.get(str(bound.link(item).issue_id))["summary"] == "Edited in between"


def test_an_edit_in_jira_made_in_between_comes_over(bound: Bound) -> None:
    item = bound.item("Before")
    binding = bound.bind()
    unbind(bound.owner, binding)
    bound.jira.edit(str(bound.link(item).issue_id), summary="After")
    bound.bind()
    bound.run(within=60)
    item.refresh_from_db()
    assert item.title == "After"


def test_what_a_person_unlinked_stays_apart(bound: Bound) -> None:
    item = bound.item("On its own")
    binding = bound.bind()
    unlink(bound.owner, bound.link(item))
    unbind(bound.owner, binding)
    bound.bind()
    bound.run(within=60)
    assert counts(bound) == (1, 1, 0, 0)
    assert bound.link(item).state == "ended"


@pytest.mark.both_deployments
def test_an_issue_that_another_team_took_in_meanwhile_is_linked_once(bound: Bound) -> None:
    issue, alone = bound.jira.create("Taken in"), bound.item("Only ours")
    before = bound.bind()
    item = bound.item_of(issue)
    unbind(bound.owner, before)
    other = a_team(bound.workplace, name="Second", key_prefix="SEC")
    bind_team(bound.owner, other, Wish(bound.connection, bound.jira.project_key))
    bound.run(within=60)
    assert Link.objects.exclude(state="ended").count() == 2
    bound.bind()
    bound.run(within=60)
    living = Link.objects.filter(issue_id=issue).exclude(state="ended")
    assert [link.binding.team for link in living] == [other]
    assert bound.link(item).state == "ended"
    assert bound.link(alone).state == "ended"
    assert len(bound.jira.issues(bound.jira.project_key)) == 2


@pytest.mark.both_deployments
def test_an_item_that_went_on_elsewhere_meanwhile_stays_there(bound: Bound) -> None:
    item = bound.item("Moves")
    unbind(bound.owner, bound.bind())
    other = a_team(bound.workplace, name="Second", key_prefix="SEC")
    bind_team(bound.owner, other, Wish(bound.connection, "FLOW"))
    move_to_team(item.pk, other, {}, actor=bound.me)
    bound.run(within=60)
    there = bound.link(item)
    bound.bind()
    bound.run(within=60)
    assert [each.pk for each in Link.objects.exclude(state="ended")] == [there.pk]
