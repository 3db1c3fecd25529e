"""Projects that do not let us do everything: each refusal ends in words, and nothing is lost."""

from __future__ import annotations

import pytest
from helpers.bound import Bound

from duolog.people.errors import Invalid
from duolog.sync.binding.services import Wish, bind_team, propose_binding
from duolog.sync.models import Hold
from duolog.workplace.models import WorkItem

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def bind_to(bound: Bound, project: str) -> None:
    bound.binding = bind_team(bound.owner, bound.team, Wish(bound.connection, project))
    bound.run()


def the_hold(bound: Bound, item: WorkItem) -> Hold:
    assert bound.link(item).state == "held", bound.link(item).state
    return Hold.objects.get(link=bound.link(item), released_at=None)


def test_a_project_that_is_not_there_is_refused_at_the_field(bound: Bound) -> None:
    with pytest.raises(Invalid) as caught:
        bind_team(bound.owner, bound.team, Wish(bound.connection, "NOPE"))
    assert "jira_project_key" in caught.value.errors


def test_a_project_one_may_only_read_says_so_beforehand_and_holds_the_item(bound: Bound) -> None:
    item = bound.item("Cannot get there")
    proposal = propose_binding(bound.owner, bound.team, bound.connection, "READ")
    assert any("may not create issues in READ" in words for words in proposal.warnings)
    bind_to(bound, "READ")
    hold = the_hold(bound, item)
    assert hold.reason
    assert hold.hint


def test_a_required_field_is_named_beforehand_and_holds_the_item(bound: Bound) -> None:
    item = bound.item("Lacks something")
    proposal = propose_binding(bound.owner, bound.team, bound.connection, "REQ")
    assert any("Jira requires" in words for words in proposal.warnings)
    bind_to(bound, "REQ")
    hold = the_hold(bound, item)
    assert "Ticket reference: Ticket reference is required" in hold.reason
    assert not bound.jira.issues("REQ")


def test_a_status_several_steps_away_is_walked_to(bound: Bound) -> None:
    item = bound.item("Step by step")
    bind_to(bound, "LIN")
    bound.change(item, status="Done", priority="urgent")
    bound.run()
    assert bound.link(item).state == "in_step", bound.link(item).reason
    issue = bound.jira.get(str(bound.link(item).issue_id))
    assert issue["priority"]["name"] == "Highest"
    assert issue["status"]["name"] == "Done"
    bound.jira.ask("DELETE", f"issue/{bound.link(item).issue_id}", by=bound.jira.service)


def test_a_team_managed_project_keeps_what_it_knows_in_step(bound: Bound) -> None:
    item = bound.item("Simple", priority="high", labels=["a"])
    bind_to(bound, "TEAM")
    link = bound.link(item)
    assert link.state in {"in_step", "differs"}, link.reason
    bound.change(item, title="Still simple", priority="low")
    bound.run()
    assert bound.jira.get(str(link.issue_id))["summary"] == "Still simple"
    assert bound.link(item).state in {"in_step", "differs"}, bound.link(item).reason
    bound.jira.ask("DELETE", f"issue/{link.issue_id}", by=bound.jira.service)
