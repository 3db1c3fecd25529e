"""Kill -9 at every effect of sending a project: one epic, one issue for each item."""

from __future__ import annotations

import pytest
from helpers.bound import Bound
from helpers.killed import STEP, killed_at

from duolog.sync.binding.projects import ProjectWish, bind_project
from duolog.sync.models import Binding, Link
from duolog.work.queue import release_leases
from duolog.workplace.services.projects import create_project

pytestmark = [
    pytest.mark.database,
    pytest.mark.kill,
    pytest.mark.both_deployments,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]


def test_sending_a_project_survives_a_kill_at_every_effect(bound: Bound) -> None:
    wish = ProjectWish(bound.connection, bound.jira.project_key)
    effect = 0
    while True:
        effect += STEP
        project = create_project(bound.workplace, f"Release {effect}", actor=bound.me)
        item = bound.item("Below it", project=project)
        binding = bind_project(bound.owner, project, wish)
        killed = killed_at(effect, bound.run)
        release_leases()
        bound.run(within=300)
        binding.refresh_from_db()
        kinds = {
            str(issue["id"]): issue["fields"]["issuetype"]["name"]
            for issue in bound.jira.issues(bound.jira.project_key)
        }
        expected = {binding.epic_issue_id: "Epic", str(bound.link(item).issue_id): "Task"}
        assert kinds == expected, effect
        assert bound.link(item).state == "in_step", bound.link(item).reason
        bound.jira.new_project()
        Link.objects.all().delete()
        Binding.objects.all().delete()
        if not killed:
            break
    assert effect > 15
