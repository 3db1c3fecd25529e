"""What the sync costs: calls to Jira, counted by the simulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.jirasim import Jira

from duolog.sync.models import Direction, Link
from duolog.sync.services import Rules, Wish, bind_team
from duolog.workplace.services.comments import add_comment

pytestmark = [
    pytest.mark.database,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]
BULK = "POST /rest/api/3/issue/bulk"
READ_BACK = "POST /rest/api/3/issue/bulkfetch"
COMMENT = "POST /rest/api/3/issue/{id}/comment"
STEP = "POST /rest/api/3/issue/{id}/transitions"


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    with a_bound_team(jira) as bound:
        yield bound


def test_a_first_send_creates_in_bulk_parents_first(bound: Bound) -> None:
    epics = [bound.item(f"Epic {n}", type="epic") for n in range(5)]
    for number in range(195):
        status = ("To do", "In progress", "Done")[number % 3]
        item = bound.item(f"Item {number}", parent=epics[number % 5], status=status)
        if number < 10:
            add_comment(item.pk, "Said", actor=bound.me)
    bound.bind(Rules(direction=Direction.ONE_WAY))
    calls = bound.jira.calls()
    assert Link.objects.filter(state="in_step").count() == 200
    assert calls[BULK] + calls[READ_BACK] <= 1.2 * (4 + 2)
    assert calls[COMMENT] == 10
    assert calls.get(STEP, 0) <= 5 + 50, "only the first batch of a type does not know its steps"
    assert calls["GET /rest/api/3/issue/{id}"] == 2, "once for the steps of each type"
    issues = bound.jira.issues(bound.jira.project_key)
    assert sum(1 for i in issues if i["fields"].get("parent")) == 195


def test_a_new_item_costs_one_create_and_one_read_back(bound: Bound) -> None:
    bound.item()
    bound.bind()
    bound.jira.reset()
    bound.item("Another")
    bound.run()
    assert bound.jira.calls() == {BULK: 1, READ_BACK: 1}


def test_a_comment_costs_one_write_and_one_read(bound: Bound) -> None:
    item = bound.item()
    bound.bind()
    bound.jira.reset()
    add_comment(item.pk, "One", actor=bound.me)
    bound.run()
    assert bound.jira.calls() == {"GET /rest/api/3/issue/{id}": 1, COMMENT: 1}


def test_binding_right_after_the_items_were_made_sends_them_in_bulk_all_the_same(
    bound: Bound,
) -> None:
    epic = bound.item("Epic", type="epic")
    for number in range(60):
        bound.item(f"Item {number}", parent=epic)
    bound.jira.reset()
    bind_team(
        bound.owner,
        bound.team,
        Wish(bound.connection, bound.jira.project_key, Rules(direction=Direction.ONE_WAY)),
    )
    bound.run()
    calls = bound.jira.calls()
    assert (calls[BULK], calls[READ_BACK]) == (3, 1)
    assert "PUT /rest/api/3/issue/{id}" not in calls
    late = bound.item("Afterwards", parent=epic)
    bound.run()
    assert bound.link(late).state == "in_step"
