"""What the sync costs: calls to Jira, counted by the simulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest
from helpers.bound import Bound
from helpers.receiver import receiving

from duolog.connections.webhooks import EVENTS, make_webhook
from duolog.sync.binding.services import Rules, Wish, bind_team, sweep_now
from duolog.sync.models import Direction, Link, Run
from duolog.work.clock import shifted
from duolog.workplace.services.comments import add_comment

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]
both_deployments = pytest.mark.both_deployments
SECRET = "between Jira and us"
MANY = 230
BULK = "POST /rest/api/3/issue/bulk"
READ_BACK = "POST /rest/api/3/issue/bulkfetch"
COMMENT = "POST /rest/api/3/issue/{id}/comment"
STEP = "POST /rest/api/3/issue/{id}/transitions"


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


@contextmanager
def told_by_webhooks(bound: Bound) -> Iterator[None]:
    """Deliveries reach us; those that come by themselves are awaited."""
    with receiving() as address:
        make_webhook(bound.connection, secret=SECRET)
        name = bound.connection.webhook_hash
        bound.jira.register_webhook(f"{address}/{name}", EVENTS, SECRET)
        yield


def after(bound: Bound, act: Callable[[], object]) -> dict[str, int]:
    """The calls that follow from this, deliveries included; its own are not counted."""
    act()
    bound.jira.wait_for_deliveries()
    bound.jira.reset()
    bound.run()
    calls = bound.jira.calls()
    bound.jira.wait_for_deliveries()
    return calls


@both_deployments
def test_an_edit_of_several_fields_here_is_one_write_and_its_echo_costs_nothing(
    bound: Bound,
) -> None:
    item = bound.item()
    bound.bind()
    with told_by_webhooks(bound):
        calls = after(
            bound,
            lambda: bound.change(
                item, title="Other", description="Words", priority="high", labels=["a"],
                assignee=None, due_on="2030-01-31",
            ),
        )  # fmt: skip
        assert writes_in(calls) == {f"PUT {bound.jira.rest}/issue/{{id}}": 1}
        assert sum(calls.values()) <= 2 + (not bound.jira.is_cloud)  # Server answers 204
        assert after(bound, bound.jira.wait_for_deliveries) == {}, "the echo"


@both_deployments
def test_a_comment_here_is_one_write_and_its_echo_costs_nothing(bound: Bound) -> None:
    item = bound.item()
    bound.bind()
    with told_by_webhooks(bound):
        calls = after(bound, lambda: add_comment(item.pk, "One", actor=bound.me))
        assert writes_in(calls) == {f"POST {bound.jira.rest}/issue/{{id}}/comment": 1}
        assert after(bound, bound.jira.wait_for_deliveries) == {}, "the echo"


@both_deployments
def test_an_edit_there_costs_one_read(bound: Bound) -> None:
    item = bound.item()
    bound.bind()
    issue = str(bound.link(item).issue_id)
    with told_by_webhooks(bound):
        calls = after(bound, lambda: bound.jira.edit(issue, summary="Theirs", labels=["b"]))
        assert sum(calls.values()) <= 1
    item.refresh_from_db()
    assert item.title == "Theirs"


@both_deployments
def test_an_idle_poll_is_one_call_and_a_sweep_one_for_a_hundred_issues(bound: Bound) -> None:
    for number in range(MANY):
        bound.item(f"Item {number}")
    binding = bound.bind()
    bound.poll()
    bound.jira.sim("POST", "clock", {"advance_seconds": 600})
    with shifted(600):
        bound.poll()  # from here on, what was just sent lies behind
        bound.jira.reset()
        bound.poll()
        assert sum(bound.jira.calls().values()) == 1
        bound.jira.reset()
        sweep_now(bound.owner, binding)
        bound.run()
        calls = bound.jira.calls()
    assert sum(calls.values()) <= -(-MANY // 100) + 1
    assert Run.objects.filter(kind="sweep").latest("pk").found == 0


def writes_in(calls: Mapping[str, int]) -> dict[str, int]:
    return {
        name: count
        for name, count in calls.items()
        if not name.startswith("GET")
        and not name.endswith(("search", "search/jql", "comment/list"))
    }
