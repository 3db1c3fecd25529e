"""What narrows a binding, through the engine: filter here, JQL, from now on, and single fields."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.bound import Bound

from duolog.core.directions import SlotDirection
from duolog.people.errors import Invalid
from duolog.sync.basis.scopes import FilterHere
from duolog.sync.binding.rules import Rules
from duolog.sync.binding.services import change_rules, sweep_now
from duolog.sync.models import Binding, Direction, Link, Start
from duolog.workplace.models import WorkItem
from duolog.workplace.services.comments import add_comment

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


def compare(bound: Bound) -> None:
    """What happens each night; it must not bring in what is left out."""
    sweep_now(bound.owner, Binding.objects.get())
    bound.run(within=60)


def summaries(bound: Bound) -> list[str]:
    """What is in Jira."""
    return sorted(it["fields"]["summary"] for it in bound.jira.issues(bound.jira.project_key))


def titles() -> list[str]:
    """What is here."""
    return sorted(WorkItem.objects.values_list("title", flat=True))


@pytest.mark.parametrize(
    ("taken", "names"),
    [
        pytest.param(FilterHere(types=("bug", "story")), ["Bug", "Labelled story"], id="types"),
        pytest.param(FilterHere(labels=("api", "web")), ["Labelled story"], id="labels"),
        pytest.param(FilterHere(types=("bug",), labels=("api",)), [], id="both are asked for"),
    ],
)
def test_an_item_outside_the_filter_is_not_sent(
    bound: Bound, taken: FilterHere, names: list[str]
) -> None:
    bound.item("Bug", type="bug")
    bound.item("Labelled story", type="story", labels=["api", "web"])
    left_out = bound.item("Task")
    bound.bind(Rules(filter_here=taken))
    later = bound.item("Task of later")
    bound.change(left_out, title="Task, changed")
    bound.run(within=60)
    compare(bound)
    assert summaries(bound) == names
    assert not Link.objects.filter(work_item__in=[left_out, later]).exists()


def test_an_item_is_sent_once_it_comes_to_the_status_asked_for(bound: Bound) -> None:
    item = bound.item("Waits for its status")
    status = next(it for it in bound.team.statuses.all() if it.pk != item.status_id)
    bound.bind(Rules(filter_here=FilterHere(statuses=(str(status.pk),))))
    assert summaries(bound) == []
    bound.change(item, status=status.pk)
    bound.run(within=60)
    assert summaries(bound) == ["Waits for its status"]


def test_what_was_sent_goes_on_when_it_leaves_the_filter(bound: Bound) -> None:
    item = bound.item("Bug", type="bug")
    bound.bind(Rules(filter_here=FilterHere(types=("bug",))))
    bound.change(item, type="task", title="No bug after all")
    bound.run(within=60)
    assert summaries(bound) == ["No bug after all"]
    assert bound.link(item).state == "in_step"


def test_a_filter_here_keeps_nothing_of_jira_out(bound: Bound) -> None:
    bound.jira.create("Task there")
    bound.bind(Rules(filter_here=FilterHere(types=("bug",))))
    assert titles() == ["Task there"]


def test_an_issue_outside_the_jql_is_not_taken_in(bound: Bound) -> None:
    bound.item("Sent all the same")
    bound.jira.create("Wanted", labels=["ours"])
    bound.jira.create("Not wanted")
    bound.bind(Rules(jql="labels = ours"))
    bound.jira.create("Wanted later", labels=["ours"])
    other = bound.jira.create("Not wanted later")
    bound.poll()
    compare(bound)
    assert titles() == ["Sent all the same", "Wanted", "Wanted later"]
    bound.jira.edit(other, labels=["ours"])
    bound.poll()
    assert "Not wanted later" in titles(), "it is taken in once the JQL finds it"


def test_what_was_taken_in_goes_on_when_it_leaves_the_jql(bound: Bound) -> None:
    issue = bound.jira.create("Wanted", labels=["ours"])
    bound.bind(Rules(jql="labels = ours"))
    bound.jira.edit(issue, labels=[], summary="Wanted no more")
    bound.poll()
    compare(bound)
    assert titles() == ["Wanted no more"]
    assert Link.objects.get().state == "in_step"


def test_what_other_rules_let_in_comes_without_another_edit(bound: Bound) -> None:
    bound.item("A task here")
    bound.bind(Rules(direction=Direction.ONE_WAY, filter_here=FilterHere(types=("bug",))))
    bound.jira.create("Made there while it went one way")
    bound.poll()
    assert (titles(), summaries(bound)) == (["A task here"], ["Made there while it went one way"])
    change_rules(bound.owner, Binding.objects.get(), Rules())
    bound.run(within=60)
    both = ["A task here", "Made there while it went one way"]
    assert (titles(), summaries(bound)) == (both, both)


def test_a_jql_that_jira_does_not_take_is_told_at_its_field(bound: Bound) -> None:
    with pytest.raises(Invalid) as told:
        bound.bind(Rules(jql="nonsense ="))
    assert list(told.value.errors) == ["jql"]
    assert not Binding.objects.exists()


def test_a_rule_must_be_about_something(bound: Bound) -> None:
    """A misspelt one would let cross what it was to keep back."""
    kept = Rules(fields={"comment": SlotDirection.OFF})
    bound.bind(kept)
    wrong = Rules(
        fields={**kept.fields, "tilte": SlotDirection.OFF, "property/7": SlotDirection.OFF},
        filter_here=FilterHere(statuses=("99999",)),
    )
    with pytest.raises(Invalid) as told:
        change_rules(bound.owner, bound.binding, wrong)
    assert set(told.value.errors) == {
        "field_rules.tilte", "field_rules.property/7", "filter.statuses",
    }  # fmt: skip
    with pytest.raises(Invalid, match="Leave out ORDER BY"):
        change_rules(bound.owner, bound.binding, Rules(jql="labels = a ORDER  BY created"))
    assert Rules.of(Binding.objects.get()) == kept


def test_from_now_on_for_jira_alone(bound: Bound) -> None:
    bound.item("Old here")
    old = bound.jira.create("Old there")
    bound.jira.sim("POST", "clock", {"advance_seconds": 600})
    bound.bind(start=Start.EVERYTHING, start_jira=Start.FROM_NOW_ON)
    compare(bound)
    assert (titles(), summaries(bound)) == (["Old here"], ["Old here", "Old there"])
    bound.jira.create("New there")
    bound.poll()
    assert titles() == ["New there", "Old here"]
    bound.jira.edit(old, summary="Old there, changed now")
    bound.poll()
    assert titles() == ["New there", "Old here", "Old there, changed now"]


def test_from_now_on_for_here_alone(bound: Bound) -> None:
    old = bound.item("Old here")
    bound.jira.create("Old there")
    bound.bind(start=Start.FROM_NOW_ON, start_jira=Start.EVERYTHING)
    compare(bound)
    assert (titles(), summaries(bound)) == (["Old here", "Old there"], ["Old there"])
    bound.item("New here")
    bound.run(within=60)
    assert summaries(bound) == ["New here", "Old there"]
    bound.change(old, title="Old here, changed now")
    bound.run(within=60)
    assert summaries(bound) == ["New here", "Old here, changed now", "Old there"]


def test_from_now_on_a_comment_here_is_a_change(bound: Bound) -> None:
    old = bound.item("Old here")
    bound.bind(start=Start.FROM_NOW_ON)
    assert summaries(bound) == []
    add_comment(old.pk, "Said now", actor=bound.me)
    bound.run(within=60)
    assert summaries(bound) == ["Old here"]


def with_due_on(way: SlotDirection) -> Rules:
    """Everything both ways but for the due date."""
    return Rules(fields={"due_on": way})


@pytest.mark.parametrize(
    ("way", "after_ours", "after_theirs"),
    [
        pytest.param("here_to_jira", ("2026-02-02", "2026-02-02"), ("2026-02-02", "2026-03-03"),
                     id="here to Jira"),
        pytest.param("jira_to_here", ("2026-02-02", "2026-01-01"), ("2026-03-03", "2026-03-03"),
                     id="Jira to here"),
        pytest.param("off", ("2026-02-02", None), ("2026-02-02", "2026-03-03"), id="off"),
    ],
)  # fmt: skip
def test_a_field_goes_its_own_way(
    bound: Bound, way: str, after_ours: tuple[Any, Any], after_theirs: tuple[Any, Any]
) -> None:
    item = bound.item("Dated", due_on="2026-01-01")
    if way == "jira_to_here":
        bound.bind()
        change_rules(bound.owner, Binding.objects.get(), with_due_on(SlotDirection(way)))
    else:
        bound.bind(with_due_on(SlotDirection(way)))
    issue = str(bound.link(item).issue_id)
    bound.change(item, due_on="2026-02-02", title="Dated anew")
    bound.run(within=60)
    assert days(bound, item) == after_ours
    bound.jira.edit(issue, duedate="2026-03-03", description=bound.jira.text("From there"))
    bound.poll()
    assert days(bound, item) == after_theirs
    compare(bound)
    assert days(bound, item) == after_theirs, "a comparison changes nothing of it"
    item.refresh_from_db()
    assert bound.jira.get(issue)["summary"] == "Dated anew"
    assert item.description == "From there"


def days(bound: Bound, item: WorkItem) -> tuple[Any, Any]:
    """The due date here and in Jira."""
    item.refresh_from_db()
    here = item.due_on.isoformat() if item.due_on else None
    return here, bound.jira.get(str(bound.link(item).issue_id))["duedate"]
