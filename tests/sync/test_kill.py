"""Kill -9 at every effect of a run: nothing lost, nothing twice."""

from __future__ import annotations

import pytest
from helpers.bound import Bound
from helpers.killed import STEP, killed_at

from duolog.sync.models import Link
from duolog.work.queue import release_leases
from duolog.workplace.models import Comment, WorkItem
from duolog.workplace.services.comments import add_comment

pytestmark = [
    pytest.mark.database,
    pytest.mark.kill,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]
LONGEST_LAG = 130.0  # seconds of waiting for lost answers to show


def after_restart(bound: Bound) -> None:
    """What a new process does: free what the dead one held, then all that is due."""
    release_leases()
    bound.run(within=LONGEST_LAG)


def assert_in_step(bound: Bound, item: WorkItem) -> dict[str, object]:
    """One issue for the item, holding what it holds."""
    item.refresh_from_db()
    (issue,) = [i for i in bound.jira.issues(bound.jira.project_key) if "Invoice" in str(i)]
    assert Link.objects.exclude(state="ended").filter(work_item=item).count() == 1
    assert WorkItem.objects.count() == 1
    fields = issue["fields"]
    assert fields["summary"] == item.title
    assert fields["status"]["name"].lower() == item.status.name.lower()
    here = sorted(c.body for c in Comment.objects.filter(work_item=item, deleted_at=None))
    assert len(here) == fields["comment"]["total"], here
    assert bound.link(item).state == "in_step", bound.link(item).reason
    return dict(fields)


@pytest.mark.both_deployments
def test_a_create_with_comments_survives_a_kill_at_every_effect(bound: Bound) -> None:
    bound.bind()
    effect = 0
    while True:
        effect += STEP
        item = bound.item(f"Invoice {effect}", status="In progress", labels=["a"])
        add_comment(item.pk, "One", actor=bound.me)
        add_comment(item.pk, "Two", actor=bound.me)
        killed = killed_at(effect, bound.run)
        after_restart(bound)
        assert_in_step(bound, item)
        bound.jira.new_project()
        Link.objects.all().delete()
        WorkItem.objects.all().delete()
        if not killed:
            break
    assert effect > 20


def test_an_edit_on_both_sides_survives_a_kill_at_every_effect(bound: Bound) -> None:
    item = bound.item("Invoice 0")
    bound.bind()
    issue = str(bound.link(item).issue_id)
    effect = 0
    while True:
        effect += STEP
        step = "Done" if effect % 2 else "To do"
        bound.change(item, title=f"Invoice {effect}", status=step)
        add_comment(item.pk, f"Here {effect}", actor=bound.me)
        bound.jira.edit(issue, duedate=f"2027-{effect % 12 + 1:02d}-01")
        bound.jira.comment(issue, f"There {effect}")
        killed = killed_at(effect, bound.poll)
        after_restart(bound)
        bound.poll()
        fields = assert_in_step(bound, item)
        assert str(item.due_on) == fields["duedate"]
        if not killed:
            break
    assert effect > 20
