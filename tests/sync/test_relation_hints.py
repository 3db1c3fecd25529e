"""Deliveries about issue links: each end judges for itself, and an echo costs nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.jirasim import Jira
from helpers.receiver import receiving

from duolog.connections.webhooks import EVENTS, make_webhook
from duolog.sync.models import Delivery
from duolog.workplace import queries
from duolog.workplace.models import Reading, Relation, WorkItem
from duolog.workplace.services import add_relation, remove_relation

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]
SECRET = "between Jira and us"


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    """A team whose connection has a webhook that the simulator delivers to."""
    with a_bound_team(jira) as bound, receiving() as address:
        make_webhook(bound.connection, secret=SECRET)
        jira.register_webhook(f"{address}/{bound.connection.webhook_hash}", EVENTS, SECRET)
        yield bound
        jira.wait_for_deliveries()


def pair(bound: Bound) -> tuple[WorkItem, WorkItem]:
    one, two = bound.item("Pump"), bound.item("Valve")
    bound.bind()
    settle(bound)
    return one, two


def settle(bound: Bound) -> None:
    bound.jira.wait_for_deliveries()
    bound.run()
    bound.jira.reset()


def relate(bound: Bound, one: WorkItem, two: WorkItem) -> Relation:
    return add_relation(one.pk, Reading.BLOCKS, two.pk, actor=bound.me)


@pytest.mark.parametrize("what", ["made", "removed"])
def test_the_echo_of_our_own_link_costs_nothing(bound: Bound, what: str) -> None:
    one, two = pair(bound)
    made = relate(bound, one, two)
    bound.run()
    if what == "removed":
        settle(bound)
        remove_relation(made.pk, actor=bound.me)
        bound.run()
    bound.jira.wait_for_deliveries()
    bound.jira.reset()
    bound.run()
    assert bound.jira.calls() == {}
    assert not Delivery.objects.filter(taken_at=None).exists()


def test_a_link_made_and_removed_in_jira_costs_one_read_at_each_end(bound: Bound) -> None:
    one, two = pair(bound)
    ends = [str(bound.link(item).issue_id) for item in (one, two)]
    body = {"type": {"name": "Relates"}, "inwardIssue": {"id": ends[0]}}
    bound.jira.ask("POST", "issueLink", {**body, "outwardIssue": {"id": ends[1]}})
    settle(bound)
    assert [each.other for each in queries.list_related(one)] == [two]
    [link] = bound.jira.get(ends[1])["issuelinks"]
    bound.jira.ask("DELETE", f"issueLink/{link['id']}", by=bound.jira.service)
    bound.jira.wait_for_deliveries()
    bound.jira.reset()
    bound.run()
    assert queries.list_related(two) == ()
    read = f"GET {bound.jira.rest}/issue/{{id}}"
    assert set(bound.jira.calls()) == {read}
    assert bound.jira.calls()[read] <= 3  # at one end the other is looked for, too


def test_parents_that_jira_tells_as_links_are_left_to_their_issues(bound: Bound) -> None:
    epic = bound.item("Epic", type="epic")
    bound.bind()
    settle(bound)
    above = bound.jira.below(str(bound.link(epic).issue_id), epic=True)
    bound.jira.create("Child", **above)
    settle(bound)
    told = Delivery.objects.filter(event="issuelink_created")
    assert set(told.values_list("outcome", flat=True)) <= {"ignored"}
