"""Issues and projects that change their place in Jira."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.jirasim import Jira

from duolog.sync.services import sweep_now

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    with a_bound_team(jira) as bound:
        yield bound


def test_a_moved_issue_waits_in_words_and_goes_on_once_it_is_back(bound: Bound) -> None:
    item = bound.item("Moves")
    binding = bound.bind()
    issue = str(bound.link(item).issue_id)
    bound.jira.sim("POST", "issues/move", {"issue": issue, "project": "LIN"})
    try:
        bound.change(item, title="Edited here")
        bound.run(within=60)
        assert bound.link(item).state == "held"
        assert "moved to LIN-" in bound.link(item).reason
        assert bound.jira.get(issue)["summary"] == "Moves", "nothing was written over there"
    finally:
        bound.jira.sim("POST", "issues/move", {"issue": issue, "project": binding.jira_project_key})
    sweep_now(bound.owner, binding)
    bound.run(within=60)
    assert bound.link(item).state == "in_step", bound.link(item).reason
    assert bound.jira.get(issue)["summary"] == "Edited here"


def test_a_renamed_project_is_called_so_here_with_all_its_issues(bound: Bound) -> None:
    items = [bound.item(f"Item {number}") for number in range(3)]
    binding = bound.bind()
    old = bound.jira.project_key
    bound.jira.rename_project(old, "NEWKEY")
    try:
        bound.change(items[0], title="Looked at")
        bound.run(within=60)
        binding.refresh_from_db()
        assert binding.jira_project_key == "NEWKEY"
        assert all(bound.link(item).issue_key.startswith("NEWKEY-") for item in items)
    finally:
        bound.jira.rename_project("NEWKEY", old)
